"""Incidents of information security: any clerk reports one, and a role concludes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ckan import model

from .. import days
from ..agencies.rules.duties import ANONYMOUS, Actor
from ..agencies.rules.objection import NO_DATE, read_date
from ..classification.clock import due_rules
from ..classification.clock.due_rules import Stage
from ..classification.incidents import exposure
from ..classification.incidents import steps as steps_of_dataset
from ..classification.incidents.answers import Exposure
from ..classification.incidents.definition import incident_rules
from ..classification.incidents.fields import Kinds
from ..classification.incidents.show import exposure_dict
from ..classification.notices import notices
from ..classification.records import reads
from ..classification.records.incident_model import Incident
from ..classification.records.model import DecisionVersion, Version
from ..classification.rules.policy import Channel, decide
from ..classification.rules.refusals import InvalidFields
from ..ledger.service import append
from ..messages import Message
from ..msgids import N_
from . import registers
from .records import concerned, roles
from .records.model import OPEN, SmkiIncident, SmkiIncidentDataset, SmkiIncidentStep, now
from .rules import planning, written
from .rules.definition import smki
from .rules.incident_rules import security_incidents

CLOSED = "closed"
LOWEST, LONGEST = 10, 4000
MOST_NAMED = 100
"""So many datasets one person names in an incident, also those that were taken out again: what
somebody may not know of uses up nothing of it."""

EARLIER = N_("The moment lies before the incident was known.")
NOT_YOURS = N_("This incident is concluded by: %(role)s.")
NOT_HANDLED = N_("This step is for who handles incidents.")
REPORTED = N_("You reported this incident. Somebody else concludes it.")
NAMED = N_("The incident names this dataset already.")
MANY_NAMED = N_("One person names at most %(count)s datasets in an incident.")
PROPOSED_IT = N_("You proposed to destroy data of this dataset. Somebody else takes it out.")
BEING_DESTROYED = N_(
    "A destruction of this dataset is proposed or approved. The incident keeps it named."
)
NOT_NAMED = N_("The incident does not name this dataset.")
IS_CLOSED = N_("This incident is concluded already.")
TOLD = N_("Give the day on which they were told, or why they were not.")
BOTH = N_("Give the day, or the reason why they were not told, not both.")
DAY_OUTSIDE = N_("Choose a day from %(first)s to %(last)s.")


def sees(actor: Actor, row: SmkiIncident) -> bool:
    """Tell whether somebody sees an incident: who reported it, and those whom the file names."""
    if not actor.active or actor.id is None:
        return False
    return actor.id == row.reported_by or handles(actor)


def handles(actor: Actor) -> bool:
    """Tell whether somebody handles incidents: writes measures, and sees all of them."""
    return bool(roles.carried_by(actor) & {*security_incidents().seen_by})


def report(actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Report an incident; who concludes it, and the response team, are told. The caller commits.

    :param given: ``kind``, ``severity``, ``known_at``, ``what``, ``personal`` and ``vital``.
    :returns: the incident, and the receipt.
    :raises InvalidFields: with every problem.
    """
    rules, errors = security_incidents(), dict[str, list[Message]]()
    kind = written.choice("kind", given, rules.kinds, errors)
    severity = written.choice("severity", given, rules.severities, errors)
    known_at = written.moment("known_at", given, now(), errors)
    texts = written.texts(("what",), given, kinds_in, errors, LOWEST, LONGEST)
    if errors or known_at is None:
        raise InvalidFields(errors)
    personal = bool(given.get("personal")) or "personal_data" in rules.kinds[kind].clocks
    vital = bool(given.get("vital"))
    row = SmkiIncident(
        kind=kind,
        severity=severity,
        personal=personal,
        vital=vital,
        known_at=known_at,
        due_at=rules.due(kind, known_at, personal=personal, vital=vital),
        reported_by=actor.id,
        texts=texts,
    )
    model.Session.add(row)
    model.Session.flush()
    receipt = _step(row, actor, "report", now(), "")
    _tell(row, "smki_incident", "report")
    return row, receipt


