"""A list of apps becomes entries of the register: read, looked at row by row, then taken over.

Every write goes through the same actions as the form: with the caller's rights, through the gate.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import config
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.incidents.steps import kinds_in
from ...classification.records import addresses
from ...classification.records.dataset_types import APP
from ...classification.rules.axes import AXES
from ...classification.rules.policy import may_publish
from ...disclosure.limits import Limits
from ...disclosure.readers.base import ReadError
from ...disclosure.table_stream import table_stream
from ...messages import Message
from ...metadata import service as metadata
from ...msgids import N_
from ..records import apps
from ..rules import sheet
from ..rules.sheet import Row
from . import links

SECONDS = 30
MOST_BYTES = 4_000_000
NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"
UNKEPT = re.compile(r"[\x00\ud800-\udfff]")
SIGNS = N_("Row %(number)s holds signs that no text can hold.")
UNREADABLE = N_("The file could not be read as a table.")
LARGE = N_("The file is larger than %(count)s bytes.")
NO_FILE = N_("Choose a file.")
NO_LIST = N_("The file holds no list of rows.")
NOT_AN_AGENCY = N_("There is no such agency: %(name)s.")
NOT_FOR = N_("You do not bring data for this agency.")
NOT_YOURS = N_("There is an entry of this name that you cannot change.")
PERSONAL = N_("The text seems to hold personal data: %(kinds)s.")
LEFT_OUT = frozenset({*AXES, "tag_string"})


@dataclass
class Looked:
    """A row that was looked at: what it would become, what changes, what is wrong."""

    row: Row
    outcome: str = NEW
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    package_id: str | None = None


def fields() -> list[str]:
    """Return the fields of an entry that a list may hold, in the order of the form."""
    named = [str(each["field_name"]) for each in metadata.dataset_fields(APP)]
    return [name for name in named if name not in LEFT_OUT]


def read(content: bytes, filename: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the headings of a file, and its rows by heading.

    A workbook or CSV is read in a process of its own, within limits.

    :raises ckan.plugins.toolkit.ValidationError: on ``upload``.
    """
    if len(content) > MOST_BYTES:
        raise _refused(LARGE, count=MOST_BYTES)
    whole = _json(content) if filename.lower().endswith(".json") else _table(content, filename)
    if not whole[1]:
        raise _refused(sheet.EMPTY)
    if len(whole[1]) > sheet.MOST:
        raise _refused(sheet.MANY, count=sheet.MOST)
    _refuse_unreadable(whole[1])
    return whole


def _refused(text: str, **values: Any) -> tk.ValidationError:
    return tk.ValidationError({"upload": [tk._(text) % values]})


