"""What changed against the approved version, on the page of a case."""

from __future__ import annotations

import pytest

HEAD = "Pontianak Kota,145200,10\nPontianak Barat,156782,20\n"
OLD = f"kecamatan,penduduk,luas\n{HEAD}".encode()
NEW = b"kecamatan,penduduk,wilayah\nPontianak Kota,150000,10\nPontianak Barat,156782,20\n"
NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"


def _table(page) -> str:
    return page.body.partition('class="satudata-compared"')[2].partition("</section>")[0]


@pytest.fixture
def renewed(city, make_upload):
    """A limited dataset, and the next file of it on Walidata's desk."""

    def make(old: bytes, new: bytes):
        dataset = city.limit(file=make_upload(old))
        resource = dataset["resources"][0]["id"]
        city.act("produsen", "resource_patch", id=resource, upload=make_upload(new))
        city.step("produsen", dataset, "submit")
        return dataset

    return make


def test_rows_names_and_totals_are_compared(desk, city, renewed) -> None:
    dataset = renewed(OLD, NEW)
    table = _table(desk.case("walidata", dataset))
    assert "luas → wilayah" in table
    assert "penduduk" in table
    assert "301.982" in table
    assert "306.782" in table
    assert "+1,6 %" in table
    # Who watches over cases never sees data; a sum of them is data.
    shown = city.act("pengawas", "satudata_classification_show", id=dataset["id"])
    (compared,) = shown["scans"][0]["compared"]
    assert compared["totals"] is None
    assert "301.982" not in desk.case("pengawas", dataset).body
    assert desk.case("warga", dataset).status in (200, 404)
    assert "luas → wilayah" not in desk.case("warga", dataset).body


def test_a_wide_table_keeps_the_page_short(desk, renewed) -> None:
    names = ",".join(f"kolom_{i}" for i in range(500))

    def wide(value: int) -> bytes:
        row = ",".join(str(value + i % 7) for i in range(500))
        return f"{names}\n{row}\n{row}\n".encode()

    page = desk.case("walidata", renewed(wide(1), wide(2)))
    table = _table(page)
    first = table.partition("<details>")[0]
    assert page.status == 200
    assert first.count('<th scope="row">') == 10
    assert table.count('<th scope="row">') == 500
    assert "fa-check-circle" in first
    assert len(page.body) < 300_000


def test_no_total_of_what_was_found(desk, city, renewed) -> None:
    dataset = renewed(NIKS, NIKS + b"Contoh Tiga,6171020303860003\n")
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    (compared,) = shown["scans"][0]["compared"]
    assert compared["totals"] == []
    assert compared["findings"] == [{"kind": "nik", "before": 2, "after": 3}]
    assert "2 → 3" in _table(desk.case("walidata", dataset))
