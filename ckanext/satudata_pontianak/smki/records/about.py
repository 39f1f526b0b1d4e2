"""What a task is about that its kind does not say: a decision, or the right that is withdrawn."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import words
from ..rules.rights import described
from .model import SmkiTask
from .reviewing_model import SmkiDecision, SmkiRight

DECISION, WITHDRAWN = "review_decision", "right_withdrawn"


def texts(rows: Collection[SmkiTask]) -> dict[str, str]:
    """Return what tasks are about, by their id."""
    return {
        **_decisions([row.id for row in rows if row.kind == DECISION]),
        **_rights([row.id for row in rows if row.kind == WITHDRAWN]),
    }


def _decisions(ids: Collection[str]) -> dict[str, str]:
    if not ids:
        return {}
    query = sa.select(SmkiDecision.task_id, SmkiDecision.text)
    return dict(model.Session.execute(query.where(SmkiDecision.task_id.in_(ids))).tuples().all())


def _rights(ids: Collection[str]) -> dict[str, str]:
    if not ids:
        return {}
    rows = list(model.Session.scalars(sa.select(SmkiRight).where(SmkiRight.task_id.in_(ids))))
    names = words.names_of(row.person_id for row in rows)
    return {
        str(row.task_id): described(names.get(row.person_id, ""), row.said).text(tk._)
        for row in rows
    }
