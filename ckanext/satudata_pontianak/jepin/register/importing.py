"""A list of apps becomes entries of the register: read, looked at row by row, then taken over.

Every write goes through the same actions as the form: with the caller's rights, through the gate.
A list lands whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.cases import step_service
from ...classification.incidents.steps import kinds_in
from ...classification.records import addresses, naming, stale_index
from ...classification.records.dataset_types import APP
from ...classification.rules.axes import AXES
from ...classification.rules.policy import may_publish
from ...classification.rules.refusals import InvalidFields
from ...classification.versions import likeness
from ...messages import Message
from ...metadata import service as metadata
from ...msgids import N_
from ..records import apps, list_file
from ..records.register_model import AppMenu
from ..rules import sheet
from ..rules.sheet import Row
from . import links

NEW, CHANGED, SAME, DIFFERS, WRONG = "new", "changed", "same", "differs", "wrong"
NO_LIST = N_("The file holds no list of rows.")
NOT_AN_AGENCY = N_("There is no such agency: %(name)s.")
NOT_FOR = N_("You do not bring data for this agency.")
NOT_YOURS = N_("There is an entry of this name that you cannot change.")
PERSONAL = N_("The text seems to hold personal data: %(kinds)s.")
HELP = N_(
    "Rows that begin with this sign are help and are left out. An emptied cell empties what stands "
    "in the register; a column that you delete changes nothing."
)
LEFT_OUT = frozenset({*AXES, "tag_string"})


@dataclass
class Looked:
    """A row that was looked at: what it would become, what changes, what is wrong.

    Of one that ``differs`` the changes are the menu's, which nobody accepted.
    """

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

    :raises ckan.plugins.toolkit.ValidationError: on ``upload``.
    """
    return list_file.read(content, filename, sheet.MOST, {".json": _json})


def _json(content: bytes) -> tuple[list[str], list[dict[str, str]]]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise list_file.refused(list_file.UNREADABLE) from problem
    if isinstance(found, dict):  # a dump of a table by its name
        found = next((value for value in found.values() if isinstance(value, list)), None)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise list_file.refused(NO_LIST)
    rows = [{str(key): _text(value) for key, value in row.items()} for row in islice(found, 10_000)]
    return list(dict.fromkeys(key for row in rows for key in row)), rows


