"""Incidents as the API gives them, each part only to who may see it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies.rules.duties import Actor
from ...msgids import N_
from ..cases import show
from ..records import reads, step_records
from ..records.incident_model import Incident, IncidentStep
from ..records.model import now
from ..rules.policy import Channel, as_governed, decide
from . import exposure, steps
from .answers import EndShown, Exposure, IncidentHold, IncidentRow, IncidentShown, StepTold
from .definition import OPEN, End, incident_rules

STEP_LABELS = {
    "begin": N_("Incident begun"),
    "report": N_("Report of the incident"),
    "extend": N_("Further files or kinds were found"),
}


def row_dict(incident: Incident, actor: Actor) -> IncidentRow:
    """Return what a list gives of an incident."""
    rules = incident_rules()
    package = model.Package.get(incident.package_id)
    facts = as_governed(reads.facts_of(incident.package_id))
    named = package if package is not None and decide(actor, facts, Channel.METADATA) else None
    return {
        "id": incident.id,
        "number": incident.number,
        "state": incident.state,
        "state_label": tk._(rules.states[incident.state].label),
        "ground": incident.ground,
        "ground_label": tk._(rules.grounds[incident.ground].label),
        "vital": incident.vital,
        "dataset_id": named.id if named else None,
        "dataset_name": named.name if named else None,
        "dataset_title": (named.title or named.name) if named else None,
        "kinds": list(incident.kinds),
        "versions": list(incident.versions) if named else [],
        "detected": show.moment(incident.detected_at),
        "known": show.moment(incident.known_at),
        "due": show.moment(incident.due_at),
        "hours_left": hours_left(incident.due_at, now()) if incident.state == OPEN else None,
        "ended": show.moment(incident.ended_at),
    }


def hours_left(due: dt.datetime, moment: dt.datetime) -> int:
    """Return the whole hours until a deadline; negative once it has passed, also by a minute."""
    return (due - moment) // dt.timedelta(hours=1)


def shown(incident: Incident, actor: Actor, owner_org: str | None) -> IncidentShown:
    """Return an incident with its clocks, its history, and who had what."""
    rules, row, taken = incident_rules(), row_dict(incident, actor), _steps(incident.id)
    told = step_records.told(model.Session, taken)
    found: IncidentShown = {
        **row,
        "clocks": [
            {
                "name": clock.name,
                "label": tk._(clock.label),
                "hours": clock.hours,
                "due": show.moment(incident.known_at + dt.timedelta(hours=clock.hours)),
                "basis": [{"text": law["text"], "status": law["status"]} for law in clock.basis],
            }
            for clock in rules.clocks_of(incident.ground, vital=incident.vital)
        ],
        "hold": _hold(incident),
        "history": [_step(*pair) for pair in zip(taken, told, strict=True)],
        "ends": [
            end_dict(end, vital=incident.vital)
            for end in steps.ends_for(actor, incident, owner_org)
        ],
        "exposure": None,
    }
    if steps.may(actor, rules.readers_seen_by, owner_org):
        named = row["dataset_id"] is not None
        found["exposure"] = exposure_dict(incident, exposure.windows(incident), named=named)
    return found


def exposure_dict(incident: Incident, span: list[exposure.Window], *, named: bool) -> Exposure:
    """Return who had what while an incident lasted.

    :param named: whether the reader may know the names of files.
    """
    return {
        "windows": [
            {
                "version": w.version_id,
                "file": w.filename if named else None,
                "from": show.moment(w.since),
                "until": show.moment(w.until),
            }
            for w in span
        ],
        "reads": exposure.reads(incident, span),
        "downloads": exposure.counts(span),
    }


def _hold(incident: Incident) -> IncidentHold | None:
    holds = {h.id: h for h in reads.active_holds(incident.package_id)}
    if incident.hold_id is None:
        return None
    return {"id": incident.hold_id, "active": incident.hold_id in holds}


def end_dict(end: End, *, vital: bool) -> EndShown:
    """Return a way to end an incident with the fields that it asks for."""
    rules = incident_rules()
    needed = {*end.required, *(end.required_for_vital if vital else ())}
    return {
        "name": end.name,
        "label": tk._(end.label),
        "step": tk._(end.step),
        "fields": [
            {**show.field_dict(rules.fields[name]), "required": name in needed}
            for name in end.fields
            if name in needed or name not in end.required_for_vital
        ],
    }


def _steps(incident_id: str) -> list[IncidentStep]:
    query = sa.select(IncidentStep).where(IncidentStep.incident_id == incident_id)
    return list(model.Session.scalars(query.order_by(IncidentStep.id)))


def _step(step: IncidentStep, told: step_records.Taken) -> StepTold:
    rules = incident_rules()
    end = rules.ends.get(step.action)
    label = end.label if end else STEP_LABELS.get(step.action, step.action)
    return {
        **told,
        "label": tk._(label),
        "fields": [
            {
                "name": name,
                "type": rules.fields[name].type,
                "label": tk._(rules.fields[name].label),
                "value": value,
            }
            for name, value in step.fields.items()
            if name in rules.fields
        ],
    }
