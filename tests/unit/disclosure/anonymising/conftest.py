from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from ckanext.satudata_pontianak.disclosure.anonymising.outcome import Outcome
from ckanext.satudata_pontianak.disclosure.anonymising.plan import Plan
from ckanext.satudata_pontianak.disclosure.anonymising.running import mask_file

TODAY = date(2026, 11, 24)
SECRET = bytes(range(1, 33))
Masked = tuple[Outcome, list[list[str]]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Sequence[Sequence[str]]], Path]:
    """Write rows, the first being the headings, as CSV."""

    def to(rows: Sequence[Sequence[str]]) -> Path:
        path = tmp_path / "original.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return to


@pytest.fixture
def masked(write: Callable[..., Path], tmp_path: Path) -> Callable[..., Masked]:
    """Mask rows by a plan; return the outcome and the result's rows."""

    def run(rows: Sequence[Sequence[str]], plan: dict[str, object], **more: object) -> Masked:
        out = tmp_path / "result.csv"
        outcome = mask_file(
            write(rows),
            Plan.of(plan),
            out,
            today=TODAY,
            secret=SECRET,
            **more,  # pyright: ignore
        )
        with out.open(encoding="utf-8-sig", newline="") as file:
            return outcome, list(csv.reader(file, delimiter=";"))

    return run
