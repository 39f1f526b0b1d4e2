"""What the actions of the register of apps answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from ...ledger.answers import Receipt


class Linked(TypedDict):
    """A dataset or another app, of which the caller may know."""

    name: str
    title: str


class OfferedStep(TypedDict):
    """A step that the caller may try now."""

    name: Annotated[str, "as in `schemas/jepin/lifecycle.yaml`"]
    label: str
    step: Annotated[str, "what it is, in a sentence"]
    day: Annotated[bool, "the day is asked for"]
    successor: Annotated[str, "`no`, `optional` or `required`"]


class TakenStep(TypedDict):
    """A step that was taken."""

    at: str
    step: str
    label: str
    state: str
    day: str
    reason: str
    successor: Annotated[Linked | None, "`null` also where the caller may not know of it"]
    actor: str | None
    receipt: Annotated[int | None, "number of its entry in the ledger"]


class AppShown(TypedDict):
    """An app in the register: where it stands, and what it has to do with others."""

    id: str
    name: str
    title: str
    word: Annotated[str | None, "`open`, `disturbed`, `maintenance` or `closed`; `null`: not known"]
    state: Annotated[
        str | None,
        "`draft`, `active`, `disturbed`, `review`, `retired` or `merged`; for who works on it",
    ]
    state_label: Annotated[str, "of the state; of the word where that is `null`"]
    help: Annotated[str, "what the state means; empty where that is `null`"]
    ended: Annotated[bool, "it cannot be used any more"]
    since: Annotated[str | None, "day since which it is so, as far as it is known"]
    reason: Annotated[str, "why it ended; empty in every other state"]
    successor: Annotated[Linked | None, "what replaces it, where the caller may know of that"]
    parent: Annotated[Linked | None, "the app that it belongs to"]
    children: Annotated[list[Linked], "the apps that belong to it"]
    data_in: Annotated[list[Linked], "datasets that it takes"]
    data_out: Annotated[list[Linked], "datasets that it gives"]
    unasked: Annotated[str | None, "why its address is not looked at, for who works on it"]
    works_on: Annotated[bool, "the caller brings data for its agency, or is Walidata"]
    secures: Annotated[bool, "the caller reads and writes its security facts"]
    due: Annotated[str | None, "until when it leaves this state; for who works on it"]
    late: Annotated[bool, "that day has passed; for who works on it"]
    steps: Annotated[list[OfferedStep], "for who works on it"]
    history: Annotated[list[TakenStep], "the last one first; for who works on it"]


class LateApp(TypedDict):
    """An app that is past the day by which it leaves its state."""

    id: str
    name: str
    title: str
    agency: Annotated[str | None, "title of the agency that owns it"]
    state: Annotated[str, "of `schemas/jepin/lifecycle.yaml`"]
    state_label: str
    since: Annotated[str, "day since which it is in this state"]
    due: Annotated[str, "the day that has passed"]


class LateApps(TypedDict):
    """Apps that are past their day, the longest first."""

    count: int
    results: list[LateApp]


class AppRecorded(AppShown):
    """An app after something was done with it."""

    receipt: Annotated[Receipt | None, "of the record in the ledger; `null` where nothing changed"]


class SecurityFact(TypedDict):
    """A security fact."""

    name: Annotated[str, "as in `schemas/jepin/security.yaml`"]
    label: str
    value: Annotated[str | None, "`null` where nothing is written"]
    value_label: Annotated[str | None, "of a choice, what it is called"]


class SecurityFacts(TypedDict):
    """The security facts of an app."""

    name: str
    title: str
    facts: list[SecurityFact]
    changed: str | None
    changed_by: str | None
    receipt: NotRequired[Annotated[Receipt | None, "after a change: of its record"]]


class ImportChange(TypedDict):
    """What a row changes in an entry."""

    field: str
    before: str
    after: str


class ImportProblem(TypedDict):
    """What is wrong with a field of a row."""

    field: str
    texts: list[str]


class ImportRow(TypedDict):
    """A row of a list, and what it would become."""

    number: Annotated[int, "as the sheet counts, the headings being 1"]
    name: str
    title: str
    outcome: Annotated[str, "`new`, `changed`, `same`, `differs` or `wrong`"]
    changes: Annotated[list[ImportChange], "where it `differs`: what the menu has, not taken over"]
    errors: list[ImportProblem]


class ImportCounts(TypedDict):
    """How many rows become what."""

    new: int
    changed: int
    same: int
    differs: Annotated[int, "changed by people since, left as they are until accepted"]
    wrong: int


class Imported(TypedDict):
    """A list of apps, looked at or taken over."""

    applied: Annotated[bool, "the rows that are `new` or `changed` were taken over"]
    counts: ImportCounts
    rows: list[ImportRow]


class Sheet(TypedDict):
    """Apps as rows of a sheet."""

    headings: list[str]
    help: Annotated[list[str], "what each column asks for; import leaves such a row out"]
    rows: list[list[str]]
