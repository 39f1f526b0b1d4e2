"""Guided tours: steps on a practice dataset that only the learner sees, and a quiz at their end.

The practice dataset is a few words in a row of ``satudata_practice``: never a package, so that no
list, count, index or export can hold it. What is done enters the ledger as practice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ckan import model

from ... import days
from ...agencies.model import new_id
from ...agencies.rules.duties import Actor, Duty
from ...agencies.rules.objection import EMPTY
from ...classification.incidents.fields import Kinds
from ...classification.rules import indonesian
from ...classification.rules.axes import AXES, classification
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from .. import filling, registers
from ..records.cooperation_model import Practice
from ..records.model import SmkiEntry, now
from ..rules import written
from ..rules.registers import registers as definition
from ..rules.training import TEXTS, Course, TourStep, right_answers, training
from ..sources import PREFIXES

SHORTEST = 5
TRIES = 20

NOT_BEGUN = N_("Begin the tour first.")
NOT_DONE = N_("Go through all steps of the tour first.")
ALL_DONE = N_("All steps are done: go on to the quiz.")
NOT_THIS = N_("Go on with step %(number)s.")
ENOUGH = N_("This quiz was tried often. Begin the tour anew and go through it once more.")
WRONG = N_("Not passed: %(right)s of %(asked)s are right. Look once more at: %(numbers)s.")
UNANSWERED = N_("Answer every question.")
PASSED = N_("Quiz of the portal: %(course)s, %(right)s of %(asked)s right")


def mine(actor: Actor) -> set[str]:
    """Return the courses of the duties that somebody has."""
    return {
        name
        for name, course in training().courses.items()
        if course.duty in actor.duties or (course.duty is Duty.PRODUSEN and actor.publishes_for)
    }


def taken(actor: Actor) -> dict[str, Practice]:
    """Return course → the tour that somebody takes or took."""
    query = sa.select(Practice).where(Practice.user_id == actor.id)
    return {row.course: row for row in model.Session.scalars(query)}


def found(actor: Actor, course: str, *, lock: bool = False) -> Practice | None:
    """Return the tour of somebody, their own alone."""
    query = sa.select(Practice).where(Practice.user_id == actor.id, Practice.course == course)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return model.Session.scalars(query).one_or_none()


def begin(actor: Actor, course: Course) -> Any:
    """Begin a tour, or begin it anew; that it was passed before stays. The caller commits."""
    fresh: dict[str, Any] = {"title": "", "axes": {}, "state": course.starts}
    if course.begins:
        title = indonesian.translator()(course.begins.title)
        fresh |= {"title": title, "axes": {**course.begins.axes}}
    values = {
        "id": new_id(),
        "user_id": actor.id,
        "course": course.name,
        "step": 0,
        "dataset": fresh,
        "begun_at": now(),
        "tried": 0,
    }
    again = {name: values[name] for name in ("step", "dataset", "begun_at", "tried")}
    statement = postgresql.insert(Practice).values(values)
    statement = statement.on_conflict_do_update(index_elements=["user_id", "course"], set_=again)
    model.Session.execute(statement)
    model.Session.expire_all()
    return _recorded(actor, course, "begun", 0)


def go_on(
    row: Practice | None,
    actor: Actor,
    course: Course,
    step: int,
    given: Mapping[str, Any],
    kinds_in: Kinds,
) -> Any:
    """Do a step of a tour; the caller commits.

    :param step: its number from 1 on; a step that was sent twice is done once.
    :param given: what the learner chose or wrote as ``value``, or as ``values`` by axis.
    :raises InvalidFields: it is not the next step, or the value is wrong.
    """
    if row is None:
        raise InvalidFields({"": [Message(NOT_BEGUN)]})
    if row.step >= len(course.steps):
        raise InvalidFields({"": [Message(ALL_DONE)]})
    if step != row.step + 1:
        raise InvalidFields({"step": [Message(NOT_THIS, {"number": row.step + 1})]})
    row.dataset = _done(row.dataset, course.steps[row.step], given, kinds_in)
    row.step += 1
    return _recorded(actor, course, "step", row.step)


def _done(
    dataset: Mapping[str, Any], step: TourStep, given: Mapping[str, Any], kinds_in: Kinds
) -> dict[str, Any]:
    """Return the practice dataset after a step.

    :raises InvalidFields: what is asked for is missing, too long, personal, or not the right one.
    """
    does, made = step.does, dict(dataset)
    errors: dict[str, list[Message]] = {}
    if does is not None and does.choices:
        chosen = written.choice("value", given, does.choices, errors)
        if not errors and chosen != does.right:
            errors["value"] = [Message(does.message)]
    elif does is not None and does.axes:
        values = given.get("values")
        axes = values if isinstance(values, Mapping) else {}
        for axis, right in does.axes.items():
            if written.choice(axis, axes, classification().axes[axis]["values"], errors) != right:
                errors.setdefault(axis, [Message(does.message)])
        made["axes"] = {axis: axes.get(axis) for axis in AXES}
    elif does is not None and does.field in TEXTS:
        value, most = given.get("value"), TEXTS[does.field]
        problem, text = (
            written.read(value, kinds_in, SHORTEST, most, one_line=does.field == "title")
            if isinstance(value, str) and value
            else (Message(EMPTY), None)
        )
        if problem is not None:
            errors["value"] = [problem]
        made[does.field] = text
    if errors:
        raise InvalidFields(errors)
    return {**made, "state": step.becomes or made["state"]}


def answer(row: Practice | None, actor: Actor, course: Course, given: Mapping[str, Any]) -> Any:
    """Answer the quiz; passing it stands in the register of people. The caller commits.

    :param given: number of a question → the choice.
    :returns: the receipt where it was passed, and what is said where it was not.
    :raises InvalidFields: the tour is not done, or a question is open.
    """
    if row is None or row.step < len(course.steps):
        raise InvalidFields({"": [Message(NOT_DONE)]})
    names = {str(number) for number in range(1, len(course.quiz) + 1)}
    if {key for key, value in given.items() if isinstance(value, str) and value} != names:
        raise InvalidFields({"values": [Message(UNANSWERED)]})
    if row.tried >= TRIES:
        raise InvalidFields({"": [Message(ENOUGH)]})
    right, asked = right_answers(course, given), len(course.quiz)
    row.tried += 1
    if not training().passes(len(right), asked):
        wrong = [number for number in range(1, asked + 1) if number not in right]
        said = {"right": len(right), "asked": asked, "numbers": wrong}
        _recorded(actor, course, "failed", row.step)
        return None, Message(WRONG, said)
    row.passed_at, row.right = now(), len(right)
    receipt = _recorded(actor, course, "passed", row.step)
    receipt.tell(row, "ledger_entry")
    _write_down(actor, course, len(right))
    return receipt, None


def _write_down(actor: Actor, course: Course, right: int) -> None:
    """Write into the register of people that somebody was trained today for a duty of theirs.

    The number of a certificate that people wrote there stays before it.
    """
    if course.name not in mine(actor):
        return
    register = definition().registers[registers.PEOPLE]
    filling.fill(register)
    query = (
        sa.select(SmkiEntry)
        .where(
            SmkiEntry.register == register.name,
            SmkiEntry.key == f"{PREFIXES['people']}{actor.id}",
            SmkiEntry.ended_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    line = model.Session.scalars(query).one_or_none()
    if line is None:
        return
    translate = indonesian.translator()
    said = {"course": translate(course.label), "right": right, "asked": len(course.quiz)}
    quiz = translate(PASSED)
    by_hand = [
        part
        for part in str(line.written.get("training") or "").split("; ")
        if part and not part.startswith(quiz.partition("%")[0])
    ]
    text = "; ".join([*by_hand, quiz % said])
    longest = register.fields["training"].max_length or 0
    kept = {"trained": days.today().isoformat()}
    kept["training"] = text if len(text) <= longest else "; ".join(by_hand)
    line.written = {**line.written, **kept}
    line.changed_by, line.changed_at = actor.id, now()
    model.Session.flush()
    registers.record(line, actor, "smki.entry_saved")


def _recorded(actor: Actor, course: Course, what: str, step: int) -> Any:
    model.Session.flush()
    return append(
        model.Session,
        event=f"training.{what}",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"kind": course.name, "number": step},
    )
