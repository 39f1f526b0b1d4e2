"""The numbers that everybody may know, from the ledger.

Pure. What is shown of one agency is what anybody could count in the catalogue: decisions at levels
of which everybody may know, without what a hold takes wholly out of sight. Of all else only the
city has a number.

Whatever takes a dataset out of the public's sight (a decision at another level, a removal, a purge,
a hold on everything) counts from the end of its month on, and until then nothing of it does:
counted daily, a dataset that disappears from the catalogue would be told apart by the number that
rises on the same day. Times of fewer steps than the file's ``small_cell`` are left out, and a year
is the only period that can be asked for, so that nobody subtracts days.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ...classification.rules import deadlines
from ...classification.rules.definition import workflow
from . import answers
from .conformance import Period, definitions_in, durations, percentile, share
from .old_workflow import Past
from .replay import OPEN, PURGED, Entry, Run, replay
from .state_on_day import Facts, Request, facts, kind_of

HELD = "held"
"""In the place of a level, where a hold keeps the data back."""


@dataclass(frozen=True)
class Rules:
    """What of the definitions decides about publishing."""

    levels: tuple[str, ...]
    """All levels, from the most open on."""
    public: frozenset[str]
    """Levels of which everybody may know that there is such a dataset."""
    small: int
    """Times of fewer steps are not published."""
    waiting: frozenset[str]
    """States of a request in which somebody owes an answer."""
    unread: frozenset[str]
    """States of a request that was never confirmed."""


def period_of(year: int, today: dt.date) -> Period:
    """Return the days of a year that have come.

    :raises ValueError: the year has not begun.
    """
    first = dt.date(year, 1, 1)
    if first > today:
        raise ValueError("the year has not begun")
    return Period(first, min(today, dt.date(year, 12, 31)))


def numbers(
    entries: Sequence[Entry], year: int, today: dt.date, rules: Rules, assumed: Past | None = None
) -> answers.Transparency:
    """Return the numbers of a year as plain data; agencies by their ids.

    :param entries: the ledger in its order.
    :param assumed: the definition for entries that are older than the naming of definitions.
    :raises ValueError: the year has not begun.
    """
    period = period_of(year, today)
    seen = [e for e in entries if e.day <= period.last]
    told = told_in_public(seen, hidden_until(period), rules.public)
    runs = list(replay(told, definitions_in(told), assumed).values())
    found = facts(told)
    return {
        "year": year,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "cases": _cases(runs, period),
        "decisions": _decisions(facts(seen), found, period, rules),
        "days": {
            "steps": _steps(runs, period, rules),
            "agencies": _agencies(runs, period, rules),
        },
        "requests": _requests(list(found.requests.values()), period, rules),
        "holds": {
            "active": len(found.holds),
            "placed": sum(day in period for day in found.placed),
            "released": sum(day in period for day, _ in found.released),
            "false_alarms": sum(
                day in period and ground == "false_alarm" for day, ground in found.released
            ),
        },
        "incidents": sum(day in period for day in found.incidents.values()),
        "emergency_access": sum(day in period for day in found.glass),
    }


def _cases(runs: Sequence[Run], period: Period) -> answers.PublicCases:
    open_now = [r for r in runs if r.ended is None]
    within = [r for r in runs if r.ended is None or r.ended >= period.first]
    astray = sum(any(d.day in period for d in r.deviations) for r in within)
    return {
        "opened": sum(r.opened in period for r in runs),
        "ended": sum(r.ended in period for r in runs),
        "open": len(open_now),
        "overdue": sum(r.overdue(period.last) for r in runs),
        "open_by_state": dict(sorted(Counter(str(r.state) for r in open_now).items())),
        "as_written": len(within) - astray,
        "share_as_written": share(len(within) - astray, len(within)),
    }


def hidden_until(period: Period) -> dt.date:
    """Return the day as of which is counted what takes datasets out of sight.

    The last day of a year that is over, else the last day of the month before.
    """
    last = period.last
    over = (last.month, last.day) == (12, 31)
    return last if over else last.replace(day=1) - dt.timedelta(days=1)


def told_in_public(
    entries: Sequence[Entry], as_of: dt.date, public: Collection[str]
) -> list[Entry]:
    """Return the entries without those that tell too early that a dataset went out of sight.

    From the act on by which it went, nothing that a later entry says of its cases and holds is
    told: the case seems to wait where it was.
    """
    kinds: dict[str, tuple[str, bool]] = {}
    quiet: set[str] = set()
    told = []
    for entry in entries:
        dataset = str(entry.dataset)
        if entry.event == OPEN:
            kinds[str(entry.case)] = kind_of(entry)
        if entry.day > as_of and _goes(entry, kinds, public):
            quiet.add(dataset)
        if dataset not in quiet or not entry.event.startswith(QUIET):
            told.append(entry)
    return told


QUIET = ("case.", "hold.", "finding.", "version.", "proposal.", "resource.", PURGED)


def _goes(entry: Entry, kinds: Mapping[str, tuple[str, bool]], public: Collection[str]) -> bool:
    """Tell whether an entry takes a dataset out of the public's sight."""
    if entry.outcome != "ok":
        return False
    if entry.event == "hold.create":
        return entry.detail.get("scope") != "data"
    if entry.event == PURGED:
        return True
    level = entry.decision.get("tingkat_keamanan")
    removed = kinds.get(str(entry.case)) == ("remove", False)
    decided = (
        entry.event.startswith("case.") and entry.after.get("state") in workflow().decided_states
    )
    return level not in public if level else decided and removed


