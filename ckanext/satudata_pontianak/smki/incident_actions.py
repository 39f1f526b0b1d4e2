"""Actions on incidents of information security: thin, each one call into the room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ..access.reading import guard
from ..agencies import registry, words
from ..agencies.rules.duties import Actor
from ..classification.incidents.steps import kinds_in
from ..classification.records import parameters, reads
from ..classification.requests.actions import tried
from ..classification.rules.policy import Channel, decide
from ..msgids import N_
from . import incident_answers, incidents
from .destruction import reading
from .records import concerned, numbered
from .records.committing import committed
from .records.model import OPEN, SmkiIncident, now
from .rules.definition import smki
from .rules.incident_rules import security_incidents

MAX_ROWS = 500
STEP_LABELS = {
    "report": N_("Reported"),
    "measure": N_("Measure taken"),
    "judge": N_("Judged anew"),
    "conclude": N_("Concluded"),
}


def satudata_smki_incident_report(
    context: types.Context, data_dict: dict[str, Any]
) -> incident_answers.SecurityRecorded:
    """Report an incident of information security; any member of an agency, or who carries a role.

    :param kind: ``leak``, ``loss``, ``account``, ``defacement`` or ``down``
    :param severity: ``low``, ``medium``, ``high`` or ``critical``
    :param known_at: when it became known, as YYYY-MM-DDTHH:MM; the clock runs from this hour
    :param what: what was seen, at least 10 characters; names no person and none of the data
    :param personal: whether personal data are concerned (default: false)
    :param vital: whether a vital information system is concerned (default: false)
    """
    tk.check_access("satudata_smki_incident_report", context, data_dict)
    actor, given = registry.actor_from_context(context), _flags(data_dict)

    def act() -> Any:
        row, receipt = incidents.report(actor, given, kinds_in)
        model.Session.commit()
        return row, receipt

    row, receipt = tried(act)
    return {**_shown(row, actor), "receipt": receipt.as_dict()}


def satudata_smki_incident_measure(
    context: types.Context, data_dict: dict[str, Any]
) -> incident_answers.SecurityRecorded:
    """Write down what was done in an incident, and when.

    :param incident: its number or id
    :param at: when it was done, as YYYY-MM-DDTHH:MM
    :param measure: what was done, at least 10 characters; names no person and none of the data
    """
    tk.check_access("satudata_smki_incident_measure", context, data_dict)
    return _go_on(
        context, data_dict, lambda row, actor: incidents.measure(row, actor, data_dict, kinds_in)
    )


def satudata_smki_incident_judge(
    context: types.Context, data_dict: dict[str, Any]
) -> incident_answers.SecurityRecorded:
    """Say anew how grave an incident is, and what is concerned; its clock begins as before.

    :param incident: its number or id
    :param severity: ``low``, ``medium``, ``high`` or ``critical``
    :param personal: whether personal data are concerned (default: false)
    :param vital: whether a vital information system is concerned (default: false)
    """
    tk.check_access("satudata_smki_incident_judge", context, data_dict)
    given = _flags(data_dict)
    return _go_on(context, data_dict, lambda row, actor: incidents.judge(row, actor, given))


def satudata_smki_incident_conclude(
    context: types.Context, data_dict: dict[str, Any]
) -> incident_answers.SecurityRecorded:
    """Conclude an incident; the role of its kind, never who reported it.

    Of each notice that the law asks for a day or a reason is given.

    :param incident: its number or id
    :param exposed: what is concerned, when and how
    :param cause: its cause
    :param lessons: what is learnt from it
    :param subjects_told: day of the notice to the people concerned (YYYY-MM-DD)
    :param subjects_reason: why they were not told
    :param authority_told: day of the notice to the authority
    :param authority_reason: why it was not told
    :param sector_told: day of the report to the sector's response team
    :param sector_reason: why it was not told
    :param public_told: day of the notice to the public
    :param public_reason: why it was not told
    """
    tk.check_access("satudata_smki_incident_conclude", context, data_dict)
    return _go_on(
        context, data_dict, lambda row, actor: incidents.conclude(row, actor, data_dict, kinds_in)
    )


def satudata_smki_incident_dataset_add(
    context: types.Context, data_dict: dict[str, Any]
) -> incident_answers.SecurityRecorded:
    """Say that an open incident concerns a dataset; who reported it, or handles incidents.

    Each reader sees the datasets that they may know of.

    :param incident: its number or id
    :param id: id or name of a dataset that the caller may know of
    """
    tk.check_access("satudata_smki_incident_dataset_add", context, data_dict)
    return _on_dataset(context, data_dict, incidents.name_dataset)


def satudata_smki_incident_dataset_remove(
    context: types.Context, data_dict: dict[str, Any]
) -> incident_answers.SecurityRecorded:
    """Say that an open incident does not concern a dataset after all; who concludes the incident.

    Never who proposed a destruction of the dataset, and not while one is proposed or approved.

    :param incident: its number or id
    :param id: id or name of the dataset
    """
    tk.check_access("satudata_smki_incident_dataset_remove", context, data_dict)
    return _on_dataset(context, data_dict, _take_out)


@tk.side_effect_free
def satudata_smki_incident_exposure(
    context: types.Context, data_dict: dict[str, Any]
) -> incident_answers.SecurityExposure:
    """Return who had the data of a dataset of an incident since it was known.

    For who sees that of an incident of the dataset itself (``schemas/incidents.yaml``), never who
    reported this one. Each look enters the ledger of the dataset.

    :param incident: its number or id
    :param id: id or name of the dataset
    """
    tk.check_access("satudata_smki_incident_exposure", context, data_dict)
    actor = registry.actor_from_context(context)
    row = _seen(data_dict, actor)
    package = _dataset(data_dict, actor)
    here = package.id in incidents.concerned_by(row, actor)
    found = incidents.exposed(row, actor, package) if here else None
    if found is None:
        raise _no_dataset()
    model.Session.commit()
    return {"dataset": package.name, "title": package.title or package.name, "exposure": found}


@tk.side_effect_free
def satudata_smki_incident_list(
    context: types.Context, data_dict: dict[str, Any]
) -> incident_answers.SecurityRows:
    """Return incidents, open ones first: all for who handles them, their own for others.

    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_smki_incident_list", context, data_dict)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    actor = registry.actor_from_context(context)
    query = sa.select(SmkiIncident)
    if not incidents.handles(actor):
        query = query.where(SmkiIncident.reported_by == actor.id)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    order = (SmkiIncident.state != OPEN, SmkiIncident.due_at, SmkiIncident.number)
    rows = list(model.Session.scalars(query.order_by(*order).limit(limit).offset(offset)))
    names = words.names_of(row.reported_by for row in rows)
    return {"count": int(count or 0), "results": [_row(row, names) for row in rows]}


