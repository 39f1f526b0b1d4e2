"""Every SOP, built from the definitions and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from ...ledger.canonical import digest_of
from ...messages import Message
from ...surface.yaml_source import Labelled
from .definition import Definitions, Spec
from .document import Basis, Document, Row, bases, code_of
from .rows import rows_of
from .rules import warning


def build_all(defs: Definitions) -> dict[str, Document]:
    """Return every SOP by name, in the order of their numbers.

    :raises ValueError: a row leads nowhere, or a screen carries out a row that does not exist.
    """
    names = sorted(defs.sop.documents, key=lambda n: defs.sop.documents[n].number)
    documents = {name: build(defs, name) for name in names}
    for screen, place in defs.sop.screens.items():
        name, key = place.document, place.row
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
    lanes = tuple((n, defs.sop.lane(n)) for n in defs.sop.lanes if n in used)
    document = Document(
        name=name,
        number=spec.number,
        code=code_of(defs, name),
        title=Message(spec.label),
        summary=Message(spec.help),
        institution=defs.sop.institution,
        unit=defs.sop.unit,
        basis=_bases(defs, spec, rows),
        qualifications=_texts(common.qualifications, spec.qualifications),
        related=tuple(
            (n, code_of(defs, n), Message(defs.sop.documents[n].label)) for n in spec.related
        ),
        equipment=_texts(common.equipment, spec.equipment),
        warnings=tuple(warning(defs, item) for item in spec.warnings),
        records=_texts(common.records, spec.records),
        lanes=lanes,
        rows=rows,
        public=spec.public,
    )
    return Document(
        **{
            **{f: getattr(document, f) for f in document.__dataclass_fields__},
            "definition": digest_of(asdict(document)),
        }
    )


def _texts(*parts: Iterable[Labelled]) -> tuple[Message, ...]:
    return tuple(Message(item.label) for part in parts for item in part)


def _bases(defs: Definitions, spec: Spec, rows: Sequence[Row]) -> tuple[Basis, ...]:
    """Return what the document, the axes that it is about, and its steps rest on; each once."""
    found = [*bases(spec.basis)]
    for axis in spec.axes:
        found += bases([defs.classification.axes[axis]["basis"]])
    for row in rows:
        found += row.basis
    found += bases(defs.sop.common.basis)
    return tuple(dict.fromkeys(found))
