from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from ckanext.satudata_pontianak.disclosure.columns import ColumnScan
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.recognizers import Place
from ckanext.satudata_pontianak.disclosure.report import FileReport, Finding
from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT

Column = Callable[[str | None, Sequence[str]], dict[str, Finding]]


@pytest.fixture
def column() -> Column:
    """Scan one column under a heading and return its findings by kind."""

    def scan(heading: str | None, values: Sequence[str]) -> dict[str, Finding]:
        one = ColumnScan(DEFAULT, Place(heading))
        one.update(pl.Series(values, dtype=pl.String))
        return {finding.kind: finding for finding in one.conclude()}

    return scan


@pytest.fixture
def made_up_nik() -> Callable[[int], list[str]]:
    """Make NIK of nobody: valid in form, spread over regions and birthdays."""

    def make(count: int, seed: int = 7) -> list[str]:
        r = random.Random(seed)  # noqa: S311
        return [
            f"{r.choice(('6171', '6112', '3273', '7471'))}{r.randint(1, 9):02}"
            f"{r.randint(1, 28) + r.choice((0, 40)):02}{r.randint(1, 12):02}"
            f"{r.randint(50, 99)}{r.randint(1, 40):04}"
            for _ in range(count)
        ]

    return make


@pytest.fixture
def scan_bytes(tmp_path: Path) -> Callable[..., FileReport]:
    """Write bytes to a file and scan it."""

    def scan(data: bytes, name: str = "data.csv") -> FileReport:
        path = tmp_path / name
        path.write_bytes(data)
        return scan_file(path)

    return scan
