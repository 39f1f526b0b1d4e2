"""docs/asvs.md names only what is there, and every line says how it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "ckanext" / "satudata_pontianak"
TEXT = (ROOT / "docs" / "asvs.md").read_text("utf-8")
PATHS = sorted({q for q in re.findall(r"`([^`\s]+)`", TEXT) if "/" in q and not q.startswith("/")})
ROWS = [line.split("|") for line in TEXT.splitlines() if re.match(r"\| \d", line)]
CHAPTERS = {"2", "3", "4", "5", "7", "8", "12", "13"}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_named_exists_and_so_does_its_test(path: str) -> None:
    name, _, test = path.partition("::")
    assert (ROOT / name).exists() or (PACKAGE / name).exists()
    assert not test or f"\ndef {test}(" in (ROOT / name).read_text("utf-8")


def test_every_line_says_how_it_stands_and_by_what() -> None:
    states = {row[3].strip() for row in ROWS}
    assert states == {"met", "in part", "not", "none"}
    assert all(row[2].strip() and row[4].strip() for row in ROWS)
    assert {row[1].strip().split(".")[0] for row in ROWS} == CHAPTERS
