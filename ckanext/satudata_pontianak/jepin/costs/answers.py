"""What the actions on costs and use answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Receipt
from ..register.answers import ImportChange, ImportProblem, Linked


class CostLine(TypedDict):
    """An app or dataset in a year."""

    name: str
    title: str
    type: Annotated[str, "`dataset`, or `layanan`: an app"]
    agency: Annotated[Linked | None, "which answers for it"]
    word: Annotated[
        str | None, "of an app, `open`, `disturbed`, `maintenance` or `closed`; `null`: not known"
    ]
    word_label: Annotated[str | None, "of an app"]
    year: int
    budget_code: str | None
    cost: Annotated[int | None, "rupiah in the year; `null`: nobody said"]
    visits: Annotated[int | None, "in the year, as the operator counts them"]
    cost_per_visit: Annotated[int | None, "whole rupiah, where both are known"]
    downloads: Annotated[int | None, "of a dataset, how often the portal sent its open files"]
    brought: Annotated[str | None, "when it was brought"]
    brought_by: str | None
    receipt: Annotated[int | None, "number of its entry in the ledger"]


class CostTotals(TypedDict):
    """What all lines come to that the caller reads."""

    cost: int | None
    visits: int | None
    cost_per_visit: Annotated[int | None, "over lines of which both are known"]


class CostLines(TypedDict):
    """What apps and datasets cost."""

    count: int
    year: Annotated[int | None, "`null` where one app or dataset was asked for"]
    years: Annotated[list[int], "of which there are lines, the last one first"]
    brings: Annotated[bool, "the caller brings lists"]
    totals: CostTotals
    results: list[CostLine]


class CostRowLooked(TypedDict):
    """A row of a list, and what would become of its line."""

    number: Annotated[int, "as the sheet counts, the headings being 1"]
    name: str
    title: Annotated[str, "empty where there is no such app or dataset for the caller"]
    year: int | None
    outcome: Annotated[str, "`new`, `changed`, `same`, `gone` or `wrong`"]
    changes: list[ImportChange]
    errors: list[ImportProblem]


class CostCounts(TypedDict):
    """How many rows become what."""

    new: int
    changed: int
    same: int
    gone: Annotated[int, "lines that are taken away: the row says nothing"]
    wrong: int


class CostsBrought(TypedDict):
    """A list of costs, looked at or taken over."""

    applied: Annotated[bool, "it was taken over; never while a row is wrong"]
    counts: CostCounts
    rows: list[CostRowLooked]
    receipt: Annotated[Receipt | None, "of the record in the ledger; `null` where nothing changed"]
