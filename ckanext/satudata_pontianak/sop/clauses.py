"""Which row of which SOP a step of a case carries out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..classification.definition import Workflow
from .document import Basis, Document
from .rows_cases import step_key


@dataclass(frozen=True)
class Clause:
    """A row of an SOP, and the law that it rests on."""

    name: str
    code: str
    number: int
    basis: tuple[Basis, ...]


def clause(
    documents: Mapping[str, Document], workflow: Workflow, state: str, step: str, kind: str
) -> Clause | None:
    """Return the row that a step carries out; ``None`` for a step that no SOP tells of.

    A step can stand in several SOPs: the one that tells of fewest steps says most about it.

    :param kind: the kind of the case: classify, remove or move.
    """
    transition = workflow.named(state, step, kind)
    if transition is None:
        return None
    key = step_key(transition)
    found = [
        (len(document.rows), Clause(document.name, document.code, number, row.basis))
        for document in documents.values()
        for number, row in enumerate(document.rows, start=1)
        if row.key == key
    ]
    return min(found, key=lambda item: item[0])[1] if found else None