@tk.side_effect_free
def satudata_smki_incident_show(
    context: types.Context, data_dict: dict[str, Any]
) -> incident_answers.SecurityIncident:
    """Return an incident with what was written and done.

    :param incident: its number or id
    """
    tk.check_access("satudata_smki_incident_show", context, data_dict)
    actor = registry.actor_from_context(context)
    return _shown(_seen(data_dict, actor), actor)


def _on_dataset(
    context: types.Context,
    data_dict: dict[str, Any],
    step: Callable[[SmkiIncident, Actor, model.Package], Any],
) -> incident_answers.SecurityRecorded:
    return _go_on(
        context, data_dict, lambda row, actor: step(row, actor, _dataset(data_dict, actor))
    )


def _take_out(row: SmkiIncident, actor: Actor, package: model.Package) -> Any:
    """Take a dataset out; a destruction of which the caller may not know is not told.

    :raises ckan.plugins.toolkit.ObjectNotFound: such a one runs.
    """
    running = concerned.running(package.id) if incidents.concludes(row, actor) else None
    if running is not None and not reading.seen(actor, [running]):
        raise _no_dataset()
    return incidents.take_out(row, actor, package)


def _dataset(data_dict: dict[str, Any], actor: Actor) -> model.Package:
    """Return the dataset that a call names, if the caller may know of it.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    named = parameters.dataset_id(data_dict)
    package = model.Package.get(guard.dataset_id_of(named))
    facts = reads.facts_of(package.id) if package is not None else reads.unknown(named)
    if package is None or not facts.governed or not decide(actor, facts, Channel.METADATA):
        raise _no_dataset()
    return package


def _no_dataset() -> tk.ObjectNotFound:
    return tk.ObjectNotFound(tk._("Dataset not found"))


def _flags(data_dict: dict[str, Any]) -> dict[str, Any]:
    flags = {n: parameters.flag(data_dict, n, default=False) for n in ("personal", "vital")}
    return {**data_dict, **flags}


def _go_on(
    context: types.Context,
    data_dict: dict[str, Any],
    step: Callable[[SmkiIncident, Actor], Any],
) -> incident_answers.SecurityRecorded:
    actor = registry.actor_from_context(context)
    row = _seen(data_dict, actor, lock=True)
    receipt = committed(lambda: step(row, actor))
    return {**_shown(row, actor), "receipt": receipt.as_dict()}


def _seen(data_dict: dict[str, Any], actor: Actor, *, lock: bool = False) -> SmkiIncident:
    """Return the incident that a call names, if it is for the caller.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    row = numbered.find(SmkiIncident, parameters.reference(data_dict, "incident"), lock=lock)
    if row is None or not incidents.sees(actor, row):
        raise tk.ObjectNotFound(tk._("Incident not found"))
    return row