def _decisions(now_: Facts, found: Facts, period: Period, rules: Rules) -> answers.PublicDecisions:
    """Return decisions: at public levels as the catalogue lists them, else as they were told.

    What is held back is counted as that, as in the catalogue's facet, and under no level.
    """
    agencies: dict[str, Counter[str]] = defaultdict(Counter)
    levels = Counter(d.level for d in found.decisions.values() if d.level not in rules.public)
    held = set(now_.holds.values())
    for dataset, decision in now_.decisions.items():
        if decision.level in rules.public and dataset not in now_.hidden:
            counted = HELD if dataset in held else decision.level
            levels[counted] += 1
            agencies[str(decision.agency or "")][counted] += 1
    public = [level for level in rules.levels if level in rules.public]
    return {
        "taken": sum(day in period for day in found.decided),
        "expired": sum(
            d.until is not None and d.until < period.last for d in found.decisions.values()
        ),
        "by_level": {level: levels[level] for level in rules.levels},
        "held": levels[HELD],
        "hidden_as_of": hidden_until(period).isoformat(),
        "by_agency": [
            {"agency": agency, **{name: counts[name] for name in (*public, HELD)}}
            for agency, counts in sorted(agencies.items())
            if agency
        ],
    }


def _steps(runs: Sequence[Run], period: Period, rules: Rules) -> list[answers.Duration]:
    taken = [t for run in runs for t in run.steps if t.day in period]
    return [
        {
            "state": row["state"],
            "step": row["step"],
            "count": row["count"],
            "median": row["median"] if row["count"] >= rules.small else None,
            "p90": row["p90"] if row["count"] >= rules.small else None,
        }
        for row in durations(taken, by_agency=False)
    ]


def _agencies(runs: Sequence[Run], period: Period, rules: Rules) -> list[answers.AgencyDays]:
    """Return how long agencies waited from proposal to decision, where enough cases were public."""
    groups: dict[str, list[int]] = defaultdict(list)
    for run in runs:
        public = run.level in rules.public and run.agency is not None
        if public and run.submitted and run.ended is not None and run.ended in period:
            groups[str(run.agency)].append(deadlines.working_days(run.submitted, run.ended))
    return [
        {
            "agency": agency,
            "count": len(days),
            "median": statistics.median(days),
            "p90": percentile(days, 0.9),
        }
        for agency, days in sorted(groups.items())
        if len(days) >= rules.small
    ]


def _requests(requests: Sequence[Request], period: Period, rules: Rules) -> answers.RequestNumbers:
    read: Collection[Request] = [r for r in requests if r.state not in rules.unread]
    answered = [r for r in read if r.answered in period]
    days = [deadlines.working_days(r.asked, r.answered) for r in answered if r.answered]
    return {
        "asked": sum(r.asked in period for r in read),
        "answered": len(answered),
        "granted": sum(r.state == "granted" for r in answered),
        "refused": sum(r.state in ("refused", "rejected") for r in answered),
        "objections": sum(r.objected and r.asked in period for r in read),
        "waiting": sum(r.state in rules.waiting for r in read),
        "overdue": sum(
            r.state in rules.waiting and r.due is not None and r.due < period.last for r in read
        ),
        "median_days": statistics.median(days) if len(days) >= rules.small else None,
    }
