"""Reads the operator's file of what standards and indexes ask: titles of codes, questions. Pure.

The portal brings none of these texts: whoever has a standard or an index writes them into a file.
What is not in it is shown as not read from its source.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from ...surface.yaml_source import Source
from .definition import Smki

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question of an index, and the controls of the portal that answer it."""

    area: Line
    question: Line
    controls: tuple[str, ...] = ()


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: ``titles`` (standard → code → title) and ``questions`` (code → question)."""

    source: Line
    titles: dict[str, dict[Code, Line]] = msgspec.field(default_factory=dict)
    questions: dict[Code, Question] = msgspec.field(default_factory=dict)


NOTHING = Asked(source="-")
_asked = NOTHING


def read(path: Path | None, known: Smki) -> Asked:
    """Return what a file says, checked against the controls and standards; nothing without one.

    :raises DefinitionError: the file is missing or wrong, naming line and reason.
    """
    if path is None:
        return NOTHING
    source = Source.read(path)
    file = source.shaped(Asked)
    source.known("standard", file.titles, known.policy.standards, "titles")
    for code, question in file.questions.items():
        at = ("questions", code, "controls")
        source.known("control", question.controls, known.controls.controls, *at)
    return file


def use(asked: Asked) -> None:
    """Take what is asked from here on, once at the start of a process."""
    global _asked  # noqa: PLW0603 - read once, at the start of the process
    _asked = asked


def asked() -> Asked:
    """Return what is asked, as the operator's file says it."""
    return _asked


def title(standard: str, code: str) -> str | None:
    """Return what a code of a standard is called; ``None``: not read from its source."""
    return _asked.titles.get(standard, {}).get(code)
