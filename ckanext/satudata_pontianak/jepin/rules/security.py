"""Reads ``schemas/jepin/security.yaml``: security facts of an app, and what they may hold. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec

from ... import paths
from ...agencies.rules.objection import NO_DATE, read_date
from ...classification.incidents.fields import Kinds
from ...messages import Message
from ...msgids import N_
from ...smki.rules import written
from ...smki.rules.definition import smki
from ...surface.yaml_source import Source, Text

MOST = {"line": 200, "text": 2000}
FUTURE = N_("The day lies in the future.")


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fact: what it is called, and of which kind it is."""

    label: Text
    type: Literal["choice", "date", "line", "text"]
    choices: dict[str, Text] = {}
    help: str = ""
    name: str = ""


class Security(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    roles: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    fields: Annotated[dict[str, Fact], msgspec.Meta(min_length=1)]

    @classmethod
    def of(cls, source: Source) -> Security:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        source.known("role", file.roles, smki().roles.roles, "roles")
        for name, fact in file.fields.items():
            chosen = (fact.type == "choice") == bool(fact.choices)
            source.require("a choice needs choices, and nothing else", chosen, "fields", name)
        return file

    def read(
        self, given: Mapping[str, Any], kinds_in: Kinds, today: dt.date
    ) -> tuple[dict[str, str | None], dict[str, list[Message]]]:
        """Return the facts that are named (``None``: nothing any more), and what is wrong by field.

        :param kinds_in: gives the labels of hard identifiers in a text: such a text is refused.
        """
        errors: dict[str, list[Message]] = {}
        found: dict[str, str | None] = {}
        for name, fact in self.fields.items():
            if name not in given:
                continue
            if given[name] in (None, ""):
                found[name] = None
            elif fact.type == "choice":
                found[name] = written.choice(name, given, fact.choices, errors)
            elif fact.type == "date":
                found[name] = _day(name, given[name], today, errors)
            else:
                low, most = 1, MOST[fact.type]
                problem, text = written.read(
                    given[name], kinds_in, low, most, one_line=fact.type == "line"
                )
                if problem is not None:
                    errors[name] = [problem]
                found[name] = text
        return found, errors


def _day(name: str, value: Any, today: dt.date, errors: dict[str, list[Message]]) -> str | None:
    day = read_date(value)
    if day is None:
        errors[name] = [Message(NO_DATE)]
        return None
    if day > today:
        errors[name] = [Message(FUTURE)]
    return day.isoformat()


@lru_cache(maxsize=1)
def security() -> Security:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Security.of(Source.read(paths.schemas() / "jepin" / "security.yaml"))
