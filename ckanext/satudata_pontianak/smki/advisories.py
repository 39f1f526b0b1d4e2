"""Take the list of known weaknesses that the operator brings into the register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from .. import days
from ..ledger.service import append, entry_table
from . import filling, sources
from .records.model import SmkiEntry, now
from .rules import advisories
from .rules.registers import registers

REGISTER = "kerentanan"
EVENT, ADDED = "smki.advisories", "smki.advisories_added"


@dataclass(frozen=True)
class Taken:
    """What a list did to the register."""

    new: int
    standing: int
    mended: int


def take(data: Any) -> Taken:
    """Take a list into the register, and commit; what an audit names no more is mended.

    Single advisories add weaknesses and end none, nor are they a new list. What a person ended
    stays so.

    :raises AdvisoryError: the file is of no form that is read, or of other versions than are
        installed; nothing was written.
    """
    listed = advisories.read(data, sources.installed())
    prefix, today = sources.PREFIXES["advisories"], days.today().isoformat()
    wanted = {f"{prefix}{each.package}:{each.id}": each for each in listed.weaknesses}
    query = (
        sa.select(SmkiEntry)
        .where(
            SmkiEntry.register == REGISTER,
            SmkiEntry.ended_at.is_(None),
            SmkiEntry.key.startswith(prefix),
        )
        .with_for_update()
    )
    rows = {row.key: row for row in model.Session.scalars(query)}
    gone = [
        row
        for key, row in rows.items()
        if key not in wanted and row.known["package"] in listed.audited
    ]
    for row in gone:
        row.ended_at = now()
    closed, before = filling.earlier(REGISTER, [key for key in wanted if key not in rows])
    fresh: list[sources.Known] = []
    for key, each in wanted.items():
        values = {
            "name": each.id,
            "package": each.package,
            "version": each.version,
            "found": rows[key].known["found"] if key in rows else today,
        }
        if each.fixed_in:
            values["fixed_in"] = ", ".join(each.fixed_in)
        if key in rows:
            rows[key].known = {**rows[key].known, **values}
        elif key not in closed:
            fresh.append(sources.Known(key, values))
    new = filling.make(registers().registers[REGISTER], fresh, before)
    event = EVENT if listed.audited else ADDED
    append(model.Session, event=event, actor_id=None, detail={"number": len(wanted)})
    model.Session.commit()
    filling.fill(registers().registers[REGISTER])
    model.Session.commit()
    return Taken(new, len(wanted.keys() & rows.keys()), len(gone))


def last_taken() -> dt.datetime | None:
    """Return when an audit of what is installed was taken last."""
    entry = entry_table.c
    return model.Session.scalar(sa.select(sa.func.max(entry.at)).where(entry.event == EVENT))
