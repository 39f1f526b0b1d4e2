"""The definition that is in force, kept in the ledger: each text once, before it is named there.

A record says by the hash which definition it was made under. Years later, when the file has changed
many times, a replay finds the text in the ledger itself.
"""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ...ledger import service as ledger
from ..rules.definition_text import text_of
from ..rules.workflow import Engine

EVENT = "workflow.change"


def record(engine: Engine) -> str:
    """Return the hash of the definition, after its text stands in the ledger.

    In the caller's transaction. Two that do so at the same moment may both write it, which says
    the same thing twice.
    """
    known, text = text_of(engine)
    if not _stands(known):
        ledger.append(
            model.Session,
            event=EVENT,
            actor_id=None,
            after={"workflow": known, "version": engine.workflow.version, "definition": text},
        )
    return known


def _stands(known: str) -> bool:
    """Tell whether the ledger holds the definition, or will when the caller commits."""
    waits = (e for e in ledger.pending(model.Session) if e["event"] == EVENT)
    if any(e["after"]["workflow"] == known for e in waits):
        return True
    entry = ledger.entry_table
    written = sa.select(entry.c.id).where(
        entry.c.event == EVENT, entry.c.body["after"]["workflow"].astext == known
    )
    return model.Session.scalar(written.limit(1)) is not None
