"""Actions on agreed data lists: bring one, read what is owed, name what fulfils a row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor, Agency
from ...classification.records import parameters
from ...classification.requests import auth
from ...classification.rules.policy import may_publish
from ...msgids import N_
from ...smki.records.committing import committed
from ..records import list_file
from ..rules.agreed import COLUMNS, NO, YES, Line, Standing, agreed, counted
from . import answers, bringing, frequencies, fulfilling, showing
from .bringing import Looked
from .showing import Told, Wanted

MAX_ROWS = 500
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_FOR_ITS_PEOPLE = N_("This is for who publishes for an agency, and for Walidata.")
_COUNTED = ("new", "changed", "same", "gone", "wrong")


def satudata_agreed_import(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AgreedBrought:
    """Look at an agreed data list of a year; take it over with ``apply``. For Walidata.

    It is taken whole or not at all: never while a row is wrong. A second time nothing changes.
    Rows that the list does not hold stay; one in which the code stands alone takes its row away.

    :param upload: a workbook or CSV whose columns are those of ``schemas/agreed_data.yaml``
    :param year: of which year it is (default: this one)
    :param apply: take it over, true or false (default: only look)
    """
    tk.check_access("satudata_agreed_import", context, data_dict)
    apply = parameters.flag(data_dict, "apply", default=False)
    year = _year(data_dict)
    content, filename = list_file.sent(data_dict.get("upload"))
    actor = registry.actor_from_context(context)
    rows = bringing.read(content, filename, year)
    looked, receipt = bringing.looked_at(rows, year, actor), None
    applied = apply and not any(each.outcome == "wrong" for each in looked)
    if applied:
        looked, receipt = committed(lambda: bringing.take(rows, year, actor))
    outcomes = [each.outcome for each in looked]
    counts: Any = {name: outcomes.count(name) for name in _COUNTED}
    agencies = registry.load_agencies()
    return {
        "applied": applied,
        "year": year,
        "counts": counts,
        "rows": [_looked(each, agencies) for each in looked],
        "receipt": receipt.as_dict() if receipt else None,
    }


@tk.side_effect_free
def satudata_agreed_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AgreedPublicList:
    """Return the agreed data of a year, or what is due in a month, by the day of its schedule.

    For everybody: the agency that owes it, title, frequency and schedule, and the dataset that
    fulfils it where the caller may know of it.

    :param year: of which year (default: this one, where no month is asked for)
    :param month: as YYYY-MM: what is due in it, of whatever year's list
    :param agency: id or name of the agency that owes it
    :param without: only rows without a dataset, true or false (default: false)
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_agreed_list", context, data_dict)
    limit, offset = _part(data_dict)
    actor = registry.actor_from_context(context)
    agencies = _agencies(data_dict)
    since, before = _month(data_dict)
    year = None if since else _year(data_dict)
    wanted = Wanted(year, since, before, agencies)
    if parameters.flag(data_dict, "without", default=False):
        rows = [told for told in showing.everything(wanted, actor) if told.package is None]
        count, page = len(rows), rows[offset : offset + limit]
    else:
        count, page = showing.public(wanted, actor, limit=limit, offset=offset)
    return {
        "count": count,
        "year": year,
        "years": showing.years(),
        "results": [_public(told) for told in page],
    }


