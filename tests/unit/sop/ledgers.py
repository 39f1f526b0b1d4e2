"""Ledgers for the tests: cases that ran as a definition says, and what can be done to them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from ckanext.satudata_pontianak.classification.rules import deadlines
from ckanext.satudata_pontianak.classification.rules.definition_text import (
    text_of as text_of_engine,
)
from ckanext.satudata_pontianak.classification.rules.workflow import Engine
from ckanext.satudata_pontianak.sop.audit.old_workflow import Past
from ckanext.satudata_pontianak.sop.audit.replay import Entry

from .made import definitions

MONDAY = dt.datetime(2026, 9, 7, 2, tzinfo=dt.UTC)
"""Nine in the morning of a working day in the city."""


def text_of(**changed: Any) -> tuple[str, str]:
    """Return hash and text of the definitions, those given in the place of a file."""
    defs = definitions(**changed)
    return text_of_engine(Engine(defs.workflow, defs.classification))


class Ledger:
    """Writes entries as the portal does, one a working day after the other."""

    def __init__(self, **changed: Any) -> None:
        self.hash, self.text = text_of(**changed)
        self.past = Past.of(self.text)
        self.entries: list[Entry] = []
        self.at = MONDAY
        self.write("workflow.change", after={"workflow": self.hash, "definition": self.text})

    def write(self, event: str, **fields: Any) -> Entry:
        """Write one entry at the present moment."""
        entry = Entry(len(self.entries) + 1, self.at, event, **fields)
        self.entries.append(entry)
        return entry

    def rest(self, working_days: int) -> None:
        """Let working days pass."""
        day = deadlines.add_working_days(self.at.date(), working_days)
        self.at = dt.datetime.combine(day, self.at.timetz())

    def open(self, case: str, *, kind: str = "classify", state: str = "draft", **more: Any) -> None:
        after = {"state": state, "kind": kind, "agency": "dinas", **self._due(state), **more}
        self.write("case.open", **self._case(case), after=after, detail={"workflow": self.hash})

    def step(self, case: str, state: str, name: str, actor: str, **more: Any) -> None:
        """Take a step as it is written, with all that it asks for."""
        kind = more.pop("kind", "classify")
        step = self.past.find(state, name, kind)
        assert step is not None, (state, name, kind)
        filled = {*step.required, *(group[0] for group in step.one_of)}
        level = more.pop("level", None)
        decision = {"tingkat_keamanan": level, "akhir": more.pop("until", None)} if level else None
        if level not in (None, "biasa"):
            filled |= {*step.when_closed, *step.when_limited}
        self.write(
            f"case.{name}",
            **self._case(case),
            actor=actor,
            duty=step.by,
            before={"state": state},
            after={"state": step.target, "agency": "dinas", **self._due(step.target)},
            detail={
                "workflow": self.hash,
                "fields": dict.fromkeys(sorted(filled), "-"),
                "decision": decision,
                **more,
            },
        )

    def road(self, case: str, *steps: tuple[str, str, str], rest: int = 1, **last: Any) -> None:
        """Open a case and take these steps (state, name, actor), days between them."""
        self.open(case)
        for number, (state, name, actor) in enumerate(steps, start=1):
            self.rest(rest)
            more = last if number == len(steps) else {}
            self.step(case, state, name, actor, **more)

    def _case(self, case: str) -> dict[str, str]:
        return {"case": case, "dataset": f"data-{case}"}

    def _due(self, state: str) -> dict[str, str | None]:
        days = self.past.due[state]
        day = deadlines.add_working_days(self.at.date(), days) if days else None
        return {"due": day.isoformat() if day else None}


OPEN_ROAD = (("draft", "submit", "ani"), ("verification", "approve", "budi"))
CLOSED_ROAD = (
    ("draft", "submit", "ani"),
    ("verification", "refer", "budi"),
    ("consequence_test", "assess", "citra"),
    ("approval", "approve", "dewi"),
)


def changed(entry: Entry, **fields: Any) -> Entry:
    """Return an entry with other content; mappings are joined with what was there."""
    joined = {
        k: {**getattr(entry, k), **v} if isinstance(v, dict) else v for k, v in fields.items()
    }
    return replace(entry, **joined)
