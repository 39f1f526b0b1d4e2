"""``satudata metadata``: downloaded, changed in one workbook, looked at, applied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from openpyxl import load_workbook

from ckan import model

from .publishing import Publisher, kept, listed


def run(publisher: Publisher, *words: str) -> tuple[int, str]:
    process = publisher.begin(*words, "--lang", "en", command="metadata")
    said, told = process.communicate(timeout=300)
    assert "Traceback" not in told, told[-3000:]
    return process.returncode, said + told


def edit(path: Path, changes: dict[tuple[str, str], str]) -> None:
    """Change cells: (title of the dataset, heading) → text."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        for (title, heading), text in changes.items():
            if sheet.cell(row, heads["Title"]).value == title:
                sheet.cell(row, heads[heading]).value = text
    book.save(path)


def test_many_datasets_are_changed_in_one_workbook(
    publisher: Publisher, city: Any, tmp_path: Path
) -> None:
    assert publisher.run(listed(tmp_path, 4))[0] == 0
    path = tmp_path / "metadata.xlsx"
    status, said = run(publisher, "download", str(path))
    assert status == 0, said
    shown = {
        d["title"]: d
        for d in (
            city.act("produsen", "package_show", id=each)
            for each in model.Session.scalars(sa.text("SELECT id FROM package"))
        )
    }
    first, second, third, fourth = sorted(shown)
    before = kept()
    assert run(publisher, "upload", str(path))[0] == 0
    assert kept() == before

    wanted = {(first, "Unit"): "Pos", (second, "Unit"): "Pos", (third, "Government affair"): "9.99"}
    edit(path, wanted)
    city.act("produsen", "package_patch", id=shown[second]["id"], satuan="Gedung")
    before = kept()
    status, said = run(publisher, "upload", str(path), "--dry-run")
    assert (status, kept()) == (1, before)
    assert "“Unit” becomes “Pos”" in said
    assert "Meanwhile the portal has “Gedung” here" in said
    assert "1 datasets would change, 1 rows stay, 2 with faults" in said

    assert run(publisher, "upload", str(path))[0] == 1
    now = [
        city.act("produsen", "package_show", id=shown[each]["id"])
        for each in (first, second, third, fourth)
    ]
    assert [d["satuan"] for d in now] == ["Pos", "Gedung", "Unit", "Unit"]
    assert {d["urusan"] for d in now} == {"1.02"}
    before = kept()
    assert run(publisher, "upload", str(path))[0] == 1
    assert kept() == before
