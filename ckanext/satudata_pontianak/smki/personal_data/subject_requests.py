"""Requests of data subjects: recorded when they come in, identity examined, answered in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...classification.clock import due_rules
from ...classification.clock.due_rules import Stage
from ...classification.incidents.fields import Kinds
from ...classification.notices import notices
from ...classification.records import reads
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ..records import concerned, roles
from ..records.model import now
from ..records.personal_data_model import (
    ANSWERED,
    IDENTIFIED,
    RECEIVED,
    SubjectDataset,
    SubjectRequest,
)
from ..rules import planning, written
from ..rules.definition import smki
from ..rules.personal_data import Answered, counted, personal_data

FULFILLED, REFUSED = "fulfilled", "refused"
OUTCOMES = (FULFILLED, REFUSED)
LOWEST, LONGEST = 10, 4000
SHORTEST_NUMBER, LONGEST_NUMBER = 3, 200

NOT_YOURS = N_("This request is answered by: %(role)s.")
NOT_CHECKED_BY_YOU = N_("Who asks is examined by whoever recorded the request, or by: %(role)s.")
IS_ANSWERED = N_("This request is answered already.")
IS_IDENTIFIED = N_("It was shown already who asks.")
LONG_AGO = N_("That is more than %(days)s days ago. Look whether the date is right.")
NOT_NAMED_BY_YOU = N_(
    "Datasets are named by whoever examines who asks, and by whoever answers the request."
)
NAMED = N_("This request names that dataset already.")
NOT_NAMED = N_("This request does not name that dataset.")
PROPOSED_IT = N_("You proposed to destroy data of this dataset. Somebody else takes it out.")
BEING_DESTROYED = N_(
    "A destruction of this dataset is proposed or approved. The request keeps it named."
)
MANY_NAMED = N_("One request names at most %(count)s datasets.")
MOST_NAMED = 100
NOT_IDENTIFIED = N_("First it has to be shown who asks. Until then nothing is told.")


def sees(actor: Actor, row: SubjectRequest) -> bool:
    """Tell whether somebody sees a request: who recorded it, and those whom the file names."""
    if not actor.active or actor.id is None:
        return False
    return actor.id == row.recorded_by or sees_all(actor)


def sees_all(actor: Actor) -> bool:
    """Tell whether somebody sees every request of a data subject."""
    return bool(roles.carried_by(actor) & {*personal_data().requests.seen_by})


def checks(actor: Actor, row: SubjectRequest) -> bool:
    """Tell whether somebody examines who asks."""
    rules = personal_data().requests
    return sees(actor, row) and (
        actor.id == row.recorded_by or bool(roles.carried_by(actor) & {*rules.checked_by})
    )


def answerers(row: SubjectRequest, moment: dt.datetime | None = None) -> list[str]:
    """Return who answers a request: the role, and its deputies once the deadline is near."""
    rules, found = personal_data().requests, roles.holders()
    people = planning.carriers(smki(), rules.concluded_by, found)
    near = row.due_at - dt.timedelta(hours=rules.warn_before_hours)
    if (moment or now()) < near:
        return list(people)
    return list(dict.fromkeys([*people, *planning.deputies(smki(), rules.concluded_by, found)]))


def record(actor: Actor, given: Mapping[str, Any], package_id: str | None, kinds_in: Kinds) -> Any:
    """Record a request that came in; who answers it is told. The caller commits.

    :param given: ``kind``, ``channel``, ``received_at`` and ``agenda``.
    :param package_id: the dataset that it is about, which the caller may know of.
    :returns: the request, and the receipt.
    :raises InvalidFields: with every problem.
    """
    rules, errors = personal_data().requests, dict[str, list[Message]]()
    kind = written.choice("kind", given, rules.kinds, errors)
    channel = written.choice("channel", given, rules.channels, errors)
    received = written.moment("received_at", given, now(), errors)
    if received is not None and received < now() - dt.timedelta(days=rules.received_within_days):
        errors["received_at"] = [Message(LONG_AGO, {"days": rules.received_within_days})]
    agenda = _number("agenda", given, kinds_in, errors)
    if errors or received is None:
        raise InvalidFields(errors)
    if package_id is not None:
        reads.lock_judging(package_id)
    row = SubjectRequest(
        kind=kind,
        channel=channel,
        agenda=agenda,
        package_id=package_id,
        received_at=received,
        due_at=rules.due(kind, received),
        recorded_by=actor.id,
    )
    model.Session.add(row)
    model.Session.flush()
    receipt = _step(row, actor, "record", "recorded_entry")
    _tell(row, "smki_subject", "record")
    return row, receipt


def identify(row: SubjectRequest, actor: Actor, given: Mapping[str, Any]) -> Any:
    """Write down by what it was shown who asks; the caller commits.

    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    rules, errors = personal_data().requests, dict[str, list[Message]]()
    if not checks(actor, row):
        label = Message(smki().roles.roles[rules.checked_by[0]].label)
        errors[""] = [Message(NOT_CHECKED_BY_YOU, {"role": label})]
    elif row.state != RECEIVED:
        errors[""] = [Message(IS_ANSWERED if row.state == ANSWERED else IS_IDENTIFIED)]
    proof = written.choice("proof", given, rules.proofs, errors)
    if errors:
        raise InvalidFields(errors)
    carried = roles.carried_by(actor)
    role = next((name for name in rules.checked_by if name in carried), None)
    agency = None if role else next(iter(sorted(actor.member_of)), None)
    row.identity = {"proof": proof, "role": role, "agency": agency}
    row.state, row.identified_by, row.identified_at = IDENTIFIED, actor.id, now()
    return _step(row, actor, "identify", "identified_entry")