def report_of_portal(
    kind: str, severity: str, what: str, package_id: str, at: dt.datetime
) -> SmkiIncident:
    """Report what the portal itself saw of a dataset; who handles it is told. The caller commits.

    :param what: a text of ours, in the language of the code.
    """
    rules = security_incidents()
    row = SmkiIncident(
        kind=kind,
        severity=severity,
        personal="personal_data" in rules.kinds[kind].clocks,
        vital=False,
        known_at=at,
        due_at=rules.due(kind, at, personal=False, vital=False),
        reported_by=None,
        texts={"what": what},
    )
    model.Session.add(row)
    model.Session.flush()
    _step(row, ANONYMOUS, "report", at, "")
    model.Session.add(SmkiIncidentDataset(incident_id=row.id, package_id=package_id, added_by=None))
    _of_dataset(row, ANONYMOUS, package_id, "named")
    _tell(row, "smki_incident", "report")
    return row


def measure(row: SmkiIncident, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Write down what was done and when; the caller commits.

    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    errors: dict[str, list[Message]] = {}
    _may_handle(row, actor, errors)
    at = written.moment("at", given, now(), errors)
    if at is not None and at < row.known_at:
        errors["at"] = [Message(EARLIER)]
    texts = written.texts(("measure",), given, kinds_in, errors, LOWEST, LONGEST)
    if errors or at is None:
        raise InvalidFields(errors)
    return _step(row, actor, "measure", at, texts["measure"])


def judge(row: SmkiIncident, actor: Actor, given: Mapping[str, Any]) -> Any:
    """Say anew how grave an incident is, and whether personal data or a vital system is concerned.

    The clock runs from the hour at which it was known, whatever is judged later.
    The caller commits.

    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    rules, errors = security_incidents(), dict[str, list[Message]]()
    _may_handle(row, actor, errors)
    severity = written.choice("severity", given, rules.severities, errors)
    if errors:
        raise InvalidFields(errors)
    row.severity = severity
    row.personal = bool(given.get("personal")) or "personal_data" in rules.kinds[row.kind].clocks
    row.vital = bool(given.get("vital"))
    row.due_at = rules.due(row.kind, row.known_at, personal=row.personal, vital=row.vital)
    model.Session.flush()
    return _step(row, actor, "judge", now(), "")


def concerned_by(row: SmkiIncident, actor: Actor) -> dict[str, model.Package]:
    """Return id → dataset of an incident, by title: those that somebody may know of.

    Nothing tells how many others there are: who knows of a dataset would see its level change.
    """
    facts = reads.facts_for(each.package_id for each in concerned.rows(row.id))
    seen: list[model.Package] = []
    for package_id, each in facts.items():
        if decide(actor, each, Channel.METADATA) and not registers.only_counted(each):
            package = model.Session.get(model.Package, package_id)
            seen += [package] if package is not None else []
    return {each.id: each for each in sorted(seen, key=lambda each: each.title or each.name)}


def known_to_all(packages: Mapping[str, model.Package]) -> set[str]:
    """Return the ids of those of which everybody may know."""
    facts = reads.facts_for(packages)
    return {id_ for id_, each in facts.items() if decide(ANONYMOUS, each, Channel.METADATA)}


def name_dataset(row: SmkiIncident, actor: Actor, package: model.Package) -> Any:
    """Say that an incident concerns a dataset; the caller commits.

    Written into the ledger of the dataset alone: a step of the incident would tell those who
    may not know of it that there is one.

    :param package: of which the actor may know.
    :returns: the receipt.
    :raises InvalidFields: it is concluded, not theirs, names the dataset already, or they named
        many.
    """
    errors: dict[str, list[Message]] = {}
    _may_name(row, actor, errors)
    if not errors and any(each.package_id == package.id for each in concerned.rows(row.id)):
        errors["id"] = [Message(NAMED)]
    if not errors and concerned.named_by(row.id, actor.id) >= MOST_NAMED:
        errors["id"] = [Message(MANY_NAMED, {"count": MOST_NAMED})]
    if errors:
        raise InvalidFields(errors)
    reads.lock_judging(package.id)
    model.Session.add(
        SmkiIncidentDataset(incident_id=row.id, package_id=package.id, added_by=actor.id)
    )
    return _of_dataset(row, actor, package.id, "named")


def take_out(row: SmkiIncident, actor: Actor, package: model.Package) -> Any:
    """Say that an incident does not concern a dataset after all; the caller commits.

    It lifts what stops a destruction, so it is for who concludes the incident and proposed none.

    :returns: the receipt.
    :raises InvalidFields: it is concluded, not theirs, does not name the dataset, or a destruction
        of the dataset runs.
    """
    errors: dict[str, list[Message]] = {}
    _may_conclude(row, actor, errors)
    found = [each for each in concerned.rows(row.id) if each.package_id == package.id]
    if not errors and (not found or package.id not in concerned_by(row, actor)):
        errors["id"] = [Message(NOT_NAMED)]
    if not errors and actor.id in concerned.proposers(package.id):
        errors[""] = [Message(PROPOSED_IT)]
    if not errors and concerned.running(package.id) is not None:
        errors["id"] = [Message(BEING_DESTROYED)]
    if errors:
        raise InvalidFields(errors)
    found[0].removed_by, found[0].removed_at = actor.id, now()
    return _of_dataset(row, actor, package.id, "taken_out")


def names(row: SmkiIncident, actor: Actor) -> bool:
    """Tell whether somebody says which datasets an incident concerns."""
    return row.state == OPEN and (actor.id == row.reported_by or handles(actor))


def may_look(row: SmkiIncident, actor: Actor, package: model.Package) -> bool:
    """Tell whether somebody sees who had the data of a dataset of an incident.

    Never who reported it: nobody learns who reads a dataset by reporting one.
    """
    seen_by = incident_rules().readers_seen_by
    mine = actor.id == row.reported_by
    return not mine and steps_of_dataset.may(actor, seen_by, package.owner_org)


def exposed(row: SmkiIncident, actor: Actor, package: model.Package) -> Exposure | None:
    """Return who had the data of a dataset since an incident was known, for who may see that.

    Of the versions that could be had then or later; that they looked enters the ledger of the
    dataset. The caller commits. ``None``: it is not for them.
    """
    if not may_look(row, actor, package):
        return None
    query = sa.select(DecisionVersion.version_id).distinct()
    decided = query.join(Version, Version.id == DecisionVersion.version_id)
    ids = list(model.Session.scalars(decided.where(Version.package_id == package.id)))
    asked = Incident(package_id=package.id, versions=ids)
    span = [
        replace(window, since=max(window.since, row.known_at))
        for window in exposure.windows(asked)
        if window.until is None or window.until >= row.known_at
    ]
    _of_dataset(row, actor, package.id, "looked")
    return exposure_dict(asked, span, named=True)


def concluders(row: SmkiIncident) -> list[str]:
    """Return who concludes an incident today, those who reported it left out."""
    role = security_incidents().kinds[row.kind].concluded_by
    people = planning.carriers(smki(), role, roles.holders())
    return [person for person in people if person != row.reported_by]


def concludes(row: SmkiIncident, actor: Actor) -> bool:
    """Tell whether somebody concludes an incident, and takes datasets out of it."""
    return row.state == OPEN and actor.id in concluders(row)


def conclude(row: SmkiIncident, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Conclude an incident, with what is learnt and each notice's day or reason.

    The caller commits.

    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    rules, errors = security_incidents(), dict[str, list[Message]]()
    _may_conclude(row, actor, errors)
    texts = written.texts(("exposed", "cause", "lessons"), given, kinds_in, errors, LOWEST, LONGEST)
    told: dict[str, Any] = {}
    due = rules.notices_due(row.severity, personal=row.personal, vital=row.vital)
    for name in rules.notices:
        told |= _told(row, name, given, kinds_in, errors, needed=name in due)
    if errors:
        raise InvalidFields(errors)
    row.texts, row.told = {**row.texts, **texts}, told
    row.state, row.closed_at, row.closed_by = CLOSED, now(), actor.id
    model.Session.flush()
    receipt = _step(row, actor, "conclude", now(), "")
    for each in concerned.rows(row.id):
        _of_dataset(row, actor, each.package_id, "concluded")
    _tell(row, "smki_incident", "conclude")
    return receipt


def _told(
    row: SmkiIncident,
    name: str,
    given: Mapping[str, Any],
    kinds_in: Kinds,
    errors: dict[str, list[Message]],
    *,
    needed: bool,
) -> dict[str, Any]:
    """Return when somebody was told, or why not: one of both, and for a due notice one at least."""
    day_key, why_key = f"{name}_told", f"{name}_reason"
    day, why = given.get(day_key), given.get(why_key)
    if day in (None, "") and why in (None, ""):
        if needed:
            errors[day_key] = [Message(TOLD)]
        return {}
    if day not in (None, "") and why not in (None, ""):
        errors[day_key] = [Message(BOTH)]
        return {}
    if why not in (None, ""):
        found = written.texts((why_key,), given, kinds_in, errors, LOWEST, LONGEST)
        return {name: {"reason": found[why_key]}} if found else {}
    read = read_date(day)
    first = row.known_at.astimezone(days.CITY).date()
    if read is None:
        errors[day_key] = [Message(NO_DATE)]
    elif not first <= read <= days.today():
        errors[day_key] = [Message(DAY_OUTSIDE, {"first": first, "last": days.today()})]
    return {name: {"day": read.isoformat()}} if read else {}


def _open(row: SmkiIncident, errors: dict[str, list[Message]]) -> None:
    if row.state != OPEN:
        errors[""] = [Message(IS_CLOSED)]


def _may_conclude(row: SmkiIncident, actor: Actor, errors: dict[str, list[Message]]) -> None:
    _open(row, errors)
    if actor.id not in concluders(row):
        label = Message(smki().roles.roles[security_incidents().kinds[row.kind].concluded_by].label)
        mine = actor.id == row.reported_by
        errors[""] = [Message(REPORTED) if mine else Message(NOT_YOURS, {"role": label})]


def _may_name(row: SmkiIncident, actor: Actor, errors: dict[str, list[Message]]) -> None:
    if not names(row, actor):
        errors[""] = [Message(NOT_HANDLED)]
    _open(row, errors)


def _of_dataset(row: SmkiIncident, actor: Actor, package_id: str, what: str) -> Any:
    """Write into the ledger of a dataset what became of it in an incident.

    :returns: the receipt.
    """
    return append(
        model.Session,
        event=f"smki.incident_{what}",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package_id,
        detail={"incident": row.id, "kind": row.kind, "level": row.severity},
    )


def _may_handle(row: SmkiIncident, actor: Actor, errors: dict[str, list[Message]]) -> None:
    if not handles(actor):
        errors[""] = [Message(NOT_HANDLED)]
    _open(row, errors)


def _step(row: SmkiIncident, actor: Actor, action: str, at: dt.datetime, text: str) -> Any:
    """Write a step down, and into the ledger that it was taken; never what was written."""
    step = SmkiIncidentStep(
        incident_id=row.id, at=at, action=action, text=text, actor_id=actor.id, recorded_at=now()
    )
    model.Session.add(step)
    receipt = append(
        model.Session,
        event=f"smki.incident_{action}",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={
            "incident": row.id,
            "kind": row.kind,
            "level": row.severity,
            "due": row.due_at,
        },
    )
    receipt.tell(step, "ledger_entry")
    model.Session.flush()
    return receipt


def _people(row: SmkiIncident) -> set[str]:
    """Return who is told of an incident: who concludes it, the response team, the coordinator."""
    holders, known = roles.holders(), smki()
    role = security_incidents().kinds[row.kind].concluded_by
    return {
        person
        for name in (role, "ttis", "koordinator")
        for person in planning.carriers(known, name, holders)
    }


def _tell(row: SmkiIncident, kind: str, about: str) -> int:
    facts: dict[str, Any] = {"number": row.number}
    if row.due_at is not None:
        facts["due"] = row.due_at.isoformat()
    return notices.tell(model.Session, kind, _people(row), facts=facts, about=f"{row.id}:{about}")


def remind(moment: dt.datetime | None = None) -> int:
    """Tell of deadlines of open incidents, which know no nights and no holidays; commit.

    :returns: how many people were told.
    """
    at, told = moment or now(), 0
    hours = security_incidents().warn_before_hours
    query = sa.select(SmkiIncident).where(
        SmkiIncident.state == OPEN, SmkiIncident.due_at.is_not(None)
    )
    for row in model.Session.scalars(query.order_by(SmkiIncident.number)).all():
        if row.due_at is None:
            continue
        telling = due_rules.incident_telling(row.due_at, at, hours)
        if telling is not None:
            late = telling.stage is Stage.LATE
            told += _tell(row, "smki_incident_late" if late else "smki_incident_due", telling.about)
    model.Session.commit()
    return told


def steps(row: SmkiIncident) -> list[SmkiIncidentStep]:
    """Return what was done in an incident, by the time at which it was done."""
    query = sa.select(SmkiIncidentStep).where(SmkiIncidentStep.incident_id == row.id)
    return list(model.Session.scalars(query.order_by(SmkiIncidentStep.at, SmkiIncidentStep.id)))
