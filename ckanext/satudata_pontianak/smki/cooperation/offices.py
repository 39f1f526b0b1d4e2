"""An agency from inside: who holds which office, what is open, how long its answers took."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import clock, days
from ...agencies import registry, words
from ...agencies.rules.duties import CAPACITIES, Actor, Agency
from ...classification.desk.queue import Queue, Wanted
from ...classification.records import parameters
from ...classification.rules import deadlines
from ...classification.rules.definition import workflow
from ...msgids import N_
from ..records.cooperation_model import AgencyTask, AgencyTaskStep
from ..records.help_model import Question
from ..rules.cooperation import CLOSED, cooperation
from . import answers, handed, help_desk, help_showing, helped, showing

OFFICES = {
    "admin": N_("Heads the agency on the portal"),
    "editor": N_("Brings data"),
    "member": N_("Member"),
}
FEWEST = 5
"""Of fewer answers no number is told: it would tell of single ones."""
SPAN = dt.timedelta(days=365)
MOST_TASKS = 20


@tk.side_effect_free
def satudata_agency_office(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AgencyOffice:
    """Return an agency from inside: people by office, open items as the caller sees them, times.

    For members of an agency.

    :param id: id or name of the agency
    """
    tk.check_access("satudata_agency_office", context, data_dict)
    actor = registry.actor_from_context(context)
    agency = registry.agency(parameters.text(data_dict, "id"))
    if agency is None:
        raise tk.ObjectNotFound(tk._("Agency not found"))
    rows = _open_tasks(agency, actor)
    waiting = [row for row in rows if _waits_for(row) == agency.id]
    answered, told = _days_of_answers(agency), _days_of_help(agency)
    of_help = help_showing.topics(help_desk.texts_for(actor))
    return {
        "name": agency.name,
        "title": agency.title,
        "duties": sorted(words.duty_label(duty) for duty in agency.roles),
        "offices": _offices(agency),
        "cases": _cases(agency, actor, overdue=False),
        "cases_overdue": _cases(agency, actor, overdue=True),
        "tasks_waiting": len(waiting),
        "tasks_late": sum(row.due < days.today() for row in waiting),
        "tasks": showing.task_rows(rows[:MOST_TASKS], actor),
        "answers": len(answered),
        "answer_days": _median(answered),
        "questions": len(told),
        "question_days": _median(told),
        "help": [each for each in of_help if each["topic"] in agency.roles],
        "helped": helped.of(agency, actor),
    }


def _offices(agency: Agency) -> list[answers.Office]:
    member: Any = model.Member
    query = sa.select(member.capacity, model.User.id).join(
        model.User, model.User.id == member.table_id
    )
    query = query.where(
        member.table_name == "user",
        member.state == "active",
        member.group_id == agency.id,
        member.capacity.in_(CAPACITIES),
        model.User.state == "active",
    )
    rows = model.Session.execute(query).tuples().all()
    names = words.names_of(user for _, user in rows)
    found: list[answers.Office] = [
        {
            "office": capacity,
            "label": tk._(label),
            "people": sorted(names[user] for held, user in rows if held == capacity),
        }
        for capacity, label in OFFICES.items()
    ]
    today = days.today()
    acting = [
        each.user_id
        for each in registry.standing_delegations()
        if each.agency_id == agency.id and each.holds_on(today)
    ]
    called = words.names_of(acting)
    deputies = sorted(called[user] for user in acting if user in called)
    found.append({"office": "delegate", "label": tk._("Acts by delegation"), "people": deputies})
    return [each for each in found if each["people"]]


def _cases(agency: Agency, actor: Actor, *, overdue: bool) -> int:
    """Return how many open cases of an agency's datasets somebody sees."""
    states = [name for name, spec in workflow().states.items() if not spec.end]
    return Queue(
        actor, Wanted(states=states, mine=False, agency=agency.id, overdue=overdue)
    ).count()


def _open_tasks(agency: Agency, actor: Actor) -> list[AgencyTask]:
    query = sa.select(AgencyTask).where(
        handed.seen_by(actor),
        sa.or_(AgencyTask.sender_id == agency.id, AgencyTask.receiver_id == agency.id),
        AgencyTask.state != CLOSED,
    )
    return list(model.Session.scalars(query.order_by(AgencyTask.due, AgencyTask.number)))


def _waits_for(row: AgencyTask) -> str:
    spec = cooperation().states[row.state]  # type: ignore[index]
    return row.sender_id if spec.waits_for == "sender" else row.receiver_id


def _days_of_answers(agency: Agency) -> list[int]:
    """Return after how many working days the agency first answered tasks, in the last year."""
    step = AgencyTaskStep
    query = (
        sa.select(AgencyTask.handed_at, sa.func.min(step.at))
        .join(AgencyTask, AgencyTask.id == step.task_id)
        .where(
            AgencyTask.source.is_(None),
            step.step == "answer",
            step.agency_id == agency.id,
            step.at > clock.now() - SPAN,
        )
        .group_by(AgencyTask.id)
    )
    return _days_between(model.Session.execute(query).tuples())


def _days_of_help(agency: Agency) -> list[int]:
    """Return after how many working days the agency answered questions, in the last year."""
    query = sa.select(Question.asked_at, Question.first_answered_at).where(
        Question.answered_for == agency.id,
        Question.first_answered_at > clock.now() - SPAN,
    )
    return _days_between(model.Session.execute(query).tuples())


def _days_between(moments: Iterable[tuple[dt.datetime, Any]]) -> list[int]:
    zone = days.CITY
    return [
        deadlines.working_days_between(
            begun.astimezone(zone).date(), answered.astimezone(zone).date()
        )
        for begun, answered in moments
    ]


def _median(found: list[int]) -> float | None:
    return statistics.median(found) if len(found) >= FEWEST else None


def get_actions() -> dict[str, Any]:
    """Return the action of this module by name."""
    return {"satudata_agency_office": satudata_agency_office}
