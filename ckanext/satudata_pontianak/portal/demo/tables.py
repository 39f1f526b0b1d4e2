"""Files that are made from a declaration: tables, places, workbooks and papers. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ckanext.satudata_pontianak.jepin.rules import outlines

from . import figures
from .paper import paper

Row = list[Any]
TRIES = 200
DEGREE = 111_195
CORNERS = 6


def content(table: Mapping[str, Any], until: dt.date, ending: str, heads: Sequence[str]) -> bytes:
    """Return the bytes of a file.

    :param until: the day of its publication: it has the periods that ended before.
    :param ending: which kind of file.
    :param heads: what stands above the table of a workbook or paper.
    """
    if ending == "geojson":
        return places(table)
    heading, *found = rows(table, until)
    if ending == "xlsx":
        return workbook(heading, found, heads)
    if ending == "pdf":
        return paper(*heads, "", *("   ".join(map(str, row)) for row in (heading, *found)))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heading, *found])
    return text.getvalue().encode()


def years(table: Mapping[str, Any], until: dt.date) -> range:
    """Return the years that are in a file published on a day."""
    months = 1 if table["by"] == "bulan" and until.month > 1 else 0
    return range(table["since"], until.year + months)


def rows(table: Mapping[str, Any], until: dt.date) -> list[Row]:
    """Return the heading of a table and its rows."""
    columns: Mapping[str, Any] = table["columns"]
    if table["by"] == "bulan":
        found = [
            [f"{year}-{number:02}", *(_monthly(one, year, number) for one in columns.values())]
            for year in years(table, until)
            for number in range(1, figures.MONTHS + 1)
            if (year, number) < (until.year, until.month)
        ]
        return [["bulan", *columns], *found]
    places_of, titles = _places(table)
    split: Mapping[str, Any] = table.get("split", {})
    found = []
    for year in years(table, until):
        for code, named in places_of:
            if split:
                (measure,) = columns.values()
                parts = figures.shares(measure, code, year, split["names"])
                found += [
                    [*named, year, name, part]
                    for name, part in zip(split["names"], parts, strict=True)
                ]
            else:
                found.append([*named, year, *(_value(c, code, year) for c in columns.values())])
    return [[*titles, "tahun", *([split["column"]] if split else []), *columns], *found]


def _places(table: Mapping[str, Any]) -> tuple[list[tuple[str, Row]], list[str]]:
    if table["by"] == "kelurahan":
        above = {one.code: one.label for one in figures.districts()}
        found = [
            (one.code, [one.code, one.label, above[str(one.parent)]])
            for one in figures.villages(table.get("within", figures.CITY))
        ]
        return found, ["kode_kelurahan", "kelurahan", "kecamatan"]
    if table["by"] == "kecamatan":
        return [(one.code, [one.code, one.label]) for one in figures.districts()], [
            "kode_kecamatan",
            "kecamatan",
        ]
    return [(figures.CITY, [])], []


def _value(column: Any, code: str, year: int) -> float:
    if isinstance(column, str):
        return figures.count(column, code, year)
    above, below = (figures.count(one, code, year) for one in column["ratio"])
    return round(above / below * column.get("times", 1), column.get("digits", 2))


def _monthly(column: str, year: int, number: int) -> int:
    of: Callable[[str, int, int], int] = (
        figures.level if "level" in figures.measures()[column] else figures.month
    )
    return of(column, year, number)


def places(table: Mapping[str, Any]) -> bytes:
    """Return points or areas as GeoJSON (RFC 7946), each within its village."""
    features = []
    for village in figures.villages():
        for number in range(1, figures.count(table["count"], village.code, figures.BASE) + 1):
            point = _within(village.code, (table["count"], village.code, number))
            properties: dict[str, Any] = {
                "nama": f"{table['called']} {village.label} {number}",
                "kode_kelurahan": village.code,
                "kelurahan": village.label,
                table["column"]: table["kinds"][
                    int(figures.chance("kind", village.code, number) * len(table["kinds"]))
                ],
            }
            geometry: dict[str, Any] = {"type": "Point", "coordinates": point}
            if table["by"] == "bidang":
                metres = figures.between(40, 160, "size", village.code, number)
                ring = list(_around(point, metres))
                hectares = 1.5 * math.sqrt(3) * metres**2 / 10_000
                properties["luas_hektare"] = round(hectares, 2)
                geometry = {"type": "Polygon", "coordinates": [ring]}
            features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False
    ).encode()


def _within(village: str, words: tuple[object, ...]) -> list[float]:
    (west, south), (east, north) = outlines.boxes()[village]
    for turn in range(TRIES):
        position = (
            round(figures.between(west, east, *words, turn, "x"), 5),
            round(figures.between(south, north, *words, turn, "y"), 5),
        )
        if outlines.away(village, position) == 0:
            return list(position)
    raise LookupError(village)


def _around(point: Sequence[float], metres: float) -> Iterator[list[float]]:
    for corner in range(CORNERS + 1):
        turn = 2 * math.pi * (corner % CORNERS) / CORNERS
        yield [
            round(point[0] + metres * math.cos(turn) / DEGREE, 5),
            round(point[1] + metres * math.sin(turn) / DEGREE, 5),
        ]


def workbook(heading: Row, found: Sequence[Row], heads: Sequence[str]) -> bytes:
    """Return rows as a workbook with one sheet, below a letterhead where there is one."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has no sheet")
    sheet.title = "Data"
    for line in heads:
        sheet.append([line])
        sheet.merge_cells(
            start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(heading)
        )
    if heads:
        sheet.append([])
    for row in (heading, *found):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
