"""With which words a case came to the desk where it lies: its last note, for page and queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ..records.model import Step
from ..rules.definition import workflow
from ..rules.workflow import DUTY_LABELS
from .answers import HandedOver
from .show_scans import moment

NOTE = "catatan"


def of(steps: Sequence[Step], kind: str) -> HandedOver | None:
    """Return the step that brought a case into its state, where somebody wrote a note with it.

    :param steps: of the case, oldest first.
    :param kind: of the case.
    :returns: ``label`` of the step, ``duty`` in words, ``at``, ``note``, and whether it puts the
        case ``back`` before people who had it.
    """
    moved = [step for step in steps if step.to_state is not None]
    return _shown(moved[-1], kind) if moved else None


def of_many(kinds: Mapping[str, str]) -> dict[str, HandedOver]:
    """Return the same for many cases, with one query: case id → what :func:`of` gives.

    :param kinds: case id → kind of the case.
    """
    query = (
        sa.select(Step)
        .where(Step.case_id.in_(list(kinds)), Step.to_state.is_not(None))
        .distinct(Step.case_id)
        .order_by(Step.case_id, Step.id.desc())
    )
    steps: Iterable[Step] = model.Session.scalars(query) if kinds else ()
    found = {step.case_id: _shown(step, kinds[step.case_id]) for step in steps}
    return {case_id: shown for case_id, shown in found.items() if shown is not None}


def _shown(step: Step, kind: str) -> HandedOver | None:
    taken = workflow().named(step.from_state or "", step.action, kind)
    note = step.fields.get(NOTE)
    if taken is None or not isinstance(note, str) or not note.strip():
        return None
    return {
        "label": tk._(taken.label),
        "duty": tk._(DUTY_LABELS[step.duty]) if step.duty in DUTY_LABELS else None,
        "at": moment(step.at),
        "note": note,
        "back": taken.gives_back,
    }
