"""Which definitions are in force, recorded whenever they changed: a policy change is an entry."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import config, paths
from ...disclosure.ruleset import DEFAULT
from ...ledger import service as ledger
from ...ledger.canonical import digest_of
from ...ledger.install import LOCK, installed

EVENT = "definition.change"
_entry = ledger.entry_table.c


def in_force() -> dict[str, Any]:
    """Return the hash of every definition, the ruleset of the scan and the governed types."""
    folder = paths.schemas()
    return {
        "definitions": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*.yaml"))
        },
        "ruleset": DEFAULT.id,
        "digest": digest_of(asdict(DEFAULT)),
        "governed_types": sorted(config.governed_types()),
    }


def record() -> bool:
    """Write an entry if the definitions in force are others than the last recorded; commit.

    :returns: whether there was a change. Without a ledger nothing is recorded: nothing can be done.
    """
    if not installed(model.Session):
        model.Session.rollback()
        return False
    # Several workers start at once: whoever comes second reads what the first one wrote.
    model.Session.execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    query = sa.select(_entry.body).where(_entry.event == EVENT).order_by(_entry.id.desc())
    last = model.Session.scalar(query.limit(1))
    before = (last or {}).get("after")
    now = in_force()
    if before == now:
        model.Session.rollback()
        return False
    changed = _changed(before or {}, now)
    ledger.append(
        model.Session,
        event=EVENT,
        actor_id=None,
        before=before,
        after=now,
        detail={"fields": changed},
        channel="command",
    )
    model.Session.commit()
    return True


def _changed(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Name the files and settings that differ."""
    old, new = before.get("definitions", {}), now["definitions"]
    files = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    return [*files, *(k for k in now if k != "definitions" and before.get(k) != now[k])]
