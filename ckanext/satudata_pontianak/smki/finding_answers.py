"""What the actions of internal audit answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ..ledger.answers import Receipt, Recorded

SampleRecorded = TypedDict(
    "SampleRecorded",
    {
        "group": str,
        "from": str,
        "until": str,
        "population": Annotated[int, "how many entries there were to draw from"],
        "seed": Annotated[str, "64 hexadecimal digits; the ledger holds it"],
        "head": Annotated[str | None, "root of the signed head that the seed was made of"],
        "entries": Annotated[list[int], "numbers of the entries that were drawn"],
        "receipt": Annotated[Receipt, "of the record in the ledger"],
    },
)
"""A sample that was drawn."""

Sample = TypedDict(
    "Sample",
    {
        "entry": Annotated[int, "number of the entry that records it"],
        "at": str,
        "group": str,
        "from": str,
        "until": str,
        "population": int,
        "seed": str,
        "entries": list[int],
    },
)
"""A sample as the ledger holds it."""


class FindingText(TypedDict):
    """What was written of a finding."""

    name: str
    label: str
    text: str


class FindingField(TypedDict):
    """A text that a step asks for."""

    name: str
    label: str
    help: str


class FindingStep(TypedDict):
    """A step that the caller may take."""

    name: Annotated[str, "`answer`, `return` or `close`"]
    label: str
    fields: list[FindingField]


class Finding(TypedDict):
    """A finding of the audit on a control."""

    id: str
    number: int
    control: str
    control_label: str
    grade: Annotated[str, "`major`, `minor` or `advice`"]
    grade_label: str
    role: Annotated[str, "who answers it"]
    role_label: str
    state: Annotated[str, "`open`, `answered` or `closed`"]
    state_label: str
    due: str
    late: bool
    opened: str
    opened_by: str | None
    closed: str | None
    texts: list[FindingText]
    taken: Annotated[dict[str, str | None], "step → who took it last"]
    steps: list[FindingStep]


class Findings(TypedDict):
    """Findings, those that are not closed first."""

    count: int
    results: list[Finding]


class FindingRecorded(Finding, Recorded):
    """A finding that was opened, or went on."""
