"""An SOP as data, in the format of PermenPANRB 35/2012, made from the definitions.

Nothing here says a rule of its own: states, steps, duties and deadlines are those of the
definitions, so that a change there changes every document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from ...messages import Message
from ...surface.yaml_source import Text
from .definition import Definitions


class Symbol(StrEnum):
    """The symbols of the flowchart; lines are drawn by ``flowchart.py``."""

    TERMINATOR = "terminator"
    PROCESS = "process"
    DECISION = "decision"
    CONNECTOR = "connector"
    """Goes on in another SOP, or on another page."""


@dataclass(frozen=True)
class Basis:
    """A legal basis. ``status``: verified, secondary or memory, as the definitions say it."""

    text: str
    status: str


@dataclass(frozen=True)
class Link:
    """A line to another row; ``answer`` is yes or no at a decision of two."""

    to: str
    answer: Message | None = None


@dataclass(frozen=True)
class Row:
    """One row of the flowchart table. ``lane`` is the column of whoever acts."""

    key: str
    lane: str
    symbol: Symbol
    activity: Message
    title: Message | None = None
    needs: tuple[Message, ...] = ()
    time: Message | None = None
    output: Message | None = None
    remarks: tuple[Message, ...] = ()
    links: tuple[Link, ...] = ()
    manual: bool = False
    trace: str = ""
    """Where what people do is recorded: ``task:NAME``, or the row of the same document."""
    basis: tuple[Basis, ...] = ()


class Enactment(msgspec.Struct, frozen=True):
    """Who enacted which definition and when. Entered by a person, never filled in."""

    definition: Text
    number: Text
    made: Text
    revised: Text
    effective: Text
    office: Text
    person: Text
    nip: str = ""


@dataclass(frozen=True)
class Document:
    """One SOP: the identity block and the flowchart table."""

    name: str
    number: int
    code: str
    title: Message
    summary: Message
    institution: str
    unit: str
    basis: tuple[Basis, ...]
    qualifications: tuple[Message, ...]
    related: tuple[tuple[str, str, Message], ...]
    equipment: tuple[Message, ...]
    warnings: tuple[Message, ...]
    records: tuple[Message, ...]
    lanes: tuple[tuple[str, Message], ...]
    rows: tuple[Row, ...]
    public: bool = True
    definition: str = field(default="", compare=False)

    def status(self, enactment: Enactment | None) -> str:
        """Return ``enacted`` only for an enactment of this very definition, else ``draft``."""
        matches = enactment is not None and enactment.definition == self.definition
        return "enacted" if matches else "draft"


def code_of(defs: Definitions, name: str) -> str:
    """Return the code of an SOP by the scheme of ``sop.yaml``; the official number is another."""
    return defs.sop.code.format(number=defs.sop.documents[name].number)


def bases(items: Iterable[Mapping[str, Any]]) -> tuple[Basis, ...]:
    """Read legal bases of a definition."""
    return tuple(Basis(str(i["text"]), str(i["status"])) for i in items)
