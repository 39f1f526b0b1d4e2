"""Actions on tasks between agencies and on the Forum Satu Data: thin, each a call into the room."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...access.reading import guard
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters
from ..records import numbered, roles
from ..records.committing import committed
from ..records.cooperation_model import AgencyTask, ForumMeeting
from ..records.model import SmkiTask
from ..rules.cooperation import CLOSED, cooperation
from . import agenda, answers, forum, handed, knowing, security_tasks, showing

MAX_ROWS = 500


def satudata_agency_task_create(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AgencyTaskRecorded:
    """Hand a task to another agency; who brings data for an agency, as editor or admin.

    :param agency: id or name of the agency that it is handed to
    :param sender: id or name of the caller's agency, where they have several
    :param subject: what it is about, 10–100 characters; names no person
    :param text: what is asked for, at least 10 characters; names no person
    :param security_task: number or id of a task of information security that the caller may do,
        instead of ``subject``: its name says what it is about, and it stays with its owner
    """
    tk.check_access("satudata_agency_task_create", context, data_dict)
    actor = registry.actor_from_context(context)
    of = _security_task(data_dict, actor)

    def act() -> Any:
        if of is None:
            return handed.hand(actor, data_dict, kinds_in)
        return security_tasks.hand(of, actor, data_dict, kinds_in)

    row, receipt = committed(act)
    return {**showing.task(row, actor), "receipt": receipt.as_dict()}


def satudata_agency_task_step(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AgencyTaskRecorded:
    """Take a step of a task between agencies, as ``schemas/cooperation.yaml`` has them.

    :param task: its number or id
    :param step: ``take``, ``send_back``, ``answer``, ``hand_on``, ``ask_again``,
        ``close`` or ``note``
    :param text: what is said, at least 10 characters; names no person
    :param agency: of ``hand_on``: id or name of the agency that it goes to
    :param id: of ``note``: id or name of a dataset that it is about
    """
    tk.check_access("satudata_agency_task_step", context, data_dict)
    actor = registry.actor_from_context(context)
    row = _task(data_dict, actor, lock=True)
    step = parameters.choice(data_dict, "step", cooperation().steps)
    package = _dataset(data_dict, actor)
    receipt = committed(lambda: handed.step(row, actor, step, data_dict, kinds_in, package))
    return {**showing.task(row, actor), "receipt": receipt.as_dict()}


@tk.side_effect_free
def satudata_agency_task_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AgencyTasks:
    """Return the tasks of the caller's agencies; for Walidata all of them.

    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_agency_task_list", context, data_dict)
    actor = registry.actor_from_context(context)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    query = sa.select(AgencyTask).where(handed.seen_by(actor))
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    order = (
        AgencyTask.state == CLOSED,
        sa.case((AgencyTask.state != CLOSED, AgencyTask.due)),
        AgencyTask.number.desc(),
    )
    rows = list(model.Session.scalars(query.order_by(*order).limit(limit).offset(offset)))
    mine = [showing.agency(each) for each in handed.senders(actor)]
    return {
        "count": int(count or 0),
        "senders": [each for each in mine if each is not None],
        "results": showing.task_rows(rows, actor),
    }


@tk.side_effect_free
def satudata_agency_task_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AgencyTaskShown:
    """Return a task between agencies with what was done, for members of both and Walidata.

    :param task: its number or id
    """
    tk.check_access("satudata_agency_task_show", context, data_dict)
    actor = registry.actor_from_context(context)
    return showing.task(_task(data_dict, actor), actor)


@tk.side_effect_free
def satudata_forum_agenda(context: types.Context, data_dict: dict[str, Any]) -> answers.Agenda:
    """Return what the Forum Satu Data has to look at today, as far as the caller may know of it."""
    tk.check_access("satudata_forum_agenda", context, data_dict)
    actor = registry.actor_from_context(context)
    return {"leads": forum.leads(actor), "results": showing.items(agenda.items(actor))}


