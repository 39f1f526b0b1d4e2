"""An SOP as data, in the format of PermenPANRB 35/2012, made from the definitions.

Nothing here says a rule of its own: states, steps, duties and deadlines are those of the
definitions, so that a change there changes every document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from ...classification.rules.messages import Message
from ...ledger.canonical import digest_of
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
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True)
class Enactment:
    """Who enacted which definition and when. Entered by a person, never filled in."""

    definition: str
    number: str
    made: str
    revised: str
    effective: str
    office: str
    person: str


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
    definition: str = field(default="", compare=False)

    def status(self, enactment: Enactment | None) -> str:
        """Return ``enacted`` only for an enactment of this very definition, else ``draft``."""
        matches = enactment is not None and enactment.definition == self.definition
        return "enacted" if matches else "draft"


def build_all(defs: Definitions) -> dict[str, Document]:
    """Return every SOP by name, in the order of their numbers.

    :raises ValueError: a row leads nowhere, or a screen carries out a row that does not exist.
    """
    names = sorted(defs.sop.documents, key=lambda n: defs.sop.documents[n]["number"])
    documents = {name: build(defs, name) for name in names}
    for screen, (name, key) in defs.sop.screens.items():
        if name not in documents or key not in {row.key for row in documents[name].rows}:
            raise ValueError(f"the screen '{screen}' carries out '{key}' of '{name}': no such row")
    return documents


def build(defs: Definitions, name: str) -> Document:
    """Return one SOP.

    :param name: a key below ``documents`` of ``sop.yaml``.
    :raises KeyError: there is no such SOP.
    :raises ValueError: a row leads to one that does not exist.
    """
    from .rows import rows_of
    from .rules import warning

    spec, common = defs.sop.documents[name], defs.sop.common
    rows = rows_of(defs, name)
    used = {row.lane for row in rows}
    lanes = tuple((n, Message(label)) for n, label in defs.sop.lanes.items() if n in used)
    document = Document(
        name=name,
        number=spec["number"],
        code=code_of(defs, name),
        title=Message(spec["label"]),
        summary=Message(spec["help"]),
        institution=defs.sop.institution,
        unit=defs.sop.unit,
        basis=_bases(defs, spec, common, rows),
        qualifications=_texts([*common["qualifications"], *spec["qualifications"]]),
        related=tuple(
            (n, code_of(defs, n), Message(defs.sop.documents[n]["label"])) for n in spec["related"]
        ),
        equipment=_texts([*common["equipment"], *spec["equipment"]]),
        warnings=tuple(warning(defs, item) for item in spec["warnings"]),
        records=_texts([*common["records"], *spec["records"]]),
        lanes=lanes,
        rows=rows,
    )
    return Document(
        **{
            **{f: getattr(document, f) for f in document.__dataclass_fields__},
            "definition": digest_of(asdict(document)),
        }
    )


def code_of(defs: Definitions, name: str) -> str:
    """Return the code of an SOP by the scheme of ``sop.yaml``; the official number is another."""
    return defs.sop.code.format(number=defs.sop.documents[name]["number"])


def _texts(items: Iterable[Mapping[str, Any]]) -> tuple[Message, ...]:
    return tuple(Message(str(item["label"])) for item in items)


def bases(items: Iterable[Mapping[str, str]]) -> tuple[Basis, ...]:
    """Read legal bases of a definition."""
    return tuple(Basis(str(i["text"]), str(i["status"])) for i in items)


def _bases(
    defs: Definitions, spec: Mapping[str, Any], common: Mapping[str, Any], rows: Sequence[Row]
) -> tuple[Basis, ...]:
    """Return what the document, the axes that it is about, and its steps rest on; each once."""
    found = [*bases(spec["basis"])]
    for axis in spec.get("axes", ()):
        found += bases([defs.classification.axes[axis]["basis"]])
    for row in rows:
        found += row.basis
    found += bases(common["basis"])
    return tuple(dict.fromkeys(found))
