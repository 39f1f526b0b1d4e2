"""What the management review of a year starts from: the year's own numbers, counted anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import days
from . import answers, show, tasks
from .records.model import SmkiControlChange, SmkiTask
from .rules.definition import smki
from .rules.evidence import Status


def numbers(year: int, today: dt.date | None = None) -> answers.Review:
    """Return how many tasks of a year were done in time, late, handed on or are open, by role.

    A task belongs to the year in which it was handed out. Days on which a control was red are
    counted from the day it turned red to the one before it turned otherwise, within the year.

    :param today: until when a year that runs is counted.
    """
    day, last = today or days.today(), dt.date(year, 12, 31)
    # A year that is over is counted to the end of its last day.
    until, last = (last + dt.timedelta(days=1), last) if last < day else (day, day)
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
        "controls": _controls(year, until),
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