def names(row: SubjectRequest, actor: Actor) -> bool:
    """Tell whether somebody says which datasets hold the data of whoever asks."""
    return row.state != ANSWERED and (checks(actor, row) or actor.id in answerers(row))


def name_dataset(row: SubjectRequest, actor: Actor, package_id: str) -> Any:
    """Say that a dataset holds data of whoever asks; the caller commits.

    Written into the ledger of the dataset alone: a step of the request would tell those who may
    not know of the dataset that there is one. Which data it holds is kept nowhere.

    :param package_id: a dataset of which the actor may know.
    :returns: the receipt.
    :raises InvalidFields: it is answered, not theirs, names the dataset already, or they named
        many.
    """
    errors = dict[str, list[Message]]()
    if row.state == ANSWERED:
        errors[""] = [Message(IS_ANSWERED)]
    elif not names(row, actor):
        errors[""] = [Message(NOT_NAMED_BY_YOU)]
    elif package_id in {row.package_id, *concerned.found_for(row.id)}:
        errors["id"] = [Message(NAMED)]
    elif concerned.found_by(row.id, actor.id) >= MOST_NAMED:
        errors["id"] = [Message(MANY_NAMED, {"count": MOST_NAMED})]
    if errors:
        raise InvalidFields(errors)
    reads.lock_judging(package_id)
    model.Session.add(SubjectDataset(request_id=row.id, package_id=package_id, added_by=actor.id))
    model.Session.flush()
    return _of_dataset(row, actor, package_id, "named")


def take_out(row: SubjectRequest, actor: Actor, package_id: str) -> Any:
    """Say that a dataset holds no data of whoever asks after all; the caller commits.

    It lifts what stops a destruction, so it is for who answers the request and proposed none.

    :param package_id: a dataset of which the actor may know.
    :returns: the receipt.
    :raises InvalidFields: it is answered, not theirs, does not name the dataset, or a destruction
        of the dataset runs.
    """
    errors = dict[str, list[Message]]()
    found = [each for each in concerned.found_rows(row.id) if each.package_id == package_id]
    if row.state == ANSWERED:
        errors[""] = [Message(IS_ANSWERED)]
    elif actor.id not in answerers(row):
        label = Message(smki().roles.roles[personal_data().requests.concluded_by].label)
        errors[""] = [Message(NOT_YOURS, {"role": label})]
    elif not found:
        errors["id"] = [Message(NOT_NAMED)]
    elif actor.id in concerned.proposers(package_id):
        errors[""] = [Message(PROPOSED_IT)]
    elif concerned.running(package_id) is not None:
        errors["id"] = [Message(BEING_DESTROYED)]
    if errors:
        raise InvalidFields(errors)
    found[0].removed_by, found[0].removed_at = actor.id, now()
    return _of_dataset(row, actor, package_id, "taken_out")