def _json(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise _refused(UNREADABLE) from problem
    if isinstance(found, dict):  # a dump of a table by its name
        found = next((value for value in found.values() if isinstance(value, list)), None)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise _refused(NO_LIST)
    rows = [{str(key): _text(value) for key, value in row.items()} for row in islice(found, 10_000)]
    return list(dict.fromkeys(key for row in rows for key in row)), rows


def _text(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    return str(value)


def _table(content: bytes, filename: str) -> tuple[list[str], list[dict[str, str]]]:
    limits = Limits(
        memory=config.scan_memory_mb() * 1024**2, cpu_seconds=SECONDS, wall_seconds=SECONDS
    )
    suffix = ".xlsx" if filename.lower().endswith(".xlsx") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"daftar{suffix}"
        path.write_bytes(content)
        try:
            with table_stream(str(path), path.name, limits) as stream:
                headings = [column.label.strip() for column in stream.columns]
                text = io.TextIOWrapper(stream.rows, encoding="utf-8", newline="")
                try:
                    rows = [
                        dict(zip(headings, line, strict=False))
                        for line in islice(csv.reader(text), sheet.MOST + 1)
                    ]
                finally:
                    text.detach()
                if len(rows) <= sheet.MOST:
                    stream.summary()  # it raises where the rest could not be read
        except (ReadError, csv.Error, UnicodeDecodeError) as problem:
            raise _refused(UNREADABLE) from problem
    return headings, rows


def _refuse_unreadable(rows: Iterable[Mapping[str, str]]) -> None:
    """Refuse signs that no text of an entry can hold.

    :raises ckan.plugins.toolkit.ValidationError: naming the row.
    """
    for number, row in enumerate(rows, 2):
        if any(UNKEPT.search(text) for pair in row.items() for text in pair):
            raise _refused(SIGNS, number=number)


def looked_at(
    context: types.Context, headings: Sequence[str], rows: Sequence[Mapping[str, str]], agency: str
) -> list[Looked]:
    """Say of every row what it would become; nothing is written.

    :param agency: the name of the agency of rows that name none; the menu names none at all.
    """
    actor = registry.actor_from_context(context)
    menu = sheet.is_menu(headings)
    read_rows = (
        sheet.of_menu(rows, agency) if menu else sheet.of_sheet(headings, rows, fields(), agency)
    )
    listed = {row.values.get(sheet.KEY) for row in read_rows}
    return [_looked(context, actor, row, listed) for row in read_rows]


def _looked(context: types.Context, actor: Actor, row: Row, listed: set[str | None]) -> Looked:
    found = Looked(row)
    for key, problems in row.errors.items():
        found.errors[key] = [_said(each) for each in problems]
    _check_agency(actor, found)
    values = {key: value for key, value in row.values.items() if key != sheet.KEY}
    for key, value in values.items():
        kinds = kinds_in(value) if key in ("title", "notes", "fungsi", "kanal_bantuan") else ()
        if kinds:
            found.errors.setdefault(key, []).append(tk._(PERSONAL) % {"kinds": ", ".join(kinds)})
    try:
        checked = {k: v for k, v in values.items() if k != sheet.AGENCY}
        kept = metadata.checked(checked, APP)
    except tk.ValidationError as problem:
        kept = values
        errors: dict[str, Any] = dict(problem.error_dict)
        for key, texts in errors.items():
            found.errors.setdefault(str(key), []).extend(str(text) for text in texts)
    known = apps.known(row.values.get(sheet.KEY), actor)
    if known is not None:
        found.package_id = known.package.id
        if known.package.type != APP or not may_publish(known.actor, known.facts.owner_org):
            found.errors.setdefault(sheet.KEY, []).append(tk._(NOT_YOURS))
        else:
            shown = tk.get_action("package_show")(types_of(context), {"id": known.package.id})
            body = registry.agency(shown.get("owner_org"))
            before = {**shown, sheet.AGENCY: body.name if body else ""}
            said = {
                **{k: str(v or "") for k, v in kept.items()},
                sheet.AGENCY: values.get(sheet.AGENCY, ""),
            }
            if not said[sheet.AGENCY]:
                del said[sheet.AGENCY]
            found.changes = sheet.changed(before, said)
            _look_at_parent(actor, found, known.package.id)
            found.outcome = CHANGED if found.changes else SAME
    if row.parent and row.parent not in listed and apps.known(row.parent, actor) is None:
        found.errors.setdefault(sheet.PARENT, []).append(
            tk._(sheet.NO_PARENT) % {"name": row.parent}
        )
    if found.errors:
        found.outcome = WRONG
    return found


def _look_at_parent(actor: Actor, found: Looked, package_id: str) -> None:
    linked = links.of([package_id], actor)[package_id][sheet.PARENT]
    before = linked[0].name if linked else ""
    if found.row.parent and found.row.parent != before:
        found.changes[sheet.PARENT] = (before, found.row.parent)


def _check_agency(actor: Actor, found: Looked) -> None:
    name = found.row.values.get(sheet.AGENCY, "")
    body = registry.agency(name) if name else None
    if name and body is None:
        found.errors.setdefault(sheet.AGENCY, []).append(tk._(NOT_AN_AGENCY) % {"name": name})
    elif body is not None and not may_publish(actor, body.id):
        found.errors.setdefault(sheet.AGENCY, []).append(tk._(NOT_FOR))


def _said(message: Message) -> str:
    return message.text(tk._)


def types_of(context: types.Context) -> types.Context:
    """Return a context for another call by the same person."""
    return {"user": context.get("user", ""), "auth_user_obj": context.get("auth_user_obj")}


def apply(context: types.Context, looked: Sequence[Looked]) -> None:
    """Take the rows over, none of which is wrong; a second time changes nothing.

    Each row is an entry of its own, committed by core; where one is refused those before it stand,
    and the next run goes on after them.

    :raises ckan.plugins.toolkit.ValidationError: naming the row.
    """
    for each in looked:
        row = each.row
        try:
            if each.outcome == NEW:
                values = {key: value for key, value in row.values.items() if value}
                stands: Any = {**types_of(context), addresses.STANDS: True}
                made = tk.get_action("package_create")(stands, {**values, "type": APP})
                each.package_id = made["id"]
                row.values[sheet.KEY] = made["name"]
            elif each.outcome == CHANGED:
                changes = {k: new for k, (_, new) in each.changes.items() if k != sheet.PARENT}
                if changes:
                    asked = {**changes, "id": each.package_id}
                    tk.get_action("package_patch")(types_of(context), asked)
        except (tk.ValidationError, tk.NotAuthorized) as problem:
            model.Session.rollback()
            said = getattr(problem, "error_dict", None) or {"": [str(problem.message or "")]}
            texts = "; ".join(str(text) for values in said.values() for text in values)
            raise tk.ValidationError(
                {
                    "upload": [
                        tk._("Row {number}: {problem}").format(number=row.number, problem=texts)
                    ]
                }
            ) from problem
    for each in looked:
        if each.row.parent and each.outcome in (NEW, CHANGED):
            asked = {"id": each.package_id, "parent": each.row.parent}
            tk.get_action("satudata_jepin_links_set")(types_of(context), asked)


def sheet_rows(context: types.Context, actor: Actor) -> list[list[str]]:
    """Return the apps that somebody may change, as rows of the sheet under :func:`headings`."""
    found: list[list[str]] = []
    bodies = registry.load_agencies()
    query = model.Session.query(model.Package.id, model.Package.owner_org).filter(
        model.Package.type == APP, model.Package.state == "active"
    )
    mine = [id_ for id_, owner in query.order_by(model.Package.name) if may_publish(actor, owner)]
    seen = apps.seen(mine, actor)
    linked = links.of(seen, actor)
    for id_ in seen:
        shown = tk.get_action("package_show")(types_of(context), {"id": id_})
        body = bodies.get(shown.get("owner_org") or "")
        shown[sheet.AGENCY] = body.name if body else ""
        above = linked[id_][sheet.PARENT]
        cells = ["" if shown.get(name) is None else str(shown[name]) for name in fields()]
        found.append([*cells, above[0].name if above else ""])
    return found


def headings() -> list[str]:
    """Return the headings of the sheet: names of fields, and of the app that it belongs to."""
    return [*fields(), sheet.PARENT]