@tk.side_effect_free
def satudata_agreed_owed(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AgreedOwedList:
    """Return the agreed data of a year with where each row stands, by the day of its schedule.

    Who publishes for agencies reads what these owe; Walidata reads all.

    :param year: of which year (default: this one)
    :param agency: id or name of the agency that owes it (default: all of which the caller reads)
    :param row: id of one row, of whatever year
    :param standing: only rows that stand so: ``ahead``, ``soon``, ``late``, ``met``, ``met_late``
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_agreed_owed", context, data_dict)
    limit, offset = _part(data_dict)
    actor, year = registry.actor_from_context(context), _year(data_dict)
    mine = showing.reads_of(actor)
    asked = _agencies(data_dict)
    if asked is not None and not {*asked} <= mine:
        raise tk.NotAuthorized(tk._(_FOR_ITS_PEOPLE))
    standing = parameters.choice(data_dict, "standing", [*Standing])
    agencies, row_id = mine if asked is None else asked, parameters.line(data_dict, "row")
    wanted = Wanted(None if row_id else year, agencies=agencies, row=row_id or None)
    rows = showing.everything(wanted, actor)
    standings = counted(told.standing for told in rows)
    if standing:
        rows = [told for told in rows if told.standing == standing]
    return {
        "count": len(rows),
        "year": year,
        "years": showing.years(),
        "brings": showing.brings(actor),
        "standings": {
            "ahead": standings[Standing.AHEAD],
            "soon": standings[Standing.SOON],
            "late": standings[Standing.LATE],
            "met": standings[Standing.MET],
            "met_late": standings[Standing.MET_LATE],
        },
        "results": [_owed(told, actor) for told in rows[offset : offset + limit]],
    }


def satudata_agreed_fulfil(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AgreedFulfilled:
    """Name the dataset that fulfils a row of the agreed data. For who publishes for its agency.

    :param row: id of the row
    :param dataset: name of a dataset of the agency; empty: none fulfils it
    """
    tk.check_access("satudata_agreed_fulfil", context, data_dict)
    name = parameters.line(data_dict, "dataset")
    row = fulfilling.find(parameters.text(data_dict, "row"))
    actor = registry.actor_from_context(context)
    if row is None or row.agency_id not in showing.reads_of(actor):
        raise tk.ObjectNotFound(tk._("Not found"))
    try:
        receipt = committed(lambda: fulfilling.fulfil(row, name, actor))
    except LookupError:
        raise tk.ObjectNotFound(tk._("Not found")) from None
    (told,) = showing.told([row], actor)
    return {"row": _owed(told, actor), "receipt": receipt.as_dict() if receipt else None}


def _part(data_dict: dict[str, Any]) -> tuple[int, int]:
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    return limit, parameters.number(data_dict, "offset", 0, 0, 10**9)


def _year(data_dict: dict[str, Any]) -> int:
    today = days.today()
    return parameters.number(data_dict, "year", today.year, *agreed().span(today))


def _month(data_dict: dict[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    """Return the first day of the month that is asked for, and of the next; nothing for none."""
    text = parameters.line(data_dict, "month")
    if not text:
        return None, None
    found = _MONTH.fullmatch(text)
    year, number = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= number <= 12):
        raise tk.ValidationError({"month": [tk._("Give a month as YYYY-MM.")]})
    first = dt.date(year, number, 1)
    return first, (first + dt.timedelta(days=31)).replace(day=1)


def _agencies(data_dict: dict[str, Any]) -> list[str] | None:
    """Return the id of the agency that is asked for; ``None`` where none is named."""
    name = parameters.line(data_dict, "agency")
    if not name:
        return None
    agency = registry.agency(name)
    if agency is None:
        raise tk.ObjectNotFound(tk._("Agency not found"))
    return [agency.id]


def _public(told: Told) -> answers.AgreedPublic:
    row, package = told.row, told.package
    agency = registry.load_agencies().get(row.agency_id)
    return {
        "year": row.year,
        "title": row.title,
        "agency": {"name": agency.name, "title": agency.title} if agency else None,
        "frequency": row.frequency,
        "frequency_label": tk._(frequencies.labels().get(row.frequency, row.frequency)),
        "due": row.due.isoformat(),
        "dataset": (
            {"name": package.name, "title": package.title or package.name} if package else None
        ),
    }


def _owed(told: Told, actor: Actor) -> answers.AgreedOwed:
    row = told.row
    return {
        **_public(told),
        "id": row.id,
        "code": row.code,
        "priority": row.priority,
        "standing": told.standing.value,
        "standing_label": tk._(agreed().standings[told.standing].label),
        "days": (row.due - days.today()).days,
        "met": told.met.isoformat() if told.met else None,
        "may_fulfil": may_publish(actor, row.agency_id),
        "receipt": row.ledger_entry,
    }


def _looked(each: Looked, agencies: Any) -> answers.AgreedRowLooked:
    row = each.row
    title = row.title or (each.before.title if each.before and row.empty else "")
    return {
        "number": row.number,
        "name": row.code,
        "title": title,
        "outcome": each.outcome,
        "changes": _changes(each.before, each.after, agencies) if not row.errors else [],
        "errors": [
            {"field": agreed().columns[key].heading, "texts": [one.text(tk._) for one in wrong]}
            for key, wrong in row.errors.items()
        ],
    }


def _changes(before: Line | None, after: Line | None, agencies: Any) -> list[answers.ImportChange]:
    """Return what a row that stands there would say otherwise."""
    if before is None or after is None:
        return []
    old, new = cells(before, agencies), cells(after, agencies)
    return [
        {"field": agreed().columns[key].heading, "before": old[key], "after": new[key]}
        for key in COLUMNS
        if key in old and old[key] != new[key]
    ]


def cells(line: Line, agencies: Any) -> dict[str, str]:
    """Return what a row says as a list has it, by column; its code stands elsewhere."""
    agency: Agency | None = agencies.get(line.agency)
    return {
        "agency": agency.name if agency else "",
        "title": line.title,
        "frequency": line.frequency,
        "due": line.due.isoformat(),
        "priority": YES if line.priority else NO,
        "dataset": line.dataset,
    }


def _success(good: bool, text: str) -> types.AuthResult:
    return {"success": True} if good else {"success": False, "msg": text}


@tk.auth_sysadmins_check
def _brings(context: types.Context, data_dict: Any) -> types.AuthResult:
    good = showing.brings(registry.actor_from_context(context))
    return _success(good, tk._("This is for Walidata."))


@tk.auth_sysadmins_check
def _reads(context: types.Context, data_dict: Any) -> types.AuthResult:
    good = bool(showing.reads_of(registry.actor_from_context(context)))
    return _success(good, tk._(_FOR_ITS_PEOPLE))


@tk.auth_sysadmins_check
def _publishes(context: types.Context, data_dict: Any) -> types.AuthResult:
    actor = registry.actor_from_context(context)
    good = actor.active and bool(actor.publishes_for)
    return _success(good, tk._(fulfilling.NOT_YOURS))


def get_actions() -> dict[str, Any]:
    """Return these actions by name."""
    found: Sequence[Any] = (
        satudata_agreed_import,
        satudata_agreed_list,
        satudata_agreed_owed,
        satudata_agreed_fulfil,
    )
    return {f.__name__: f for f in found}


def get_auth_functions() -> dict[str, Any]:
    """Return who may call these actions."""
    return {
        "satudata_agreed_import": _brings,
        "satudata_agreed_list": auth.everyone(),
        "satudata_agreed_owed": _reads,
        "satudata_agreed_fulfil": _publishes,
    }
