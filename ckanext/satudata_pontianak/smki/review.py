"""What the management review of a year starts from: the year's own numbers, counted anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import days
from ..agencies.rules.duties import Actor
from . import answers, incidents, registers, show, tasks
from .records import roles
from .records.model import (
    OPEN,
    SmkiControlChange,
    SmkiEntry,
    SmkiFinding,
    SmkiIncident,
    SmkiTask,
    now,
)
from .rules import risks
from .rules.definition import smki
from .rules.evidence import Status
from .rules.registers import registers as definition

Kept = Mapping[str, Any]
INDICATORS = "indicators"
"""Kept beside the numbers of a review: what the evidence measured of the year, for its minutes."""


def numbers(year: int, today: dt.date | None = None, actor: Actor | None = None) -> answers.Review:
    """Return the numbers of a year: tasks by role, controls, findings, incidents and risks.

    A task belongs to the year in which it was handed out. Days on which a control was red are
    counted from the day it turned red to the one before it turned otherwise, within the year.

    :param today: until when a year that runs is counted.
    :param actor: who reads them: incidents and risks are counted for who sees them alone;
        ``None``: for nobody.
    """
    day, last = today or days.today(), dt.date(year, 12, 31)
    # A year that is over is counted to the end of its last day.
    until, last = (last + dt.timedelta(days=1), last) if last < day else (day, day)
    # Of a year that runs, what happened until now counts.
    runs = year == day.year and day == days.today()
    ends = now() + dt.timedelta(seconds=1) if runs else _moment(until)
    rows = list(
        model.Session.scalars(
            sa.select(SmkiTask).where(
                SmkiTask.opened >= dt.date(year, 1, 1), SmkiTask.opened <= dt.date(year, 12, 31)
            )
        )
    )
    calendar = [row for row in rows if not row.kind.startswith(tasks.CONTROL)]
    roles = sorted({row.role for row in calendar})
    return {
        "year": year,
        "until": last.isoformat(),
        "tasks": [
            {
                "role": role,
                "label": show.role_label(role),
                **_counted(r for r in calendar if r.role == role),
            }
            for role in roles
        ],
        "all": _counted(calendar),
        "of_controls": _counted(row for row in rows if row.kind.startswith(tasks.CONTROL)),
        "late": sum(row.state == OPEN and row.due < last for row in calendar),
        "findings": _findings(_moment(dt.date(year, 1, 1)), ends, last),
        "incidents": _incidents(_moment(dt.date(year, 1, 1)), ends)
        if actor is not None and incidents.handles(actor)
        else None,
        "risks": _risks(actor) if actor is not None else None,
        "controls": _controls(year, until),
    }


def seen(kept: Kept, actor: Actor) -> answers.Review:
    """Return numbers that were kept, in the reader's language, without what they do not see."""
    found: Any = {name: value for name, value in kept.items() if name != INDICATORS}
    if not incidents.handles(actor):
        found["incidents"] = None
    if not registers.reads_whole(definition().registers[registers.RISKS], roles.carried_by(actor)):
        found["risks"] = None
    found["tasks"] = [{**row, "label": show.role_label(row["role"])} for row in kept["tasks"]]
    labels = {name: control.label for name, control in smki().controls.controls.items()}
    found["controls"] = [
        {**row, "label": tk._(labels[row["control"]]) if row["control"] in labels else row["label"]}
        for row in kept["controls"]
    ]
    return found


def _moment(day: dt.date) -> dt.datetime:
    """Return the moment at which a day begins in the city."""
    return dt.datetime.combine(day, dt.time(), days.CITY)


def _findings(begins: dt.datetime, ends: dt.datetime, last: dt.date) -> answers.ReviewFindings:
    """Return what became of findings of the audit.

    :param last: the day that is counted last: what is due on it is not late, as of tasks.
    """
    rows = list(model.Session.scalars(sa.select(SmkiFinding).where(SmkiFinding.opened_at < ends)))
    standing = [row for row in rows if row.closed_at is None or row.closed_at >= ends]
    return {
        "opened": sum(row.opened_at >= begins for row in rows),
        "closed": sum(row.closed_at is not None and begins <= row.closed_at < ends for row in rows),
        "open": len(standing),
        "late": sum(row.due < last for row in standing),
    }


def _incidents(begins: dt.datetime, ends: dt.datetime) -> answers.ReviewIncidents:
    """Return how many incidents were reported, and whether the clocks of the law were kept."""
    query = sa.select(SmkiIncident).where(
        SmkiIncident.reported_at >= begins, SmkiIncident.reported_at < ends
    )
    rows = list(model.Session.scalars(query))
    timed = [(row.due_at, row.closed_at) for row in rows if row.due_at is not None]
    return {
        "reported": len(rows),
        "open": sum(row.closed_at is None or row.closed_at >= ends for row in rows),
        "with_deadline": len(timed),
        "in_time": sum(closed is not None and closed <= due for due, closed in timed),
        "late": sum((closed or ends) > due for due, closed in timed),
    }


def _risks(actor: Actor) -> answers.ReviewRisks | None:
    """Return how the register of risks stands today, for who reads it."""
    register = definition().registers[registers.RISKS]
    if not registers.reads_whole(register, roles.carried_by(actor)):
        return None
    query = sa.select(SmkiEntry).where(
        SmkiEntry.register == register.name, SmkiEntry.ended_at.is_(None)
    )
    rules, today = definition().risks, days.today()
    found = registers.seen(actor, register, model.Session.scalars(query))
    left = [risks.left(line.values, today) for line in found]
    return {
        "all": len(found),
        "above": sum(size is not None and size > rules.appetite for size in left),
        "unmeasured": sum(size is None for size in left),
        "uncovered": sum(
            risks.uncovered(rules, line.values, today, accepted=registers.accepted(line.row, today))
            for line in found
        ),
    }


def _counted(rows: Iterable[SmkiTask]) -> answers.ReviewCounts:
    found = list(rows)
    done = [row for row in found if row.state == tasks.DONE]
    in_time = [row for row in done if row.done_at and _day(row.done_at) <= row.due]
    return {
        "handed_out": len(found),
        "done": len(done),
        "in_time": len(in_time),
        "mended": sum(row.state == tasks.MENDED for row in found),
        "handed_on": sum(row.escalated is not None for row in found),
        "open": sum(row.state == tasks.OPEN for row in found),
    }


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(days.CITY).date()


def _controls(year: int, until: dt.date) -> list[answers.ReviewControl]:
    """Return how often and for how many days each control was red in a year.

    :param until: the day before which counting ends.
    """
    query = sa.select(SmkiControlChange).order_by(SmkiControlChange.id)
    changes: dict[str, list[SmkiControlChange]] = {}
    for row in model.Session.scalars(query):
        changes.setdefault(row.name, []).append(row)
    first, found = dt.date(year, 1, 1), []
    for name, control in smki().controls.controls.items():
        mine = changes.get(name, [])
        times = days_red = 0
        for number, row in enumerate(mine):
            if row.status != Status.RED:
                continue
            begins = _day(row.at)
            ends = _day(mine[number + 1].at) if number + 1 < len(mine) else until
            times += first <= begins <= dt.date(year, 12, 31)
            days_red += max(0, (min(ends, until) - max(begins, first)).days)
        found.append(
            {
                "control": name,
                "label": tk._(control.label),
                "times_red": times,
                "days_red": days_red,
                "status": str(mine[-1].status) if mine else show.UNKNOWN,
            }
        )
    return sorted(found, key=lambda row: (-row["days_red"], -row["times_red"], row["control"]))
