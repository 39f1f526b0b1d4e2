"""What happened in each case, replayed from the ledger against the workflow in force at each step.

Pure: entries and definitions in, runs out. It knows nothing of the engine that was running, so
that whatever got past that engine is seen here. What only files or metadata could tell (the
conditions of a step) the ledger does not hold: it is not replayed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ...classification.rules import deadlines
from .old_workflow import PROPOSER, Past, Step

OPEN = "case.open"
# A command on the server takes a case back that only this command has touched (adoption).
COMMANDS = frozenset({"case.renew_bytes"})
NOTES = frozenset({"case.clock"})
CHANGES = frozenset({"version.add", "proposal.change", "resource.remove"})
RESOLVED, PURGED = "finding.resolve", "dataset.purge"

CODES = (
    "wrong_start",
    "unknown_step",
    "wrong_state",
    "wrong_target",
    "wrong_duty",
    "exclusion",
    "late",
    "missing_fields",
    "break_glass",
    "purged",
    "no_definition",
)


@dataclass(frozen=True)
class Entry:
    """One entry of the ledger, as far as a replay reads it."""

    number: int
    at: dt.datetime
    event: str
    actor: str | None = None
    dataset: str | None = None
    case: str | None = None
    duty: str | None = None
    outcome: str = "ok"
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def day(self) -> dt.date:
        """The day in the city on which it happened."""
        return self.at.astimezone(deadlines.CITY).date()

    @property
    def decision(self) -> Mapping[str, Any]:
        """What a step of a case decided, empty where it decided nothing.

        Other entries name a decision by its id under the same key.
        """
        told = self.detail.get("decision") if self.event.startswith("case.") else None
        return told if isinstance(told, Mapping) else {}


@dataclass(frozen=True)
class Deviation:
    """Something that was not as written. ``code`` is one of ``CODES``."""

    code: str
    entry: int
    day: dt.date
    case: str
    dataset: str | None
    agency: str | None
    state: str | None
    step: str
    what: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """A step that was taken: out of which state, and after how many working days."""

    state: str
    step: str
    agency: str | None
    day: dt.date
    working_days: int


@dataclass
class Run:
    """One case from its opening on."""

    case: str
    dataset: str | None
    kind: str
    opened: dt.date
    agency: str | None = None
    state: str | None = None
    entered: dt.date | None = None
    due: dt.date | None = None
    submitted: dt.date | None = None
    ended: dt.date | None = None
    level: str | None = None
    refused: list[dt.date] = field(default_factory=list)
    parts: dict[str, set[str]] = field(default_factory=dict)
    steps: list[Taken] = field(default_factory=list)
    deviations: list[Deviation] = field(default_factory=list)

    def took(self, part: str, actor: str | None) -> bool:
        """Tell whether a person had this part before."""
        return actor is not None and actor in self.parts.get(part, ())

    def overdue(self, day: dt.date) -> bool:
        """Tell whether the case is open past its deadline."""
        return self.ended is None and self.due is not None and self.due < day


def replay(
    entries: Iterable[Entry], definitions: Mapping[str, Past], assumed: Past | None = None
) -> dict[str, Run]:
    """Return the run of each case, by its id.

    :param entries: in the order of the ledger; those of no case are passed over.
    :param definitions: hash → the definition, as the ledger keeps them.
    :param assumed: the definition for entries that name none: they are older than the naming.
    """
    runs: dict[str, Run] = {}
    for entry in entries:
        if entry.case is None:
            continue
        run = runs.get(entry.case)
        if run is None:
            run = runs[entry.case] = Run(entry.case, entry.dataset, "classify", entry.day)
        if entry.outcome != "ok":
            run.refused.append(entry.day)
            continue
        named = entry.detail.get("workflow")
        past = definitions.get(str(named)) if named else assumed
        _Judge(run, entry, past).judge()
    return {key: run for key, run in runs.items() if run.entered or run.ended}


class _Judge:
    """Takes one entry of a case and compares it with what was written."""

    def __init__(self, run: Run, entry: Entry, past: Past | None) -> None:
        self.run, self.entry, self.past = run, entry, past
        self.name = entry.event.removeprefix("case.")

    def judge(self) -> None:
        """Move the run by the entry, and note what deviates."""
        event = self.entry.event
        if event == OPEN:
            self._open()
        elif event in CHANGES:
            self._propose()
        elif event == RESOLVED:
            self._part(self.entry.detail.get("part"))
        elif event == PURGED:
            self._note("purged")
            self.run.ended, self.run.due = self.entry.day, None
        elif event in COMMANDS:
            self._enter()
        elif event.startswith("case.") and event not in NOTES:
            self._step()

    def _note(self, code: str, *what: str) -> None:
        run, entry = self.run, self.entry
        self.run.deviations.append(
            Deviation(
                code,
                entry.number,
                entry.day,
                run.case,
                run.dataset,
                run.agency,
                run.state,
                self.name,
                tuple(what),
            )
        )

    def _part(self, part: Any) -> None:
        if part and self.entry.actor:
            self.run.parts.setdefault(str(part), set()).add(self.entry.actor)

    def _enter(self) -> None:
        """Bring the run into the state that the entry says, with its deadline."""
        run, after = self.run, self.entry.after
        run.state, run.entered = after.get("state"), self.entry.day
        run.agency = after.get("agency") or run.agency
        run.due = None
        if "due" in after:
            # As it was set then: holidays may have been declared another day since.
            run.due = dt.date.fromisoformat(after["due"]) if after["due"] else None
        elif self.past is not None:
            days = self.past.due.get(str(run.state))
            run.due = deadlines.add_working_days(run.entered, days) if days else None
        if self.past is not None and run.state in self.past.ends:
            run.ended, run.due = self.entry.day, None

    def _open(self) -> None:
        run, after = self.run, self.entry.after
        again = run.entered is not None
        run.kind = str(after.get("kind") or "classify")
        run.agency = after.get("agency") or run.agency
        self._enter()
        if self.past is None:
            self._note("no_definition")
        elif again or run.state not in self.past.starts:
            self._note("wrong_start", str(run.state))

    def _propose(self) -> None:
        """Whoever changes files or proposal is a proposer, and may have had no other part."""
        if self.past is not None:
            had = sorted(
                p
                for p in self.past.not_for_proposers(self.run.kind)
                if self.run.took(p, self.entry.actor)
            )
            if had:
                self._note("exclusion", *had)
        self._part(PROPOSER)

    def _step(self) -> None:
        run, entry, past = self.run, self.entry, self.past
        if past is None:
            self._note("no_definition")
        told = entry.before.get("state", run.state)
        step = past.find(str(run.state), self.name, run.kind) if past else None
        if past is not None and not past.knows(self.name):
            self._note("unknown_step", self.name)
        elif past is not None and (step is None or told != run.state or run.ended):
            self._note("wrong_state", str(run.state), str(told))
        if step is not None and past is not None:
            if entry.after.get("state") != step.target:
                self._note("wrong_target", step.target, str(entry.after.get("state")))
            if entry.duty != step.by:
                self._note("wrong_duty", step.by, str(entry.duty))
            had = sorted(p for p in step.exclude if run.took(p, entry.actor))
            if had:
                self._note("exclusion", *had)
            self._fields(step, past)
        if run.due is not None and entry.day > run.due:
            self._note("late", run.due.isoformat())
        if entry.detail.get("break_glass"):
            self._note("break_glass", str(entry.detail["break_glass"]))
        self._took(step.part if step else None)

    def _fields(self, step: Step, past: Past) -> None:
        detail = self.entry.detail
        decided = self.entry.decision.get("tingkat_keamanan")
        # By name alone: of what was written the ledger may hold no more than a digest.
        filled = frozenset(detail.get("fields") or ())
        lacking = step.missing(filled, past.levels.get(str(decided)))
        if lacking:
            self._note("missing_fields", *lacking)

    def _took(self, part: str | None) -> None:
        run, entry = self.run, self.entry
        if run.entered is not None:
            days = deadlines.working_days(run.entered, entry.day)
            run.steps.append(Taken(str(run.state), self.name, run.agency, entry.day, days))
        self._part(part)
        if part == PROPOSER:
            run.submitted = entry.day
        run.level = entry.decision.get("tingkat_keamanan", run.level)
        self._enter()
