"""The agreed data of the demo: last year's came in time, of this year's one is late.

Walidata brings both lists as any other; a year of which there is a list is left as it is.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import FileStorage

from ckan import model

from ckanext.satudata_pontianak.surface import formulas

from ... import days
from ...jepin.rules.agreed import NO, YES, agreed
from . import people

WALIDATA = "walidata"
Row = tuple[str, str, str, dt.date, str]
"""Agency, title, frequency, schedule, and the dataset that fulfils it."""


def lists(today: dt.date) -> dict[int, list[Row]]:
    """Return year → rows of its list, as the demo has them."""
    year = today.year
    return {
        year - 1: [
            ("bappeda", "Tingkat inflasi", "bulanan", dt.date(year, 3, 31), "tingkat-inflasi"),
            (
                "dinas-kesehatan",
                "Jumlah fasilitas kesehatan menurut kecamatan",
                "tahunan",
                dt.date(year, 3, 31),
                "jumlah-fasilitas-kesehatan-menurut-kecamatan",
            ),
        ],
        year: [
            (
                "dinas-kesehatan",
                "Jumlah tenaga kesehatan menurut kecamatan",
                "tahunan",
                dt.date(year, 1, 31),
                "",
            ),
            ("bappeda", "Garis kemiskinan", "tahunan", dt.date(year + 1, 3, 31), ""),
        ],
    }


def bring(do: Callable[..., Any]) -> None:
    """Have Walidata bring the lists of the years of which there is none yet."""
    known = people.act(WALIDATA, "satudata_agreed_list", limit=0)["years"]
    for year, whole in lists(days.today()).items():
        rows = [row for row in whole if _is_there(row)]
        if rows and year not in known:
            do(f"Daftar Data {year}", "satudata_agreed_import", _bring, year, rows)


def _is_there(row: Row) -> bool:
    """Tell whether the demo has the agency of a row, and its dataset; a smaller one has not all."""
    agency, dataset = row[0], row[-1]
    return bool(model.Group.get(agency)) and (not dataset or bool(model.Package.get(dataset)))


def _bring(year: int, rows: list[Row]) -> None:
    cells = [
        [f"DD-{year}-{number:03}", agency, title, frequency, due.isoformat(), priority, dataset]
        for number, (agency, title, frequency, due, dataset) in enumerate(rows, 1)
        for priority in (YES if number == 1 else NO,)
    ]
    content = formulas.sheet(agreed().headings, cells)
    upload = FileStorage(io.BytesIO(content), filename=f"daftar-data-{year}.csv")
    done = people.act(WALIDATA, "satudata_agreed_import", upload=upload, year=year, apply=True)
    if not done["applied"]:
        raise people.DemoError(str([row for row in done["rows"] if row["errors"]]))
