"""Follow each case through an exported ledger; read by ``transparency.py``.

Like that script this file imports nothing of the portal and shares no code with it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

CITY = ZoneInfo("Asia/Pontianak")
LEVELS = ["biasa", "terbatas", "rahasia", "sangat_rahasia"]
PUBLIC = ["biasa", "terbatas"]
SMALL = 5
WAITING = {"open", "consent", "objection", "execution"}
UNREAD = {"unconfirmed", "lapsed"}
Entries = list[dict[str, Any]]
Within = Callable[[dt.date | None], bool]
FREE = holidays.country_holidays("ID")


def day_of(text: str) -> dt.date:
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(CITY).date()


def is_working(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in FREE


def between(start: dt.date, end: dt.date) -> int:
    found, day = 0, start
    while day < end:
        day += dt.timedelta(days=1)
        found += is_working(day)
    return found


def after(start: dt.date, days: int) -> dt.date:
    day = start
    while days:
        day += dt.timedelta(days=1)
        days -= is_working(day)
    return day


def ninety(values: list[int]) -> int:
    ordered = sorted(values)
    return ordered[-(-9 * len(ordered) // 10) - 1]


def rounded(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with Path(path).open(encoding="utf-8") as source:
        for line in source:
            brace = line.find("{")
            if brace < 0:
                continue
            try:
                entry, _ = json.JSONDecoder().raw_decode(line[brace:])
            except ValueError:
                continue
            if isinstance(entry, dict) and "event" in entry and "at" in entry:
                entry["day"] = day_of(entry["at"])
                for key in ("before", "after", "detail"):
                    entry[key] = entry.get(key) or {}
                if not entry["event"].startswith("case."):
                    # Other entries name a decision by its id.
                    entry["detail"].pop("decision", None)
                yield entry


class Case:
    def __init__(self, opened: dt.date) -> None:
        self.opened, self.kind, self.partly = opened, "classify", False
        self.state: str | None = None
        self.agency: str | None = None
        self.level: str | None = None
        self.entered: dt.date | None = None
        self.due: dt.date | None = None
        self.submitted: dt.date | None = None
        self.ended: dt.date | None = None
        self.parts: dict[str, set[str]] = defaultdict(set)
        self.taken: list[tuple[str | None, str, dt.date, int]] = []
        self.astray: list[dt.date] = []


def run_cases(entries: Entries) -> dict[str, Case]:
    """Follow every case by the definition that each of its entries names."""
    definitions: dict[str, Any] = {}
    cases: dict[str, Case] = {}
    for entry in entries:
        event = entry["event"]
        if event == "workflow.change":
            definitions[entry["after"]["workflow"]] = json.loads(entry["after"]["definition"])
        if not entry.get("case"):
            continue
        case = cases.setdefault(entry["case"], Case(entry["day"]))
        if entry["outcome"] == "ok":
            follow(case, entry, definitions.get(entry["detail"].get("workflow")))
    return {key: case for key, case in cases.items() if case.entered or case.ended}


def follow(case: Case, entry: dict[str, Any], known: Any) -> None:
    event, day, who = entry["event"], entry["day"], entry.get("actor")
    flow = known["workflow"] if known else None
    if event == "dataset.purge":
        case.astray.append(day)
        case.ended, case.due = day, None
    elif event in ("version.add", "proposal.change", "resource.remove"):
        barred = {
            part
            for step in (flow["transitions"] if flow else ())
            if step.get("part") == "proposer" and case.kind in step["kinds"]
            for part in step.get("exclude", ())
        }
        if who and any(who in case.parts[p] for p in barred):
            case.astray.append(day)
        if who:
            case.parts["proposer"].add(who)
    elif event == "finding.resolve":
        if who and entry["detail"].get("part"):
            case.parts[entry["detail"]["part"]].add(who)
    elif event == "case.open":
        open_case(case, entry, known)
    elif event == "case.renew_bytes":
        enter(case, entry, flow)
    elif event.startswith("case.") and event != "case.clock":
        step_of_case(case, entry, event.removeprefix("case."), known)


def open_case(case: Case, entry: dict[str, Any], known: Any) -> None:
    flow = known["workflow"] if known else None
    if known is None:
        case.astray.append(entry["day"])
    else:
        starts = {known["order"][0], *(r["to"] for r in flow["reopening"])}
        starts |= {flow[k]["to"] for k in ("clock", "rescan") if flow.get(k)}
        if case.entered or entry["after"]["state"] not in starts:
            case.astray.append(entry["day"])
    case.kind = entry["after"].get("kind") or "classify"
    case.partly = bool((entry["after"].get("changes") or {}).get("resources"))
    enter(case, entry, flow)


def step_of_case(case: Case, entry: dict[str, Any], name: str, known: Any) -> None:
    detail, day, who = entry["detail"], entry["day"], entry.get("actor")
    steps = known["workflow"]["transitions"] if known else []
    fits = [
        s for s in steps if (s["from"], s["name"]) == (case.state, name) and case.kind in s["kinds"]
    ]
    step = fits[0] if fits else None
    level = (detail.get("decision") or {}).get("tingkat_keamanan")
    wrong = step is None or case.ended is not None
    wrong = wrong or entry["before"].get("state", case.state) != case.state
    if step is not None:
        fields, filled = step.get("fields") or {}, set(detail.get("fields") or ())
        needed = set(fields.get("required", ()))
        levels = {item["name"]: item for item in known["levels"]}
        if level in levels and not levels[level]["open"]:
            needed |= set((step.get("fields_when_closed") or {}).get("required", ()))
            if levels[level]["stores_files"]:
                needed |= set((step.get("fields_when_limited") or {}).get("required", ()))
        wrong = wrong or not needed <= filled
        wrong = wrong or any(not filled & set(group) for group in fields.get("one_of", ()))
        wrong = wrong or entry["after"].get("state") != step["to"]
        wrong = wrong or entry.get("duty") != step["by"]
        wrong = wrong or any(who and who in case.parts[p] for p in step.get("exclude", ()))
    wrong = wrong or (case.due is not None and day > case.due) or bool(detail.get("break_glass"))
    if wrong:
        case.astray.append(day)
    if case.entered:
        case.taken.append((case.state, name, day, between(case.entered, day)))
    if step and step.get("part"):
        if who:
            case.parts[step["part"]].add(who)
        if step["part"] == "proposer":
            case.submitted = day
    case.level = level or case.level
    enter(case, entry, known["workflow"] if known else None)


def enter(case: Case, entry: dict[str, Any], flow: Any) -> None:
    told = entry["after"]
    case.state, case.entered = told.get("state"), entry["day"]
    case.agency, case.due = told.get("agency") or case.agency, None
    state = (flow["states"].get(case.state) if flow else None) or {}
    if "due" in told:
        case.due = dt.date.fromisoformat(told["due"]) if told["due"] else None
    elif state.get("due_working_days"):
        case.due = after(case.entered, state["due_working_days"])
    if state.get("end"):
        case.ended, case.due = entry["day"], None
