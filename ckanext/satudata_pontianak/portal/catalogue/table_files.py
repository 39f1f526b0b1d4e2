"""What the page of a table shows as a file: the same search, filters, order and columns.

CSV and JSON are streamed block by block; what needs all cells at once is bounded.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath
from typing import Any

import flask

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ...access.reading import counting, problems, serving
from ...access.reading.serving import Served
from ...classification.rules import variables
from ...metadata import geographic
from ...metadata.geographic import Places
from ...surface import formulas
from ...surface.formulas import CONTROL
from ..web import call, outlines
from ..web.outlines import Outlines
from . import table_query, table_reading
from .table_page import resource_of
from .table_query import Column, Kind

MOST = {"xlsx": 100_000, "parquet": 100_000, "geojson": 200_000}  # cells of such a file
MOST_AREAS = 2_000  # rows that each come with the outline of their region
GEOJSON = "geojson"
MOST_ORDERED = 500_000  # cells
GEO = "application/geo+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
files = flask.Blueprint("satudata_table_files", __name__)
Cells = Sequence[Sequence[str]]


def value(column: Column, text: str) -> Any:
    """Return what a cell holds, as programs keep it; nothing for an empty one.

    Nor for a number that is none, or a day that no calendar of theirs has.
    """
    if text == "":
        return None
    if column.kind is Kind.NUMBER:
        number = int(text) if column.whole else float(text)
        return number if math.isfinite(number) else None
    if column.kind is Kind.BOOLEAN:
        return text == "t"
    if column.kind in (Kind.DAY, Kind.MOMENT):
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return None
        return moment.date() if column.kind is Kind.DAY else moment
    return text


def as_csv(columns: Sequence[Column], blocks: Iterable[Cells]) -> Iterator[bytes]:
    """Give CSV as programs read it: commas, values as the DataStore writes them."""
    for rows in chain([[[column.label for column in columns]]], blocks):
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        yield text.getvalue().encode()


def as_sheet(columns: Sequence[Column], blocks: Iterable[Cells]) -> Iterator[bytes]:
    """Give CSV as spreadsheets in Indonesia open it: semicolons, the comma before fractions."""
    numbers = [column.kind is Kind.NUMBER for column in columns]
    yield formulas.sheet([column.label for column in columns], [])
    for rows in blocks:
        text = io.StringIO(newline="")
        formulas.Writer(text).rows(
            [cell.replace(".", ",") if n else cell for cell, n in zip(row, numbers, strict=True)]
            for row in rows
        )
        yield text.getvalue().encode()


def as_xlsx(columns: Sequence[Column], blocks: Iterable[Cells]) -> list[bytes]:
    """Return a workbook: numbers are numbers, and no text is run."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("Data")
    sheet.freeze_panes = "A2"

    def cell(column: Column | None, text: str) -> Any:
        held = value(column, text) if column else text
        if not isinstance(held, str):
            return held
        made = WriteOnlyCell(sheet, CONTROL.sub("", held)[:32_767])
        made.data_type = "s"
        made.quotePrefix = formulas.runs(held)
        return made

    sheet.append([cell(None, column.label) for column in columns])
    for row in chain.from_iterable(blocks):
        sheet.append([cell(column, text) for column, text in zip(columns, row, strict=True)])
    out = io.BytesIO()
    book.save(out)
    return [out.getvalue()]


def as_parquet(columns: Sequence[Column], blocks: Iterable[Cells]) -> list[bytes]:
    """Return Apache Parquet, each column with its type."""
    import polars as pl

    rows = list(chain.from_iterable(blocks))
    kinds = {
        Kind.NUMBER: pl.Float64,
        Kind.BOOLEAN: pl.Boolean,
        Kind.DAY: pl.Date,
        Kind.MOMENT: pl.Datetime,
    }
    series = [
        pl.Series(
            column.name,
            [value(column, row[at]) for row in rows],
            pl.Int64 if column.whole else kinds.get(column.kind, pl.String),
        )
        for at, column in enumerate(columns)
    ]
    out = io.BytesIO()
    pl.DataFrame(series).write_parquet(out)
    return [out.getvalue()]


def as_json(columns: Sequence[Column], blocks: Iterable[Cells]) -> Iterator[bytes]:
    """Give records, each value with its type."""
    before = "["
    for rows in blocks:
        records = [
            {column.name: value(column, text) for column, text in zip(columns, row, strict=True)}
            for row in rows
        ]
        yield (before + json.dumps(records, ensure_ascii=False, default=str)[1:-1]).encode()
        before = ", "
    yield b"]" if before == ", " else b"[]"


