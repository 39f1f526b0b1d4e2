from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from ckanext.satudata_pontianak.tidying.grid import Grid
from ckanext.satudata_pontianak.tidying.reading import grids
from ckanext.satudata_pontianak.tidying.suggest import Suggestion, suggest

Rows = Sequence[Sequence[object]]


@pytest.fixture
def sheets(tmp_path: Path) -> Callable[..., list[Grid]]:
    """Write a workbook of one sheet and read it; ``merge`` holds ranges as A1:C1."""

    def make(rows: Rows, *, merge: str = "", hide: Sequence[int] = (), title: str = "Data"):
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = title
        for row in rows:
            sheet.append(list(row))
        for area in merge.split():
            sheet.merge_cells(area)
        for row in hide:
            sheet.row_dimensions[row].hidden = True
        path = tmp_path / "buku.xlsx"
        book.save(path)
        return grids(path, path.name)

    return make


@pytest.fixture
def table(sheets) -> Callable[..., Suggestion]:
    def make(rows: Rows, **options):
        found = suggest(sheets(rows, **options))
        assert found is not None
        return found

    return make
