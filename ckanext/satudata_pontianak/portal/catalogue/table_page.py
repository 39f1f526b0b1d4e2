"""The page of a table: all rows of what is served, page by page, without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ...classification.rules import variables
from ...metadata import naming
from ...surface.pages import page
from ..web import call
from . import table_cells, table_query, table_reading
from .table_query import Column, Query
from .table_reading import Rows

table = flask.Blueprint("satudata_table", __name__)
BAD = 400


def resource_of(dataset: dict[str, Any], resource_id: str) -> dict[str, Any]:
    """Return a file of a dataset as the reader may see it, or answer as for an unknown one."""
    found = next((r for r in dataset.get("resources") or [] if r["id"] == resource_id), None)
    return found if found is not None else tk.abort(404, tk._("Resource not found"))


def show(id: str, resource_id: str) -> Any:
    """Show a page of the rows of a file."""
    dataset = call.dataset(id)
    resource = resource_of(dataset, resource_id)
    try:
        with table_reading.opened(resource_id, shown=True) as opened:
            query, errors = table_query.read(flask.request.args.items(multi=True), opened.columns)
            rows = opened.read(query)
            columns = opened.columns
    except tk.NotAuthorized as problem:
        return tk.abort(403, str(problem))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("This file has no table."))
    except tk.ValidationError:
        # What was read as a value is none for the database, such as a day outside its calendar.
        return tk.abort(BAD, tk._("The table cannot be searched for this."))
    page = tk.render(
        "satudata/table.html",
        {
            "pkg_dict": dataset,
            "dataset_type": dataset["type"],
            "resource": resource,
            "columns": columns,
            "query": query,
            "errors": {name: message.text(tk._) for name, message in errors.items()},
            "given": flask.request.args,
            "sizes": table_query.SIZES,
            "paging": rows.paging,
            "parts": -(-len(columns) // table_query.COLUMNS_SHOWN),
            "most": table_query.COUNTED,
            **drawn(rows),
            "head": [_heading(column, query) for column in rows.columns],
        },
    )
    return (page, BAD) if errors else page


def drawn(rows: Rows) -> dict[str, Any]:
    """Return columns and rows as a template draws them: cells with the marks of the language."""
    language, yes, no = tk.h.lang(), tk._("yes"), tk._("no")
    by_column = [
        table_cells.column_cells(column, [row[i] for row in rows.rows], language, yes, no)
        for i, column in enumerate(rows.columns)
    ]
    return {"shown": rows.columns, "cells": list(zip(*by_column, strict=True))}


def _heading(column: Column, query: Query) -> dict[str, Any]:
    """Return a heading with the address that sorts by it, or the other way round."""
    sorted_by = query.sort == column.name
    down = sorted_by and not query.down
    return {
        "column": column,
        "order": ("descending" if query.down else "ascending") if sorted_by else "none",
        "address": query.address(sort=column.name, down=down, page=1),
    }


def satudata_heading(label: str) -> str:
    """Return the heading of a column in the reader's language, where it has a name in it."""
    return variables.in_english(label) if naming.in_english() else label


def first_rows(resource: Mapping[str, Any], limit: int) -> dict[str, Any] | None:
    """Return the first rows of an open table for a page about it, ``None`` where none is open.

    Of data that are not open nothing is read by the way: each read of them is recorded, so
    somebody has to want it.
    """
    if not resource.get("datastore_active"):
        return None
    try:
        with table_reading.opened_if_open(resource["id"]) as opened:
            if opened is None:
                return None
            rows = opened.first(limit)
            return {**drawn(rows), "total": opened.total, "columns": opened.columns}
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


table.add_url_rule("/dataset/<id>/resource/<resource_id>/tabel", view_func=page(show, light=True))


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {satudata_heading.__name__: satudata_heading}


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint where there are tables."""
    return [table] if p.plugin_loaded("datastore") else []