@dataclass(frozen=True)
class Ground:
    """Where the rows of a table lie, and what a file of them says of itself."""

    columns: Sequence[Column]
    places: Places
    outlines: Outlines
    said: Mapping[str, str]

    def geometry(self, row: Sequence[str]) -> dict[str, Any] | None:
        """Return the geometry of a row; nothing where its cells say no place."""
        places = self.places
        if places.north is not None and places.east is not None:
            found = geographic.position(row[places.north], row[places.east])
            return {"type": "Point", "coordinates": found} if found else None
        if places.region is None:
            return None
        heading = self.columns[places.region].label
        code = geographic.region_of(heading, row[places.region])
        return self.outlines.geometries.get(code or "")

    def as_geojson(self, columns: Sequence[Column], blocks: Iterable[Cells]) -> Iterator[bytes]:
        """Give a collection of features, a row each; one whose place is unknown has no geometry.

        Rows come with every column of the table, of which those asked for are told.
        """
        told = [(self.columns.index(column), column) for column in columns]
        head = {"type": "FeatureCollection", "metadata": dict(self.said), "features": []}
        yield json.dumps(head, ensure_ascii=False)[:-2].encode()
        before = ""
        for rows in blocks:
            features = [
                {
                    "type": "Feature",
                    "properties": {column.name: value(column, row[at]) for at, column in told},
                    "geometry": self.geometry(row),
                }
                for row in rows
            ]
            text = json.dumps(features, ensure_ascii=False, default=str)[1:-1]
            yield (before + text).encode()
            before = ", " if text or before else ""
        yield b"]}"


def ground_of(columns: Sequence[Column]) -> tuple[Places, Outlines] | None:
    """Return where the rows of a table lie, ``None`` where no column says it."""
    known = outlines.known()
    names, headings = [c.name for c in columns], [c.label for c in columns]
    places = geographic.places_of(names, headings, areas=bool(known.geometries))
    return (places, known) if places is not None else None


REMEMBERED = 2000
_placed: dict[tuple[str, frozenset[str]], bool] = {}
"""Whether the rows of open bytes lie somewhere, by their SHA-256 and what may not say it."""


def satudata_has_places(resource: Mapping[str, Any]) -> bool:
    """Tell whether an open table can be had as GeoJSON; of what is not open nothing is read."""
    sha256 = str(resource.get("hash") or "")
    if not resource.get("datastore_active") or not sha256:
        return False
    personal = variables.personal_in(str(resource["package_id"]))
    key = (sha256, personal)
    if key not in _placed:
        try:
            with counting.uncounted(), table_reading.opened_if_open(resource["id"]) as opened:
                if opened is None:
                    return False
                found = ground_of(_told(opened.columns, personal)) is not None
        except (tk.ObjectNotFound, tk.NotAuthorized):
            return False
        if len(_placed) >= REMEMBERED:
            _placed.clear()
        _placed[key] = found
    return _placed[key]


def _told(columns: Sequence[Column], personal: frozenset[str]) -> tuple[Column, ...]:
    """Return the columns that a file of places may hold: what is personal is put on no map."""
    return tuple(c for c in columns if not variables.is_among(personal, c.name, c.label))


