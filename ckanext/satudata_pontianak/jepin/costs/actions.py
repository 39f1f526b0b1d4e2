"""Actions on what apps and datasets cost: look at a list, take it over, read the lines."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ... import days
from ...agencies import registry, words
from ...agencies.rules.duties import Actor, Agency
from ...classification.cases.actions import find_dataset
from ...classification.records import parameters
from ...classification.records.dataset_types import APP
from ...smki.records.committing import committed
from ..door import listing
from ..door.listing import Listed
from ..records import list_file
from ..rules.costs import CODE, COST, NOTHING, VISITS, Line, Totals, costs
from ..rules.door import door
from . import answers, bringing, known, showing
from .bringing import Looked
from .showing import Told

MAX_ROWS = 500


def satudata_cost_import(context: types.Context, data_dict: dict[str, Any]) -> answers.CostsBrought:
    """Look at a list of what apps and datasets cost; take it over with ``apply``. For Walidata.

    It is taken whole or not at all: never while a row is wrong. A second time nothing changes.
    A row without code, cost and visits takes the line away that stands there.

    :param upload: a workbook or CSV whose columns are those of ``schemas/cost.yaml``
    :param apply: take it over, true or false (default: only look)
    """
    tk.check_access("satudata_cost_import", context, data_dict)
    apply = parameters.flag(data_dict, "apply", default=False)
    content, filename = list_file.sent(data_dict.get("upload"))
    actor = registry.actor_from_context(context)
    rows = bringing.read(content, filename)
    looked, receipt = bringing.looked_at(rows, actor), None
    applied = apply and not any(each.outcome == "wrong" for each in looked)
    if applied:
        looked, receipt = committed(lambda: bringing.take(rows, actor))
    return {
        "applied": applied,
        "counts": _counts(looked),
        "rows": [_looked(each) for each in looked],
        "receipt": receipt.as_dict() if receipt else None,
    }


@tk.side_effect_free
def satudata_cost_list(context: types.Context, data_dict: dict[str, Any]) -> answers.CostLines:
    """Return what apps and datasets cost in a year, and how much they were used.

    Walidata, the coordinator and the leader read all of which they may know; who publishes for an
    owner reads their own. Totals are of what the caller reads.

    :param year: of which year (default: this one)
    :param id: id or name of one app or dataset: all its years
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_cost_list", context, data_dict)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    actor = registry.actor_from_context(context)
    year: int | None = None
    if data_dict.get("id") not in (None, ""):
        told, years = showing.of_one(find_dataset(context, data_dict).id, actor)
    else:
        today = days.today()
        year = parameters.number(data_dict, "year", today.year, *costs().span(today))
        told, years = showing.of_year(year, actor)
    page, totals = told[offset : offset + limit], Totals.of([each.line for each in told])
    return {
        "count": len(told),
        "year": year,
        "years": years,
        "brings": known.brings(actor),
        "totals": {
            "cost": totals.cost,
            "visits": totals.visits,
            "cost_per_visit": totals.per_visit,
        },
        "results": _told(page, {app.package.id: app for app in _apps(page, actor)}),
    }


def _apps(page: list[Told], actor: Actor) -> list[Listed]:
    ids = {each.package.id for each in page if each.package.type == APP}
    return listing.known(ids, actor) if ids else []


def _told(page: list[Told], apps: dict[str, Listed]) -> list[answers.CostLine]:
    agencies, sent = registry.load_agencies(), showing.downloads(page)
    names = words.names_of(each.cost.brought_by for each in page if each.cost)

    def one(each: Told) -> answers.CostLine:
        package, cost, line = each.package, each.cost, each.line
        app = apps.get(package.id)
        return {
            "name": package.name,
            "title": package.title or package.name,
            "type": package.type,
            "agency": _agency(agencies.get(package.owner_org or "")),
            "word": app.word if app else None,
            "word_label": tk._(door().look(app.word).label) if app else None,
            "year": each.year,
            "budget_code": line.budget_code,
            "cost": line.cost,
            "visits": line.visits,
            "cost_per_visit": line.per_visit,
            "downloads": sent.get((package.id, each.year)),
            "brought": cost.brought_at.isoformat() if cost else None,
            "brought_by": names.get(cost.brought_by or "") if cost else None,
            "receipt": cost.ledger_entry if cost else None,
        }

    return [one(each) for each in page]


def _agency(agency: Agency | None) -> answers.Linked | None:
    return {"name": agency.name, "title": agency.title} if agency else None


def _counts(looked: list[Looked]) -> answers.CostCounts:
    outcomes = [each.outcome for each in looked]
    return {
        "new": outcomes.count("new"),
        "changed": outcomes.count("changed"),
        "same": outcomes.count("same"),
        "gone": outcomes.count("gone"),
        "wrong": outcomes.count("wrong"),
    }


def _looked(each: Looked) -> answers.CostRowLooked:
    row, package = each.row, each.package
    return {
        "number": row.number,
        "name": row.entry,
        "title": (package.title or package.name) if package else "",
        "year": row.year,
        "outcome": each.outcome,
        "changes": _changes(each.before or NOTHING, row.line) if not row.errors else [],
        "errors": [
            {"field": costs().columns[key].heading, "texts": [one.text(tk._) for one in wrong]}
            for key, wrong in row.errors.items()
        ],
    }


def _changes(before: Line, after: Line) -> list[answers.ImportChange]:
    said = {
        CODE: (before.budget_code, after.budget_code),
        COST: (before.cost, after.cost),
        VISITS: (before.visits, after.visits),
    }
    return [
        {"field": costs().columns[key].heading, "before": _text(old), "after": _text(new)}
        for key, (old, new) in said.items()
        if old != new
    ]


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


@tk.auth_sysadmins_check
def _brings(context: types.Context, data_dict: Any) -> types.AuthResult:
    if known.brings(registry.actor_from_context(context)):
        return {"success": True}
    return {"success": False, "msg": tk._("This is for Walidata.")}


@tk.auth_sysadmins_check
def _reads(context: types.Context, data_dict: Any) -> types.AuthResult:
    if known.reads_some(registry.actor_from_context(context)):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("This is for who publishes for an agency, for Walidata and the coordinator."),
    }


def get_actions() -> dict[str, Any]:
    """Return these actions by name."""
    return {f.__name__: f for f in (satudata_cost_import, satudata_cost_list)}


def get_auth_functions() -> dict[str, Any]:
    """Return who may call these actions."""
    return {"satudata_cost_import": _brings, "satudata_cost_list": _reads}
