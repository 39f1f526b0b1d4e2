"""Which row of which SOP a screen of the portal, a state or a step carries out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .definition import Definitions, SopFile
from .document import Basis, Document, Row
from .rows_cases import PREFIX, step_key
from .rows_requests import request_key


@dataclass(frozen=True)
class Clause:
    """A row of an SOP, and the law that it rests on."""

    name: str
    code: str
    number: int
    basis: tuple[Basis, ...]


def _shortest(
    documents: Mapping[str, Document], fits: Callable[[Document, Row], bool]
) -> Clause | None:
    """Return the row that fits, of the SOP that tells of fewest steps: it says most about it."""
    found = [
        (len(document.rows), Clause(document.name, document.code, number, row.basis))
        for document in documents.values()
        for number, row in enumerate(document.rows, start=1)
        if fits(document, row)
    ]
    return min(found, key=lambda item: item[0])[1] if found else None


def _of_kind(documents: Mapping[str, Document], sop: SopFile, kind: str, key: str) -> Clause | None:
    """Return the row of this key where an SOP tells of cases of this kind."""
    keys = {
        (name, f"{spec.prefix}{PREFIX}{key}" if spec.prefix else key)
        for name, document in sop.documents.items()
        for segment in document.flow
        if (spec := segment.cases) and kind in spec.kinds
    }
    return _shortest(documents, lambda document, row: (document.name, row.key) in keys)


def clause(
    documents: Mapping[str, Document], defs: Definitions, state: str, step: str, kind: str
) -> Clause | None:
    """Return the row that a step carries out; ``None`` for a step that no SOP tells of.

    :param kind: the kind of the case: classify, remove or move.
    """
    transition = defs.workflow.named(state, step, kind)
    if transition is None:
        return None
    return _of_kind(documents, defs.sop, kind, step_key(transition))


def of_state(
    documents: Mapping[str, Document], defs: Definitions, state: str, kind: str
) -> Clause | None:
    """Return the row in which whoever holds a case in this state chooses what to do."""
    return _of_kind(documents, defs.sop, kind, f"case:{state}")


def of_request(
    documents: Mapping[str, Document], defs: Definitions, state: str, step: str, road: str
) -> Clause | None:
    """Return the row that a step of a request carries out, on its road."""
    keys = {
        request_key(t)
        for t in defs.requests.from_state(state)
        if t.name == step and road in t.roads
    }
    return _shortest(documents, lambda _, row: row.key in keys)


def of_screen(documents: Mapping[str, Document], defs: Definitions, screen: str) -> Clause | None:
    """Return the row that a screen carries out, as ``screens`` of ``sop.yaml`` says."""
    place = defs.sop.screens.get(screen)
    if place is None:
        return None
    at = (place.document, place.row)
    return _shortest(documents, lambda document, row: (document.name, row.key) == at)
