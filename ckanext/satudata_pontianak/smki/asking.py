"""Ask owners for what is missing in their lines; after the deadline who acts for them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from ckan import model

from .. import days
from ..agencies import registry
from ..agencies.rules.duties import PUBLISHING_CAPACITIES, Actor
from ..classification.notices import notices
from ..classification.records import reads
from ..classification.rules.policy import Facts
from . import registers
from .records import roles
from .records.model import SmkiEntry
from .rules import planning
from .rules.definition import smki
from .rules.registers import Register, due, missing
from .rules.registers import registers as definition

ASKED, LATE = "smki_lines", "smki_lines_late"
Holders = Callable[[str], Collection[str]]


@dataclass(frozen=True)
class Wanting:
    """An open line in which something is missing: until when, and of which dataset."""

    register: Register
    row: SmkiEntry
    until: dt.date
    facts: Facts | None


def ask(today: dt.date | None = None) -> int:
    """Tell people once of each day until which lines of theirs want something; commit.

    Nobody is told of a line whose dataset they may not know of, nor how many lines there are.
    What is needed is read once, however many lines there are.

    :returns: how many people were told.
    """
    day, told = today or days.today(), 0
    holders, owners, actor_of = roles.holders(), _owners(), cache(registry.actor_for)
    people: defaultdict[tuple[str, str, dt.date], set[str]] = defaultdict(set)
    for line in _incomplete():
        late = line.until < day
        key = (LATE if late else ASKED, line.register.name, line.until)
        people[key].update(_people(line, holders, owners, actor_of, late=late))
    for (kind, register, until), asked in sorted(people.items()):
        told += notices.tell(
            model.Session,
            kind,
            asked,
            facts={"due": until.isoformat()},
            about=f"{register}:{until}",
        )
    model.Session.commit()
    return told


def _incomplete() -> Iterable[Wanting]:
    """Give the open lines in which something is missing."""
    known = definition().registers
    query = sa.select(SmkiEntry).where(SmkiEntry.register.in_(known), SmkiEntry.ended_at.is_(None))
    rows = list(model.Session.scalars(query))
    facts = reads.facts_for(row.package_id for row in rows if row.package_id)
    for row in rows:
        register = known[row.register]
        kept = registers.kept_by_portal(row, register)
        wanted = [n for n in missing(register, row.known, row.written) if n not in kept]
        said = facts.get(row.package_id or "")
        if not wanted or (row.package_id and (said is None or registers.only_counted(said))):
            continue
        yield Wanting(register, row, due(register, registers.since(row), row.known), said)


def _people(
    line: Wanting,
    holders: Holders,
    owners: Mapping[str, Collection[str]],
    actor_of: Callable[[str], Actor],
    *,
    late: bool,
) -> Collection[str]:
    """Return who is asked: the owner, and after the deadline who acts for them as well."""
    register, facts = line.register, line.facts
    mine = planning.carriers(smki(), register.asked, holders)
    if facts is None:
        others = planning.deputies(smki(), register.asked, holders) if late else []
        return {*mine, *others}
    first = owners.get(facts.owner_org or "", ()) if register.owners else mine
    asked = {*first, *(mine if late or not first else ())}
    return {one for one in asked if registers.may_know(actor_of(one), register, line.row, facts)}


def _owners() -> dict[str, list[str]]:
    """Return agency → its admins, or where it has none who brings data for it."""
    member: Any = model.Member
    query = (
        sa.select(member.group_id, member.capacity, model.User.id)
        .join(model.User, member.table_id == model.User.id)
        .where(
            member.table_name == "user",
            member.state == "active",
            member.capacity.in_(PUBLISHING_CAPACITIES),
            model.User.state == "active",
        )
        .order_by(model.User.id)
    )
    admins: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    for agency, capacity, user in model.Session.execute(query).tuples():
        (admins if capacity == "admin" else others).setdefault(agency, []).append(user)
    return {**others, **admins}
