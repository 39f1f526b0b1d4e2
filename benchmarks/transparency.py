"""Recompute the transparency numbers from an exported ledger, apart from the portal.

    python benchmarks/transparency.py LEDGER --year 2026 --today 2026-11-24

This file and ``transparency_cases.py`` beside it import nothing of the portal and share no code
with it: whoever doubts the page of the portal reads them, runs them over the ledger that the city
published, and compares. They need Python and the package "holidays" alone. A line of the ledger
is one entry; what stands before the first brace, and a line that is no entry (the signed head),
is passed over.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from transparency_cases import (
    CITY,
    LEVELS,
    PUBLIC,
    SMALL,
    UNREAD,
    WAITING,
    Case,
    Entries,
    Within,
    between,
    lines,
    ninety,
    rounded,
    run_cases,
)


def decisions(entries: Entries, cases: dict[str, Case]) -> tuple[dict[str, Any], list[dt.date]]:
    """Return what is in force after these entries, and the days on which cases were decided."""
    found: dict[str, Any] = {}
    days: list[dt.date] = []
    for entry in entries:
        if entry["outcome"] != "ok":
            continue
        if entry["event"] == "dataset.purge":
            found.pop(entry["dataset"], None)
        if not entry["event"].startswith("case.") or entry["event"] == "case.open":
            continue
        decision, case = entry["detail"].get("decision"), cases.get(entry.get("case"))
        dataset, agency = entry["dataset"], entry["after"].get("agency")
        if decision:
            found[dataset] = {**decision, "agency": agency}
        elif entry["after"].get("state") != "decided":
            continue
        elif case.kind == "remove" and not case.partly:
            found.pop(dataset, None)
        elif dataset in found and agency:
            found[dataset]["agency"] = agency
        days.append(entry["day"])
    return found, days


def in_public(entries: Entries, as_of: dt.date) -> Entries:
    """Leave out what tells before the end of the month that a dataset went out of sight."""
    removals: set[str] = set()
    quiet: set[str] = set()
    found = []
    for entry in entries:
        event, after_ = entry["event"], entry["after"]
        partly = (after_.get("changes") or {}).get("resources")
        if event == "case.open" and after_.get("kind") == "remove" and not partly:
            removals.add(entry["case"])
        level = (entry["detail"].get("decision") or {}).get("tingkat_keamanan")
        decided = event.startswith("case.") and after_.get("state") == "decided"
        goes = (
            (event == "hold.create" and entry["detail"].get("scope") != "data")
            or event == "dataset.purge"
            or (level is not None and level not in PUBLIC)
            or (level is None and decided and entry.get("case") in removals)
        )
        if goes and entry["outcome"] == "ok" and entry["day"] > as_of:
            quiet.add(entry["dataset"])
        parts = ("case", "hold", "finding", "version", "proposal", "resource")
        about = event.split(".")[0] in parts or event == "dataset.purge"
        if not (about and entry.get("dataset") in quiet):
            found.append(entry)
    return found


def held(fine: Entries) -> dict[str, tuple[str, str]]:
    found = {}
    for entry in fine:
        if entry["event"] == "hold.create":
            found[entry["detail"]["hold"]] = (entry["dataset"], entry["detail"]["scope"])
        elif entry["event"] == "hold.release":
            found.pop(entry["detail"]["hold"], None)
    return found


def listed(
    in_force: dict[str, Any], unseen: set[str], waiting: set[str]
) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for dataset, decision in in_force.items():
        level = decision["tingkat_keamanan"]
        if dataset not in unseen and level in PUBLIC:
            found[decision["agency"] or ""]["held" if dataset in waiting else level] += 1
    return found


def first_told(fine: Entries) -> dict[str, dt.date]:
    found: dict[str, dt.date] = {}
    for entry in fine:
        if entry["event"].startswith("incident."):
            found.setdefault(str(entry["detail"].get("incident")), entry["day"])
    return found


def recompute(path: Path, year: int, today: dt.date) -> dict[str, Any]:
    first, last = dt.date(year, 1, 1), min(today, dt.date(year, 12, 31))
    everything = [e for e in lines(path) if e["day"] <= last]
    over = (last.month, last.day) == (12, 31)
    as_of = last if over else last.replace(day=1) - dt.timedelta(days=1)
    entries = in_public(everything, as_of)
    fine = [e for e in entries if e["outcome"] == "ok"]

    def within(day: dt.date | None) -> bool:
        return day is not None and first <= day <= last

    def days_of(event: str) -> list[dt.date]:
        return [e["day"] for e in fine if e["event"] == event]

    cases = run_cases(entries)
    now = [c for c in cases.values() if c.ended is None]
    counted = [c for c in cases.values() if c.ended is None or c.ended >= first]
    right = sum(not any(within(d) for d in c.astray) for c in counted)

    in_force, decided = decisions(entries, cases)
    holds = held(fine)
    catalogue, _ = decisions(everything, run_cases(everything))
    really = held([e for e in everything if e["outcome"] == "ok"])
    out_of_sight = {dataset for dataset, scope in really.values() if scope != "data"}
    shown = listed(catalogue, out_of_sight, {dataset for dataset, _ in really.values()})

    steps: dict[Any, list[int]] = defaultdict(list)
    waits: dict[str, list[int]] = defaultdict(list)
    for case in cases.values():
        for state, name, day, took in case.taken:
            if within(day):
                steps[state, name].append(took)
        if within(case.ended) and case.submitted and case.agency and case.level in PUBLIC:
            waits[case.agency].append(between(case.submitted, case.ended))

    incidents = first_told(fine)
    return {
        "year": year,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "cases": {
            "opened": sum(within(c.opened) for c in cases.values()),
            "ended": sum(within(c.ended) for c in cases.values()),
            "open": len(now),
            "overdue": sum(c.due is not None and c.due < last for c in now),
            "open_by_state": dict(sorted(Counter(c.state for c in now).items())),
            "as_written": right,
            "share_as_written": rounded(right, len(counted)),
        },
        "decisions": {
            "taken": sum(map(within, decided)),
            "expired": sum(
                bool(d.get("akhir")) and dt.date.fromisoformat(d["akhir"]) < last
                for d in in_force.values()
            ),
            "by_level": {
                level: sum(counts[level] for counts in shown.values())
                if level in PUBLIC
                else sum(d["tingkat_keamanan"] == level for d in in_force.values())
                for level in LEVELS
            },
            "held": sum(counts["held"] for counts in shown.values()),
            "hidden_as_of": as_of.isoformat(),
            "by_agency": [
                {"agency": agency, **{n: counts[n] for n in (*PUBLIC, "held")}}
                for agency, counts in sorted(shown.items())
                if agency
            ],
        },
        "days": {
            "steps": [
                {
                    "state": state,
                    "step": name,
                    "count": len(took),
                    "median": statistics.median(took) if len(took) >= SMALL else None,
                    "p90": ninety(took) if len(took) >= SMALL else None,
                }
                for (state, name), took in sorted(steps.items())
            ],
            "agencies": [
                {
                    "agency": agency,
                    "count": len(took),
                    "median": statistics.median(took),
                    "p90": ninety(took),
                }
                for agency, took in sorted(waits.items())
                if len(took) >= SMALL
            ],
        },
        "requests": requests(fine, within, last),
        "holds": {
            "active": len(holds),
            "placed": sum(map(within, days_of("hold.create"))),
            "released": sum(map(within, days_of("hold.release"))),
            "false_alarms": sum(
                e["event"] == "hold.release"
                and within(e["day"])
                and e["detail"].get("ground") == "false_alarm"
                for e in fine
            ),
        },
        "incidents": sum(map(within, incidents.values())),
        "emergency_access": sum(map(within, days_of("break_glass.start"))),
    }


def requests(fine: Entries, within: Within, last: dt.date) -> dict[str, Any]:
    found = {}
    for entry in fine:
        if not entry["event"].startswith("access_request."):
            continue
        fresh = {"asked": entry["day"], "answered": None, "objected": False, "state": ""}
        one = found.setdefault(entry["detail"]["request"], fresh)
        one["state"] = entry["after"].get("state") or one["state"]
        due = entry["after"].get("due")
        one["due"] = dt.date.fromisoformat(due) if due else None
        one["objected"] |= entry["event"] == "access_request.object"
        if one["answered"] is None and one["state"] in ("granted", "refused", "reopened"):
            one["answered"] = entry["day"]
    read = [one for one in found.values() if one["state"] not in UNREAD]
    answered = [one for one in read if within(one["answered"])]
    waiting = [one for one in read if one["state"] in WAITING]
    took = [between(one["asked"], one["answered"]) for one in answered]
    return {
        "asked": sum(within(one["asked"]) for one in read),
        "answered": len(answered),
        "granted": sum(one["state"] == "granted" for one in answered),
        "refused": sum(one["state"] in ("refused", "rejected") for one in answered),
        "objections": sum(one["objected"] and within(one["asked"]) for one in read),
        "waiting": len(waiting),
        "overdue": sum(one["due"] is not None and one["due"] < last for one in waiting),
        "median_days": statistics.median(took) if len(took) >= SMALL else None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ledger", help="an exported ledger, one entry a line")
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--today", type=dt.date.fromisoformat, default=dt.datetime.now(CITY).date())
    asked = parser.parse_args()
    json.dump(recompute(asked.ledger, asked.year, asked.today), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
