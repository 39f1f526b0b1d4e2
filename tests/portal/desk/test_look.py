"""The first rows of a waiting file: for exactly those who may have its bytes."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
import xlwt

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.desk.first_rows import ROWS, hidden_columns
from ckanext.satudata_pontianak.classification.records.model import Scan
from ckanext.satudata_pontianak.ledger.tables import entry_table

NIK = "6171014101900001"
LINES = "".join(f"Kelurahan {n},{NIK[:-2]}{n:02},{n * 10}\n" for n in range(1, 31))
PEOPLE = f"wilayah,nik,jumlah\n{LINES}".encode()


@pytest.fixture
def found(city, make_upload) -> tuple[dict[str, Any], str]:
    """A dataset on Walidata's desk with a file of numbers of persons; the address of its rows."""
    dataset = city.dataset(file=make_upload(PEOPLE), title="Warga contoh")
    city.step("produsen", dataset, "submit")
    (scan,) = city.act("walidata", "satudata_classification_show", id=dataset["id"])["scans"]
    return dataset, f"/satudata/versi/{scan['version']}/isi"


def reads(dataset: dict[str, Any]) -> list[str]:
    """Return how each recorded read of a dataset was done, oldest first."""
    model.Session.rollback()
    kept = entry_table.c
    found = (
        sa.select(kept.body["detail"]["by"].as_string())
        .where(kept.event == "data.read", kept.dataset_id == dataset["id"])
        .order_by(kept.id)
    )
    return [how or "download" for how in model.Session.scalars(found)]


def test_rows_are_for_exactly_those_who_may_have_the_bytes(desk, city, found) -> None:
    _, address = found
    download = address.removesuffix("isi") + "unduh"
    seen = {}
    for who in (*city.users, "admin"):
        bytes_ = desk.get(who, download).status
        assert desk.get(who, address).status == bytes_, who
        assert desk.post(who, address, {}).status == bytes_, who
        seen.setdefault(bytes_, set()).add(who)
    assert {"produsen", "walidata"} <= seen[200]
    assert {"warga", "produsen_lain", "admin"} <= seen[404]
    assert "came_from" in desk.get(None, address).location
    unknown = desk.get("warga", "/satudata/versi/tidak-ada/isi")
    assert desk.get("warga", address).text == unknown.text


def test_cells_with_a_finding_are_covered_until_somebody_shows_them_on_record(
    desk, city, found
) -> None:
    dataset, address = found
    assert f'data-sd-look="{address}"' in desk.case("walidata", dataset).body
    assert NIK[:12] not in desk.case("walidata", dataset).body.replace("*", "")
    assert reads(dataset) == []
    page = desk.get("walidata", address)
    assert NIK[:14] not in page.body
    assert page.body.count("••••") == ROWS
    for word in ("Kelurahan 1<", "Kelurahan 20<", "20 baris pertama dari 30 baris", "4.650"):
        assert word in page.body, word
    assert "Kelurahan 21" not in page.body
    assert reads(dataset) == ["look"]
    shown = desk.post("walidata", f"{address}?bagian=1", {})
    assert f"{NIK[:-2]}07" in shown.body
    assert "<html" not in shown.body
    assert reads(dataset) == ["look", "look.revealed"]


def test_a_batch_asks_for_rows_only_when_they_are_unfolded(desk, city, found) -> None:
    dataset, address = found
    page = desk.get("walidata", f"/satudata/antrean/pilihan?id={dataset['name']}")
    assert f'<details class="sd-look" data-sd-look="{address}">' in page.body
    assert "Kelurahan 1<" not in page.body
    assert reads(dataset) == []


@pytest.mark.ckan_config("ckanext.satudata_pontianak.scan_inline_mb", 0)
def test_while_the_scan_runs_every_cell_is_covered(desk, city, make_upload) -> None:
    dataset = city.dataset(file=make_upload(PEOPLE))
    (scan,) = city.act("produsen", "satudata_classification_show", id=dataset["id"])["scans"]
    body = desk.get("produsen", f"/satudata/versi/{scan['version']}/isi").body
    assert body.count("••••") == 3 * ROWS
    assert "Kelurahan 1<" not in body


