"""What the actions on destructions answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded


class DestroyedFile(TypedDict):
    """A file that goes."""

    id: str
    name: str


class DestructionPlace(TypedDict):
    """A place where copies lie."""

    name: Annotated[str, "`storage`, `tables`, `uploads`, `index` or `pictures`"]
    label: str
    cleared: Annotated[str | None, "when it was cleared"]
    left: Annotated[int | None, "how much was still there when it was looked at last"]


class DestructionBackup(TypedDict):
    """A backup that was made before the data were destroyed."""

    day: str
    last_day: Annotated[str | None, "`null`: nobody wrote for how long backups are kept"]


class DestructionRow(TypedDict):
    """A destruction as a list gives it."""

    id: str
    dataset: str
    title: str
    state: Annotated[str, "`proposed`, `approved` (it is carried out), `refused` or `done`"]
    state_label: str
    whole: Annotated[bool, "of all that the dataset has and had"]
    proposed: str
    done: Annotated[str | None, "when nothing was left"]


class DestructionRows(TypedDict):
    """Destructions of datasets that the caller knows of, those that run first."""

    count: int
    results: list[DestructionRow]


class DestructionTerm(TypedDict):
    """What the registers say of how long a dataset is kept."""

    code: Annotated[str, "class of the retention schedule (JRA)"]
    begins: str | None
    due: Annotated[str | None, "first day on which the data may be destroyed"]


class DestructionCheck(TypedDict):
    """Whether the data of a dataset may be destroyed today."""

    dataset: str
    title: str
    term: DestructionTerm | None
    against: Annotated[list[str], "why not; empty: it may be proposed"]
    proposes: Annotated[bool, "the caller may propose it"]
    running: Annotated[str | None, "id of the destruction that runs already"]
    files: Annotated[list[DestroyedFile], "files whose data are kept"]


class Destruction(DestructionRow):
    """A destruction."""

    term: DestructionTerm
    assessment: str
    witnesses: Annotated[list[str], "offices"]
    files: Annotated[list[DestroyedFile], "of the whole dataset known once it is carried out"]
    proposed_by: str | None
    proposed_as: str
    number: Annotated[str | None, "of the written approval"]
    day: Annotated[str | None, "of the written approval"]
    sha256: Annotated[str | None, "of the signed paper"]
    reason: Annotated[str | None, "why it was refused or withdrawn"]
    concluded_by: str | None
    concluded_as: str | None
    concluded: str | None
    against: Annotated[list[str], "why it may not be approved today"]
    stopped: Annotated[list[str], "what held it back when it was tried last"]
    places: list[DestructionPlace]
    looked: Annotated[str | None, "when it was looked whether anything is left"]
    backups: Annotated[
        list[DestructionBackup] | None, "`null`: it is not known which backups there are"
    ]
    approves: Annotated[bool, "the caller may approve it"]
    refuses: Annotated[bool, "the caller may refuse or withdraw it"]
    receipt_entry: Annotated[int | None, "number of its last entry in the ledger"]


class DestructionRecorded(Destruction, Recorded):
    """A destruction that was proposed or concluded."""
