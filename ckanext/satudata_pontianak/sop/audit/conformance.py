"""The conformance report: how far cases ran as the workflow in force wrote it.

Pure: made of what :mod:`.replay` and :mod:`.state_on_day` read in the ledger.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import answers
from .answers import AgencyDuration, Conformance, Definition
from .old_workflow import Past
from .replay import Deviation, Entry, Run, Taken, replay
from .state_on_day import facts

DEFINED = "workflow.change"


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both with it."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date | None) -> bool:
        return day is not None and self.first <= day <= self.last


def definitions_in(entries: Iterable[Entry]) -> dict[str, Past]:
    """Return hash → definition of what the ledger keeps; texts that cannot be read are left out.

    A case that names such a one is reported as one whose definition is missing.
    """
    found: dict[str, Past] = {}
    for entry in entries:
        if entry.event == DEFINED:
            try:
                found[str(entry.after.get("workflow"))] = Past.of(
                    str(entry.after.get("definition"))
                )
            except ValueError:
                continue
    return found


def report(
    entries: Sequence[Entry],
    period: Period,
    assumed: Past | None = None,
    hidden: Collection[str] = (),
) -> Conformance:
    """Return the report of a period as plain data.

    A case belongs to it when it was open on a day of the period; its deviations count on the day
    on which they happened.

    :param assumed: the definition for entries that are older than the naming of definitions.
    :param hidden: ids of datasets of which the reader may not know: the report is made as though
        they did not exist.
    """
    seen = [e for e in entries if e.day <= period.last and e.dataset not in hidden]
    definitions = definitions_in(seen)
    runs = [r for r in replay(seen, definitions, assumed).values() if _within(r, period)]
    found = facts(seen)
    noted = [d for run in runs for d in run.deviations if d.day in period]
    astray = {d.case for d in noted}
    ended = [r for r in runs if r.ended is not None]
    steps = [t for run in runs for t in run.steps if t.day in period]
    return {
        "period": {"from": period.first.isoformat(), "to": period.last.isoformat()},
        "definitions": _definitions(seen, definitions),
        "cases": {
            "total": len(runs),
            "ended": len(ended),
            "open": len(runs) - len(ended),
            "as_written": len(runs) - len(astray),
            "share_as_written": share(len(runs) - len(astray), len(runs)),
            "overdue": sum(r.overdue(period.last) for r in runs),
            "refused_attempts": sum(day in period for r in runs for day in r.refused),
        },
        "deviations": {
            "total": len(noted),
            "by_code": dict(sorted(Counter(d.code for d in noted).items())),
            "list": [_deviation(d) for d in sorted(noted, key=lambda d: d.entry)],
        },
        "steps": durations(steps),
        "overrides": {
            "emergency_access": sum(day in period for day in found.glass),
            "steps": sum(d.code == "break_glass" for d in noted),
            "purged": sum(d.code == "purged" for d in noted),
        },
        "decisions": {
            "in_force": len(found.decisions),
            "taken": sum(day in period for day in found.decided),
            "expired": sum(
                d.until is not None and d.until < period.last for d in found.decisions.values()
            ),
        },
        "holds": {
            "active": len(found.holds),
            "placed": sum(day in period for day in found.placed),
        },
    }


def _within(run: Run, period: Period) -> bool:
    return run.opened <= period.last and (run.ended is None or run.ended >= period.first)


def _definitions(entries: Iterable[Entry], definitions: Mapping[str, Past]) -> list[Definition]:
    """Return each definition that the ledger keeps, with the day from which it was in force."""
    since: dict[str, dt.date] = {}
    for entry in entries:
        if entry.event == DEFINED:
            since.setdefault(str(entry.after.get("workflow")), entry.day)
    return [
        {"workflow": key, "version": definitions[key].version, "from": day.isoformat()}
        for key, day in since.items()
        if key in definitions
    ]


def _deviation(deviation: Deviation) -> answers.Deviation:
    return {
        "code": deviation.code,
        "entry": deviation.entry,
        "day": deviation.day.isoformat(),
        "case": deviation.case,
        "dataset": deviation.dataset,
        "agency": deviation.agency,
        "state": deviation.state,
        "step": deviation.step,
        "what": list(deviation.what),
        "dataset_name": None,
        "dataset_title": None,
    }


def durations(steps: Iterable[Taken], *, by_agency: bool = True) -> list[AgencyDuration]:
    """Return median and 90th percentile of the working days of each step, city first."""
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for taken in steps:
        groups["", taken.state, taken.step].append(taken.working_days)
        if by_agency and taken.agency:
            groups[taken.agency, taken.state, taken.step].append(taken.working_days)
    return [
        {
            "agency": agency or None,
            "state": state,
            "step": step,
            "count": len(days),
            "median": statistics.median(days),
            "p90": percentile(days, 0.9),
        }
        for (agency, state, step), days in sorted(groups.items())
    ]


def percentile(values: Sequence[int], part: float) -> int:
    """Return the value that ``part`` of all values do not exceed: one that happened.

    By nearest rank, so that a deadline is compared with days that somebody really took.

    :raises ValueError: there is no value.
    """
    if not values:
        raise ValueError("no value has no percentile")
    return sorted(values)[math.ceil(part * len(values)) - 1]


def share(part: int, whole: int) -> float | None:
    """Return a share rounded to four places; of nothing there is none."""
    return round(part / whole, 4) if whole else None
