"""What the actions on registers answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from ..ledger.answers import Recorded


class RegisterRow(TypedDict):
    """A register, and how complete it is: counted are the lines that the caller sees."""

    register: str
    label: str
    help: str
    chapter: Annotated[str, "one of the six of BSSN 4/2021"]
    lines: int
    incomplete: int
    late: Annotated[int, "incomplete after their deadline"]
    counted: Annotated[
        int | None,
        "top secret datasets of the city, which have no lines; `null`: no lines of datasets",
    ]
    opens: Annotated[bool, "the caller opens lines"]


class EntryRow(TypedDict):
    """A line of a register."""

    id: str
    number: Annotated[int | None, "`null`: a line of a dataset, which its `id` names"]
    register: str
    title: str
    dataset: Annotated[str | None, "name of the dataset"]
    complete: bool
    missing: Annotated[list[str], "labels of what is asked for"]
    due: Annotated[str, "until when what is missing has to be there"]
    late: bool
    ended: str | None
    mine: Annotated[bool, "the caller may write in it"]
    values: Annotated[dict[str, str], "field → what stands there, in words"]


class Entries(TypedDict):
    """Lines of a register."""

    register: str
    label: str
    count: int
    counted: Annotated[
        int | None,
        "top secret datasets of the city, which have no lines; `null`: no lines of datasets",
    ]
    columns: Annotated[dict[str, str], "field → label"]
    results: list[EntryRow]


class EntryField(TypedDict):
    """A field of a line."""

    name: str
    type: str
    label: str
    help: str
    required: bool
    filled: Annotated[bool, "the portal fills it in, and people do not"]
    proposed: Annotated[
        bool, "the portal proposes what stands there; what people write replaces it"
    ]
    max_length: int | None
    choices: Annotated[dict[str, str], "value → words"]
    value: Annotated[Any, "as it is saved"]
    shown: Annotated[str, "in words"]
    suggested: Annotated[Any, "what a risk of the catalogue begins with"]


class RiskControl(TypedDict):
    """A control that lowers a risk, as it stands."""

    name: str
    label: str
    status: str
    status_label: str
    said: str | None


class Accepted(TypedDict):
    """That somebody accepted what is left of a risk."""

    by: str | None
    role: str
    role_label: str
    at: str
    until: str
    stands: Annotated[bool, "it has not ended, and nothing was changed since"]


class RiskShown(TypedDict):
    """How large a risk is, and who accepted it."""

    before: Annotated[int | None, "likelihood × impact"]
    after: int | None
    left: Annotated[int | None, "`after` once it is treated, `before` until then"]
    level: str | None
    level_label: str | None
    appetite: int
    above: bool
    overdue: bool
    accepted: Accepted | None
    may_accept: Annotated[bool, "the caller may accept what is left"]
    digest: Annotated[str, "of what is shown: who accepts it sends it"]
    controls: list[RiskControl]


class EntryShown(EntryRow):
    """A line with its fields."""

    label: Annotated[str, "of its register"]
    fields: list[EntryField]
    created: str
    changed: str | None
    changed_by: str | None
    ends: Annotated[bool, "the caller may end it"]
    end_reason: str | None
    risk: RiskShown | None


class EntryRecorded(EntryShown, Recorded):
    """A line that was saved, ended or accepted."""
