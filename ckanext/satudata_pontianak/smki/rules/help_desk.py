"""Reads ``schemas/help_desk.yaml``: who answers questions on what, and until when. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from functools import lru_cache
from typing import Annotated

import msgspec

from ... import paths
from ...agencies.rules.duties import DECIDING, Duty
from ...classification.rules import deadlines
from ...surface.yaml_source import Bases, Positive, Source, Text

_PATH = re.compile(r"/|(?:/[A-Za-z0-9._~-]+)+/?")


class HelpDays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Working days of a question."""

    answered_within_days: Positive
    warn_before_days: Positive
    rises_after_days: Positive


class HelpBounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fewest and most characters, and how many questions of one person may wait."""

    lowest: Positive
    subject: Positive
    question: Positive
    answer: Positive
    address: Positive
    waiting: Positive


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a question is about: a duty, and who answers for it."""

    answered_by: Annotated[tuple[Duty, ...], msgspec.Meta(min_length=1)]
    name: str = ""


class HelpDesk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    basis: Bases
    days: HelpDays
    bounds: HelpBounds
    accepted_by: Duty
    topics: dict[str, Topic]

    @classmethod
    def of(cls, source: Source) -> HelpDesk:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        source.exactly("topic", [duty.value for duty in Duty], file.topics, "topics")
        said = "a duty that somebody holds is expected"
        source.require(said, file.accepted_by in DECIDING, "accepted_by")
        for name, topic in file.topics.items():
            held = DECIDING.issuperset(topic.answered_by)
            source.require(said, held, "topics", name, "answered_by")
        return file

    def due(self, today: dt.date) -> dt.date:
        """Return until when a question that is asked today has to be answered."""
        return deadlines.add_working_days(today, self.days.answered_within_days)

    def rises(self, due: dt.date, today: dt.date) -> bool:
        """Tell whether a question waits for so long that the forum has to look at it."""
        return deadlines.working_days_between(due, today) >= self.days.rises_after_days

    def answered_with(self, duties: Collection[Duty]) -> list[str]:
        """Return the topics on which somebody with these duties answers."""
        return [
            name
            for name, topic in self.topics.items()
            if self.accepted_by in duties or not {*topic.answered_by}.isdisjoint(duties)
        ]


def path_of(address: str, site: str) -> str | None:
    """Return the path of a page of the portal, as people copy addresses; of others ``None``.

    What stands behind ``?`` or ``#`` is left out: it may hold what somebody searched for.

    :param site: address of the portal, which may stand before the path.
    """
    site = site.rstrip("/")
    path = address.removeprefix(site) if site and address.startswith(f"{site}/") else address
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    return path if _PATH.fullmatch(path) else None


def parts_of(path: str) -> list[str]:
    """Return what may be a name or id in the path of a page."""
    return [part for part in path.split("/") if part]


@lru_cache(maxsize=1)
def help_desk() -> HelpDesk:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return HelpDesk.of(Source.read(paths.schemas() / "help_desk.yaml"))
