"""Actions of the review of rights: the list as it stands, and what is answered of its lines."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ...agencies import registry, words
from ...classification.records import parameters
from .. import show
from ..records import numbered
from ..records.model import OPEN, SmkiTask
from ..rules import rights as rules
from ..rules.rights import Right
from . import answers, rights
from .committing import committed

MAX_ROWS = 500
MOST = 100
STATES = ("waiting", "all")


@tk.side_effect_free
def satudata_smki_rights_list(context: types.Context, data_dict: dict[str, Any]) -> answers.Rights:
    """Return the rights that people have, line by line, and what a review answered of them.

    For who reads the register of people.

    :param task: number or id of the task of the review
    :param state: ``waiting`` (default) for lines that nobody answered yet, or ``all``
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_smki_rights_list", context, data_dict)
    task = _task(data_dict)
    state = parameters.choice(data_dict, "state", STATES) or STATES[0]
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    actor = registry.actor_from_context(context)
    review = rights.of(task)
    waiting = review.waiting
    wanted = review.lines if state == "all" else waiting
    people = rights.accounts({right.person for right in wanted})
    ordered = sorted(wanted, key=lambda r: (people[r.person].called.casefold(), r.key))
    rows = ordered[offset : offset + limit]
    names = words.names_of(a.by for right in rows if (a := review.answered(right)) is not None)
    return {
        "task": task.number,
        "open": task.state == OPEN,
        "count": len(ordered),
        "all": len(review.lines),
        "answered": len(review.lines) - len(waiting),
        "own": sum(right.person == actor.id for right in waiting),
        "results": [
            _line(right, people[right.person], review, names, own=right.person == actor.id)
            for right in rows
        ],
    }


def satudata_smki_rights_answer(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.RightsAnswered:
    """Confirm rights line by line, or say that they are to be withdrawn; not one's own.

    Each that is to be withdrawn becomes a task.

    :param task: number or id of the task of the review
    :param confirmed: ids of lines that stay
    :param withdrawn: ids of lines that are to be withdrawn
    """
    tk.check_access("satudata_smki_rights_answer", context, data_dict)
    task = _task(data_dict, lock=True)
    actor = registry.actor_from_context(context)
    confirmed = parameters.names(data_dict, "confirmed", MOST) or []
    withdrawn = parameters.names(data_dict, "withdrawn", MOST) or []
    receipt = committed(lambda: rights.answer(task, actor, confirmed, withdrawn))
    review = rights.of(task)
    return {
        "confirmed": len(set(confirmed)),
        "withdrawn": len(set(withdrawn)),
        "all": len(review.lines),
        "answered": len(review.lines) - len(review.waiting),
        "receipt": receipt.as_dict() if receipt is not None else None,
    }


def _task(data_dict: dict[str, Any], *, lock: bool = False) -> SmkiTask:
    row = numbered.find(SmkiTask, parameters.reference(data_dict, "task"), lock=lock)
    if row is None or row.kind != rights.TASK:
        raise tk.ObjectNotFound(tk._("Task not found"))
    return row


def _line(
    right: Right,
    account: rights.Account,
    review: rights.Review,
    names: dict[str, str],
    *,
    own: bool,
) -> answers.RightLine:
    answered = review.answered(right)
    before = review.answers.get(right.key)
    agency = registry.agency(right.place) if right.kind in ("member", "delegation") else None
    return {
        "id": right.id,
        "kind": right.kind,
        "user": account.name,
        "person": account.called,
        "agency": agency.title or agency.name if agency else None,
        "agency_id": agency.id if agency else None,
        "role": show.role_label(right.place) if right.kind == "role" else None,
        "capacity": tk._(rules.CAPACITIES[right.values["capacity"]])
        if right.values.get("capacity") in rules.CAPACITIES
        else None,
        "duties": [words.duty_label(duty) for duty in right.values.get("duties", ())],
        "until": right.values.get("until"),
        "seen": account.seen.isoformat() if account.seen else None,
        "second_factor": account.factor,
        "verdict": answered.verdict if answered else None,
        "by": names.get(answered.by or "") if answered else None,
        "at": answered.at.isoformat() if answered else None,
        "new": before is None or before.line != right.id,
        "own": own,
    }


def get_actions() -> dict[str, Any]:
    """Return the actions of the review of rights by name."""
    return {f.__name__: f for f in (satudata_smki_rights_list, satudata_smki_rights_answer)}
