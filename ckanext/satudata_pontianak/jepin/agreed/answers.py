"""What the actions on agreed data lists answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Receipt
from ..register.answers import ImportChange, ImportProblem, Linked


class AgreedPublic(TypedDict):
    """A row of an agreed data list, as everybody reads it."""

    year: int
    title: str
    agency: Annotated[Linked | None, "which owes it; `null`: there is no such agency any more"]
    frequency: Annotated[str, "code of the frequency of publication"]
    frequency_label: str
    due: Annotated[str, "the day of its release schedule"]
    dataset: Annotated[
        Linked | None, "which fulfils it; `null`: none, or none that the caller may know of"
    ]


class AgreedPublicList(TypedDict):
    """Agreed data of a year, or due in a month."""

    count: int
    year: Annotated[int | None, "`null` where a month was asked for"]
    years: Annotated[list[int], "of which there are lists, the last one first"]
    results: list[AgreedPublic]


class AgreedOwed(AgreedPublic):
    """A row as the people of its agency and Walidata read it."""

    id: str
    code: str
    priority: Annotated[bool, "priority data"]
    standing: Annotated[str, "`ahead`, `soon`, `late`, `met` or `met_late`"]
    standing_label: str
    days: Annotated[int, "until its day; below 0: so many days past it"]
    met: Annotated[str | None, "the day on which its data came; `null`: they have not come"]
    may_fulfil: Annotated[bool, "the caller may name the dataset that fulfils it"]
    receipt: Annotated[int | None, "number of the entry in the ledger that wrote it last"]


class AgreedStandings(TypedDict):
    """How many rows stand where, of all that the caller reads of a year and agency."""

    ahead: int
    soon: int
    late: int
    met: int
    met_late: int


class AgreedOwedList(TypedDict):
    """What agencies owe in a year."""

    count: int
    year: int
    years: Annotated[list[int], "of which there are lists, the last one first"]
    brings: Annotated[bool, "the caller brings lists"]
    standings: AgreedStandings
    results: list[AgreedOwed]


class AgreedFulfilled(TypedDict):
    """A row whose dataset was named."""

    row: AgreedOwed
    receipt: Annotated[Receipt | None, "of the record in the ledger; `null`: nothing changed"]


class AgreedRowLooked(TypedDict):
    """A row of a list, and what would become of it."""

    number: Annotated[int, "as the sheet counts, the headings being 1"]
    name: Annotated[str, "its code"]
    title: str
    outcome: Annotated[str, "`new`, `changed`, `same`, `gone` or `wrong`"]
    changes: list[ImportChange]
    errors: list[ImportProblem]


class AgreedCounts(TypedDict):
    """How many rows become what."""

    new: int
    changed: int
    same: int
    gone: Annotated[int, "rows that are taken away: the code stands alone"]
    wrong: int


class AgreedBrought(TypedDict):
    """An agreed data list, looked at or taken over."""

    applied: Annotated[bool, "it was taken over; never while a row is wrong"]
    year: int
    counts: AgreedCounts
    rows: list[AgreedRowLooked]
    receipt: Annotated[Receipt | None, "of the record in the ledger; `null` where nothing changed"]
