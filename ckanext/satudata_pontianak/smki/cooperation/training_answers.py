"""What the actions of the guided tours answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...classification.cases.answers import Finding, HandedOver
from ...ledger.answers import Receipt, Recorded


class CourseRow(TypedDict):
    """A guided tour, as a list gives it."""

    name: str
    label: str
    duty: str
    duty_label: str
    mine: Annotated[bool, "of a duty that the caller has"]
    steps_count: int
    step: Annotated[int, "how many steps the caller did"]
    begun: bool
    passed: Annotated[str | None, "when the caller passed its quiz last"]


class Courses(TypedDict):
    """The guided tours, those of the caller's duties first."""

    count: int
    results: list[CourseRow]


class PracticeAct(TypedDict):
    """What is done with the practice dataset in a step."""

    field: Annotated[
        str,
        "`title`, `description`, `note`, `finding`, `verdict`: sent as `value`; `axes`: as "
        "`values`; `submit`: nothing is sent",
    ]
    label: str
    choices: Annotated[dict[str, str], "name → label; empty: a text, or nothing"]


class TourStepShown(TypedDict):
    """A step of a tour."""

    number: int
    label: str
    help: str
    output: Annotated[str, "what to look at"]
    really: Annotated[str | None, "what happens where the dataset is a real one"]
    at: Annotated[str | None, "address of the real page"]
    finding: Annotated[Finding | None, "of the practice file, made up"]
    note: Annotated[HandedOver | None, "with which the practice dataset came back"]
    does: PracticeAct | None


class PracticeDataset(TypedDict):
    """The made-up dataset of the caller, which nobody else sees."""

    title: str
    description: str
    note: Annotated[str, "that the learner returned it with"]
    axes: Annotated[dict[str, str], "axis → value"]
    state: str
    state_label: str


class QuizQuestion(TypedDict):
    """A question of the quiz."""

    number: int
    label: str
    choices: Annotated[dict[str, str], "name → label"]


class CourseShown(CourseRow):
    """A guided tour, and how far the caller is."""

    steps: list[TourStepShown]
    dataset: PracticeDataset | None
    quiz: Annotated[list[QuizQuestion], "once all steps are done"]


class CourseRecorded(CourseShown, Recorded):
    """A tour that was begun, or went on."""


class QuizAnswered(TypedDict):
    """What became of a quiz."""

    passed: bool
    said: Annotated[str | None, "what to look at once more, where it was not passed"]
    receipt: Annotated[Receipt | None, "of the record in the ledger, where it was passed"]
