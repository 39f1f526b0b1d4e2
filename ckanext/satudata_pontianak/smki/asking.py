"""Ask owners for what is missing in their lines; after the deadline who acts for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable

import sqlalchemy as sa

from ckan import model

from .. import days
from ..agencies import registry
from ..classification.notices import notices
from ..classification.notices.definition import OWNER_ADMINS, OWNER_PUBLISHERS
from ..classification.records import reads
from ..classification.rules.policy import Channel, Facts, decide
from . import registers
from .records import roles
from .records.model import SmkiEntry
from .rules import planning
from .rules.definition import smki
from .rules.registers import Register, due, missing
from .rules.registers import registers as definition

ASKED, LATE = "smki_lines", "smki_lines_late"
Holders = Callable[[str], Collection[str]]


def ask(today: dt.date | None = None) -> int:
    """Tell people once of each day until which lines of theirs want something; commit.

    Nobody is told of a line whose dataset they may not know of, nor how many lines there are.

    :returns: how many people were told.
    """
    day, holders, told = today or days.today(), roles.holders(), 0
    for register in definition().registers.values():
        wanting: set[tuple[str, str, dt.date]] = set()
        for until, facts in _incomplete(register):
            late = until < day
            for person in _people(register, facts, holders, late=late):
                wanting.add((LATE if late else ASKED, person, until))
        for kind, person, until in sorted(wanting):
            told += notices.tell(
                model.Session,
                kind,
                [person],
                facts={"due": until.isoformat()},
                about=f"{register.name}:{until}",
            )
    model.Session.commit()
    return told


def _incomplete(register: Register) -> Iterable[tuple[dt.date, Facts | None]]:
    """Give the open lines in which something is missing, until when, and of which dataset."""
    query = sa.select(SmkiEntry).where(
        SmkiEntry.register == register.name, SmkiEntry.ended_at.is_(None)
    )
    rows = list(model.Session.scalars(query))
    facts = reads.facts_for(row.package_id for row in rows if row.package_id)
    for row in rows:
        kept = registers.kept_by_portal(row, register)
        wanted = [n for n in missing(register, row.known, row.written) if n not in kept]
        said = facts.get(row.package_id or "")
        if not wanted or (row.package_id and (said is None or registers.only_counted(said))):
            continue
        yield due(register, registers.since(row), row.known), said


def _people(
    register: Register, facts: Facts | None, holders: Holders, *, late: bool
) -> Collection[str]:
    """Return who is asked: the owner, and after the deadline who acts for them as well."""
    mine = planning.carriers(smki(), register.asked, holders)
    if facts is None:
        others = planning.deputies(smki(), register.asked, holders) if late else []
        return {*mine, *others}
    owners = _owners(facts.owner_org) if register.owners else mine
    asked = {*owners, *(mine if late or not owners else ())}
    return {one for one in asked if decide(registry.actor_for(one), facts, Channel.EXISTS)}


def _owners(agency: str | None) -> list[str]:
    return notices.people([OWNER_ADMINS], agency) or notices.people([OWNER_PUBLISHERS], agency)
