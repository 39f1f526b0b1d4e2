"""The next file of a dataset: read by the recipe that is kept, asked where it differs."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.intake import shelf
from ckanext.satudata_pontianak.classification.intake.model import Staged
from ckanext.satudata_pontianak.classification.records.model import Version

from .test_intake_pages import AXES, HOME, NIK, TITLE, TYPED, brought, values_of, workbook

NEXT = [
    ["PEMERINTAH KOTA PONTIANAK"],
    ["DINAS KESEHATAN"],
    [],
    [f"{TITLE} di Kota Pontianak Tahun 2026"],
    ["Satuan: Kasus"],
    [],
    ["No.", "Kecamatan", "Laki-laki", "Perempuan"],
    [1, "Pontianak Kota", 22, 24],
    [2, "Pontianak Barat", 19, 21],
    [3, "Pontianak Timur", 17, 18],
    [4, "Pontianak Utara", 15, 16],
    ["Jumlah", None, 73, 79],
    [],
    ["Sumber: Dinas Kesehatan Kota Pontianak, 2027"],
]
FIRST = [[*line] for line in NEXT]
FIRST[3] = [f"{TITLE} di Kota Pontianak Tahun 2025"]
FIRST[7] = [1, "Pontianak Kota", 12, 14]


@pytest.fixture
def dataset(desk, city) -> dict[str, Any]:
    """Return an open dataset that was made of a workbook."""
    for id_ in shelf.ids():
        shelf.remove(id_)
    city.act("admin", "organization_patch", id="dinkes", kotak_surat="data@dinkes.go.id")
    address = brought(desk, content=workbook(FIRST))
    desk.post("produsen", address, {**values_of(address), **TYPED, "langkah": "semua"})
    done = desk.post("produsen", f"{address}/klasifikasi", {**AXES, "langkah": "ajukan"})
    assert done.status == 302, done.text
    found = city.act("produsen", "package_show", id=done.location.rsplit("/", 1)[1])
    city.step("walidata", found, "approve")
    return city.act("produsen", "package_show", id=found["id"])


def _send(desk, dataset, rows, who: str = "produsen", **more: str):
    original = next(r["id"] for r in dataset["resources"] if r["format"] == "XLSX")
    file = (io.BytesIO(workbook([list(row) for row in rows])), "berikutnya.xlsx")
    sent = {"upload": file, "resource": original, **more}
    return desk.post(who, f"/satudata/berkas/{dataset['name']}/unggah", sent)


def _address(page) -> str:
    assert page.status == 302, page.text
    found = page.location.partition("://")[2].partition("/")[2].join(("/", ""))
    assert found.endswith("/berikutnya")
    return found


def _tidy(dataset) -> list[Version]:
    query = sa.select(Version).where(
        Version.package_id == dataset["id"], Version.tidied.is_not(None)
    )
    return list(model.Session.scalars(query.order_by(Version.created)))


def test_the_next_file_and_its_table_are_renewed_together(desk, city, dataset) -> None:
    assert 'id="next-file-form"' in desk.get("produsen", f"/dataset/{dataset['name']}").body
    assert 'id="next-file-form"' not in desk.get("warga", f"/dataset/{dataset['name']}").body
    address = _address(_send(desk, dataset, NEXT))
    page = desk.get("produsen", address)
    assert 'id="intake-fits"' in page.body
    assert 'value="2026"' in page.body
    done = desk.post("produsen", address, {"langkah": "ajukan", "tahun": "2026"})
    assert done.status == 302, done.text
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "verification"
    first, second = _tidy(dataset)
    assert first.tidied is not None
    assert second.tidied is not None
    assert second.tidied["digest"] == first.tidied["digest"]
    assert second.tidied["source"] != first.tidied["source"]
    city.step("walidata", dataset, "approve")
    public = city.act(None, "package_show", id=dataset["id"])
    assert public["tahun"] == "2026"
    assert len(public["resources"]) == 2
    assert model.Session.query(Staged).count() == 0


def test_another_shape_stops_and_asks_and_nothing_is_lost(desk, city, dataset) -> None:
    new = [[*row] for row in NEXT]
    new[6] = ["No.", "Kecamatan", "Laki-laki", "Perempuan", "Bayi"]
    for row in new[7:11]:
        row.append(3)
    address = _address(_send(desk, dataset, new))
    page = desk.get("produsen", address)
    assert 'id="intake-differs"' in page.body
    assert "Bayi" in page.body
    assert desk.post("produsen", address, {"langkah": "ajukan"}).status == 422
    assert len(_tidy(dataset)) == 1
    assert desk.post("produsen", address, {"langkah": "setuju"}).status == 302
    assert desk.post("produsen", address, {"langkah": "ajukan", "tahun": "2026"}).status == 302
    first, second = _tidy(dataset)
    assert first.tidied is not None
    assert second.tidied is not None
    assert second.tidied["digest"] != first.tidied["digest"]


def test_the_table_is_mended_here_as_well(desk, dataset) -> None:
    new = [[*row] for row in NEXT]
    new[6] = ["No.", "Kecamatan", "Pria", "Wanita"]
    address = _address(_send(desk, dataset, new))
    assert 'id="intake-differs"' in desk.get("produsen", address).body
    wrong = {"langkah": "kepala", "baris": "x"}
    assert desk.post("produsen", address, wrong).status == 422
    assert desk.post("produsen", address, {"langkah": "kepala", "baris": "7"}).status == 302
    assert 'id="intake-differs"' not in desk.get("produsen", address).body


def test_a_file_without_a_table_is_published_alone(desk, city, dataset) -> None:
    address = _address(_send(desk, dataset, [["Hanya judul"]]))
    assert 'id="intake-problem"' in desk.get("produsen", address).body
    assert desk.post("produsen", address, {"langkah": "ajukan"}).status == 422
    assert desk.post("produsen", address, {"langkah": "asli", "tahun": "2025"}).status == 302
    assert len(_tidy(dataset)) == 1


def test_wrong_years_and_the_same_file_are_said(desk, dataset) -> None:
    address = _address(_send(desk, dataset, NEXT))
    page = desk.post("produsen", address, {"langkah": "ajukan", "tahun": "kapan"})
    assert page.status == 422
    assert 'id="road-tahun-error"' in page.body


@pytest.mark.parametrize("who", ["produsen_2", "kepala_dinkes", "walidata", "admin", "warga"])
def test_its_author_alone_sees_the_next_file(desk, dataset, who) -> None:
    address = _address(_send(desk, dataset, NEXT))
    unknown = f"{HOME}/00000000-0000-4000-8000-000000000000/berikutnya"
    other, none = desk.get(who, address), desk.get(who, unknown)
    assert (other.status, other.text) == (none.status, none.text)
    assert desk.post(who, address, {"langkah": "ajukan"}).status == 404
    # It is no file of which a dataset is made, and the other way round.
    first = address.removesuffix("/berikutnya")
    assert desk.get("produsen", first).status == 404
    assert desk.get("produsen", f"{first}/klasifikasi").status == 404
    assert desk.get("produsen", f"{brought(desk)}/berikutnya").status == 404


def test_a_personal_identifier_in_a_heading_keeps_no_recipe(desk, dataset) -> None:
    new = [[*row] for row in NEXT]
    new[6] = ["No.", "Kecamatan", "Laki-laki", f"Perempuan {NIK}"]
    address = _address(_send(desk, dataset, new))
    page = desk.get("produsen", address)
    assert page.status == 200
    row = model.Session.get(Staged, address.split("/")[3], populate_existing=True)
    assert row is not None
    assert row.recipe is None


def test_everybody_reads_how_the_table_was_made(desk, dataset) -> None:
    tidy = next(r["id"] for r in dataset["resources"] if r["format"] == "CSV")
    page = desk.get(None, f"/dataset/{dataset['name']}/resource/{tidy}")
    assert 'id="recipe"' in page.body
    assert "Dibiarkan di luar tabel" in page.text
    made = page.body.partition('id="recipe"')[2].partition("</section>")[0]
    assert "Sumber: Dinas Kesehatan" not in made
    original = next(r["id"] for r in dataset["resources"] if r["format"] == "XLSX")
    other = desk.get(None, f"/dataset/{dataset['name']}/resource/{original}")
    assert 'id="recipe"' not in other.body


def _like(desk, dataset, rows, who: str = "produsen", like: str | None = None):
    file = (io.BytesIO(workbook([list(row) for row in rows])), "tahun-depan.xlsx")
    return desk.post(who, HOME, {"upload": file, "seperti": like or dataset["id"]})


def test_a_dataset_like_last_years_asks_for_the_classification_alone(desk, city, dataset) -> None:
    page = _like(desk, dataset, NEXT)
    assert page.status == 302
    assert page.location.endswith("/klasifikasi")
    address = page.location.partition("://")[2].partition("/")[2].join(("/", ""))
    asked = desk.get("produsen", address)
    assert f"{TITLE} 2026" in asked.text
    assert TYPED["definisi"] in asked.text
    assert " selected" not in asked.body
    done = desk.post("produsen", address, {**AXES, "langkah": "ajukan"})
    assert done.status == 302, done.text
    made = city.act("produsen", "package_show", id=done.location.rsplit("/", 1)[1])
    assert (made["title"], made["tahun"]) == (f"{TITLE} 2026", "2026")
    assert made["konsep"] == dataset["konsep"]
    (tidy,) = _tidy(made)
    (first,) = _tidy(dataset)
    assert tidy.tidied is not None
    assert first.tidied is not None
    assert tidy.tidied["digest"] == first.tidied["digest"]


def test_a_sister_of_another_shape_stops_at_what_was_read(desk, dataset) -> None:
    new = [[*row] for row in NEXT]
    new[6] = ["No.", "Kecamatan", "Pria", "Wanita"]
    page = _like(desk, dataset, new)
    assert page.status == 302
    assert not page.location.endswith("/klasifikasi")
    address = page.location.partition("://")[2].partition("/")[2].join(("/", ""))
    assert 'id="intake-differs"' in desk.get("produsen", address).body


def test_nothing_is_like_what_somebody_may_not_read(desk, dataset) -> None:
    unknown = _like(desk, dataset, NEXT, like="tidak-ada")
    assert unknown.status == 404
    assert model.Session.query(Staged).count() == 0
