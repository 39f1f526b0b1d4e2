"""Where something stands against its deadline, and what has to be told of it on a day.

Pure: the day is given, so that ten years can be walked through in a test.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from ..rules import deadlines


class Stage(StrEnum):
    """Where something stands: there is time, soon, or past the deadline."""

    CALM = "calm"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True)
class Telling:
    """What is to be told; ``about`` is the same as long as telling it again says nothing new."""

    stage: Stage
    about: str


@dataclass(frozen=True)
class Left:
    """The working days until a deadline, or since; ``late`` from the day after it on."""

    days: int
    late: bool


def stage(due: dt.date | None, today: dt.date, warn_days: int) -> Stage:
    """Return where something stands that is due on a day, the day itself included.

    :param warn_days: so many working days before the deadline it is soon.
    """
    if due is None:
        return Stage.CALM
    if due < today:
        return Stage.LATE
    return Stage.SOON if due <= deadlines.add_working_days(today, warn_days) else Stage.CALM


def telling(
    due: dt.date | None, today: dt.date, warn_days: int, repeat_days: int = 1
) -> Telling | None:
    """Return what is to be told today of something that is due, or ``None``.

    Before the deadline it is told once. After it, every ``repeat_days`` working days, on working
    days; a clock that stood still for days tells it once when it runs again.
    """
    now = stage(due, today, warn_days)
    if due is None or now is Stage.CALM:
        return None
    if now is Stage.SOON:
        return Telling(now, f"{due}")
    if not deadlines.is_working_day(today):
        return None
    since = deadlines.working_days_between(due, today)
    return Telling(now, f"{due}+{(since - 1) // repeat_days}")


def left(due: dt.date, today: dt.date) -> Left:
    """Return how many working days are left until a deadline, or have passed since."""
    return Left(abs(deadlines.working_days_between(today, due)), late=due < today)


def incident_telling(due_at: dt.datetime, moment: dt.datetime, warn_hours: int) -> Telling | None:
    """Return what is to be told of an open incident: its clock knows no nights and no holidays.

    After the deadline it is told again every 24 hours.
    """
    if moment > due_at:
        return Telling(Stage.LATE, f"{due_at.isoformat()}+{(moment - due_at).days}")
    if moment >= due_at - dt.timedelta(hours=warn_hours):
        return Telling(Stage.SOON, due_at.isoformat())
    return None
