"""Small tables written by hand: lists of persons, statistics, and what is between.

A block of corpus/written.txt is ``# title | column=kind+kind, ...`` and then the file; a column
without a heading is
named by its number.
"""

from __future__ import annotations

from pathlib import Path

import pytest

BLOCKS = (Path(__file__).parents[1] / "corpus" / "written.txt").read_text().strip().split("\n\n# ")
TABLES = [block.removeprefix("# ").split("\n", 1) for block in BLOCKS]


@pytest.mark.parametrize(("title", "text"), TABLES, ids=[t.split(" | ")[0] for t, _ in TABLES])
def test_each_column(scan_bytes, title, text):
    _, _, wanted = title.partition(" | ")
    expected = {}
    for item in filter(None, wanted.strip().split(", ")):
        name, _, kinds = item.rpartition("=")
        expected[name.lower()] = set(kinds.split("+"))
    report = scan_bytes(f"{text}\n".encode())
    assert report.reason is None
    found = {
        (column.name or str(column.index)).lower(): {f.kind for f in column.findings}
        for table in report.tables
        for column in table.columns
        if column.findings
    }
    assert found == expected
