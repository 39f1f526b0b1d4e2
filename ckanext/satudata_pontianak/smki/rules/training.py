"""Reads ``schemas/training.yaml``: guided tours, a quiz for each, and when one is passed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from ... import paths
from ...agencies.rules.duties import Duty
from ...classification.rules.axes import AXES, Axes, classification
from ...classification.rules.definition import workflow
from ...surface.yaml_source import Labelled, Source, Text

Field = Literal["title", "description", "note", "axes", "finding", "submit", "verdict"]
TEXTS: dict[Field, int] = {"title": 120, "description": 2000, "note": 1000}
"""The fields that are written, and how many characters each takes at most."""
CHOSEN = ("finding", "verdict")
Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]


class Does(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the learner does with the practice dataset in a step."""

    field: Field
    label: Text
    choices: dict[str, Labelled] = msgspec.field(default_factory=dict)
    right: str = ""
    axes: dict[str, str] = msgspec.field(default_factory=dict)
    """Axis → the value that is right."""
    message: str = ""


class TourStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a tour: what to read, what to look at, and where."""

    label: Text
    help: Text
    output: Text
    really: str = ""
    """What happens in the portal where the dataset is a real one."""
    at: str = ""
    shows: Literal["", "finding"] = ""
    note: str = ""
    """The words with which the practice dataset came back to the learner."""
    does: Does | None = None
    becomes: str = ""
    """The state of the practice dataset once the step is done."""


class PracticeFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the scan finds in the practice file; the values stand nowhere."""

    file: Text
    column: Text
    kind: Text
    personal_class: Text
    reason: Text
    sample: Text
    rows: tuple[int, ...]


class Begins(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody else brought already, where the tour is about checking it."""

    title: Text
    axes: dict[str, str]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of a quiz."""

    label: Text
    choices: Annotated[dict[str, Labelled], msgspec.Meta(min_length=2)]
    right: Text


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tour and the quiz of a duty."""

    label: Text
    duty: Duty
    starts: Text
    steps: Annotated[tuple[TourStep, ...], msgspec.Meta(min_length=1, max_length=12)]
    quiz: Annotated[tuple[Question, ...], msgspec.Meta(min_length=1, max_length=12)]
    begins: Begins | None = None
    finding: PracticeFinding | None = None
    name: str = ""


class Training(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    pass_percent: Percent
    courses: Annotated[dict[str, Course], msgspec.Meta(min_length=1)]

    @classmethod
    def of(cls, source: Source) -> Training:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file, states = source.shaped(cls), workflow().states
        for name, course in file.courses.items():
            at = ("courses", name)
            source.known("state", [course.starts], states, *at, "starts")
            if course.begins:
                _check_axes(source, course.begins.axes, *at, "begins")
            for number, step in enumerate(course.steps):
                _check(source, step, states, *at, "steps", number)
                found = course.finding is not None or not step.shows
                source.require("a finding is expected", found, *at, "steps", number)
            for number, question in enumerate(course.quiz):
                place = (*at, "quiz", number)
                source.known("choice", [question.right], question.choices, *place)
        return file

    def passes(self, right: int, asked: int) -> bool:
        """Tell whether so many right answers are enough."""
        return right * 100 >= asked * self.pass_percent


def _check(source: Source, step: TourStep, states: Mapping[str, object], *at: str | int) -> None:
    if step.becomes:
        source.known("state", [step.becomes], states, *at)
    does = step.does
    if does is None:
        return
    source.require("choices are expected", bool(does.choices) == (does.field in CHOSEN), *at)
    if does.choices:
        source.known("choice", [does.right], does.choices, *at)
    if does.field == "axes":
        _check_axes(source, does.axes, *at)
    asked = bool(does.choices or does.axes)
    source.require("'message' says why a choice is wrong", bool(does.message) or not asked, *at)


def _check_axes(source: Source, given: Mapping[str, str], *at: str | int) -> None:
    source.exactly("axis", list(AXES), given, *at)
    allowed = classification().combination(Axes(**given)) is not None
    source.require("an allowed combination is expected", allowed, *at)


def right_answers(course: Course, given: Mapping[str, object]) -> list[int]:
    """Return the numbers of the questions that were answered rightly, from 1 on."""
    return [
        number
        for number, question in enumerate(course.quiz, 1)
        if given.get(str(number)) == question.right
    ]


@lru_cache(maxsize=1)
def training() -> Training:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Training.of(Source.read(paths.schemas() / "training.yaml"))