FORMS: dict[str, tuple[Callable[[Sequence[Column], Iterable[Cells]], Iterable[bytes]], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "titik-koma.csv": (as_sheet, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, XLSX),
    "parquet": (as_parquet, "application/vnd.apache.parquet"),
    "json": (as_json, "application/json; charset=utf-8"),
}


def give(id: str, resource_id: str, form: str) -> Any:
    """Give what the page shows under the same parameters, to whoever may have the rows."""
    if form not in (*FORMS, GEOJSON):
        text = tk._("There is no such format here. There are: %(known)s.")
        return tk.abort(404, text % {"known": ", ".join((*FORMS, GEOJSON))})
    dataset = call.dataset(id)
    resource = resource_of(dataset, resource_id)
    said = _said(dataset) if form == GEOJSON else {}
    personal = variables.personal_in(dataset["id"]) if form == GEOJSON else frozenset[str]()
    tag = _tag(serving.served(resource_id), form, said, personal)
    if tag and flask.request.if_none_match.contains(tag):
        return _kept(flask.Response(status=304), tag)
    args = flask.request.args
    try:
        with table_reading.opened(resource_id) as opened:
            query, errors = table_query.read(args.items(multi=True), opened.columns)
            if errors:
                return tk.abort(400, "; ".join(f"{n}: {m.text(tk._)}" for n, m in errors.items()))
            known = _told(opened.columns, personal)
            columns = known
            if "kolom" in args:
                columns = _told(table_query.shown_columns(opened.columns, query.part), personal)
            ground = _ground(said, known) if form == GEOJSON else None
            if form == GEOJSON and ground is None:
                return tk.abort(404, tk._("No column of this table says where its rows lie."))
            total = opened.amount(query)
            refusal = _too_much(total, len(columns), form, ordered=query.sort is not None)
            if ground is not None and not ground.places.points:
                refusal = refusal or _too_many_areas(total)
            if total is None or refusal:
                return tk.abort(413, refusal)
            # Where a row lies is read from columns that may not be asked for.
            blocks = opened.blocks(query, known if ground else columns, total)
            # The first block is read now: what cannot be read is told as an error.
            write, kind = FORMS[form] if ground is None else (ground.as_geojson, GEO)
            body = write(columns, chain([next(blocks, [])], blocks))
    except tk.NotAuthorized as problem:
        serving.keep_private()
        return tk.abort(403, str(problem))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("This file has no table."))
    except tk.ValidationError:
        return tk.abort(400, tk._("The table cannot be searched for this."))
    if isinstance(body, Iterator):
        body = flask.stream_with_context(body)
    response = flask.Response(body, content_type=kind)
    name = PurePath(str(resource.get("name") or dataset["name"])).name
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:80] or "tabel"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return _kept(response, tag)


def _said(dataset: Mapping[str, Any]) -> dict[str, str]:
    """Return what a file of places says of itself; it is part of the name of what is kept."""
    said = {
        "title": str(dataset.get("title") or dataset["name"]),
        "source": tk.url_for("dataset.read", id=dataset["name"], qualified=True, locale="default"),
        "outlines": outlines.known().source,
    }
    if dataset.get("license_title"):
        said["license"] = str(dataset["license_title"])
    return said


def _ground(said: Mapping[str, str], columns: Sequence[Column]) -> Ground | None:
    """Return what is needed to say where rows lie, with what the file says of itself."""
    found = ground_of(columns)
    if found is None:
        return None
    places, known = found
    if places.points:
        said = {key: text for key, text in said.items() if key != "outlines"}
    return Ground(columns, places, known, said)


def _too_many_areas(total: int | None) -> str:
    if total is not None and total <= MOST_AREAS:
        return ""
    text = tk._(
        "Each row comes with the outline of its region, and a file holds %(most)s of them at most:"
        " narrow the search down, or take CSV."
    )
    return text % {"most": tk.h.satudata_number(MOST_AREAS)}


def _too_much(total: int | None, columns: int, form: str, *, ordered: bool) -> str:
    """Return what to take instead of what is too much, or nothing."""
    number = tk.h.satudata_number
    if total is None:
        text = tk._(
            "More than %(most)s rows match: narrow the search down, or take the whole table"
            " as CSV, without a search or filter."
        )
        return text % {"most": number(table_query.COUNTED)}
    cells = total * max(1, columns)
    if form in MOST and cells > MOST[form]:
        text = tk._(
            "These are %(cells)s cells, and a file of this form holds %(most)s at most: narrow"
            " the search down, or take CSV."
        )
        return text % {"cells": number(cells), "most": number(MOST[form])}
    if ordered and cells > MOST_ORDERED:
        return tk._("This is too much to be put in order: take it without an order.")
    return ""


def _tag(found: Served | None, form: str, said: Mapping[str, str], without: frozenset[str]) -> str:
    """Return a name for what is asked for of open data: of the version, and of words beside it."""
    if found is None or found.table is None or not found.is_open:
        return ""
    asked = f"{form} {found.version_id}?{flask.request.query_string.decode('latin-1')}"
    if said:
        asked += f" {json.dumps([said, sorted(without)], sort_keys=True)}"
    return hashlib.sha256(asked.encode()).hexdigest()[:32]


def _kept(response: flask.Response, tag: str) -> flask.Response:
    """Say how long it is kept: open data may be, if they are asked for again each time."""
    response.headers["Cache-Control"] = problems.OPEN if tag else problems.CLOSED
    if tag:
        response.set_etag(tag)
    return response


files.add_url_rule("/dataset/<id>/resource/<resource_id>/tabel.<form>", "give", give)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint where there are tables."""
    return [files] if p.plugin_loaded("datastore") else []
