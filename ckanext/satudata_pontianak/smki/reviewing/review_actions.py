"""Actions of the management review: hold one, decide, and look at those that were held."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ... import days
from ...agencies import registry, words
from ...agencies.rules.duties import Actor
from ...agencies.rules.objection import read_date
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters
from .. import review, show
from ..records import numbered
from ..records.model import OPEN, SmkiTask
from ..records.reviewing_model import SmkiDecision, SmkiReview
from . import answers, meeting
from .committing import committed

MAX_ROWS = 500


def satudata_smki_review_hold(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ReviewRecorded:
    """Record that a management review was held; who leads it, or their deputy.

    The numbers of its year are kept as they stand. The task that asked for it is done by this.

    :param day: day on which it was held, as YYYY-MM-DD
    :param year: the year that it looked at (default: the year of ``day``)
    :param paper: number of the minutes
    :param opinion: what whoever led it says of the year, at least 10 characters; names no person
    """
    tk.check_access("satudata_smki_review_hold", context, data_dict)
    actor, this = registry.actor_from_context(context), days.today().year
    day = read_date(data_dict.get("day"))
    year = parameters.number(data_dict, "year", day.year if day else this, 2020, this)
    made = committed(lambda: meeting.hold(actor, year, data_dict, kinds_in))
    return {**_shown(made[0], actor), "receipt": made[1].as_dict()}


def satudata_smki_review_decide(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ReviewRecorded:
    """Record what the newest management review decided: it becomes a task of its role.

    :param review: number or id of the review
    :param text: what was decided, at least 10 characters; names no person
    :param role: who carries it out: a role of ``schemas/smki/roles.yaml``
    :param due: until when, as YYYY-MM-DD: within three years
    """
    tk.check_access("satudata_smki_review_decide", context, data_dict)
    actor = registry.actor_from_context(context)
    row = _found(data_dict)
    made = committed(lambda: meeting.decide(row, actor, data_dict, kinds_in))
    return {**_shown(row, actor), "receipt": made[1].as_dict()}


@tk.side_effect_free
def satudata_smki_review_list(context: types.Context, data_dict: dict[str, Any]) -> answers.Reviews:
    """Return the management reviews that were held, newest first.

    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_smki_review_list", context, data_dict)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    count, rows = meeting.held(limit, offset)
    leads = meeting.leads(registry.actor_from_context(context))
    return {"count": count, "leads": leads, "results": [_row(row) for row in rows]}


@tk.side_effect_free
def satudata_smki_review_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ReviewShown:
    """Return a management review: its numbers, its decisions, and what became of those before.

    :param review: its number or id
    """
    tk.check_access("satudata_smki_review_show", context, data_dict)
    return _shown(_found(data_dict), registry.actor_from_context(context))


def _found(data_dict: dict[str, Any]) -> SmkiReview:
    row = numbered.find(SmkiReview, parameters.reference(data_dict, "review"))
    if row is None:
        raise tk.ObjectNotFound(tk._("Review not found"))
    return row


def _row(row: SmkiReview) -> answers.ReviewRow:
    return {
        "id": row.id,
        "number": row.number,
        "year": row.year,
        "day": row.day.isoformat(),
        "paper": row.paper,
        "decisions": len(meeting.decisions(row)),
    }


def _shown(row: SmkiReview, actor: Actor) -> answers.ReviewShown:
    newest, before = meeting.last(), meeting.before(row)
    mine = meeting.decisions(row)
    earlier = meeting.decisions(before) if before is not None else []
    names = words.names_of(
        [
            row.held_by,
            *(task.done_by for _, task in (*mine, *earlier)),
            *(task.user_id for _, task in (*mine, *earlier)),
        ]
    )
    return {
        "id": row.id,
        "number": row.number,
        "year": row.year,
        "day": row.day.isoformat(),
        "paper": row.paper,
        "opinion": row.opinion,
        "role": row.role,
        "role_label": show.role_label(row.role),
        "held_by": names.get(row.held_by or ""),
        "numbers": review.seen(row.numbers, actor),
        "decisions": [_decision(*each, names) for each in mine],
        "before": [_decision(*each, names) for each in earlier],
        "decides": newest is not None and newest.id == row.id and meeting.leads(actor),
    }


def _decision(row: SmkiDecision, task: SmkiTask, names: dict[str, str]) -> answers.ReviewDecision:
    return {
        "number": row.number,
        "text": row.text,
        "role": row.role,
        "role_label": show.role_label(row.role),
        "due": row.due.isoformat(),
        "task": task.number,
        "user": names.get(task.user_id or ""),
        "state": task.state,
        "late": task.state == OPEN and task.due < days.today(),
        "done_at": task.done_at.isoformat() if task.done_at else None,
        "note": task.answers.get("note"),
        "proof": task.answers.get("paper"),
    }


def get_actions() -> dict[str, Any]:
    """Return the actions of the management review by name."""
    return {
        f.__name__: f
        for f in (
            satudata_smki_review_hold,
            satudata_smki_review_decide,
            satudata_smki_review_list,
            satudata_smki_review_show,
        )
    }
