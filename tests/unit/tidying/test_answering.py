"""What a child process says of a file, whatever the file does to it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ckanext.satudata_pontianak.disclosure.limits import DEFAULT, MEGABYTE
from ckanext.satudata_pontianak.messages import Message
from ckanext.satudata_pontianak.tidying import running, telling
from ckanext.satudata_pontianak.tidying.answering import answer

LIMITS = replace(DEFAULT, memory=2048 * MEGABYTE, cpu_seconds=60, wall_seconds=60)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made, out = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = made.active
    for row in (
        ["Jumlah Sekolah Menurut Kecamatan Tahun 2025"],
        ["Kecamatan", "Sekolah"],
        ["Pontianak Kota", 12],
        ["Pontianak Barat", 1234.5],
        ["Jumlah", 1246.5],
    ):
        sheet.append(row)
    made.save(out)
    path = tmp_path / "sekolah.xlsx"
    path.write_bytes(out.getvalue())
    return path


def job(path: Path, **more: Any) -> dict[str, Any]:
    return {"path": str(path), "name": path.name, "office": "Dinas Pendidikan", "shown": 1, **more}


def test_a_child_says_what_is_said_here(book: Path) -> None:
    here = answer(job(book, csv=True))
    assert running.ask(job(book, csv=True), LIMITS) == json.loads(json.dumps(here))
    assert here["count"] == 2
    assert len(here["rows"]) == 1
    assert here["csv"].splitlines() == [
        "Kecamatan;Sekolah",
        "Pontianak Kota;12",
        "Pontianak Barat;1234.5",
    ]
    assert {told["field"] for told in here["told"]} >= {"title", "tahun", "urusan"}


def test_a_recipe_makes_the_same_table_again(book: Path) -> None:
    first = answer(job(book))
    again = answer(job(book, recipe=first["recipe"]))
    assert again["digest"] == first["digest"]
    assert again["rows"] == first["rows"]


def test_a_recipe_for_another_table_is_a_question(book: Path, tmp_path: Path) -> None:
    recipe = answer(job(book))["recipe"]
    other = tmp_path / "lain.csv"
    other.write_text("a;b\n1;2\n3;4\n")
    assert "refused" in answer(job(other, recipe=recipe))


def test_at_least_one_column_stays(book: Path) -> None:
    recipe = answer(job(book))["recipe"]
    nothing = {"what": "columns", "kept": []}
    assert "refused" in answer(job(book, recipe=recipe, change=nothing))
    other = {"what": "columns", "kept": [1]}
    found = answer(job(book, recipe=recipe, change=other))
    assert [field["name"] for field in found["fields"]] == ["Sekolah"]


def test_too_little_memory_or_time_is_an_answer(book: Path) -> None:
    small = replace(LIMITS, memory=64 * MEGABYTE)
    assert running.ask(job(book), small) == running.ENDED
    short = replace(LIMITS, wall_seconds=0.05)
    assert running.ask(job(book), short) == running.ENDED


def test_a_damaged_file_is_a_problem_with_a_code(book: Path, tmp_path: Path) -> None:
    broken = tmp_path / "rusak.xlsx"
    broken.write_bytes(book.read_bytes()[:900])
    assert running.ask(job(broken), LIMITS)["problem"]["code"] == "broken_file"


def test_messages_come_back_as_they_went() -> None:
    said = Message("%(a)s %(b)s", {"a": [Message("x"), 3], "b": "y"})
    assert telling.of_json(json.loads(json.dumps(telling.to_json(said)))).text() == said.text()


def test_a_table_whose_headings_are_too_much_for_a_recipe_has_none(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.append([f"{n} " + "\N{OGHAM LETTER BEITH}" * 190 for n in range(400)])
    for row in range(3):
        sheet.append([row] * 400)
    path = tmp_path / "lebar.xlsx"
    made.save(path)
    assert answer(job(path))["problem"] == {"code": "too_large", "params": {"limit": "columns"}}


def test_an_earlier_recipe_says_what_differs(book: Path) -> None:
    first = answer(job(book))
    same = answer(job(book, recipe=first["recipe"], renew=True))
    assert "differs" not in same
    other = first["recipe"].replace('"heading":"sekolah"', '"heading":"gedung"')
    assert other != first["recipe"]
    asked = answer(job(book, recipe=other, renew=True))
    assert asked["differs"]["kind"] == "renamed"
    assert asked["count"] == 2


def test_of_two_tables_beside_one_another_either_is_read(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for row in (
        ["Kecamatan", "Sekolah", None, None, "Puskesmas", "Bidan"],
        ["Pontianak Kota", 12, None, None, "Alianyang", 4],
        ["Pontianak Barat", 9, None, None, "Gajah Mada", 6],
        ["Pontianak Timur", 8, None, None, "Siantan", 7],
    ):
        sheet.append(row)
    path = tmp_path / "dua.xlsx"
    made.save(path)
    first = answer(job(path))
    assert len(first["tables"]) == 2
    heads = set()
    for table in first["tables"]:
        change = {"what": "table", **{k: table[k] for k in ("sheet", "row", "left")}}
        read = answer(job(path, recipe=first["recipe"], change=change))
        heads.add(read["fields"][0]["name"])
    assert heads == {"Kecamatan", "Puskesmas"}


def test_the_only_figures_of_periods_cannot_be_left_out(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.append(["Kecamatan", 2023, 2024, 2025])
    for name in ("Kota", "Barat", "Timur"):
        sheet.append([f"Pontianak {name}", 1200, 1300, 1400])
    path = tmp_path / "tahun.xlsx"
    made.save(path)
    first = answer(job(path))
    assert first["spread"]
    change = {"what": "columns", "kept": [0]}
    assert "refused" in answer(job(path, recipe=first["recipe"], change=change))
