"""Actions of the queue: what waits, how much of it, and one act for many."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ... import days
from ...agencies import registry
from ..cases import batches
from ..cases.answers import Batch
from ..holds import holds
from ..records import parameters
from ..rules.axes import classification
from ..rules.definition import KINDS, workflow
from ..rules.workflow import DUTY_LABELS
from ..versions.likeness import LIKENESS, VERDICTS
from . import queue_rows
from .answers import Cases
from .queue import DUE, SORTS, Queue, Wanted

MAX_ROWS = 500


@tk.side_effect_free
def satudata_classification_list(context: types.Context, data_dict: dict[str, Any]) -> Cases:
    """Return open cases: what the check failed on top, then the soonest deadline.

    :param state: only cases in this state
    :param holder: only cases held by this duty
    :param mine: only cases that lie on the caller's own desks (default: true)
    :param kind: only cases of this kind: ``classify``, ``remove``, ``move``
    :param agency: only datasets of this agency (id or name)
    :param level: only cases at this level, as assessed or else proposed
    :param scan: only cases whose files have this worst verdict
    :param likeness: ``new``, ``unchanged`` or ``changed`` against the decision in force
    :param overdue: only cases past their deadline (default: false)
    :param q: only datasets with this text in title or name
    :param group: only cases of this group, as ``groups`` names it
    :param ids: only these datasets (list of ids or names, at most 500)
    :param groups: also give the groups of like cases (default: false)
    :param details: also give of each case what a batch needs (default: false)
    :param holds: also give the holds that wait for the caller's word (default: false)
    :param sort: ``due``, ``title``, ``agency``, ``state``, ``submitted`` or ``scan``, with a minus
        before it the other way round (default: ``due``, below what the check failed)
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_classification_list", context, data_dict)
    actor = registry.actor_from_context(context)
    queue = Queue(actor, _wanted(data_dict))
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    details = parameters.flag(data_dict, "details", default=False)
    result: Cases = {"count": queue.count(), "results": []}
    if limit and offset < result["count"]:
        found, groups = queue.page(limit, offset)
        result["results"] = queue_rows.rows(actor, found, groups, details=details)
    if parameters.flag(data_dict, "groups", default=False):
        result["groups"] = [queue_rows.group_dict(group) for group in queue.groups()]
    if parameters.flag(data_dict, "holds", default=False):
        result["holds"] = holds.waiting_for(actor, days.today())
    return result


def _wanted(data_dict: dict[str, Any]) -> Wanted:
    """Return what is asked for.

    :raises ckan.plugins.toolkit.ValidationError: a filter has a value that does not exist.
    """
    states = workflow().states
    state = parameters.choice(data_dict, "state", states, tk._("There is no such state."))
    holder = parameters.choice(data_dict, "holder", DUTY_LABELS)
    agency = parameters.line(data_dict, "agency")
    known = registry.agency(agency)
    if agency and known is None:
        raise tk.ValidationError({"agency": [tk._("There is no such agency.")]})
    return Wanted(
        states=[
            name
            for name, spec in states.items()
            if not spec.end and state in ("", name) and holder in ("", spec.holder)
        ],
        mine=parameters.flag(data_dict, "mine", default=True),
        kind=parameters.choice(data_dict, "kind", KINDS),
        agency=known.id if known else "",
        level=parameters.choice(data_dict, "level", classification().levels),
        scan=parameters.choice(data_dict, "scan", VERDICTS),
        likeness=parameters.choice(data_dict, "likeness", LIKENESS),
        overdue=parameters.flag(data_dict, "overdue", default=False),
        text=parameters.line(data_dict, "q"),
        group=parameters.line(data_dict, "group"),
        datasets=parameters.names(data_dict, "ids", MAX_ROWS),
        sort=parameters.choice(data_dict, "sort", [*SORTS, *(f"-{s}" for s in SORTS)]) or DUE,
    )


def satudata_classification_batch(context: types.Context, data_dict: dict[str, Any]) -> Batch:
    """Take the same step in many cases: one act, one record for each.

    Each item is a transaction of its own: what one refuses does not undo the others. Sent
    again, whatever came of the first time, it decides only the rest: an item with the evidence
    on which the caller took this very step already is told as done, with its first receipt.

    :param items: list of ``{"id": …, "evidence": …}``, 1–500; evidence as for a single step
    :param transition: name of the step

    Further parameters are the fields of the step, the same for all.
    """
    tk.check_access("satudata_classification_transition", context, data_dict)
    actor = registry.actor_from_context(context)
    if actor.anonymous:
        raise tk.NotAuthorized(tk._("Log in to take a step in a case."))
    name = parameters.text(data_dict, "transition")
    items = batches.items_of(data_dict)
    fields = {k: v for k, v in data_dict.items() if k not in ("items", "transition")}
    return batches.take(context, actor, items, name, fields)


def get_actions() -> dict[str, Any]:
    """Return the actions of the queue by name."""
    return {f.__name__: f for f in (satudata_classification_list, satudata_classification_batch)}
