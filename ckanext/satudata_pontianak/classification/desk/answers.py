"""What the queue answers; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict

from ..cases.answers import Blocked, Checked, HandedOver, Transition
from ..holds.holds import WaitingHold


class File(TypedDict):
    """A waiting file that the caller may have."""

    id: str
    file: str


class Line(TypedDict):
    """A case as a line of the queue."""

    id: str
    dataset_id: str
    dataset_name: str
    title: str
    owner_org: str | None
    owner_title: str
    kind: str
    reason: str | None
    state: str
    state_label: str
    holder: str | None
    due: str | None
    overdue: bool
    submitted: str | None
    entered: str | None
    proposal: dict[str, Any]
    scan: Annotated[
        str | None,
        "worst verdict of its files as they were found; this, `files`, `findings`, `likeness` and "
        "`group` are `null` for an agency that is only to receive the dataset",
    ]
    files: int | None
    findings: Annotated[int | None, "how many"]
    likeness: str | None
    handed_over: HandedOver | None
    group: str | None
    evidence: NotRequired[Annotated[str, "this and the rest with `details`, as of the case"]]
    assessment: NotRequired[dict[str, Any] | None]
    changes: NotRequired[dict[str, Any]]
    transitions: NotRequired[list[Transition]]
    blocked: NotRequired[list[Blocked]]
    versions: NotRequired[Annotated[list[File], "the waiting files that the caller may have"]]
    checked: NotRequired[Annotated[list[Checked], "each file of the case"]]


class Group(TypedDict):
    """Like cases."""

    key: str
    kind: str
    state: str
    jenis_informasi: Annotated[str, "`-` where there is none, as of the next two"]
    tingkat_keamanan: str
    data_pribadi: str
    scan: str | None
    likeness: str | None
    count: int
    due: Annotated[str | None, "the nearest"]
    overdue: Annotated[int, "how many"]
    state_label: str


class Cases(TypedDict):
    """Open cases."""

    count: Annotated[int, "how many the filters leave, of those that the caller may see"]
    results: Annotated[list[Line], "one for each case"]
    groups: NotRequired[
        Annotated[
            list[Group],
            "where asked for: the 200 groups with the nearest deadlines, of everything that the "
            "filters leave, whatever the page",
        ]
    ]
    holds: NotRequired[
        Annotated[list[WaitingHold], "where asked for: those that wait for the caller's word"]
    ]
