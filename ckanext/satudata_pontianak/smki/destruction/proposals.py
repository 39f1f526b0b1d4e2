"""A destruction is proposed with its assessment, and concluded by somebody of another duty."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.model import DecreeScanRow
from ...agencies.rules import decree
from ...agencies.rules.duties import Actor
from ...agencies.rules.objection import NO_DATE, read_date
from ...classification.incidents.fields import Kinds
from ...classification.notices import notices
from ...classification.records import reads
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ..records import roles
from ..records.destruction_model import APPROVED, PROPOSED, REFUSED, SmkiDestruction
from ..records.model import now
from ..rules import planning, written
from ..rules.definition import smki
from ..rules.destruction import (
    OWNER,
    against_concluding,
    against_term,
    concluding,
    destruction_rules,
    proposing,
)
from . import reading

LOWEST, LONGEST, LINE = 40, 4000, 120
MOST_WITNESSES = 10

NOT_YOURS = N_("Destructions are proposed by the owner agency or Walidata.")
RUNS = N_("A destruction of this dataset is proposed or under way already.")
NOTHING = N_("Nothing of this is kept any more.")
NO_FILE = N_("Name files of this dataset whose data are kept, by their ids.")
FEW = N_("Name at least %(count)s witnesses, each by office, one on a line.")
MANY = N_("At most %(count)s lines.")
TWICE = N_("Each witness is of another office.")
ENDED = N_("This destruction is concluded already.")
CHANGED = N_(
    "Since it was proposed something was decided or uploaded anew, or its term is another one. "
    "Nothing of it was destroyed; propose it again."
)
WITHDRAWS = N_("It is refused by who may conclude it, or withdrawn by who proposed it.")
OUTSIDE = N_("Choose a day from %(first)s to %(last)s.")

Errors = dict[str, list[Message]]


def propose(
    actor: Actor, package: model.Package, given: Mapping[str, Any], kinds_in: Kinds
) -> tuple[SmkiDestruction, Any]:
    """Propose the destruction of a dataset's data; who may conclude it is told. The caller commits.

    :param given: ``files`` (ids; none: the whole dataset), ``assessment``, ``witnesses``.
    :returns: the destruction, and the receipt.
    :raises InvalidFields: with every problem.
    """
    rules, errors = destruction_rules(), dict[str, list[Message]]()
    facts, carried = reads.facts_of(package.id), roles.carried_by(actor)
    roles_of = proposing(rules, carried, owns=reading.owns(actor, facts))
    if not roles_of:
        raise InvalidFields({"": [Message(NOT_YOURS)]})
    if reading.open_of(package.id) is not None:
        raise InvalidFields({"": [Message(RUNS)]})
    term = reading.term_of(package.id)
    _standing(package.id, term, actor, errors)
    chosen = _files(package.id, given.get("files"), errors)
    texts = written.texts(("assessment",), given, kinds_in, errors, LOWEST, LONGEST)
    witnesses = _witnesses(given.get("witnesses"), kinds_in, errors)
    if errors or term is None or term.begins is None or term.due is None or actor.id is None:
        raise InvalidFields(errors)
    row = SmkiDestruction(
        package_id=package.id,
        whole=not chosen,
        files=chosen,
        code=term.code,
        begins=term.begins,
        due=term.due,
        assessment=texts["assessment"],
        witnesses=witnesses,
        proposed_by=actor.id,
        proposed_as=OWNER if OWNER in roles_of else sorted(roles_of)[0],
    )
    model.Session.add(row)
    model.Session.flush()
    receipt = record(row, actor, "propose")
    _tell(row, {p for p in _concluders() if p != actor.id}, "propose")
    return row, receipt


def approve(
    row: SmkiDestruction, actor: Actor, given: Mapping[str, Any], scan: Any, kinds_in: Kinds
) -> Any:
    """Approve a destruction with the signed paper; from then on it is carried out.

    The caller commits, and asks the worker.

    :param given: ``nomor`` and ``day`` of the written approval.
    :param scan: the bytes of the signed paper, or ``None``.
    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    errors: Errors = {}
    _may_conclude(row, actor, errors)
    _standing(row.package_id, reading.term_of(row.package_id), actor, errors)
    if reading.outdated(row):
        errors.setdefault("", []).append(Message(CHANGED))
    if not reading.files_of(row.package_id, row.files):
        errors.setdefault("", []).append(Message(NOTHING))
    nomor, day = _number(given.get("nomor"), kinds_in, errors), read_date(given.get("day"))
    first = row.proposed_at.astimezone(days.CITY).date()
    if day is None:
        errors["day"] = [Message(NO_DATE)]
    elif not first <= day <= days.today():
        errors["day"] = [Message(OUTSIDE, {"first": first, "last": days.today()})]
    for wrong in decree.scan_objections(scan):
        errors.setdefault(wrong.key, []).append(wrong.message)
    if errors or scan is None:
        raise InvalidFields(errors)
    row.nomor, row.day = nomor, day
    row.sha256, row.size = hashlib.sha256(scan).hexdigest(), len(scan)
    model.Session.add(DecreeScanRow(decree_id=row.id, content=scan))
    return _conclude(row, actor, APPROVED, "approve")


