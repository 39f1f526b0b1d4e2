"""What the actions on the dictionary answer; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Receipt


class VariableRow(TypedDict):
    """A column with what is said of it."""

    name: Annotated[str, "as it stands in the first file that has it"]
    key: Annotated[str, "stands for it in the address of its page"]
    files: Annotated[
        list[str], "names of the files that have it, of those that the caller may have"
    ]
    waiting: Annotated[list[str], "ids of waiting versions that have it"]
    meaning: str
    unit: str
    type: Annotated[str, "code; empty where nobody said"]
    type_label: str
    domain: Annotated[str, "values that may stand there"]
    classification: Annotated[str, "the list that its values come from"]
    public: Annotated[bool | None, "whether everybody may have it; `null` where nobody said"]
    why: Annotated[str, "where not: `pribadi` or `dirujuk_ppid`"]
    public_label: str
    missing: Annotated[list[str], "labels of what is still to be said"]
    offered: Annotated[
        dict[str, str], "for who may say it: what the portal reads of fields that say nothing"
    ]
    offered_from: Annotated[str, "where that comes from; empty where nothing is offered"]


class VariableList(TypedDict):
    """The dictionary of a dataset."""

    count: int
    described: Annotated[int, "columns of which nothing is missing"]
    may_say: Annotated[bool, "the caller may say something of the columns"]
    results: list[VariableRow]


class VariableSaid(TypedDict):
    """A column after something was said of it."""

    column: VariableRow
    receipt: Annotated[Receipt | None, "of the record in the ledger; `null` where nothing changed"]