def _row(row: SmkiIncident, names: dict[str, str]) -> incident_answers.SecurityRow:
    rules = security_incidents()
    left = None
    if row.state == OPEN and row.due_at is not None:
        left = (row.due_at - now()) // dt.timedelta(hours=1)
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "kind_label": tk._(rules.kinds[row.kind].label),
        "severity": row.severity,
        "severity_label": tk._(rules.severities[row.severity].label),
        "state": row.state,
        "personal": row.personal,
        "vital": row.vital,
        "known": row.known_at.isoformat(),
        "due": row.due_at.isoformat() if row.due_at else None,
        "hours_left": left,
        "reported_by": names.get(row.reported_by or ""),
        "closed": row.closed_at.isoformat() if row.closed_at else None,
    }


def _shown(row: SmkiIncident, actor: Actor) -> incident_answers.SecurityIncident:
    rules, taken = security_incidents(), incidents.steps(row)
    names = words.names_of([row.reported_by, *(step.actor_id for step in taken)])
    due = rules.notices_due(row.severity, personal=row.personal, vital=row.vital)
    role = rules.kinds[row.kind].concluded_by
    opened, datasets = row.state == OPEN, incidents.concerned_by(row, actor)
    for_all = incidents.known_to_all(datasets)
    return {
        **_row(row, names),
        "concluded_by": tk._(smki().roles.roles[role].label),
        "handles": opened and incidents.handles(actor),
        "names": incidents.names(row, actor),
        "datasets": [
            {
                "id": each.id,
                "name": each.name,
                "title": each.title or each.name,
                "for_all": each.id in for_all,
                "exposes": incidents.may_look(row, actor, each),
            }
            for each in datasets.values()
        ],
        "concludes": incidents.concludes(row, actor),
        "texts": [
            {"name": name, "label": tk._(text.label), "text": row.texts[name]}
            for name, text in rules.texts.items()
            if name in row.texts
        ],
        "steps": [
            {
                "at": step.at.isoformat(),
                "action": step.action,
                "action_label": tk._(STEP_LABELS[step.action]),
                "text": step.text,
                "actor": names.get(step.actor_id or ""),
                "receipt": step.ledger_entry,
            }
            for step in taken
        ],
        "notices": [
            {
                "name": name,
                "label": tk._(notice.label),
                "due": name in due,
                "day": row.told.get(name, {}).get("day"),
                "reason": row.told.get(name, {}).get("reason"),
            }
            for name, notice in rules.notices.items()
        ],
    }


def get_actions() -> dict[str, Any]:
    """Return the actions on incidents of information security by name."""
    return {
        f.__name__: f
        for f in (
            satudata_smki_incident_report,
            satudata_smki_incident_measure,
            satudata_smki_incident_judge,
            satudata_smki_incident_conclude,
            satudata_smki_incident_dataset_add,
            satudata_smki_incident_dataset_remove,
            satudata_smki_incident_exposure,
            satudata_smki_incident_list,
            satudata_smki_incident_show,
        )
    }
