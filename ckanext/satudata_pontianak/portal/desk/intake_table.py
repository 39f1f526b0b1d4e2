"""A staged file as its author sees it: its table, what of it may be read otherwise, its scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import flask
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import NotFound

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.intake import reading, recipes, shelf, staging
from ...classification.intake.model import Staged
from ...classification.intake.recipes import Pair
from ...classification.rules import kind_names
from ...classification.rules.refusals import InvalidFields
from ...messages import Message
from ...metadata import title_periods
from ...metadata.periods import Period
from ...tidying.labels import LINES, ROLES
from ...tidying.lines import Line
from ...tidying.recipe import parsed, sentences
from ..web import call, formats

ROW, LAST, YEARS = "baris", "sampai", "tahun"
ROWS = (Line.DATA, Line.SECTION, Line.SUBTOTAL, Line.TOTAL, Line.NOTE)
"""What somebody may say that a row is."""
LONGEST_NUMBER = 7
FIGURES = frozenset({"measure", "total"})
"""What columns hold whose numbers are written as the reader writes them."""


def own_file(id_: str, *, next_one: bool | None = False) -> tuple[Staged, Actor]:
    """Return a file of the reader's own, or answer as for an unknown id.

    :param next_one: whether it is the next file of a dataset that is there; ``None``: either.
    """
    actor = registry.actor_from_context(call.context())
    row = staging.find(actor, id_)
    if row is None or next_one not in (None, row.dataset_id is not None):
        none()
    return row, actor


def none() -> NoReturn:
    """Answer that there is no such file."""
    tk.abort(404, tk._("There is no such file. It may have been removed after its time."))


def erased(_error: StaleDataError) -> Any:
    """Answer as for an unknown id where somebody erased a file while it was read.

    What had been read of it by then goes as well: nothing of what is erased stays behind.
    """
    model.Session.rollback()
    if id_ := (flask.request.view_args or {}).get("id"):
        shelf.remove(id_)
    try:
        none()
    except NotFound as unknown:
        return flask.current_app.handle_http_exception(unknown)


def in_words(errors: Mapping[str, Sequence[Message]]) -> dict[str, list[str]]:
    """Return the messages of fields in the reader's language."""
    return {name: [one.text(tk._) for one in said] for name, said in errors.items()}


def change_of(row: Staged, step: str) -> dict[str, Any] | None:
    """Return the change of the recipe that a form asks for, ``None`` where it asks for none."""
    form, table = flask.request.form, reading.of(row)["table"] or {}
    first, last = _number(form.get(ROW)), _number(form.get(LAST))
    if step == "tabel":
        tables = table.get("tables") or ()
        place = _number(form.get("tabel"))
        if place is None or not 1 <= place <= len(tables):
            return None
        chosen = tables[place - 1]
        return {"what": "table", **{k: chosen.get(k) for k in ("sheet", "row", "left")}}
    if step == "kepala" and first:
        return {"what": "header", "row": first, "last": max(first, last or first)}
    if step == "baris" and first and form.get("jenis") in ROWS:
        return {"what": "row", "row": first, "line": form.get("jenis")}
    if step == "kolom":
        kept = [n - 1 for n in map(_number, form.getlist("kolom")) if n]
        return {"what": "columns", "kept": kept}
    if step == "periode":
        return {"what": "spread", "spread": not table.get("spread")}
    return None


def _number(text: str | None) -> int | None:
    said = (text or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER else None


def row_kinds() -> list[tuple[str, str]]:
    """Return what somebody may say that a row is: value and label."""
    return [(line.value, tk._(LINES[line])) for line in ROWS]


def shown_table(table: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the table with its words in the reader's language."""
    if table is None:
        return None
    said = sentences(parsed(table["recipe"].encode()))
    language, fields = tk.h.lang(), table["fields"]
    figures = {n for n, field in enumerate(fields) if field["role"] in FIGURES}
    return {
        **table,
        "rows": [
            [formats.figure(cell, language) if n in figures else cell for n, cell in enumerate(row)]
            for row in table["rows"]
        ],
        "sentences": [one.text(tk._) for one in said],
        "fields": [{**f, "kind": tk._(ROLES[f["role"]])} for f in table["fields"]],
        "left": [{**x, "label": tk._(LINES[x["kind"]])} for x in table["left"]],
    }


def scan_words(scan: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the scan found of the file, as people read it; never a value."""
    found = [
        {
            "kind": tk._(kind_names.KINDS.get(item["kind"], item["kind"])),
            "column": item["column"],
            "count": item["count"],
        }
        for item in scan.get("found") or ()
    ]
    return {"clear": scan.get("verdict") == "clear", "found": found}


def pair_of(dataset: Mapping[str, Any], original: str) -> Pair | None:
    """Return what belongs to a file that has a tidy table beside it, ``None`` of another one."""
    return next((p for p in recipes.pairs(dataset["id"]) if p.original == original), None)


def bring(dataset: Mapping[str, Any], pair: Pair, upload: Any, years: str) -> Staged:
    """Keep the next file for its author and read it by the recipe; commits.

    :raises ckan.plugins.toolkit.ValidationError: by the fields of the form.
    """
    actor = registry.actor_from_context(call.context()).on(dataset["id"], dataset["owner_org"])
    try:
        row = staging.stage(actor, dataset["owner_org"], upload, dataset["id"], pair.original)
    except InvalidFields as refusal:
        raise tk.ValidationError({**in_words(refusal.errors)}) from None
    read = reading.renew(row, pair.recipe)
    staging.save(row, {YEARS: years or _years(read) or dataset.get(YEARS) or ""})
    return row


def _years(read: Mapping[str, Any]) -> str:
    told = (read["table"] or {}).get("told") or ()
    return next((t["value"] for t in told if t["field"] == YEARS and t["state"] == "filled"), "")


def told_part(read: Mapping[str, Any]) -> Period | None:
    """Return the month that a file says in its title, ``None`` where it says none."""
    told = (read.get("table") or {}).get("told") or ()
    title = next((t["value"] for t in told if t["field"] == "title"), "")
    return title_periods.part_of_year(str(title))


def satudata_recipe(dataset_id: str, resource_id: str) -> dict[str, Any] | None:
    """Return how a table that is served was made of a file, for its page; ``None`` of another."""
    tidied = recipes.served(dataset_id, resource_id)
    if tidied is None:
        return None
    said = sentences(parsed(tidied["recipe"].encode()))
    left = tidied.get("left") or {}
    return {
        "sentences": [one.text(tk._) for one in said],
        "left": [(tk._(LINES[kind]), count) for kind, count in left.items() if kind in LINES],
    }


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {satudata_recipe.__name__: satudata_recipe}