def _of_dataset(row: SubjectRequest, actor: Actor, package_id: str, what: str) -> Any:
    """Write into the ledger of a dataset what a request says of it."""
    return append(
        model.Session,
        event=f"smki.subject_{what}",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package_id,
        detail={"request": row.id},
    )


def answer(row: SubjectRequest, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Answer a request: fulfil it, or refuse it on a ground of the file. The caller commits.

    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    rules, errors = personal_data().requests, dict[str, list[Message]]()
    if actor.id not in answerers(row):
        label = Message(smki().roles.roles[rules.concluded_by].label)
        errors[""] = [Message(NOT_YOURS, {"role": label})]
    elif row.state == ANSWERED:
        errors[""] = [Message(IS_ANSWERED)]
    outcome, ground = written.choice("outcome", given, OUTCOMES, errors), None
    identified = row.state == IDENTIFIED
    if outcome == REFUSED:
        among = rules.grounds_for(row.kind, identified=identified)
        ground = written.choice("ground", given, among, errors) or None
    elif outcome and not identified:
        errors["outcome"] = [Message(NOT_IDENTIFIED)]
    texts = written.texts(("answer",), given, kinds_in, errors, LOWEST, LONGEST)
    letter = _number("letter", given, kinds_in, errors)
    if errors:
        raise InvalidFields(errors)
    row.outcome, row.ground, row.answer, row.letter = outcome, ground, texts["answer"], letter
    row.state, row.answered_by, row.answered_at = ANSWERED, actor.id, now()
    receipt = _step(row, actor, "answer", "answered_entry")
    if row.recorded_by and row.recorded_by != actor.id:
        _tell(row, "smki_subject", "answer", [row.recorded_by])
    return receipt


def _number(
    name: str, given: Mapping[str, Any], kinds_in: Kinds, errors: dict[str, list[Message]]
) -> str:
    """Return the number of a letter; what looks like an identifier is none."""
    found = written.texts((name,), given, kinds_in, errors, SHORTEST_NUMBER, LONGEST_NUMBER)
    text = found.get(name, "")
    if "\n" in text:
        errors[name] = [Message(written.UNREADABLE)]
    return text


def _step(row: SubjectRequest, actor: Actor, action: str, column: str) -> Any:
    """Write into the ledger that a step was taken; never what was written."""
    receipt = append(
        model.Session,
        event=f"smki.subject_{action}",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={
            "request": row.id,
            "kind": row.kind,
            "due": row.due_at,
            "outcome": row.outcome,
            "ground": row.ground,
        },
    )
    receipt.tell(row, column)
    model.Session.flush()
    return receipt


def _tell(
    row: SubjectRequest,
    kind: str,
    about: str,
    people: list[str] | None = None,
    at: dt.datetime | None = None,
) -> int:
    facts: dict[str, Any] = {"number": row.number, "due": row.due_at.isoformat()}
    told = answerers(row, at) if people is None else people
    return notices.tell(model.Session, kind, told, facts=facts, about=f"{row.id}:{about}")


def remind(moment: dt.datetime | None = None) -> int:
    """Tell who answers of deadlines, which know no nights and no holidays; commit.

    :returns: how many people were told.
    """
    at, told = moment or now(), 0
    hours = personal_data().requests.warn_before_hours
    query = sa.select(SubjectRequest).where(SubjectRequest.state != ANSWERED)
    for row in model.Session.scalars(query.order_by(SubjectRequest.number)).all():
        telling = due_rules.incident_telling(row.due_at, at, hours)
        if telling is not None:
            late = telling.stage is Stage.LATE
            kind = "smki_subject_late" if late else "smki_subject_due"
            told += _tell(row, kind, telling.about, at=at)
    model.Session.commit()
    return told


def answered(first: dt.datetime, before: dt.datetime, at: dt.datetime) -> Answered:
    """Count the requests that were received in a time.

    :param at: now: what was not answered and is due before it is late.
    """
    query = sa.select(SubjectRequest.due_at, SubjectRequest.answered_at).where(
        SubjectRequest.received_at >= first, SubjectRequest.received_at < before
    )
    return counted(model.Session.execute(query).tuples(), at)
