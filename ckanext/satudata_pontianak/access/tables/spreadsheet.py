"""The table of a file as CSV for spreadsheet programs in Indonesian, streamed to its last row."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import flask

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ..reading import problems, serving
from ..reading.serving import Served
from . import sheet_rules

sheet = flask.Blueprint("satudata_sheet", __name__)
BLOCK = 5000


def show(id: str, resource_id: str) -> Any:
    """Give the rows of the version that is served now to whoever may have them.

    A read of what is not open is recorded, one of open data counted, as of any download.
    """
    package = model.Package.get(id)
    found = serving.served(resource_id) if package is not None else None
    if found is None or package is None or found.facts.dataset_id != package.id:
        return tk.abort(404, tk._("Resource not found"))
    try:
        serving.admit(registry.current_actor(), found)
    except tk.NotAuthorized as problem:
        serving.keep_private()
        return tk.abort(403, str(problem))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Resource not found"))
    if found.table is None:
        return tk.abort(404, tk._("This file has no table."))
    etag = hashlib.sha256(f"lembar {found.version_id}".encode()).hexdigest()[:32]
    if found.is_open and flask.request.if_none_match.contains(etag):
        return _kept(flask.Response(status=304), found, etag)
    held = serving.admitted(found)
    context: types.Context = {"user": tk.current_user.name if tk.current_user else ""}
    # The first block is read now: what cannot be read is told as an error, not as half a file.
    blocks = _blocks(context, held)
    with serving.pinned(held):
        first = next(blocks)
    serving.record(registry.current_actor(), found)
    response = flask.Response(_stream(first, blocks, held), mimetype="text/csv")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", PurePath(found.filename).stem).strip("-.") or "tabel"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-lembar.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return _kept(response, found, etag)


def _kept(response: flask.Response, found: Served, etag: str) -> flask.Response:
    """Say how long the file is kept: open data may be, if they are asked for again each time."""
    if found.is_open:
        response.headers["Cache-Control"] = problems.OPEN
        response.set_etag(etag)
    else:
        response.headers["Cache-Control"] = problems.CLOSED
    return response


def _blocks(context: types.Context, held: Served) -> Iterator[str]:
    """Give the file block by block; each step runs with the version of the beginning."""
    last, kinds, names = 0, [], []
    while True:
        asked: dict[str, Any] = {
            "resource_id": held.resource_id,
            "records_format": "csv",
            "include_total": False,
            "sort": ["_id asc"],
            "filters": {"_id": {"gt": last}},
            "limit": BLOCK,
        }
        if names:
            asked["fields"] = names
        answer = tk.get_action("datastore_search")(types.Context(**context), asked)
        begun = ""
        if not names:
            names = [str(f["id"]) for f in answer["fields"]]
            kinds = [str(f["type"]) for f in answer["fields"]][1:]
            labels = [(f.get("info") or {}).get("label") or f["id"] for f in answer["fields"]]
            begun = sheet_rules.heading([str(label) for label in labels[1:]])
        rows = list(csv.reader(io.StringIO(answer["records"], newline="")))
        yield begun + sheet_rules.lines([row[1:] for row in rows], kinds)
        if len(rows) < min(BLOCK, int(answer["limit"])):
            return
        last = int(rows[-1][0])


def _stream(first: str, blocks: Iterator[str], held: Served) -> Iterator[bytes]:
    """Give the file as bytes; CKAN's checks begin transactions that nobody else ends."""
    try:
        block: str | None = first
        while block is not None:
            yield block.encode()
            with serving.pinned(held):
                block = next(blocks, None)
    finally:
        if not flask.has_app_context():
            model.Session.rollback()


sheet.add_url_rule("/dataset/<id>/resource/<resource_id>/lembar.csv", view_func=show)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint where there are tables."""
    return [sheet] if p.plugin_loaded("datastore") else []
