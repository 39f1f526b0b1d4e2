"""What the action on a sheet of metadata answers (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ..register.answers import ImportChange, ImportProblem


class MetadataRow(TypedDict):
    """A row of the sheet, and what would become of it."""

    number: Annotated[int, "as the sheet counts, the headings being 1"]
    name: Annotated[str, "of the dataset, in the address of its page"]
    title: str
    outcome: Annotated[
        str, "`changed`, `same`, `wrong`, or `differs`: the dataset was changed since the download"
    ]
    changes: list[ImportChange]
    errors: list[ImportProblem]


class MetadataCounts(TypedDict):
    """How many rows become what."""

    changed: int
    same: int
    differs: Annotated[int, "changed since the download; left as they are"]
    wrong: int


class MetadataBrought(TypedDict):
    """A sheet of metadata, looked at or taken over."""

    applied: Annotated[bool, "it was taken over; never while a row is wrong"]
    counts: MetadataCounts
    rows: list[MetadataRow]
