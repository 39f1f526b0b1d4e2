"""Actions of incidents and of notices: thin, each one call into the room."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ..cases.actions import find_dataset
from ..records import parameters
from ..records.incident_model import Incident
from ..requests.actions import tried
from . import notices_of_a_person, show, steps
from .answers import IncidentEnded, Incidents, IncidentShown, Mails, Notices
from .definition import OPEN, STATES

MAX_ROWS = 500
MAX_VERSIONS = 100


def _owner(incident: Incident) -> str | None:
    package = model.Session.get(model.Package, incident.package_id)
    return package.owner_org if package else None


def _seen(
    context: types.Context, data_dict: dict[str, Any], *, lock: bool = False
) -> tuple[Incident, Actor, str | None]:
    """Return the incident that the caller may see.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    text = parameters.reference(data_dict, "incident")
    same = Incident.number == int(text) if parameters.is_number(text) else Incident.id == text
    query = sa.select(Incident).where(same)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    incident = model.Session.scalars(query).one_or_none()
    if incident is not None:
        owner = _owner(incident)
        actor = registry.actor_from_context(context).on(incident.package_id, owner)
        if steps.sees(actor, owner):
            return incident, actor, owner
    raise tk.ObjectNotFound(tk._("Incident not found"))


@tk.side_effect_free
def satudata_incident_list(context: types.Context, data_dict: dict[str, Any]) -> Incidents:
    """Return the incidents that the caller may see, open ones first, soonest deadline first.

    :param state: only those in this state: ``open``, ``dismissed``, ``concluded``
    :param id: only those of this dataset (id or name)
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_incident_list", context, data_dict)
    state = parameters.choice(data_dict, "state", STATES)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    actor = registry.actor_from_context(context)
    query = (
        sa.select(Incident, model.Package.owner_org)
        .outerjoin(model.Package, model.Package.id == Incident.package_id)
        .order_by(Incident.state != OPEN, Incident.due_at, Incident.number)
    )
    if state:
        query = query.where(Incident.state == state)
    if data_dict.get("id") not in (None, ""):
        query = query.where(Incident.package_id == find_dataset(context, data_dict).id)
    mine = [
        row
        for row, owner in model.Session.execute(query).tuples()
        if steps.sees(actor.on(row.package_id, owner), owner)
    ]
    some = mine[offset : offset + limit]
    return {
        "count": len(mine),
        "results": [show.row_dict(row, actor) for row in some],
    }


@tk.side_effect_free
def satudata_incident_show(context: types.Context, data_dict: dict[str, Any]) -> IncidentShown:
    """Return an incident: its clocks, its history, how the caller may end it, and who had what.

    :param incident: number or id of the incident
    """
    tk.check_access("satudata_incident_show", context, data_dict)
    incident, actor, owner = _seen(context, data_dict)
    return show.shown(incident, actor, owner)


def satudata_incident_begin(context: types.Context, data_dict: dict[str, Any]) -> IncidentShown:
    """Begin an incident that somebody reported. Hold the data back first (satudata_hold_create).

    :param id: id or name of the dataset
    :param reason: what was seen, at least 10 characters; names no person
    :param known_at: when it became known, as YYYY-MM-DDTHH:MM; it starts the clock
    :param vital: whether a vital information system is concerned (default: false)
    :param versions: ids of the versions (default: those that are served)
    """
    tk.check_access("satudata_incident_begin", context, data_dict)
    package = find_dataset(context, data_dict)
    actor = registry.actor_from_context(context).on(package.id, package.owner_org)
    asked = {
        "reason": parameters.line(data_dict, "reason"),
        "known_at": parameters.line(data_dict, "known_at"),
        "vital": parameters.flag(data_dict, "vital", default=False),
        "versions": parameters.names(data_dict, "versions", MAX_VERSIONS),
    }

    def act() -> Incident:
        incident = steps.begin(package, actor, asked)
        model.Session.commit()
        return incident

    return show.shown(tried(act), actor, package.owner_org)


def satudata_incident_dismiss(context: types.Context, data_dict: dict[str, Any]) -> IncidentEnded:
    """Dismiss an incident: no data came to anybody who may not have them.

    Every finding in the files concerned is resolved before. Who began it, brought the files or
    called a strict finding a false alarm does not dismiss it.

    :param incident: number or id of the incident
    :param reason: why, at least 10 characters
    """
    tk.check_access("satudata_incident_dismiss", context, data_dict)
    return _end(context, data_dict, "dismiss")


def satudata_incident_conclude(context: types.Context, data_dict: dict[str, Any]) -> IncidentEnded:
    """Conclude an incident (PPID). Nothing of it is ever filled in by the portal.

    :param incident: number or id of the incident
    :param data_exposed: which personal data were exposed: kinds and how many, never the data
    :param exposed_when: when they were exposed
    :param exposed_how: how they were exposed
    :param handling: what was done to handle it and to recover
    :param subjects_told: day of the written notice to the people concerned (YYYY-MM-DD)
    :param authority_told: day of the written notice to the authority (YYYY-MM-DD)
    :param no_notice_reason: why no written notice was needed, where there was none
    :param sector_told: day of the report to the sector's team, where a vital system is concerned
    """
    tk.check_access("satudata_incident_conclude", context, data_dict)
    return _end(context, data_dict, "conclude")


def _end(context: types.Context, data_dict: dict[str, Any], name: str) -> IncidentEnded:
    incident, actor, owner = _seen(context, data_dict, lock=True)

    def act() -> Any:
        receipt = steps.end(incident, owner, actor, name, data_dict)
        model.Session.commit()
        return receipt

    receipt = tried(act)
    shown = show.shown(incident, actor, owner)
    return {**shown, "receipt": receipt.as_dict()}


@tk.side_effect_free
def satudata_notice_list(context: types.Context, data_dict: dict[str, Any]) -> Notices:
    """Return what the caller was told, newest first.

    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_notice_list", context, data_dict)
    actor = registry.actor_from_context(context)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    return notices_of_a_person.listed(actor, limit, offset)


def satudata_notice_choose(context: types.Context, data_dict: dict[str, Any]) -> Mails:
    """Say which mails the caller does without. The portal still shows the notices.

    :param without: list of kinds; all others are mailed. Legal duties are always mailed
    """
    tk.check_access("satudata_notice_choose", context, data_dict)
    actor = registry.actor_from_context(context)
    wanted = parameters.names(data_dict, "without", MAX_ROWS)
    without = tried(lambda: notices_of_a_person.choose(actor, wanted or []))
    return {"mails": without}


def get_actions() -> dict[str, Any]:
    """Return the actions of incidents and notices by name."""
    return {
        f.__name__: f
        for f in (
            satudata_incident_list,
            satudata_incident_show,
            satudata_incident_begin,
            satudata_incident_dismiss,
            satudata_incident_conclude,
            satudata_notice_list,
            satudata_notice_choose,
        )
    }
