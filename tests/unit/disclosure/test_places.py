"""A finding says which rows it stands in, and what of it is outside the table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ckanext.satudata_pontianak.disclosure import engine, placing
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.places import (
    Where,
    letters,
    removal,
    share,
    signature_only,
    spans,
    told,
)
from ckanext.satudata_pontianak.disclosure.readers import decode, sheet
from ckanext.satudata_pontianak.disclosure.report import FileReport, finding_json
from ckanext.satudata_pontianak.disclosure.sandbox import scan_in_child

from . import made
from .corpus.identifiers import nik
from .made import NIK, PHONE

NIP = "NIP. 19700101 199503 1 001"
SIGNED: tuple[Sequence[object], ...] = (
    ("DINAS PASAR",),
    (f"Narahubung: Budi, HP {PHONE}",),
    (),
    ("pasar", "target", "realisasi", "persen"),
    *(("Flamboyan", 10 * n, n, 90) for n in range(1, 13)),
    ("JUMLAH", 780, 78, 90),
    (),
    ("", "", "", "Kepala Bidang"),
    ("", "", "", "Budi Santoso"),
    ("", "", "", NIP),
)


def scanned(folder: Path, name: str, data: bytes) -> FileReport:
    path = folder / name
    path.write_bytes(data)
    return scan_file(path)


def findings(report: FileReport) -> dict[tuple[int, str], dict[str, Any]]:
    return {
        (column.index, finding.kind): finding_json(finding)
        for table in report.tables
        for column in table.columns
        for finding in column.findings
    }


def english(text: str) -> str:
    return text


def test_the_first_ten_rows_are_named_and_how_many_more(tmp_path: Path):
    rows = [("nik", "zona"), *((f"617101{n:02}0190{n:04}", "Timur") for n in range(1, 28))]
    found = findings(scanned(tmp_path, "a.csv", made.csv(rows)))[0, "nik"]
    assert found["where"]["rows"] == list(range(2, 12))
    assert found["count"] == 27
    assert told(found, english) == ["rows 2–11 and 17 more"]


def test_a_number_within_a_sentence_is_found_among_thousands_of_rows(tmp_path: Path):
    rows = [("no", "catatan"), *((n, "lampu mati di depan gang") for n in range(2, 4001))]
    rows[777] = (777, f"atas nama NIK {NIK} mohon dibantu")
    rows[3999] = (3999, f"hubungi {PHONE} saja")
    found = findings(scanned(tmp_path, "a.csv", made.csv(rows)))
    assert found[1, "nik"]["where"]["rows"] == [778]
    assert found[1, "telepon"]["where"]["rows"] == [4000]


@pytest.mark.parametrize("gap", ["", "\n\n", ",\n"])
def test_rows_are_counted_as_a_program_for_tables_shows_them(tmp_path: Path, gap: str):
    text = f'judul,nilai\n"dua\nbaris",1\n{gap}{NIK},2\nbiasa,3\n'
    found = findings(scanned(tmp_path, "a.csv", text.encode()))[0, "nik"]
    assert found["where"]["rows"] == [3 + len(gap.replace(",", ""))]


@pytest.mark.parametrize("make", [made.xlsx, made.xls], ids=["xlsx", "xls"])
def test_a_cell_of_a_workbook_has_its_address(tmp_path: Path, make: Any):
    name = f"a.{'xlsx' if make is made.xlsx else 'xls'}"
    rows = [("a", "b", "c", "d"), *(("x", 1, 2, "baik") for _ in range(40))]
    rows[20] = ("x", 1, 2, f"telepon {PHONE}")
    found = findings(scanned(tmp_path, name, make(rows)))[3, "telepon"]
    assert found["where"]["cells"] == ["D21"]
    assert told(found, english) == ["cells D21"]


def test_an_ods_cell_has_its_address_below_repeated_empty_rows(tmp_path: Path):
    empty = '<table:table-row table:number-rows-repeated="7"><table:table-cell/></table:table-row>'
    more = empty + made.ods_table([("6171014202910003", "Barat")])
    found = findings(scanned(tmp_path, "a.ods", made.ods(more=more)))[0, "nik"]
    assert found["where"]["cells"] == ["A2", "A3", "A11"]


def test_a_pdf_says_its_page(tmp_path: Path):
    found = findings(scanned(tmp_path, "a.pdf", made.pdf()))
    assert {tuple(f["where"]["pages"]) for f in found.values() if f["where"]} == {(1,)}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", made.json_text()),
        ("a.jsonl", made.jsonl()),
        ("a.parquet", made.parquet()),
        ("a.sqlite", made.sqlite()),
        ("a.dbf", made.dbf()),
    ],
)
def test_records_are_counted_where_there_are_no_rows(tmp_path: Path, name: str, data: bytes):
    assert findings(scanned(tmp_path, name, data))[0, "nik"]["where"]["rows"] == [1, 2]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.xls"])
def test_what_stands_outside_the_table_is_named_so(tmp_path: Path, name: str):
    make = {"csv": made.csv, "xlsx": made.xlsx, "xls": made.xls}[name[2:]]
    rows = [tuple(f'"{v}"' if "," in str(v) else v for v in r) for r in SIGNED]
    found = findings(scanned(tmp_path, name, make(SIGNED if name != "a.csv" else rows)))
    head, signature = found[0, "telepon"], found[3, "nip"]
    assert head["where"]["rows"] == []
    assert [(o["part"], o["rows"]) for o in head["where"]["outside"]] == [("letterhead", [2])]
    assert removal(head, english) == ["Letterhead above the table: delete rows 1, 2 from the file."]
    assert [(o["part"], o["rows"], o["block"]) for o in signature["where"]["outside"]] == [
        ("signature", [21], [19, 21])
    ]
    assert signature_only(signature)
    assert not signature_only(head)
    assert removal(signature, english) == [
        "Signatures below the table: delete rows 19–21 from the file."
    ]


def test_two_who_sign_below_a_table_of_two_columns_are_no_rows_of_it(tmp_path: Path):
    rows = [
        ("kelurahan", "jumlah"), *(("Mariana", n) for n in range(20)), (),
        ("Mengetahui", "Pelapor"), (NIP, "NIP. 19800101 200503 1 002"),
    ]  # fmt: skip
    found = findings(scanned(tmp_path, "a.csv", made.csv(rows)))
    assert signature_only(found[0, "nip"])
    assert signature_only(found[1, "nip"])


def test_a_last_row_with_few_cells_is_still_a_row_of_the_table(tmp_path: Path):
    rows = [("nama", "nik", "ket", "zona"), *(("Budi Santoso", NIK, "a", "b") for _ in range(9))]
    rows.append(("", "6171014202910002", "", ""))
    found = findings(scanned(tmp_path, "a.csv", made.csv(rows)))[1, "nik"]
    assert found["where"]["outside"] == []
    assert found["where"]["rows"] == list(range(2, 12))


def test_a_note_with_a_telephone_below_the_table_is_a_note(tmp_path: Path):
    rows = [("komoditas", "a", "b"), *(("Gula", n, n) for n in range(15))]
    rows.append((f"Catatan: hubungi {PHONE}", "", ""))
    found = findings(scanned(tmp_path, "a.csv", made.csv(rows)))[0, "telepon"]
    assert found["where"]["outside"][0]["part"] == "note"
    assert not signature_only(found)


def test_a_file_too_long_to_keep_is_read_again(tmp_path: Path, monkeypatch: Any):
    monkeypatch.setattr(placing, "KEPT", 10)
    rows = [("no", "catatan"), *((n, "lampu mati di depan gang kami") for n in range(2, 9001))]
    for n in (4000, 8998):
        rows[n] = (n, f"atas nama NIK {NIK} mohon dibantu")
    monkeypatch.setattr(decode, "BLOCK", 4096)
    monkeypatch.setattr(sheet, "_CELLS", 500)
    again: list[str] = []
    look_again = engine._look_again
    monkeypatch.setattr(engine, "_look_again", lambda *a: (again.append("x"), look_again(*a)))
    data = made.csv(rows)
    assert findings(scanned(tmp_path, "a.csv", data))[1, "nik"]["where"]["rows"] == [4001, 8999]
    assert findings(scanned(tmp_path, "a.xlsx", made.xlsx(rows)))[1, "nik"]["where"]["cells"] == [
        "B4001", "B8999",
    ]  # fmt: skip
    assert len(again) == 2


def test_places_are_found_where_they_were_put(tmp_path: Path):
    for seed in range(12):
        r = Random(seed)  # noqa: S311 - made-up people come from a seed
        size = r.randint(20, 3000)
        rows: list[Sequence[object]] = [("no", "isi laporan", "status")]
        rows += [(n, "air keruh sejak kemarin", "proses") for n in range(size)]
        put = sorted(r.sample(range(1, size), r.randint(1, 14)))
        for n in put:
            rows[n] = (n, f"pelapor {nik(r)} menunggu", "proses")
        found = findings(scanned(tmp_path, "a.csv", made.csv(rows)))[1, "nik"]
        assert found["where"]["rows"] == [n + 1 for n in put][:10]
        assert found["count"] == len(put)


def test_thousands_of_columns_have_places_too(tmp_path: Path):
    r = Random(5)  # noqa: S311
    names = [f"nik {n}" if n % 20 == 0 else f"nilai {n}" for n in range(200)]
    rows = [names, *([nik(r) if n % 20 == 0 else n for n in range(200)] for _ in range(12))]
    for name, data in (("a.csv", made.csv(rows)), ("a.xlsx", made.xlsx(rows))):
        found = findings(scanned(tmp_path, name, data))
        assert len(found) == 10
        assert all(f["where"]["rows"] == list(range(2, 12)) for f in found.values())


def test_places_come_out_of_the_child_and_hold_no_value(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(made.csv([tuple(f'"{v}"' if "," in str(v) else v for v in r) for r in SIGNED]))
    report = scan_in_child(path)
    assert findings(report) == findings(scan_file(path))
    assert "19700101" not in str(report.to_json())


def test_findings_from_before_have_no_place(tmp_path: Path):
    data = scanned(tmp_path, "a.csv", made.csv()).to_json()
    for table in data["tables"]:
        for column in table["columns"]:
            for finding in column["findings"]:
                del finding["where"]
    report = FileReport.from_json(data, "x")
    assert all(f.where is None for f in report.findings)
    assert told({"count": 3}, english) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": list(range(1, 99)), "cells": [], "pages": [], "outside": []},
        {"rows": [0], "cells": [], "pages": [], "outside": []},
        {"rows": [1], "cells": ["A1", "B1"], "pages": [], "outside": []},
        {"rows": [1], "cells": ["6171010101900001"], "pages": [], "outside": []},
        {"rows": [], "cells": [], "pages": [],
         "outside": [{"part": "Budi", "rows": [1], "cells": [], "block": [1, 1]}]},
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(wrong: dict[str, Any]):
    with pytest.raises(ValueError, match="none"):
        Where.from_json(wrong)


def test_numbers_letters_and_shares_as_people_write_them():
    assert spans([3, 5, 6, 8, 9, 10, 12]) == "3, 5, 6, 8–10, 12"
    assert [letters(n) for n in (0, 3, 25, 26, 701, 702)] == ["A", "D", "Z", "AA", "ZZ", "AAA"]
    assert share(0.00001) == "<0.01%"
    assert share(0.0004) == "0.04%"


def test_the_first_ten_rows_that_count_are_named_where_every_other_one_does(scan_bytes):
    women = [f"617101{41 + n % 28}0190{n:04}" for n in range(1, 200)]
    men = [f"617101{1 + n % 28:02}0190{n:04}" for n in range(1, 200)]
    cells = [w if n % 2 else m for n, (w, m) in enumerate(zip(women, men, strict=True))]
    report = scan_bytes(("no_kk\n" + "\n".join(cells)).encode())
    rows = {f.kind: f.where.rows for f in report.findings}
    assert rows["nik"] == tuple(range(3, 22, 2))
    assert rows["no_kk"] == tuple(range(2, 21, 2))