def test_what_is_no_table_says_so(desk, city, make_upload) -> None:
    dataset = city.dataset(file=make_upload(b"%PDF-1.4 contoh", "surat.pdf"))
    (scan,) = city.act("produsen", "satudata_classification_show", id=dataset["id"])["scans"]
    page = desk.get("produsen", f"/satudata/versi/{scan['version']}/isi")
    assert (page.status, "<table" in page.body) == (200, False)
    assert reads(dataset) == []


def test_every_format_that_is_read_is_looked_at_by_sheet_row_and_column(
    desk, city, make_upload
) -> None:
    book = xlwt.Workbook()
    many = book.add_sheet("Data")
    for c in range(45):
        many.write(0, c, f"ukuran {c + 1}")
        for r in range(1, 60):
            many.write(r, c, f"{r}-{c + 1}")
    people = book.add_sheet("Orang")
    for r, line in enumerate(PEOPLE.decode().splitlines()):
        for c, cell in enumerate(line.split(",")):
            people.write(r, c, cell)
    out = io.BytesIO()
    book.save(out)
    dataset = city.dataset(file=make_upload(out.getvalue(), "banyak.xls"))
    (scan,) = city.act("produsen", "satudata_classification_show", id=dataset["id"])["scans"]
    address = f"/satudata/versi/{scan['version']}/isi"
    first = desk.get("produsen", address)
    assert "Lembar: Data" in first.text
    assert "5 kolom lain tidak ditampilkan" in first.text
    assert ("<td>1-40</td>" in first.body, "1-41" in first.body) == (True, False)
    for way in (f"{address}?baris=21", f"{address}?kolom=41", f"{address}?lembar=2"):
        assert way in first.body
    below = desk.get("produsen", f"{address}?baris=41&kolom=41")
    assert ("<td>59-45</td>" in below.body, "<td>40-45" in below.body) == (True, False)
    assert "Baris 41–59." in below.text
    assert "Kolom 41–45 dari 45." in below.text
    assert "baris=61" not in below.body
    other = desk.get("produsen", f"{address}?lembar=2")
    assert NIK[:14] not in other.body
    assert other.body.count("••••") == ROWS
    shown = desk.post("produsen", f"{address}?lembar=2&bagian=1", {})
    assert f"{NIK[:-2]}07" in shown.body
    for wrong in ("lembar=9", "lembar=x", "baris=0", "baris=999999", "kolom=-1", "kolom=99999999"):
        assert desk.get("produsen", f"{address}?{wrong}").status == 200, wrong
    assert desk.get("warga", f"{address}?lembar=2").status == 404
    rows = ",".join(f'{{"kelurahan": "K{n}", "nik": "{NIK[:-2]}{n:02}"}}' for n in range(1, 9))
    city.act(
        "produsen",
        "resource_update",
        id=dataset["resources"][0]["id"],
        upload=make_upload(f"[{rows}]".encode(), "warga.json"),
    )
    (scan,) = city.act("produsen", "satudata_classification_show", id=dataset["id"])["scans"]
    page = desk.get("produsen", f"/satudata/versi/{scan['version']}/isi")
    assert "<td>K8</td>" in page.body
    assert NIK[:14] not in page.body
    assert page.body.count("••••") == 8


def place(table: str | None, index: int | None, name: str = "nik") -> dict[str, Any]:
    return {
        "name": table,
        "columns": [{"name": name, "index": index, "findings": [{"kind": "nik"}]}],
    }


@pytest.mark.parametrize(
    ("verdict", "tables", "sheet", "hidden"),
    [
        ("clear", [], None, set()),
        ("findings", [place(None, 1)], None, {1, 2}),  # both columns that are called so
        ("findings", [place("Data", 0, "nama")], "Data", {0}),
        ("findings", [place("Lain", 0)], "Data", set()),  # another sheet, which is not shown
        ("findings", [place("Kop surat", 0)], "Data", {0, 1, 2}),  # nobody knows where that is
        ("findings", [place(None, None)], None, {0, 1, 2}),
        ("findings", [place(None, 7)], None, {0, 1, 2}),
        ("failed", [], None, {0, 1, 2}),
        ("pending", [], None, {0, 1, 2}),
        ("findings", [place(None, 1)], "Data", {0, 1, 2}),  # in no sheet that is known
    ],
)
def test_where_nobody_can_tell_which_cells_all_are_covered(verdict, tables, sheet, hidden) -> None:
    scan = Scan(verdict=verdict, report={"files": [{"tables": tables}]})
    labels = ["nama", "nik", "nik"]
    assert hidden_columns(scan, labels, sheet, ("Data", "Lain")) == hidden
    assert hidden_columns(None, labels, sheet, ()) == {0, 1, 2}


