"""What people do in incidents: begin one by hand, dismiss it, conclude it. The caller commits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.duties import Actor
from ...messages import Message
from ...msgids import N_
from ..cases import evidence
from ..notices.definition import OWNER_ADMINS, OWNER_PUBLISHERS
from ..records import reads, text_findings
from ..records.incident_model import Incident, IncidentStep
from ..records.model import Decision, DecisionVersion, Version, now
from ..rules import findings
from ..rules.axes import classification
from ..rules.policy import has_duty, may_publish
from ..rules.refusals import InvalidFields, NotAllowed, Refused, check_reason
from ..rules.workflow import DUTY_LABELS
from . import incidents
from .definition import OPEN, End, incident_rules
from .fields import NO_MOMENT, check_end, read_moment

BEGINNINGS = ("begin", "report", "extend")
OWNER_LABELS = {
    OWNER_PUBLISHERS: N_("the owner agency's editors and admins"),
    OWNER_ADMINS: N_("the owner agency's admins"),
}


def may(actor: Actor, names: Iterable[str], owner_org: str | None) -> bool:
    """Tell whether the actor is one of the people that ``schemas/incidents.yaml`` names."""
    for name in names:
        if name == OWNER_PUBLISHERS:
            allowed = may_publish(actor, owner_org)
        elif name == OWNER_ADMINS:
            allowed = actor.active and owner_org in actor.administers
        else:
            allowed = has_duty(actor, name, owner_org)
        if allowed:
            return True
    return False


def sees(actor: Actor, owner_org: str | None) -> bool:
    """Tell whether the actor may see the incidents of an agency's datasets."""
    return may(actor, incident_rules().watched_by, owner_org)


def ends_for(actor: Actor, incident: Incident, owner_org: str | None) -> list[End]:
    """Return how this person may end the incident, as far as person and state decide."""
    return [
        end
        for end in incident_rules().ends.values()
        if incident.state == OPEN
        and may(actor, end.by, owner_org)
        and not _excluded(actor, end, incident)
    ]


def begin(package: model.Package, actor: Actor, asked: Mapping[str, Any]) -> Incident:
    """Begin an incident that somebody reports: nobody may have waited for a scan to see it.

    :param asked: ``reason``, ``known_at``, ``vital`` (a truth), ``versions`` (list of ids; those
        that are served, when it is not given).
    :raises NotAllowed: the person may not.
    :raises Refused: nothing is decided, so that nobody was given anything.
    :raises InvalidFields: reason too short, no such version, a moment that cannot be.
    """
    rules = incident_rules()
    if not may(actor, rules.begun_by, package.owner_org):
        raise _not_yours(rules.begun_by)
    exposed = _given(package.id)
    if not exposed:
        raise Refused("nothing_decided", Message(rules.messages["nothing_decided"]))
    errors = check_reason(str(asked.get("reason") or ""))
    kinds = kinds_in(str(asked.get("reason") or ""))
    if kinds and not errors:
        errors["reason"] = [Message(text_findings.REFUSAL, {"kinds": ", ".join(kinds)})]
    served = {v.id for _, v in reads.pointers_of([package.id]).values()}
    wanted = set(asked.get("versions") or served)
    if not wanted or not wanted <= set(exposed):
        text = Message(N_("No such version of this dataset was ever given to anybody."))
        errors["versions"] = [text]
    moment = read_moment(asked.get("known_at"), days.CITY)
    if moment is None:
        errors["known_at"] = [Message(NO_MOMENT)]
    elif moment > now() or any(moment < exposed[v] for v in wanted & set(exposed)):
        errors["known_at"] = [Message(rules.messages["known_later"])]
    if errors or moment is None:
        raise InvalidFields(errors)
    holds = reads.active_holds(package.id)
    incident = incidents.begin(
        model.Session,
        dataset_id=package.id,
        ground="report",
        versions=wanted,
        kinds=(),
        by=actor,
        hold_id=holds[0].id if holds else None,
        detected_at=moment,
        known_at=moment,
        vital=bool(asked.get("vital")),
    )
    incidents.note(model.Session, incident, actor, str(asked["reason"]).strip())
    return incident


def was_given(package_id: str) -> bool:
    """Tell whether a decision ever gave a file of this dataset to anybody."""
    return bool(_given(package_id))


