"""What the actions on series answer; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Receipt


class SeriesRow(TypedDict):
    """A dataset of a series."""

    id: str
    name: str
    title: str
    period: Annotated[str, "such as `2025` or `Januari 2025`; empty where it is not known"]


class SeriesShown(TypedDict):
    """The series of a dataset, as the caller may know of it."""

    name: Annotated[str | None, "of its page `/seri/…`; `null`: the dataset is of no series"]
    title: str
    may_change: Annotated[bool, "the caller may say of which series the dataset is"]
    results: Annotated[list[SeriesRow], "members that the caller may know of, newest first"]
    gaps: Annotated[list[str], "periods between them that are missing"]
    alike: Annotated[list[SeriesRow], "for who may change it: datasets that would fit"]


class SeriesSet(TypedDict):
    """A dataset after somebody said whether it is of a series."""

    name: Annotated[str | None, "of the series; `null`: of none"]
    receipt: Annotated[Receipt | None, "of the record in the ledger; `null` where nothing changed"]