def test_a_workbook_that_is_called_csv_is_refused_with_the_way_to_mend_it(
    city, desk, make_upload
) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["kecamatan", "penduduk"])
    book.active.append(["Pontianak Kota", 145200])
    book.save(out)
    dataset = city.dataset(file=False)
    sent = {"package_id": dataset["id"], "name": "Data"}
    with pytest.raises(tk.ValidationError) as refused:
        city.act("produsen", "resource_create", **sent, upload=make_upload(out.getvalue(), "a.csv"))
    (text,) = refused.value.error_dict["upload"]
    assert "its name ends in .csv. Rename it to .xlsx" in text
    assert city.act("produsen", "package_show", id=dataset["id"])["num_resources"] == 0
    city.act("produsen", "resource_create", **sent, upload=make_upload(out.getvalue(), "a.xlsx"))
    (scan,) = city.act("produsen", "satudata_classification_show", id=dataset["id"])["scans"]
    assert "145200" in desk.get("produsen", f"/satudata/versi/{scan['version']}/isi").body


PAGE = b"<!DOCTYPE html><html><body><table><tr><td>145200</td></tr></table></body></html>"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"kecamatan,penduduk\nKota,145200\n", "data.xlsx", "Rename it to .csv"),
        (PAGE, "data.xlsx", "is HTML, but its name ends in .xlsx. Open it in the program"),
        (PAGE, "data.csv", "is HTML, but its name ends in .csv"),
        (b'[{"kecamatan": "Kota"}]', "data.xls", "Rename it to .json"),
        (b"kecamatan,penduduk\nKota,145200\n", "peta.geojson", "Rename it to .csv"),
        (b"catatan rapat\n", "data.parquet", "is not what its ending .parquet says"),
    ],
)
def test_a_content_that_is_not_what_its_ending_says_is_refused_with_the_fix(
    city, make_upload, content, name, said
) -> None:
    dataset = city.dataset(file=False)
    sent = {"package_id": dataset["id"], "name": "Data", "upload": make_upload(content, name)}
    with pytest.raises(tk.ValidationError) as refused:
        city.act("produsen", "resource_create", **sent)
    (text,) = refused.value.error_dict["upload"]
    assert said in text
    assert city.act("produsen", "package_show", id=dataset["id"])["num_resources"] == 0


def test_a_name_that_is_in_no_list_is_told_with_the_right_one_unless_it_is_covered(
    desk, city, make_upload
) -> None:
    lines = f"kelurahan,nik,jumlah\nAkcaya,{NIK},3\nSungai Jawi Luwar,{NIK},4\nSaigon,{NIK},5\n"
    dataset = city.dataset(file=make_upload(lines.encode()), title="Kelurahan contoh")
    (scan,) = city.act("produsen", "satudata_classification_show", id=dataset["id"])["scans"]
    page = desk.get("produsen", f"/satudata/versi/{scan['version']}/isi")
    assert (
        "Baris 2, kolom kelurahan: “Sungai Jawi Luwar”, maksud Anda “Sungai Jawi Luar”?"
    ) in page.text
    text = f"kelurahan,kecamatan\n{NIK},Pontianak Kota\nSungai Jawi Luwar,Pontianak Kotta\n"
    text += "Akcaya,Pontianak Kota\nSaigon,Pontianak Kota\n"
    dataset = city.dataset(file=make_upload(text.encode()), title="Kelurahan tertutup")
    (scan,) = city.act("produsen", "satudata_classification_show", id=dataset["id"])["scans"]
    address = f"/satudata/versi/{scan['version']}/isi"
    page = desk.get("produsen", address)
    assert "Baris 2, kolom kelurahan: tertutup" in page.text
    assert "Luwar" not in page.text
    assert "“Pontianak Kotta”, maksud Anda “Pontianak Kota”?" in page.text
    # Also where the cells themselves are shown.
    shown = desk.post("produsen", address, {})
    assert "maksud Anda “Sungai Jawi Luar”" not in shown.text