@tk.side_effect_free
def satudata_forum_list(context: types.Context, data_dict: dict[str, Any]) -> answers.ForumMeetings:
    """Return the meetings of the Forum Satu Data, newest first.

    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_forum_list", context, data_dict)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    count, rows = forum.held(limit, offset)
    return {"count": count, "results": [showing.meeting_row(row) for row in rows]}


@tk.side_effect_free
def satudata_forum_show(context: types.Context, data_dict: dict[str, Any]) -> answers.ForumShown:
    """Return a meeting of the forum, as far as the caller may know of it.

    :param meeting: its number or id
    """
    tk.check_access("satudata_forum_show", context, data_dict)
    return showing.meeting(_meeting(data_dict), registry.actor_from_context(context))


def satudata_forum_hold(context: types.Context, data_dict: dict[str, Any]) -> answers.ForumRecorded:
    """Record that the forum met, with its agenda as it stands; Walidata, who leads it.

    :param day: day of the meeting, as YYYY-MM-DD
    :param paper: number of the minutes
    :param minutes: what was said, at least 10 characters; names no person and no hidden dataset
    """
    tk.check_access("satudata_forum_hold", context, data_dict)
    actor = registry.actor_from_context(context)
    row, receipt = committed(lambda: forum.hold(actor, data_dict, kinds_in))
    return {**showing.meeting(row, actor), "receipt": receipt.as_dict()}


def satudata_forum_decide(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ForumRecorded:
    """Record what the newest meeting of the forum decided: it becomes a task of an agency.

    :param meeting: its number or id
    :param text: what was decided, at least 10 characters; names no person
    :param agency: id or name of the agency that carries it out
    :param due: until when, as YYYY-MM-DD: within three years
    :param item: of the meeting's agenda, what it settles
    """
    tk.check_access("satudata_forum_decide", context, data_dict)
    actor, row = registry.actor_from_context(context), _meeting(data_dict)
    _, receipt = committed(lambda: forum.decide(row, actor, data_dict, kinds_in))
    return {**showing.meeting(row, actor), "receipt": receipt.as_dict()}


def _task(data_dict: dict[str, Any], actor: Actor, *, lock: bool = False) -> AgencyTask:
    """Return the task that a call names, if it is for the caller.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    row = numbered.find(AgencyTask, parameters.reference(data_dict, "task"), lock=lock)
    if row is None or not handed.sees(actor, row):
        raise tk.ObjectNotFound(tk._("Task not found"))
    return row


def _security_task(data_dict: dict[str, Any], actor: Actor) -> SmkiTask | None:
    """Return the task of information security that a call names, if it names one.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or the caller sees none.
    """
    if data_dict.get("security_task") in (None, ""):
        return None
    row = numbered.find(SmkiTask, parameters.reference(data_dict, "security_task"))
    if row is None or not roles.inside(actor):
        raise tk.ObjectNotFound(tk._("Task not found"))
    return row


def _meeting(data_dict: dict[str, Any]) -> ForumMeeting:
    row = numbered.find(ForumMeeting, parameters.reference(data_dict, "meeting"))
    if row is None:
        raise tk.ObjectNotFound(tk._("Meeting not found"))
    return row


def _dataset(data_dict: dict[str, Any], actor: Actor) -> model.Package | None:
    """Return the dataset that a call names, if it names one and the caller may know of it.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for them.
    """
    named = parameters.line(data_dict, "id")
    if not named:
        return None
    package = model.Package.get(guard.dataset_id_of(named))
    if package is None or not knowing.known(actor, [package.id]):
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return package


def get_actions() -> dict[str, Any]:
    """Return the actions of this room by name."""
    return {
        f.__name__: f
        for f in (
            satudata_agency_task_create,
            satudata_agency_task_step,
            satudata_agency_task_list,
            satudata_agency_task_show,
            satudata_forum_agenda,
            satudata_forum_list,
            satudata_forum_show,
            satudata_forum_hold,
            satudata_forum_decide,
        )
    }
