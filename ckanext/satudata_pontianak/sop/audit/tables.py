"""Reports as tables of cells: what page, PDF and CSV are made from, in the language of the reader.

Pure. A table may be drawn as bars as well; the table itself is the text alternative.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from ...classification.rules.workflow import EVENT_LABELS
from ...messages import Message, Translate
from ...msgids import N_
from ...surface import formulas
from ..drawing import charts
from .old_workflow import Past


@dataclass(frozen=True)
class Share:
    """A share between 0 and 1; ``None`` where there was nothing to share."""

    value: float | None


Cell = str | Message | tuple[Message, ...] | int | float | dt.date | Share | None


@dataclass(frozen=True)
class Table:
    """A table with heads. The first cells of a row name it; ``chart`` is the column drawn."""

    key: str
    title: Message
    heads: tuple[Message, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: int | None = None
    help: Message | None = None


TEXTS = (str, Message, tuple)
NOTHING = "–"
NO_STATE = N_("A state that the workflow does not have")
NO_STEP = N_("A step that the workflow does not have")
NO_FIELD = N_("A field that the workflow does not have")
CSV_HEADS = (N_("Table"), N_("Row"), N_("What"), N_("Value"))


@dataclass(frozen=True)
class Language:
    """In which language cells are said: texts, numbers and dates."""

    translate: Translate
    code: str = "id"

    @property
    def locale(self) -> Locale:
        """The locale by which numbers and dates are written."""
        return Locale.parse("en" if self.code.startswith("en") else "id")

    def said(self, cell: Cell) -> str:
        """Return a cell as people read it."""
        if isinstance(cell, Share):
            if cell.value is None:
                return "–"
            return format_percent(cell.value, "#,##0.#%", self.locale)
        if isinstance(cell, Message):
            days = {k: self.said(v) for k, v in cell.params.items() if isinstance(v, dt.date)}
            return Message(cell.msgid, {**cell.params, **days}).text(self.translate)
        if isinstance(cell, tuple):
            return " / ".join(self.said(message) for message in cell)
        if isinstance(cell, dt.date):
            return format_date(cell, "d MMMM y", self.locale)
        if isinstance(cell, (int, float)):
            return format_decimal(cell, locale=self.locale)
        return "–" if cell is None else cell


def view(tables: Iterable[Table], language: Language) -> list[dict[str, Any]]:
    """Return tables as plain data with every text said, and the drawing of those that have one."""
    return [
        {
            "key": table.key,
            "title": language.said(table.title),
            "help": language.said(table.help) if table.help else "",
            "heads": [language.said(head) for head in table.heads],
            "rows": [[language.said(cell) for cell in row] for row in table.rows],
            "numeric": [_numeric(table, n) for n in range(len(table.heads))],
            "chart": _drawn(table, language),
        }
        for table in tables
    ]


def _numeric(table: Table, column: int) -> bool:
    cells = [row[column] for row in table.rows]
    return bool(cells) and all(isinstance(c, (int, float, Share, type(None))) for c in cells)


def _drawn(table: Table, language: Language) -> str:
    if table.chart is None:
        return ""
    bars = []
    for row in table.rows:
        value = row[table.chart]
        if isinstance(value, (int, float)):
            name = " · ".join(language.said(c) for c in row if isinstance(c, TEXTS))
            bars.append((name, float(value), language.said(value)))
    title = f"{language.said(table.title)}: {language.said(table.heads[table.chart])}"
    return charts.bars(title, bars) if bars else ""


def as_csv(tables: Iterable[Table], language: Language) -> bytes:
    """Return tables as one CSV: a line for each number, with its table, row and head.

    In the dialect of all exports: numbers have the comma, days are written as 30/11/2026.
    """
    rows = []
    for table in tables:
        for row in table.rows:
            named = _names(table, row)
            name = " · ".join(language.said(c) for c in row[:named])
            for head, cell in zip(table.heads[named:], row[named:], strict=True):
                said = language.said(table.title), name, language.said(head)
                rows.append([*said, _plain(cell, language)])
    return formulas.sheet([language.translate(head) for head in CSV_HEADS], rows)


def _names(table: Table, row: Sequence[Cell]) -> int:
    """Return how many cells at the front name the row; at least one is left to be told."""
    texts = 0
    while texts < len(row) - 1 and isinstance(row[texts], TEXTS):
        texts += 1
    return max(texts, 1) if len(row) > 1 else 0


def _plain(cell: Cell, language: Language) -> str:
    if cell is None or (isinstance(cell, Share) and cell.value is None):
        return ""
    if isinstance(cell, Share):
        cell = cell.value
    if isinstance(cell, dt.date):
        return f"{cell:%d/%m/%Y}"
    return language.said(cell) if isinstance(cell, TEXTS) else str(cell).replace(".", ",")


@dataclass(frozen=True)
class Names:
    """What states, steps, agencies and fields are called; by words, whatever the ledger names."""

    states: Mapping[str, str]
    steps: Mapping[tuple[str, str], tuple[str, ...]]
    agencies: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, pasts: Iterable[Past], agencies: Mapping[str, str]) -> Names:
        """Collect the labels of definitions; a later one's word counts."""
        states: dict[str, str] = {}
        steps: dict[tuple[str, str], tuple[str, ...]] = {}
        fields: dict[str, str] = {}
        for past in pasts:
            states.update(past.labels)
            fields.update(past.fields)
            here: dict[tuple[str, str], list[str]] = {}
            for step in past.steps:
                here.setdefault((step.source, step.name), []).append(step.label)
            steps.update({key: tuple(dict.fromkeys(labels)) for key, labels in here.items()})
        return cls(states, steps, agencies, fields)

    def in_order(self, states: Iterable[str]) -> list[str]:
        """Return states in the order of the workflow; those that it has no more come last."""
        order = {name: number for number, name in enumerate(self.states)}
        return sorted(states, key=lambda name: (order.get(name, len(order)), name))

    def state(self, name: str | None) -> Message:
        """Return what a state is called."""
        if name in (None, "", "None"):
            return Message(NOTHING)
        return Message(self.states.get(str(name), NO_STATE))

    def step(self, state: str | None, name: str) -> tuple[Message, ...]:
        """Return what a step is called: its labels for the different kinds of cases.

        Out of a state that it does not lead out of it has the labels that it has elsewhere.
        """
        found = self.steps.get((str(state), name))
        if found is None:
            elsewhere = (labels for (_, step), labels in self.steps.items() if step == name)
            found = tuple(dict.fromkeys(label for labels in elsewhere for label in labels))
        return tuple(Message(label) for label in found or (EVENT_LABELS.get(name, NO_STEP),))

    def field(self, name: str) -> Message:
        """Return what a field of a step is called."""
        return Message(self.fields.get(name, NO_FIELD))

    def agency(self, key: str | None) -> str | Message:
        """Return what an agency is called; without one it is the city, and never an id."""
        if not key:
            return Message("The whole city")
        return self.agencies.get(key) or Message("An agency that is no longer there")
