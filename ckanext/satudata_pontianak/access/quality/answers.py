"""What the actions on quality answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Receipt


class QualityPart(TypedDict):
    """The points of one dimension."""

    dimension: str
    dimension_label: str
    points: int
    possible: int


class QualitySource(TypedDict):
    """From what a check comes."""

    label: Annotated[str, "what is looked at, in plain words"]
    text: Annotated[str, "where that stands"]
    unconfirmed: Annotated[bool, "it is to be confirmed by who knows the text"]


class QualityLost(TypedDict):
    """A check that is not met, and what to do."""

    check: str
    dimension: str
    label: Annotated[str, "what holds where it is met"]
    help: Annotated[str, "what to do"]
    gain: Annotated[int, "points that the fix gives"]
    field: Annotated[str | None, "which field it is about"]
    place: Annotated[str, "where it is mended: `dataset`, `file` or `data`"]
    url: Annotated[str | None, "the page on which the caller mends it; `null`: they may not"]
    sources: list[QualitySource]


class QualityBeside(TypedDict):
    """Where the other one of two figures stands that should be the same."""

    name: str
    title: str
    row: int
    column: str
    url: Annotated[str, "the page of the dataset"]


class QualityAsked(TypedDict):
    """A figure that does not agree with others, and what its agency says."""

    id: Annotated[str, "stands for it while its file is the same"]
    text: Annotated[str, "what does not agree, in a sentence"]
    kind: Annotated[str, "`jump`, `total`, `region` or `same`: with what it does not agree"]
    resource_id: str
    file: str
    row: Annotated[int, "the row of the table, below its headings"]
    column: str
    found: Annotated[float, "the figure"]
    other: Annotated[
        float, "that of the period before, the sum of the parts, or that of the other dataset"
    ]
    beside: Annotated[QualityBeside | None, "with `same`: where the other one stands"]
    help: Annotated[str, "what to do"]
    waits: Annotated[bool, "its file waits; else it is served"]
    due: Annotated[str | None, "until when its agency answers; `null`: its file waits"]
    answer: Annotated[str | None, "`right` or `mend`; `null`: the agency has not answered"]
    reason: Annotated[str | None, "why"]
    answered: Annotated[str | None, "when the agency answered"]
    mended_by: Annotated[str | None, "until when it is corrected, with `mend`"]
    reply: Annotated[str, "the answer in a sentence"]
    url: Annotated[str | None, "the page on which the caller answers; `null`: they may not"]


class FigureAnswered(TypedDict):
    """A figure after its agency answered."""

    figure: QualityAsked
    receipt: Annotated[Receipt | None, "of the record in the ledger; `null`: nothing changed"]


class FigureDataset(TypedDict):
    """The dataset of a figure."""

    name: str
    title: str


class FigureWaiting(TypedDict):
    """A figure that waits for an answer."""

    dataset: FigureDataset
    figure: QualityAsked


class FigureList(TypedDict):
    """The figures that wait for an answer of the caller's agencies, what is due first."""

    count: int
    results: list[FigureWaiting]


class QualityShown(TypedDict):
    """The quality of a dataset as the caller has it."""

    dataset_id: str
    points: int
    possible: int
    forecast: Annotated[int, "points once every fix is made"]
    parts: list[QualityPart]
    lost: Annotated[list[QualityLost], "the greatest gain first"]
    asked: Annotated[
        list[QualityAsked],
        "figures that do not agree: of files that wait for who works on them; of open ones for "
        "everybody with the answer of the agency, or after its deadline",
    ]