def refuse(row: SmkiDestruction, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Refuse a destruction, or withdraw one's own, while no place is cleared; the caller commits.

    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    errors: Errors = {}
    if not _refusable(row):
        errors[""] = [Message(ENDED)]
    elif row.proposed_by != actor.id:
        role = concluding(destruction_rules(), roles.carried_by(actor))
        if role is None:
            errors[""] = [Message(WITHDRAWS)]
    texts = written.texts(("reason",), given, kinds_in, errors, 10, LONGEST)
    if errors:
        raise InvalidFields(errors)
    row.reason = texts["reason"]
    return _conclude(row, actor, REFUSED, "refuse")


def end(row: SmkiDestruction) -> None:
    """Refuse what is not what was approved any more, for nobody; the caller commits."""
    row.reason = CHANGED
    _conclude(row, Actor(None, None), REFUSED, "refuse")


def objection(row: SmkiDestruction, actor: Actor) -> Message | None:
    """Return what speaks against somebody's approving a destruction."""
    if row.state != PROPOSED:
        return Message(ENDED)
    rules, facts = destruction_rules(), reads.facts_of(row.package_id)
    proposer = registry.actor_for(row.proposed_by)
    owned = reading.owns(proposer, facts)
    return against_concluding(
        rules,
        person=actor.id or "",
        carried=roles.carried_by(actor),
        owns=reading.owns(actor, facts),
        proposed_by=row.proposed_by,
        proposed_as={row.proposed_as, *proposing(rules, roles.carried_by(proposer), owns=owned)},
    )


def may_propose(actor: Actor, package_id: str) -> bool:
    """Tell whether somebody proposes the destruction of a dataset's data."""
    owns = reading.owns(actor, reads.facts_of(package_id))
    return bool(proposing(destruction_rules(), roles.carried_by(actor), owns=owns))


def may_refuse(row: SmkiDestruction, actor: Actor) -> bool:
    """Tell whether somebody refuses a destruction, or withdraws it."""
    if not _refusable(row):
        return False
    role = concluding(destruction_rules(), roles.carried_by(actor))
    return row.proposed_by == actor.id or role is not None


def standing(package_id: str, actor: Actor) -> list[Message]:
    """Return why the data of a dataset may not be destroyed today, as somebody may read it."""
    errors: Errors = {}
    _standing(package_id, reading.term_of(package_id), actor, errors)
    return errors.get("", [])


def record(row: SmkiDestruction, actor: Actor, action: str, **more: Any) -> Any:
    """Write into the ledger of the dataset that a step was taken; never what was written.

    :returns: the receipt.
    """
    receipt = append(
        model.Session,
        event=f"smki.destruction_{action}",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=row.package_id,
        detail={
            "resources": [] if row.whole else sorted(row.files),
            "due": row.due,
            "digest": hashlib.sha256(f"{row.id}{row.assessment}".encode()).hexdigest(),
            **more,
        },
    )
    receipt.tell(row, "ledger_entry")
    model.Session.flush()
    return receipt


def _conclude(row: SmkiDestruction, actor: Actor, state: str, action: str) -> Any:
    told = {row.proposed_by, row.concluded_by or row.proposed_by} - {actor.id or ""}
    row.state = state
    row.concluded_by, row.concluded_at = actor.id, now()
    row.stopped = []
    row.concluded_as = concluding(destruction_rules(), roles.carried_by(actor))
    more = {"nomor": row.nomor, "sha256": row.sha256} if state == APPROVED else {}
    receipt = record(row, actor, action, **more)
    _tell(row, told, action)
    return receipt


def _standing(package_id: str, term: Any, actor: Actor, errors: Errors) -> None:
    """Say what the registers have against it, and what stops it."""
    against = against_term(term, days.today())
    found = reading.told(package_id, reading.stops_of(package_id), actor)
    if against is not None or found:
        errors[""] = [*([against] if against else []), *found]


def _refusable(row: SmkiDestruction) -> bool:
    return row.state == PROPOSED or (row.state == APPROVED and row.untouched)


def _may_conclude(row: SmkiDestruction, actor: Actor, errors: Errors) -> None:
    against = objection(row, actor)
    if against is not None:
        raise InvalidFields({"": [against]})


def _files(package_id: str, raw: Any, errors: Errors) -> list[str]:
    """Return the files that are named; none of them: the whole dataset."""
    kept = reading.files_of(package_id)
    if raw in (None, "", []):
        if not kept:
            errors.setdefault("", []).append(Message(NOTHING))
        return []
    ids = raw.split() if isinstance(raw, str) else raw
    if not isinstance(ids, list) or not all(isinstance(i, str) and i in kept for i in ids):
        errors["files"] = [Message(NO_FILE)]
        return []
    return sorted(set(ids))


def _witnesses(raw: Any, kinds_in: Kinds, errors: Errors) -> list[str]:
    """Return the offices of the witnesses, one on a line; a name of a person is none."""
    fewest = destruction_rules().fewest_witnesses
    lines = raw.splitlines() if isinstance(raw, str) else []
    found = [" ".join(line.split()) for line in lines if line.strip()]
    if len(found) < fewest:
        errors["witnesses"] = [Message(FEW, {"count": fewest})]
        return []
    if len(found) > MOST_WITNESSES:
        errors["witnesses"] = [Message(MANY, {"count": MOST_WITNESSES})]
        return []
    for line in found:
        problem, _ = written.read(line, kinds_in, 3, LINE, one_line=True)
        if problem is not None:
            errors["witnesses"] = [problem]
    if len({line.casefold() for line in found}) < len(found):
        errors["witnesses"] = [Message(TWICE)]
    return found


def _number(raw: Any, kinds_in: Kinds, errors: Errors) -> str:
    """Return the number of a paper; an identifier of a person is none."""
    problem, text = written.read(raw or "", kinds_in, 1, LINE, one_line=True)
    if problem is not None:
        errors["nomor"] = [problem]
        return ""
    return decree.normal(text or "")


def _concluders() -> set[str]:
    holders, known = roles.holders(), smki()
    return {
        person
        for role in destruction_rules().concluded_by
        for person in planning.carriers(known, role, holders)
    }


def _tell(row: SmkiDestruction, people: set[str], about: str) -> int:
    """Tell people of it: those alone who may know of the dataset."""
    return notices.tell(
        model.Session,
        "smki_destruction",
        people,
        dataset_id=row.package_id,
        about=f"{row.id}:{about}",
    )
