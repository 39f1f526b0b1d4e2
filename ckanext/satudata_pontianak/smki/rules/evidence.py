"""What a control is found to be, and what follows for it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ...messages import Message
from ...msgids import N_
from .definition import Control


class Status(StrEnum):
    """How a control stands. ``HAND``: a person's word is all there is; it is never green."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    HAND = "hand"
    EXCLUDED = "excluded"


STATUS_LABELS: Mapping[str, str] = {
    Status.RED: N_("Red: it is not so, or nobody can show it"),
    Status.YELLOW: N_("Yellow: it is so, and soon will not be"),
    Status.HAND: N_("By hand: a person confirmed it"),
    Status.GREEN: N_("Green: the portal saw it"),
    Status.EXCLUDED: N_("Not applicable"),
}
"""Worst first, as boards list them."""

RAISED = N_("The look itself failed (%(error)s). Until it works nobody can say that this is so.")
NEVER = N_("There is no record that this was ever done.")
DONE = N_("Done on %(day)s.")
CONFIRMED = N_("Confirmed by hand on %(day)s by: %(office)s.")
TOO_OLD = N_("Last done on %(day)s; it has to be done every %(days)s days.")
SINCE = N_("Nobody has looked since %(since)s.")
NOT_IN_ORDER = N_("Done on %(day)s, and found not to be in order.")


UNKNOWN = "unknown"
"""How a control stands that nobody looked at, or not lately."""
STALE_AFTER = dt.timedelta(hours=25)
"""The clock looks every hour: what was seen longer ago than a day says nothing of today."""


def stale(looked_at: dt.datetime, now: dt.datetime) -> bool:
    """Tell whether a look is too old to say how a control stands."""
    return now - looked_at > STALE_AFTER


@dataclass(frozen=True)
class Evidence:
    """What a look at a control found: numbers, days and names of options, never names of data."""

    status: Status
    said: Message


@dataclass(frozen=True)
class Look:
    """What a probe is given: the moment, and the limits that its control sets."""

    at: dt.datetime
    limits: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, limit: str) -> int:
        """Return a limit.

        :raises KeyError: the control does not set it.
        """
        return self.limits[limit]


Probe = Callable[[Look], Evidence]


@dataclass(frozen=True)
class LastDone:
    """The last record of a task: when, by which office, and whether all was in order."""

    day: dt.date
    office: str
    in_order: bool


def green(msgid: str, **params: object) -> Evidence:
    """Return evidence that something is so."""
    return Evidence(Status.GREEN, Message(msgid, params))


def yellow(msgid: str, **params: object) -> Evidence:
    """Return evidence that something soon will not be so."""
    return Evidence(Status.YELLOW, Message(msgid, params))


def red(msgid: str, **params: object) -> Evidence:
    """Return evidence that something is not so."""
    return Evidence(Status.RED, Message(msgid, params))


def looked(probe: Probe, look: Look) -> Evidence:
    """Return what a probe finds. One that raises found nothing, and nothing is red."""
    try:
        return probe(look)
    except Exception as error:  # noqa: BLE001 - whatever it is, the control is not shown to hold
        return red(RAISED, error=type(error).__name__)


def of_task(control: Control, last: LastDone | None, today: dt.date) -> Evidence:
    """Return how a control stands that a recorded task proves.

    :param last: the newest record of the task; ``None``: there is none.
    """
    days = control.limits["days"]
    if last is None:
        return red(NEVER)
    if not last.in_order:
        return red(NOT_IN_ORDER, day=last.day)
    if (today - last.day).days > days:
        return red(TOO_OLD, day=last.day, days=days)
    if control.by_hand:
        said = Message(CONFIRMED, {"day": last.day, "office": Message(last.office)})
        return Evidence(Status.HAND, said)
    return green(DONE, day=last.day)


def better(status: Status) -> bool:
    """Tell whether a control needs nobody today."""
    return status is not Status.RED