def _text(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    return str(value)


def looked_at(
    context: types.Context,
    headings: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    agency: str,
    accepted: Collection[str] = (),
) -> list[Looked]:
    """Say of every row what it would become; nothing is written.

    What people wrote in an entry goes before the menu: where the two differ, the row ``differs``
    and changes nothing, unless it is accepted.

    :param agency: the name of the agency of rows that name none; the menu names none at all.
    :param accepted: names of the entries that shall be as the menu has them.
    :raises ckan.plugins.toolkit.ValidationError: on ``upload``: a column is no field.
    """
    actor = registry.actor_from_context(context)
    menu = sheet.is_menu(headings)
    if menu:
        read_rows = sheet.of_menu(rows, agency, naming.code_of, _of_menu(actor, rows, agency))
    else:
        named = fields()
        if wrong := sheet.strange(headings, named):
            raise tk.ValidationError({"upload": [_said(each) for each in wrong]})
        read_rows = sheet.of_sheet(headings, rows, named, agency, naming.code_of)
    listed = {row.values.get(sheet.KEY) for row in read_rows}
    found = [_looked(context, actor, row, listed, menu=menu) for row in read_rows]
    for each in found:
        if menu and each.outcome == CHANGED and each.row.values[sheet.KEY] not in accepted:
            each.outcome = DIFFERS
    _look_at_parents(found)
    return found


def _of_menu(actor: Actor, rows: Sequence[Mapping[str, str]], agency: str) -> dict[str, str]:
    """Return number of a row of the menu → the entry of the caller's that came from it.

    :param agency: whose entry it is where there are several.
    """
    numbers = {number for row in rows if (number := sheet.menu_id(row))}
    query = sa.select(AppMenu).where(AppMenu.menu_id.in_(numbers)).order_by(AppMenu.package_id)
    came = {row.package_id: row.menu_id for row in model.Session.scalars(query)}
    body = registry.agency(agency) if agency else None
    mine = [p for p in apps.seen(came, actor).values() if may_publish(actor, p.owner_org)]
    mine.sort(key=lambda package: body is not None and package.owner_org == body.id)
    return {came[package.id]: package.name for package in mine}


def _keep_menu(looked: Iterable[Looked]) -> None:
    """Keep which row of the menu each entry came from; the caller commits."""
    for each in looked:
        if each.package_id and each.row.menu_id and each.outcome != WRONG:
            row = AppMenu(package_id=each.package_id, menu_id=each.row.menu_id)
            model.Session.merge(row)


def _looked(
    context: types.Context, actor: Actor, row: Row, listed: set[str | None], *, menu: bool
) -> Looked:
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
    if row.parent and row.parent not in listed:
        _look_outside(actor, found, row.parent)
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
            if menu:
                said = {key: said[key] for key in sheet.MENU_SAYS}
            found.changes = sheet.changed(before, said)
            _look_at_parent(actor, found, known.package.id)
            found.outcome = CHANGED if found.changes else SAME
    else:
        _check_name(actor, found)
    if found.errors:
        found.outcome = WRONG
    return found


def _check_name(actor: Actor, found: Looked) -> None:
    """Refuse a new name that is not of the row's agency: one that is taken would tell of it.

    An entry of which the caller may not know is as new to them as one that is not there.
    """
    values = found.row.values
    body, name = registry.agency(values.get(sheet.AGENCY)), values.get(sheet.KEY)
    if actor.sysadmin or body is None or not name:
        return
    try:
        addresses.check(name, body)
    except tk.ValidationError as problem:
        errors: dict[str, Any] = dict(problem.error_dict)
        found.errors.setdefault(sheet.KEY, []).extend(errors[sheet.KEY])


def _look_outside(actor: Actor, found: Looked, parent: str) -> None:
    """Look for the app that a row belongs to, which is not in the list."""
    above = apps.known(parent, actor)
    if above is None or above.package.type != APP:
        text = tk._(sheet.NO_PARENT) % {"name": parent}
        found.errors.setdefault(sheet.PARENT, []).append(text)
    else:
        found.row.parent = above.package.name


def _look_at_parent(actor: Actor, found: Looked, package_id: str) -> None:
    linked = links.of([package_id], actor)[package_id][sheet.PARENT]
    before = linked[0].name if linked else ""
    if found.row.parent is not None and found.row.parent != before:
        found.changes[sheet.PARENT] = (before, found.row.parent)


def _look_at_parents(looked: Sequence[Looked]) -> None:
    """Refuse rows that belong to one that is refused, or by a circle to themselves."""
    rows = {each.row.values.get(sheet.KEY, ""): each for each in looked}
    said = {each.row.values[sheet.KEY]: each for each in looked if links_anew(each)}
    refused = sheet.refused(
        {name: each.row.parent or "" for name, each in said.items()},
        {name for name, each in rows.items() if each.package_id is None},
        [n for n, each in rows.items() if each.outcome == WRONG and each.package_id is None],
        links.parents(),
    )
    for name, why in refused.items():
        said[name].errors.setdefault(sheet.PARENT, []).append(_said(why))
        said[name].outcome = WRONG


def links_anew(each: Looked) -> bool:
    """Tell whether a row that lands sets to which app it belongs."""
    if each.outcome == NEW:
        return bool(each.row.parent)
    return each.outcome == CHANGED and sheet.PARENT in each.changes


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
    """Take over the rows that are new or changed, all in one transaction; a second time none is.

    Core's actions leave the commit to their caller, and the index is made after it: where a row is
    refused here, nothing of the list was written.

    :raises ckan.plugins.toolkit.ValidationError: naming the row.
    """
    landing = [each for each in looked if each.outcome in (NEW, CHANGED)]
    for each in landing:
        try:
            _write(context, each)
        except (tk.ValidationError, tk.NotAuthorized) as problem:
            said = getattr(problem, "error_dict", None) or {"": [str(problem.message or "")]}
            raise _of_row(each, [str(t) for texts in said.values() for t in texts]) from problem
    model.Session.flush()
    _keep_menu(looked)
    _link(context, [each for each in landing if links_anew(each)])
    ids = [str(each.package_id) for each in landing]
    likeness.refresh(ids)
    model.Session.commit()
    for id_ in ids:
        step_service.reindex(id_, commit=False)
    stale_index.commit_all()


def _write(context: types.Context, each: Looked) -> None:
    """Make or change an entry by core's action; the caller commits."""
    asking: Any = {**types_of(context), "defer_commit": True, "return_id_only": True}
    row = each.row
    if each.outcome == NEW:
        values = {key: value for key, value in row.values.items() if value}
        each.package_id = tk.get_action("package_create")(asking, {**values, "type": APP})
        return
    changes = {key: new for key, (_, new) in each.changes.items() if key != sheet.PARENT}
    if not changes:
        return
    outer = model.Session().get_nested_transaction()
    tk.get_action("package_patch")(asking, {**changes, "id": each.package_id})
    inner = model.Session().get_nested_transaction()
    if inner is not None and inner is not outer:  # core leaves its savepoint open
        inner.commit()


def _link(context: types.Context, landing: Sequence[Looked]) -> None:
    """Set to which app each belongs, from the top down: no step between makes a circle."""
    actor = registry.actor_from_context(context)
    said = {each.row.values[sheet.KEY]: each.row.parent or "" for each in landing}
    depths = sheet.depths({**links.parents(), **said})
    for each in sorted(landing, key=lambda one: depths[one.row.values[sheet.KEY]] or 0):
        app = apps.known(each.package_id, actor)
        try:
            if app is not None:
                links.write(app, {sheet.PARENT: [each.row.parent] if each.row.parent else []})
        except InvalidFields as problem:
            texts = [_said(each) for texts in problem.errors.values() for each in texts]
            raise _of_row(each, texts) from problem


def _of_row(each: Looked, texts: Iterable[str]) -> tk.ValidationError:
    """Take back everything, and return what is wrong with a row."""
    model.Session.rollback()
    text = tk._("Row {number}: {problem}")
    said = text.format(number=each.row.number, problem="; ".join(texts))
    return tk.ValidationError({"upload": [said]})


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


def help_row() -> list[str]:
    """Return the row below the headings that helps whoever fills in the sheet."""
    said = {
        "title": f"{sheet.HELP} {tk._(HELP)}",
        sheet.KEY: tk._("Names the entry. Leave it empty for a new app."),
        sheet.AGENCY: tk._("Name of the agency on this portal, as in its address."),
        sheet.PARENT: tk._("Name of the app that it belongs to, as under name."),
    }
    for each in metadata.dataset_fields(APP):
        choices = " | ".join(str(one["value"]) for one in each.get("choices", ()))
        said.setdefault(str(each["field_name"]), choices or tk._(str(each.get("label") or "")))
    return [said.get(name, "") for name in headings()]
