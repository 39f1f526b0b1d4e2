"""What the actions on statistical activities answer; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from ...ledger.answers import Receipt


class ActivityAgency(TypedDict):
    """The agency of an activity."""

    id: str
    name: str
    title: str


class ActivityDatasetRow(TypedDict):
    """A dataset that comes from an activity."""

    id: str
    name: str
    title: str


class ActivityRow(TypedDict):
    """An activity in a list."""

    id: str
    title: str
    agency: ActivityAgency | None
    datasets: Annotated[int, "datasets of it that the caller may know of"]
    missing: Annotated[
        int, "fields that the standard needs and that say nothing; 0 for others than its editors"
    ]
    may_change: Annotated[bool, "the caller may change it"]


class ActivityList(TypedDict):
    """Activities that the caller may know of."""

    count: int
    writes_for: Annotated[list[ActivityAgency], "agencies for which the caller may begin one"]
    results: list[ActivityRow]


class ActivityFieldShown(TypedDict):
    """A field of an activity that says something."""

    name: str
    label: str
    kind: Annotated[str, "as in `schemas/statistical_activities.yaml`"]
    value: Annotated[Any, "text, or a list of codes"]
    shown: Annotated[list[str], "what it says, in words"]


class ActivityBlock(TypedDict):
    """Fields of an activity that belong together."""

    name: str
    label: str
    fields: list[ActivityFieldShown]


class ActivityShown(TypedDict):
    """An activity."""

    id: str
    title: str
    agency: ActivityAgency | None
    blocks: list[ActivityBlock]
    datasets: Annotated[list[ActivityDatasetRow], "those that the caller may know of"]
    missing: Annotated[list[str], "for its editors: labels of what the standard needs"]
    may_change: bool
    about: Annotated[str, "where the fields come from, and what is to be confirmed"]


class ActivitySaved(TypedDict):
    """An activity after something was said of it."""

    activity: ActivityShown
    receipt: Annotated[Receipt | None, "of the record in the ledger; `null` where nothing changed"]


class ActivityAttached(TypedDict):
    """A dataset after somebody said which activity it comes from."""

    ms_keg: Annotated[str | None, "id of the activity; `null`: of none"]
    receipt: Annotated[Receipt | None, "of the record in the ledger; `null` where nothing changed"]


class IndicatorShown(TypedDict):
    """An indicator of a dataset."""

    id: str
    name: str
    fields: Annotated[
        list[ActivityFieldShown], "those of `schemas/indicators.yaml` that say something"
    ]
    public: Annotated[bool, "whether everybody who may know the dataset reads of it"]
    missing: Annotated[list[str], "for who writes the dataset: labels of what the standard needs"]


class IndicatorList(TypedDict):
    """The indicators of a dataset."""

    count: int
    may_say: Annotated[bool, "the caller may describe one"]
    results: list[IndicatorShown]
    about: Annotated[str, "where the fields come from, and what is to be confirmed"]


class IndicatorSaved(TypedDict):
    """An indicator after something was said of it."""

    indicator: IndicatorShown
    receipt: Annotated[Receipt | None, "of the record in the ledger; `null` where nothing changed"]


class IndicatorRemoved(TypedDict):
    """What was recorded when an indicator was taken out."""

    receipt: Annotated[Receipt, "of the record in the ledger"]
