"""What the actions on registers, signed papers and receipts answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from ...ledger.answers import SignedHead


class Named(TypedDict):
    """A thing with its name in addresses and its title."""

    name: str | None
    title: str | None


class RegisterRow(TypedDict):
    """What both registers tell of a decision."""

    number: str | None
    level: str
    kind: str
    decided: str
    agency: Named
    dataset: Annotated[Named | None, "`null` where it is not told"]
    url: str


class PublicRow(RegisterRow):
    """A row of public information."""

    title: str
    held: Annotated[bool, "the data are held back"]
    summary: str
    period: str
    formats: list[str]


_Days = TypedDict("_Days", {"from": str | None, "until": str | None, "review": str | None})


class ExcludedRow(RegisterRow, _Days):
    """A row of excluded information, in the words of PPID."""

    id: str
    information: str
    article: Annotated[str, "letter of UU 14/2008 Article 17"]
    article_number: Annotated[
        str | int | None, "under letters that have numbers, where it was recorded"
    ]
    legal_basis: str
    expired: bool


class Register(TypedDict):
    """A part of a register."""

    register: str
    count: int
    counted: NotRequired[
        Annotated[int, "in `dik`: what is top secret, for the whole city and under no filter"]
    ]
    results: Annotated[list[PublicRow] | list[ExcludedRow], "of `dip`, or of `dik`"]


class Paper(TypedDict):
    """A signed paper."""

    id: str
    sha256: str
    size: int
    recorded: str


class PaperOf(TypedDict):
    """A number of decisions, with the paper that was signed for it."""

    nomor: str
    day: str
    due: Annotated[str, "until when the paper is to be there"]
    decisions: Annotated[int, "how many"]
    late: bool
    paper: Paper | None


class Dataset(TypedDict):
    """A dataset of which the caller may know the title."""

    id: str
    name: str
    title: str


class DecisionTold(TypedDict):
    """A decision."""

    id: str
    number: str | None
    level: str
    decided: str | None
    in_force: bool


class FileTold(TypedDict):
    """A file that the caller may have."""

    resource: str
    version: str
    name: str
    state: Annotated[str, "`served`, `older`, `waiting` ..."]
    sha256: str | None
    size: int | None
    brought: str | None


class Decided(TypedDict):
    """What a paper decides."""

    dataset: Dataset | None
    decision: DecisionTold | None


class SignedPaperTold(TypedDict):
    """A signed paper, for those who read such papers."""

    id: str
    number: str
    sha256: str
    size: int
    brought: str | None
    state: Annotated[str, "`newest` or `older`"]
    decided: Annotated[list[Decided], "of what the caller may see"]


class EntryTold(TypedDict):
    """The entry in the ledger; without one all of it is null."""

    event: str | None
    outcome: str | None
    code: Annotated[str | None, "of the receipt"]
    entry: int | None
    hash: str | None
    at: str | None
    covered: Annotated[bool | None, "by a signed head"]
    proven: Annotated[bool | None, "the proof leads to the root of that head"]


class Record(Decided, EntryTold):
    """What a receipt, or a file, is of."""

    papers: Annotated[bool, "there are papers of the decision that the caller may read"]
    removal: Annotated[str | None, "case of a removal of which the caller may read the paper"]
    files: Annotated[list[FileTold], "those that the caller may have"]
    paper: SignedPaperTold | None


class Known(TypedDict):
    """What was looked up."""

    known: Annotated[bool, "the caller may know"]
    records: list[Record]
    head: SignedHead | None
