"""What stood on a day, from the ledger: decisions in force, holds, requests, emergency access."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from ...classification.rules.definition import workflow
from .replay import OPEN, PURGED, Entry

REQUEST = "access_request."
INCIDENT = "incident."


@dataclass
class Standing:
    """The decision in force on a dataset."""

    level: str
    agency: str | None
    until: dt.date | None
    since: dt.date


@dataclass
class Request:
    """A request for access."""

    asked: dt.date
    state: str = ""
    due: dt.date | None = None
    answered: dt.date | None = None
    objected: bool = False
    extended: bool = False


@dataclass
class Facts:
    """What a run through the ledger leaves behind."""

    decisions: dict[str, Standing] = field(default_factory=dict)
    decided: list[dt.date] = field(default_factory=list)
    holds: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    """Active holds: id → dataset, and id → scope."""
    placed: list[dt.date] = field(default_factory=list)
    released: list[tuple[dt.date, str]] = field(default_factory=list)
    requests: dict[str, Request] = field(default_factory=dict)
    glass: list[dt.date] = field(default_factory=list)
    incidents: dict[str, dt.date] = field(default_factory=dict)
    """Each incident with the day on which the ledger first tells of it."""
    refused: int = 0

    @property
    def hidden(self) -> set[str]:
        """Datasets of which a hold shows nothing at all."""
        return {d for h, d in self.holds.items() if self.held[h] != "data"}


def facts(entries: Iterable[Entry]) -> Facts:
    """Run through the ledger.

    :param entries: in its order, up to the day that is asked for.
    """
    found = Facts()
    kinds: dict[str, tuple[str, bool]] = {}
    for entry in entries:
        if entry.outcome != "ok":
            found.refused += 1
        elif entry.event == OPEN:
            kinds[str(entry.case)] = kind_of(entry)
        elif entry.event == PURGED:
            found.decisions.pop(str(entry.dataset), None)
        elif entry.event.startswith("case."):
            _case(found, entry, *kinds.get(str(entry.case), ("classify", False)))
        elif entry.event.startswith("hold."):
            _hold(found, entry)
        elif entry.event.startswith(REQUEST):
            _request(found, entry)
        elif entry.event == "break_glass.start":
            found.glass.append(entry.day)
        elif entry.event.startswith(INCIDENT):
            found.incidents.setdefault(str(entry.detail.get("incident")), entry.day)
    return found


def kind_of(entry: Entry) -> tuple[str, bool]:
    """Return of which kind a case is that is opened, and whether it is about some files alone."""
    changes = entry.after.get("changes") or {}
    return str(entry.after.get("kind") or "classify"), bool(changes.get("resources"))


def _case(found: Facts, entry: Entry, kind: str, part: bool) -> None:
    dataset, agency = str(entry.dataset), entry.after.get("agency")
    decision = entry.decision
    if decision:
        until = decision.get("akhir")
        found.decisions[dataset] = Standing(
            str(decision["tingkat_keamanan"]),
            agency,
            dt.date.fromisoformat(until) if until else None,
            entry.day,
        )
    elif entry.after.get("state") not in workflow().decided_states:
        return
    elif kind == "remove" and not part:
        found.decisions.pop(dataset, None)
    elif dataset in found.decisions and agency:
        found.decisions[dataset].agency = agency
    found.decided.append(entry.day)


def _hold(found: Facts, entry: Entry) -> None:
    hold = str(entry.detail.get("hold"))
    if entry.event == "hold.create":
        found.holds[hold], found.held[hold] = str(entry.dataset), str(entry.detail.get("scope"))
        found.placed.append(entry.day)
    elif entry.event == "hold.release":
        found.holds.pop(hold, None)
        found.released.append((entry.day, str(entry.detail.get("ground"))))


def _request(found: Facts, entry: Entry) -> None:
    key = str(entry.detail.get("request"))
    request = found.requests.setdefault(key, Request(entry.day))
    before = request.state
    request.state = str(entry.after.get("state") or before)
    due = entry.after.get("due")
    request.due = dt.date.fromisoformat(due) if due else None
    what = entry.event.removeprefix(REQUEST)
    request.objected |= what == "object"
    request.extended |= what == "extend"
    if request.answered is None and request.state in ("granted", "refused", "reopened"):
        request.answered = entry.day
