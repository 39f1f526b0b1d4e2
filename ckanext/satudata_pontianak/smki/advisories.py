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
from .records.model import SmkiEntry, new_id, now
from .rules import advisories
from .rules.registers import registers

REGISTER = "kerentanan"
EVENT = "smki.advisories"


@dataclass(frozen=True)
class Taken:
    """What a list did to the register."""

    new: int
    standing: int
    mended: int


def take(data: Any) -> Taken:
    """Take a list into the register, and commit; what it names no more is mended.

    :raises AdvisoryError: the file is of no form that is read; nothing was written.
    """
    found = advisories.read(data, sources.installed())
    prefix, today = sources.PREFIXES["advisories"], days.today().isoformat()
    wanted = {f"{prefix}{each.package}:{each.id}": each for each in found}
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
    for key, row in rows.items():
        if key not in wanted:
            row.ended_at = now()
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
        else:
            model.Session.add(
                SmkiEntry(id=new_id(), register=REGISTER, key=key, known=values, written={})
            )
    new, ended = len(wanted.keys() - rows.keys()), len(rows.keys() - wanted.keys())
    append(model.Session, event=EVENT, actor_id=None, detail={"number": len(wanted)})
    model.Session.commit()
    filling.fill(registers().registers[REGISTER])
    model.Session.commit()
    return Taken(new, len(wanted) - new, ended)


def last_taken() -> dt.datetime | None:
    """Return when a list was taken last."""
    entry = entry_table.c
    return model.Session.scalar(sa.select(sa.func.max(entry.at)).where(entry.event == EVENT))
