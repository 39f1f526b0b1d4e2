"""When a system administrator may act where otherwise only a duty may, and for how long.

Pure. Breaking the glass gives a reason, an end and at most one duty, in one dataset or, without
one, on the whole site. It takes nobody out of the exclusions: those hold for the person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from ... import days
from ...messages import Message
from ...msgids import N_
from .duties import Actor, Duty, StandIn
from .objection import EMPTY, Objection, read_date

SHORTEST_REASON = 10
LONGEST_REASON = 2000
LONGEST = timedelta(hours=24)
STANDS_IN_FOR = (Duty.PRODUSEN, Duty.WALIDATA, Duty.PPID, Duty.ATASAN_PPID)
"""The duties that take steps in a case."""

SHORT_REASON = N_("Give the reason in at least %(count)s characters: it is recorded and shown.")
LONG_REASON = N_("At most %(count)s characters.")
NO_MOMENT = N_(
    "Write the moment as 24/11/2026 16.00 or 2026-11-24T16:00. Without a zone it is "
    "the time in Pontianak."
)
PAST = N_("This moment has passed.")
TOO_LATE = N_("At most %(hours)s hours from now.")
UNKNOWN_DUTY = N_("Choose one of: %(choices)s.")
NEEDS_DATASET = N_("This duty is stood in for in one dataset only. Give its id.")
RUNNING = N_("Emergency access of yours is running here until %(until)s. End it first.")


def read_moment(value: Any, zone: tzinfo) -> datetime | None:
    """Return a moment from ISO text; a date alone is the end of that day. ``None``: it is none."""
    day = read_date(value)
    if day is not None:
        return datetime.combine(day, time(23, 59, 59), zone)
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(days.iso(value).strip())
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def objections(
    reason: Any,
    until: datetime | None,
    duty: Any,
    dataset_id: str | None,
    now: datetime,
    running: Iterable[StandIn] = (),
) -> list[Objection]:
    """Return everything that speaks against breaking the glass. Nothing means it may be done.

    :param running: what runs for the same person.
    """
    found: list[Objection] = []
    text = reason.strip() if isinstance(reason, str) and "\x00" not in reason else ""
    if not text:
        found.append(Objection("reason", Message(EMPTY)))
    elif len(text) < SHORTEST_REASON:
        found.append(Objection("reason", Message(SHORT_REASON, {"count": SHORTEST_REASON})))
    elif len(text) > LONGEST_REASON:
        found.append(Objection("reason", Message(LONG_REASON, {"count": LONGEST_REASON})))
    if until is None:
        found.append(Objection("until", Message(NO_MOMENT)))
    elif until <= now:
        found.append(Objection("until", Message(PAST)))
    elif until - now > LONGEST:
        hours = int(LONGEST.total_seconds()) // 3600
        found.append(Objection("until", Message(TOO_LATE, {"hours": hours})))
    if duty is not None and duty not in STANDS_IN_FOR:
        choices = ", ".join(d.value for d in STANDS_IN_FOR)
        found.append(Objection("duty", Message(UNKNOWN_DUTY, {"choices": choices})))
    elif duty == Duty.PRODUSEN and dataset_id is None:
        found.append(Objection("id", Message(NEEDS_DATASET)))
    found += [
        Objection("id", Message(RUNNING, {"until": s.until}))
        for s in running
        if s.dataset_id == dataset_id
    ]
    return found


def used(actor: Actor, dataset_id: str, duty: str | None = None) -> str | None:
    """Return the id of the break-glass under which an act in a dataset is done, for its record.

    :param duty: the duty that acts; without one, any that is stood in for.
    """
    fits = [
        s.id
        for s in actor.break_glass
        if s.duty and s.dataset_id in (None, dataset_id) and duty in (None, s.duty)
    ]
    return min(fits, default=None)


def covering(actor: Actor, dataset_id: str | None) -> StandIn | None:
    """Return what runs for this person and covers a dataset; ``None`` asks for the whole site."""
    fits = [s for s in actor.break_glass if s.dataset_id in (None, dataset_id)]
    return min(fits, key=lambda s: (s.dataset_id is None, s.id), default=None)
