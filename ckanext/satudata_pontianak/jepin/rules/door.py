"""Reads ``jepin/door.yaml``: the four words of an app, and how they are found. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from ... import paths
from ...smki.rules.definition import smki
from ...surface.yaml_source import Labelled, Positive, Source, Text
from .report_rules import Length

Word = Literal["open", "disturbed", "maintenance", "closed"]
LACKS = ("owner", "pulse", "sop")
WORDS: tuple[Word, ...] = ("open", "disturbed", "maintenance", "closed")
LONGEST_QUESTION = 200
_COLOUR = r"^#[0-9a-f]{6}$"


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a word is said, and the colour of its badge."""

    label: Text
    colour: Annotated[str, msgspec.Meta(pattern=_COLOUR)]


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """States of an app's life that say more than its pulse."""

    disturbed: tuple[str, ...]
    hidden: tuple[str, ...]


class Forum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is put before the Forum Satu Data, and when."""

    days: Positive
    answer_days: Positive
    seen_by: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    answer: Length
    lacks: dict[str, Labelled]

    def tells(self, since: dt.date) -> dt.date:
        """Return the day on which the owner is told of what is lacking since a day."""
        return since + dt.timedelta(days=max(0, self.days - self.answer_days))

    def before_it(self, since: dt.date, told: dt.date | None) -> dt.date:
        """Return the day from which it stands before the Forum: the owner could answer by then."""
        whole = since + dt.timedelta(days=self.days)
        return max(whole, (told or whole) + dt.timedelta(days=self.answer_days))


class Most(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many apps a page and an answer hold."""

    page: Positive
    answer: Positive


class Door(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    words: dict[str, Look]
    unknown: Look
    order: Order
    most: Most
    forum: Forum

    @classmethod
    def of(cls, source: Source) -> Door:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        source.exactly("word", WORDS, file.words, "words")
        source.known("role", file.forum.seen_by, smki().roles.roles, "forum", "seen_by")
        source.exactly("lack", LACKS, file.forum.lacks, "forum", "lacks")
        return file

    def look(self, word: str | None) -> Look:
        """Return how a word is said; of none that nothing is known."""
        return self.unknown if word is None else self.words[word]

    def word(self, state: str, pulse: Word | None, *, ended: bool) -> Word | None:
        """Return the word of an app.

        :param state: of its life; ``ended``: it cannot be used any more.
        :param pulse: what was seen of it, if anybody looked.
        """
        if ended:
            return "closed"
        if pulse in ("closed", "maintenance"):
            return pulse
        return "disturbed" if state in self.order.disturbed else pulse


def fits(question: str, texts: Iterable[str | None]) -> bool:
    """Tell whether every word of a question stands in the texts, as part of a word or whole."""
    said = " ".join(text for text in texts if text).casefold()
    return all(word in said for word in re.findall(r"\w+", question.casefold()))


@lru_cache(maxsize=1)
def door() -> Door:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Door.of(Source.read(paths.schemas() / "jepin" / "door.yaml"))