def _given(package_id: str) -> dict[str, dt.datetime]:
    """Return the versions that a decision gave to anybody, each with the moment it did so first."""
    query = (
        sa.select(DecisionVersion.version_id, sa.func.min(Decision.decided_at))
        .join(Decision, Decision.id == DecisionVersion.decision_id)
        .where(Decision.package_id == package_id)
        .group_by(DecisionVersion.version_id)
    )
    rows = model.Session.execute(query).tuples().all()
    return dict(rows)


def end(
    incident: Incident,
    owner_org: str | None,
    actor: Actor,
    name: str,
    values: Mapping[str, Any],
) -> Any:
    """End a locked incident by ``dismiss`` or ``conclude``; return the ledger's receipt.

    :raises NotAllowed: the person may not, began it or brought the files.
    :raises Refused: it has ended, or a condition does not hold.
    :raises InvalidFields: what has to be written is missing or cannot be.
    """
    rules = incident_rules()
    how = rules.ends[name]
    if not may(actor, how.by, owner_org):
        raise _not_yours(how.by)
    if incident.state != OPEN:
        raise Refused("ended", Message(rules.messages["ended"]))
    if _excluded(actor, how, incident):
        text = Message(rules.messages["excluded"], {"people": _labels(how.by)})
        raise NotAllowed("excluded", text)
    written = check_end(
        how,
        rules,
        values,
        first=incident.detected_at.astimezone(days.CITY).date(),
        today=days.today(),
        vital=incident.vital,
        kinds_in=kinds_in,
    )
    unresolved = _unresolved(incident) if "findings_resolved" in how.conditions else []
    if unresolved:
        text = Message(rules.messages["findings_resolved"], {"findings": unresolved})
        raise Refused("unresolved", text)
    incident.state, incident.ended_at, incident.ended_by = how.target, now(), actor.id
    receipt = incidents.record(model.Session, incident, actor, name, written)
    incidents.tell(model.Session, incident, "incident_ended")
    return receipt


def _not_yours(people: Iterable[str]) -> NotAllowed:
    text = incident_rules().messages["not_yours"]
    return NotAllowed("not_holder", Message(text, {"people": _labels(people)}))


def _labels(people: Iterable[str]) -> list[Message]:
    known = {**DUTY_LABELS, **OWNER_LABELS}
    return [Message(known[name]) for name in people]


def kinds_in(text: str) -> list[str]:
    """Return the kinds of hard identifiers in a text."""
    return sorted({finding.kind for finding in text_findings.hard_findings("incident", text)})


def _versions(incident: Incident) -> list[Version]:
    query = sa.select(Version).where(Version.id.in_(incident.versions)).order_by(Version.created)
    return list(model.Session.scalars(query))


def _excluded(actor: Actor, how: End, incident: Incident) -> bool:
    """Tell whether the person began it, or brought or proposed what was exposed."""
    people: set[str | None] = set()
    if "beginner" in how.exclude:
        # Also who reported it again while it was open.
        query = sa.select(IncidentStep.actor_id).where(
            IncidentStep.incident_id == incident.id, IncidentStep.action.in_(BEGINNINGS)
        )
        people.update([incident.begun_by, *model.Session.scalars(query)])
    if "author" in how.exclude:
        for version in _versions(incident):
            people.add(version.uploaded_by)
            if version.case_id:
                people.update(reads.parts_of(version.case_id).get("proposer", ()))
    if "resolver" in how.exclude:
        people.update(_resolvers(incident))
    return actor.id in people - {None}


def _said(incident: Incident) -> list[tuple[Version, Any, dict[Any, findings.Said]]]:
    files = _versions(incident)
    scans = reads.scans_of([v.id for v in files])
    said = reads.answers_of(files, scans)
    return [(v, scans.get(v.id), said.get(v.id, {})) for v in files]


def _resolvers(incident: Incident) -> set[str]:
    rules, people = classification().findings, set()
    for _, scan, said in _said(incident):
        items = reads.findings_summary(scan.report) if scan else []
        people |= findings.strict_resolvers(items, said, rules)
    return people


def _unresolved(incident: Incident) -> list[Message]:
    """Return what is unresolved in the versions of an incident, as the scan knows them today."""
    details: list[Message] = []
    for version, scan, said in _said(incident):
        facts = evidence.scan_facts(version, scan, said)
        if not facts.passes:
            details += facts.details or (Message("%(file)s", {"file": version.filename}),)
    return details
