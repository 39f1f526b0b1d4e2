"""Actions on points of infrastructure: thin, each one call into the room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import days
from ...access.reading import guard
from ...agencies import registry
from ...classification.records import parameters, reads
from ...classification.requests.actions import tried
from ...classification.rules.policy import Channel, decide
from ...metadata import codes
from ...msgids import N_
from ..rules.point_definition import EAST, NORTH, VILLAGE, Column, Profile, profiles
from . import answers, editing, reading, staleness
from .reading import Found
from .staleness import Stale

NO_PROFILE = N_("There is no such profile of infrastructure.")
TOO_OLD = N_("The count is too old to be shown. Ask by telephone: %(number)s.")


@tk.side_effect_free
def satudata_point_profile_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.PointProfiles:
    """List the kinds of infrastructure with their columns, for everybody."""
    tk.check_access("satudata_point_profile_list", context, data_dict)
    found = [
        _profile(each, sum(table.rows for _, tables in reading.datasets(each) for table in tables))
        for each in profiles().values()
    ]
    return {"count": len(found), "results": found}


@tk.side_effect_free
def satudata_point_list(context: types.Context, data_dict: dict[str, Any]) -> answers.PointList:
    """List the points of all open datasets of a profile, for everybody.

    :param profile: the kind of infrastructure, such as ``wifi``
    """
    tk.check_access("satudata_point_list", context, data_dict)
    profile = _asked(data_dict.get("profile"))
    found = reading.points(context, profile)
    packages = {each.package.id: each for each in found}
    return {
        "profile": profile.name,
        "label": tk._(profile.label),
        "datasets": [
            {
                "id": each.package.id,
                "name": each.package.name,
                "title": each.package.title or each.package.name,
                "agency": each.agency,
            }
            for each in packages.values()
        ],
        "count": len(found),
        "results": [_row(profile, each) for each in found],
    }


@tk.side_effect_free
def satudata_point_stale_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.StalePoints:
    """List the datasets with points that nobody saw for long, of those the caller looks after.

    For who publishes for the owner, and the duties that see citizens' reports.
    """
    tk.check_access("satudata_point_stale_list", context, data_dict)
    actor, today = registry.actor_from_context(context), days.today()
    found = [_stale(one, today) for one in staleness.seen(actor, today)]
    return {"count": len(found), "results": found}


def _stale(one: Stale, today: dt.date) -> answers.StaleDataset:
    agency = registry.agency(one.package.owner_org) if one.package.owner_org else None
    due = one.due(today)
    return {
        "id": one.package.id,
        "name": one.package.name,
        "title": one.package.title or one.package.name,
        "agency": agency.title if agency is not None else "",
        "profile": one.profile.name,
        "label": tk._(one.profile.label),
        "points": one.points,
        "since": one.since.isoformat(),
        "due": due.isoformat(),
        "late": due < today,
    }


def satudata_point_write(context: types.Context, data_dict: dict[str, Any]) -> answers.PointWritten:
    """Add a point to a table or correct one; the owner agency's editors and admins.

    The table gets a new version, which waits for its decision as every new file does.

    :param id: id or name of the dataset
    :param resource_id: of its table, where it has several
    :param code: of the point that is corrected; without it one is added
    :param base: SHA-256 of the table that was seen; another one refuses the call
    :param values: column → text, of every column that is filled
    """
    tk.check_access("satudata_point_write", context, data_dict)
    actor = registry.actor_from_context(context)
    package = _package(context, data_dict.get("id"))
    values = data_dict.get("values")
    if not isinstance(values, Mapping):
        raise tk.ValidationError({"values": [tk._("An object with the values by column.")]})
    code, base = _text(data_dict, "code"), _text(data_dict, "base")

    def act() -> Any:
        found = editing.opened(actor, package, _text(data_dict, "resource_id") or "")
        return found, editing.write(context, found, code, base, values)

    found, changed = tried(act)
    newest = changed.get("satudata_waiting") or {}
    return {
        "dataset_id": package.id,
        "resource_id": found.resource_id,
        "code": code or str(values.get("kode")),
        "added": code is None,
        "waiting": bool(newest),
    }


def _text(data_dict: dict[str, Any], key: str) -> str | None:
    """Return a text that may be left out."""
    return parameters.text(data_dict, key) if data_dict.get(key) not in (None, "") else None


def _asked(name: Any) -> Profile:
    found = profiles().get(name) if isinstance(name, str) else None
    if found is None:
        raise tk.ObjectNotFound(tk._(NO_PROFILE))
    return found


def _package(context: types.Context, asked: Any) -> model.Package:
    """Return a dataset of which the caller may know."""
    id_ = guard.dataset_id_of(asked)
    actor = registry.actor_from_context(context)
    package = model.Session.get(model.Package, id_) if id_ else None
    if package is None or not decide(actor, reads.facts_of(package.id), Channel.METADATA):
        raise guard.unknown(tk._("Dataset not found"))
    return package


def _profile(each: Profile, points: int) -> answers.PointProfile:
    return {
        "name": each.name,
        "label": tk._(each.label),
        "about": tk._(each.file.about),
        "basis": [{"text": law["text"], "status": law["status"]} for law in each.file.basis],
        "columns": [_column(each, name, column) for name, column in each.columns.items()],
        "stale_days": each.file.fresh.days,
        "count_hours": each.file.count.hours if each.file.count else None,
        "points": points,
    }


def _column(profile: Profile, name: str, column: Column) -> answers.PointColumn:
    return {
        "name": name,
        "label": tk._(column.label),
        "help": tk._(column.help) if column.help else "",
        "kind": column.kind,
        "required": column.required,
        "unit": tk._(column.unit) if column.unit else "",
        "least": str(column.least) if column.least is not None else None,
        "most": str(column.most) if column.most is not None else None,
        "longest": column.longest or profile.common.limits.cell,
        "choices": {value: tk._(label) for value, label in column.choices.items()},
        "public": column.public,
    }


def _row(profile: Profile, found: Found) -> answers.PointRow:
    point, stand, count = found.point, found.stand, profile.file.count
    apart = {"kode", "nama", VILLAGE, NORTH, EAST, profile.file.fresh.column}
    village = codes.region(point.village)
    hidden = count is not None and any(point.values.get(n) for n in count.hides) and stand.hidden
    note = tk._(TOO_OLD) % {"number": point.values[count.instead]} if hidden and count else ""
    return {
        "dataset": found.package.id,
        "resource": found.served.resource_id,
        "code": point.code,
        "name": point.name,
        "village": village.code if village else None,
        "village_label": village.label if village else None,
        "latitude": float(point.north) if point.north is not None else None,
        "longitude": float(point.east) if point.east is not None else None,
        "seen": point.seen.isoformat(),
        "stale": stand.stale,
        "values": [
            _value(name, column, "" if name in stand.hidden else point.values.get(name, ""))
            for name, column in profile.public.items()
            if name not in apart and point.values.get(name)
        ],
        "note": note,
    }


def _value(name: str, column: Column, value: str) -> answers.PointValue:
    text = tk._(column.choices[value]) if value in column.choices else value
    if value and column.kind in ("number", "whole"):
        text = tk.h.satudata_number(float(value) if "." in value else int(value))
    if value and column.kind in ("day", "moment"):
        hour = value[10:].replace(":", ".")
        text = tk.h.satudata_day(value[:10]) + (f"{hour} WIB" if hour else "")
    return {
        "name": name,
        "label": tk._(column.label),
        "value": value or None,
        "text": f"{text} {tk._(column.unit)}" if value and column.unit else text,
    }


def get_actions() -> dict[str, Any]:
    """Return the actions on points by name."""
    return {
        f.__name__: f
        for f in (
            satudata_point_profile_list,
            satudata_point_list,
            satudata_point_stale_list,
            satudata_point_write,
        )
    }
