"""Incidents: begin one with its clock; dismissed or concluded it ends, never by itself.

Source: UU 27/2022 article 46 (3 x 24 hours), BSSN 1/2024 article 15 (1 x 24 hours for vital
information infrastructure); values and wording in ``schemas/incidents.yaml``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ckan import model

from ...agencies.rules.duties import Actor
from ...ledger import service as ledger
from ...ledger.canonical import plain
from ..notices import notices
from ..records import reads, step_records
from ..records.incident_model import Incident, IncidentStep
from ..records.model import now
from .definition import OPEN, incident_rules


def begin(
    session: Any,
    *,
    dataset_id: str,
    ground: str,
    versions: Iterable[str],
    kinds: Iterable[str],
    by: Actor | None,
    hold_id: str | None = None,
    detected_at: dt.datetime,
    known_at: dt.datetime,
    vital: bool = False,
) -> Incident:
    """Begin an incident in the caller's transaction, record it, and tell whoever has to know.

    One that is open on the same ground takes the versions and kinds over and keeps its clock:
    what was known earlier does not get more time by being found again.

    :param ground: one of ``grounds`` in ``schemas/incidents.yaml``.
    :param versions: ids of the versions that were exposed.
    :param kinds: kinds of findings; never what was found.
    :param by: who begins it; ``None`` is the scan.
    :param known_at: starts the clock.
    :raises KeyError: there is no such ground.
    """
    versions, kinds = set(versions), set(kinds)
    running = open_incident(session, dataset_id, ground, lock=True)
    if running is not None:
        return _extend(session, running, versions, kinds, by, known_at, vital=vital)
    reads.lock_judging(dataset_id)
    incident = Incident(
        package_id=dataset_id,
        ground=ground,
        vital=vital,
        versions=sorted(versions),
        kinds=sorted(kinds),
        hold_id=hold_id,
        begun_by=by.id if by else None,
        detected_at=detected_at,
        known_at=known_at,
        due_at=incident_rules().due(ground, known_at, vital=vital),
    )
    try:
        with session.begin_nested():
            session.add(incident)
    except IntegrityError:  # another call began it a moment ago
        running = open_incident(session, dataset_id, ground, lock=True)
        if running is None:
            raise
        return _extend(session, running, versions, kinds, by, known_at, vital=vital)
    record(session, incident, by, "begin", _what(incident))
    tell(session, incident, "incident_begun")
    return incident


def _extend(
    session: Any,
    incident: Incident,
    versions: set[str],
    kinds: set[str],
    by: Actor | None,
    known_at: dt.datetime,
    *,
    vital: bool,
) -> Incident:
    before = _what(incident)
    incident.versions = sorted({*incident.versions, *versions})
    incident.kinds = sorted({*incident.kinds, *kinds})
    incident.vital = incident.vital or vital
    incident.known_at = min(incident.known_at, known_at)
    rules = incident_rules()
    incident.due_at = rules.due(incident.ground, incident.known_at, vital=incident.vital)
    session.flush()
    if _what(incident) != before:
        record(session, incident, by, "extend", _what(incident))
    return incident


def _what(incident: Incident) -> dict[str, Any]:
    return {
        "number": incident.number,
        "ground": incident.ground,
        "vital": incident.vital,
        "versions": list(incident.versions),
        "kinds": list(incident.kinds),
        "hold": incident.hold_id,
        "detected_at": incident.detected_at,
        "known_at": incident.known_at,
        "due_at": incident.due_at,
    }


def open_incident(
    session: Any, dataset_id: str, ground: str, *, lock: bool = False
) -> Incident | None:
    """Return the open incident of a dataset on a ground, locked until the transaction ends."""
    query = sa.select(Incident).where(
        Incident.package_id == dataset_id, Incident.ground == ground, Incident.state == OPEN
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def record(
    session: Any, incident: Incident, by: Actor | None, action: str, fields: Mapping[str, Any]
) -> ledger.Receipt:
    """Write a step into the ledger and beside the incident, in the caller's transaction."""
    step = IncidentStep(
        incident_id=incident.id, action=action, fields=plain(dict(fields)), at=now()
    )
    return step_records.record(
        session,
        step,
        by,
        event=f"incident.{action}",
        dataset_id=incident.package_id,
        detail={**_known(fields), "incident": incident.id, "number": incident.number},
    )


def note(session: Any, incident: Incident, by: Actor, text: str) -> None:
    """Write down what somebody says of an incident that they begin."""
    record(session, incident, by, "report", {"reason": text})


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a step stands in the ledger: of what a person wrote, that it was written."""
    specs = incident_rules().fields
    texts = [name for name in fields if name in specs and specs[name].type == "text"]
    told = {name: value for name, value in fields.items() if name not in texts}
    return {**told, "written": sorted(texts)} if texts else told


def tell(session: Any, incident: Incident, kind: str, about: str = "") -> int:
    """Tell everybody of an incident whom its kind of notice goes to; return how many are new."""
    package = session.get(model.Package, incident.package_id)
    facts: dict[str, Any] = {"number": incident.number}
    if kind != "incident_ended":
        facts["due"] = incident.due_at.isoformat(timespec="seconds")
    return notices.tell(
        session,
        kind,
        notices.recipients(kind, package.owner_org if package else None),
        dataset_id=incident.package_id,
        incident_id=incident.id,
        facts=facts,
        about=f"{incident.id}{about}",
    )
