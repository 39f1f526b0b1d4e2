"""When failures become an alarm, and when it is over: two failures at two times. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .pulse import Alarm, Pulse
from .verdict import Verdict

State = Literal["suspected", "open", "closed", "forgotten"]
LIVE = ("suspected", "open")
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Fault:
    """A fault of an app, from its first failure on.

    ``codes``: all that was found of it. ``ok_since``: since when the app answers again.
    ``flaps``: how often it failed again before it was back.
    """

    state: State
    codes: tuple[str, ...]
    first_at: dt.datetime
    last_at: dt.datetime
    alarm_at: dt.datetime | None = None
    ok_since: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    flaps: int = 0


def steady(rules: Alarm, flaps: int) -> dt.timedelta:
    """Return for how long an app has to answer until its fault is over."""
    longest = dt.timedelta(hours=rules.again_hours)
    return min(rules.steady_minutes * 2 ** min(flaps, 12) * MINUTE, longest)


def step(fault: Fault | None, verdict: Verdict, at: dt.datetime, rules: Pulse) -> Fault | None:
    """Return how a fault stands after one more check.

    :param fault: the one that is suspected or open, or else the one that was closed last.
    :returns: ``None``: there is none.
    """
    if verdict.outcome in ("unseen", "maintenance"):
        return fault
    codes = tuple(rules.red(verdict.codes))
    if verdict.outcome == "failed":
        return _failed(fault, codes, at, rules.alarm)
    return _answered(fault, at, rules.alarm)


def _failed(fault: Fault | None, codes: tuple[str, ...], at: dt.datetime, rules: Alarm) -> Fault:
    if fault is None or fault.state == "forgotten" or _long_ago(fault, at, rules):
        return Fault("suspected", codes, at, at)
    if fault.state == "closed":
        # The alarm of before goes on: nobody is told twice of an app that comes and goes.
        return replace(
            fault,
            state="open",
            codes=codes,
            last_at=at,
            ok_since=None,
            closed_at=None,
            flaps=fault.flaps + 1,
        )
    known = tuple(dict.fromkeys((*fault.codes, *codes)))
    again = fault.flaps + (fault.ok_since is not None)
    fault = replace(fault, codes=known, last_at=at, ok_since=None, flaps=again)
    if fault.state == "suspected" and at - fault.first_at >= rules.confirm_minutes * MINUTE:
        return replace(fault, state="open", alarm_at=at, flaps=0)
    return fault


def _answered(fault: Fault | None, at: dt.datetime, rules: Alarm) -> Fault | None:
    if fault is None or fault.state not in LIVE:
        return fault
    since = fault.ok_since or at
    if fault.state == "suspected":
        over = at - fault.last_at >= rules.forget_minutes * MINUTE
        return replace(fault, state="forgotten" if over else "suspected", ok_since=since)
    if at - since >= steady(rules, fault.flaps):
        return replace(fault, state="closed", ok_since=since, closed_at=at)
    return replace(fault, ok_since=since)


def _long_ago(fault: Fault, at: dt.datetime, rules: Alarm) -> bool:
    """Tell whether a failure has nothing to do with an earlier fault any more."""
    if fault.state == "suspected":
        return at - fault.last_at >= rules.forget_minutes * MINUTE
    if fault.closed_at is None:
        return False
    return at - fault.closed_at >= dt.timedelta(hours=rules.again_hours)


def hides_link(state: str, codes: Sequence[str], rules: Pulse) -> bool:
    """Tell whether a fault makes an address no link."""
    if state == "open":
        return rules.alarm_hides_link([*codes])
    return state in LIVE and rules.hides_link([*codes])


def word(
    fault: Fault | None, verdict: Verdict, at: dt.datetime, rules: Pulse, before: str | None
) -> tuple[str | None, bool]:
    """Return the word that everybody may know of an app after a check, and whether it has a link.

    :param fault: as :func:`step` returned it.
    :param before: the word until now.
    """
    if fault is not None and hides_link(fault.state, fault.codes, rules):
        return "disturbed", False
    if verdict.outcome == "maintenance":
        return "maintenance", True
    if verdict.outcome == "unseen":
        return None, True
    if fault is not None and fault.state == "open":
        for_now = fault.ok_since is None or (
            at - fault.ok_since < rules.alarm.confirm_minutes * MINUTE
        )
        return ("disturbed" if for_now else "open"), True
    if verdict.outcome == "failed":
        return (None if before == "maintenance" else before), True
    return "open", True
