from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from ckanext.satudata_pontianak.disclosure import tabular_child
from ckanext.satudata_pontianak.disclosure.anonymising import original
from ckanext.satudata_pontianak.disclosure.anonymising.outcome import Outcome
from ckanext.satudata_pontianak.disclosure.anonymising.plan import Plan
from ckanext.satudata_pontianak.disclosure.anonymising.running import mask_file
from ckanext.satudata_pontianak.disclosure.limits import Limits
from ckanext.satudata_pontianak.disclosure.readers.base import ReadError
from ckanext.satudata_pontianak.disclosure.table_stream import TableStream
from ckanext.satudata_pontianak.disclosure.tabular import NamedColumn

TODAY = date(2026, 11, 24)
SECRET = bytes(range(1, 33))
Masked = tuple[Outcome, list[list[str]]]


@contextmanager
def _read_here(
    path: str, name: str, limits: Limits, sheet: str | int | None = None
) -> Iterator[TableStream]:
    output = io.BytesIO()
    job = {"path": path, "name": name, "limits": limits.to_dict(), "sheet": sheet}
    summary = tabular_child._give(job, output)
    output.seek(0)
    header = output.readline()

    def finish() -> tuple[list[str], int]:
        if "reason" in summary:
            raise ReadError(summary["reason"])
        return summary["types"], summary["rows"]

    if not header:
        finish()
    said = json.loads(header)
    columns = [NamedColumn(**column) for column in said["columns"]]
    yield TableStream(columns, output, finish, said["sheet"], tuple(said["sheets"]))


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read originals in this process, by what the child runs: to start one takes half a second.

    For tests of what is made of the rows; that a child reads them is what test_masking_files,
    test_mask_command and test_tabular try.
    """
    monkeypatch.setattr(original, "table_stream", _read_here)


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
