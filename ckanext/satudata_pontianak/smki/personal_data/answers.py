"""What the actions on personal data answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...classification.cases.answers import Basis
from ...ledger.answers import Recorded


class SubjectDataset(TypedDict):
    """The dataset that a request names."""

    id: str
    name: str
    title: str


class SubjectStep(TypedDict):
    """A step that was taken."""

    at: str
    action: Annotated[str, "`record`, `identify` or `answer`"]
    action_label: str
    actor: str | None
    receipt: Annotated[int | None, "number of its entry in the ledger"]


class SubjectIdentity(TypedDict):
    """How it was shown who asks."""

    proof: str
    label: str
    office: Annotated[str | None, "the role or the agency that examined it"]


class SubjectRow(TypedDict):
    """A request of a data subject as a list gives it."""

    id: str
    number: int
    kind: str
    kind_label: str
    channel: str
    channel_label: str
    agenda: Annotated[str, "agenda number of the letter"]
    state: Annotated[str, "`received`, `identified` or `answered`"]
    state_label: str
    received: Annotated[str, "the clock runs from this hour"]
    due: str
    hours_left: Annotated[int | None, "while it is open; negative once the deadline has passed"]
    late: Annotated[bool, "it was answered after its deadline, or is open after it"]
    answered: str | None
    outcome: Annotated[str | None, "`fulfilled` or `refused`"]


class SubjectRows(TypedDict):
    """Requests of data subjects, open ones first by what is left of their time."""

    count: int
    results: list[SubjectRow]


class SubjectRequestShown(SubjectRow):
    """A request of a data subject."""

    dataset: Annotated[SubjectDataset | None, "which it names, if the caller may see its metadata"]
    datasets: Annotated[
        list[SubjectDataset], "found to hold data of whoever asks, if the caller may know of them"
    ]
    names: Annotated[bool, "the caller says which datasets hold data of whoever asks"]
    basis: list[Basis]
    clock: Annotated[list[Basis], "what sets the deadline"]
    answered_by: Annotated[str, "the role that answers it"]
    checks: Annotated[bool, "the caller writes down by what it was shown who asks"]
    answers: Annotated[bool, "the caller answers it"]
    grounds: Annotated[list[str], "on which it may be refused as it stands"]
    identity: SubjectIdentity | None
    ground: str | None
    ground_label: str | None
    answer: str | None
    letter: str | None
    steps: list[SubjectStep]


class SubjectRecorded(SubjectRequestShown, Recorded):
    """A request that was recorded, or went on."""
