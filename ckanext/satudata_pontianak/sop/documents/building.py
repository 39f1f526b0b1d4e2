"""Every SOP, built from the definitions and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ...classification.rules.messages import Message
from ...ledger.canonical import digest_of
from .definition import Definitions
from .document import Basis, Document, Row, bases, code_of
from .rows import rows_of
from .rules import warning


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


def _texts(items: Iterable[Mapping[str, Any]]) -> tuple[Message, ...]:
    return tuple(Message(str(item["label"])) for item in items)


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
