"""What the study found missing is answered by something that a test shows: docs/study.md."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| (?P<found>[^|]+) \| (?P<stands>[^|]+) \| (?P<shown>[^|]+) \|$", re.M)
TEST = re.compile(r"`(tests/[\w/]+\.py)`")


def rows() -> list[re.Match[str]]:
    text = (ROOT / "docs" / "study.md").read_text("utf-8")
    return [row for row in ROW.finditer(text) if row["found"] not in ("found missing", "---")]


def test_each_row_names_tests_that_are_there():
    read = rows()
    assert len(read) > 10
    for row in read:
        named = TEST.findall(row["shown"])
        assert named, f"no test shows: {row['found']}"
        gone = [name for name in named if not (ROOT / name).is_file()]
        assert not gone, f"{row['found']}: {gone}"
