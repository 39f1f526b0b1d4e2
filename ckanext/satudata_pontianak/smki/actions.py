"""Actions of information-security management: thin, each one call into the room."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from .. import days
from ..agencies import registry
from ..agencies.rules.objection import EMPTY
from ..classification.incidents.steps import kinds_in
from ..classification.records import parameters
from ..classification.requests.actions import tried
from . import answers, review, show, tasks
from .cooperation import security_tasks, showing
from .records import numbered
from .records.model import SmkiTask
from .reviewing import gates
from .rules.definition import smki

MAX_ROWS = 500
STATES = ("open", "done", "mended")


@tk.side_effect_free
def satudata_smki_board(context: types.Context, data_dict: dict[str, Any]) -> answers.Board:
    """Return how information security stands today: controls, roles, and the caller's tasks.

    For whoever carries a role of it, and system administrators. It names no dataset.
    """
    tk.check_access("satudata_smki_board", context, data_dict)
    return show.board(registry.actor_from_context(context))


@tk.side_effect_free
def satudata_smki_control_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ControlShown:
    """Return a control: why it is there, what mends it, and how it stood before.

    :param control: its name
    """
    tk.check_access("satudata_smki_control_show", context, data_dict)
    spec = smki().controls.controls.get(parameters.text(data_dict, "control"))
    if spec is None:
        raise tk.ObjectNotFound(tk._("Control not found"))
    return show.control(spec)


@tk.side_effect_free
def satudata_smki_task_list(context: types.Context, data_dict: dict[str, Any]) -> answers.Tasks:
    """Return tasks, open ones by their deadline, others newest first.

    :param state: ``open`` (default), ``done`` or ``mended``
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_smki_task_list", context, data_dict)
    state = parameters.choice(data_dict, "state", STATES) or STATES[0]
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    order = SmkiTask.due if state == STATES[0] else SmkiTask.done_at.desc()
    query = sa.select(SmkiTask).where(SmkiTask.state == state)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    rows = list(
        model.Session.scalars(query.order_by(order, SmkiTask.number).limit(limit).offset(offset))
    )
    actor = registry.actor_from_context(context)
    return {"count": int(count or 0), "results": show.task_list(rows, actor)}


@tk.side_effect_free
def satudata_smki_task_show(context: types.Context, data_dict: dict[str, Any]) -> answers.TaskShown:
    """Return a task, with what other agencies were asked to do of it.

    :param task: its number or id
    """
    tk.check_access("satudata_smki_task_show", context, data_dict)
    row, actor = _task(data_dict), registry.actor_from_context(context)
    return {
        **show.task_list([row], actor)[0],
        "hands_on": security_tasks.able(row, actor),
        "handed": showing.of_security(row, actor),
    }


def satudata_smki_task_begin(context: types.Context, data_dict: dict[str, Any]) -> answers.Task:
    """Begin a task whose event has come; it is handed to who carries its role.

    Not while one that was begun on the same day is open.

    :param kind: the name of a task of an event
    """
    tk.check_access("satudata_smki_task_begin", context, data_dict)
    actor = registry.actor_from_context(context)
    known = [spec.name for spec in smki().tasks.begun]
    kind = parameters.choice(data_dict, "kind", known)
    if not kind:
        raise tk.ValidationError({"kind": [tk._(EMPTY)]})

    def act() -> Any:
        row = tasks.begin(kind, actor)
        model.Session.commit()
        return row

    return show.task_list([tried(act)], actor)[0]


def satudata_smki_task_do(context: types.Context, data_dict: dict[str, Any]) -> answers.TaskDone:
    """Record that a task was done, with what was found; who carries its role, or a deputy.

    :param task: its number or id
    :param result: ``in_order``, ``mended`` or ``open``
    :param note: what was looked at and what was found; names no person
    :param paper: number of the letter or minutes
    :param day: day on which it was done, as YYYY-MM-DD
    """
    tk.check_access("satudata_smki_task_do", context, data_dict)
    actor = registry.actor_from_context(context)
    row = _task(data_dict, lock=True)

    def act() -> Any:
        gates.check(row, actor)
        receipt = tasks.do(row, actor, data_dict, kinds_in)
        model.Session.commit()
        return receipt

    receipt = tried(act)
    return {**show.task_list([row], actor)[0], "receipt": receipt.as_dict()}


@tk.side_effect_free
def satudata_smki_plan(context: types.Context, data_dict: dict[str, Any]) -> answers.Plan:
    """Return the tasks of a year by person, as roles stand today.

    :param year: the year (default: this one)
    """
    tk.check_access("satudata_smki_plan", context, data_dict)
    this = days.today().year
    return show.plan(parameters.number(data_dict, "year", this, 2020, this + 5))


@tk.side_effect_free
def satudata_smki_review(context: types.Context, data_dict: dict[str, Any]) -> answers.Review:
    """Return the numbers of a year for the management review: tasks, controls, findings and more.

    Incidents and risks are counted for who sees them.

    :param year: the year (default: this one)
    """
    tk.check_access("satudata_smki_review", context, data_dict)
    this = days.today().year
    return review.numbers(
        parameters.number(data_dict, "year", this, 2020, this),
        actor=registry.actor_from_context(context),
    )


def _task(data_dict: dict[str, Any], *, lock: bool = False) -> SmkiTask:
    """Return the task that a call names by number or id.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none.
    """
    row = numbered.find(SmkiTask, parameters.reference(data_dict, "task"), lock=lock)
    if row is None:
        raise tk.ObjectNotFound(tk._("Task not found"))
    return row


def get_actions() -> dict[str, Any]:
    """Return the actions of this room by name."""
    return {
        f.__name__: f
        for f in (
            satudata_smki_board,
            satudata_smki_control_show,
            satudata_smki_task_list,
            satudata_smki_task_show,
            satudata_smki_task_begin,
            satudata_smki_task_do,
            satudata_smki_plan,
            satudata_smki_review,
        )
    }
