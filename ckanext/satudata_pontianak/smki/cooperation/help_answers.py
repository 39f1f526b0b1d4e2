"""What the actions of the help desk answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded


class QuestionRow(TypedDict):
    """A question to the help desk, as a list gives it."""

    id: str
    number: int
    topic: Annotated[str, "the duty that it is about"]
    topic_label: str
    subject: Annotated[str | None, "`null` where it names what the caller may not know of"]
    answered: Annotated[str | None, "when it was answered last"]
    due: str
    late: bool
    risen: Annotated[str | None, "since when it is on the agenda of the forum"]
    asked: str
    mine: Annotated[bool, "asked by the caller"]


class Questions(TypedDict):
    """Questions: those that wait, by their day, then others, newest first."""

    count: int
    answers_on: Annotated[list[str], "the topics on which the caller answers"]
    results: list[QuestionRow]


class QuestionMay(TypedDict):
    """What the caller may do with a question."""

    answer: bool
    accept: Annotated[bool, "make a text of help of its answer, or write that anew"]
    withdraw: Annotated[bool, "take its text of help back"]


class HelpWritten(TypedDict):
    """A text of help, as it stands or stood."""

    topic: str
    title: str
    text: str
    shown: Annotated[bool, "false: it was taken back"]


class QuestionShown(QuestionRow):
    """A question to the help desk with its answer."""

    address: Annotated[str | None, "path of the page that it is about"]
    text: Annotated[str | None, "`null` where it names what the caller may not know of"]
    asked_by: str | None
    answer: Annotated[str | None, "`null` where it names what the caller may not know of"]
    answered_by: str | None
    help: Annotated[HelpWritten | None, "what became of its answer"]
    may: QuestionMay


class QuestionRecorded(QuestionShown, Recorded):
    """A question that was asked, or went on."""


class HelpTopic(TypedDict):
    """A topic of help."""

    topic: Annotated[str, "the duty"]
    label: str
    count: Annotated[int, "texts on it that the caller may read"]


class HelpRow(TypedDict):
    """A text of help."""

    number: Annotated[int, "of the question that it came of"]
    topic: str
    topic_label: str
    title: str
    text: str
    accepted: str


class HelpTexts(TypedDict):
    """Texts of help, newest first."""

    count: int
    topics: list[HelpTopic]
    accepts: Annotated[bool, "the caller makes texts of help"]
    results: list[HelpRow]
