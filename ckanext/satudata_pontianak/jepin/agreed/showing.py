"""The rows of agreed data lists as somebody reads them: everybody what is owed, its people more.

Of a dataset that a reader may not know of the row is as one without: nothing else asks whether
there is one (:func:`_datasets`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor, Duty
from ...classification.records import reads
from ...classification.records.model import Decision, DecisionVersion
from ..records import known_packages
from ..records.agreed_model import AgreedData
from ..records.known_packages import Known
from ..rules.agreed import Standing, agreed, met_on
from . import bringing


@dataclass(frozen=True)
class Wanted:
    """Which rows are asked for: of a year, due between two days, of agencies; or one."""

    year: int | None = None
    since: dt.date | None = None
    before: dt.date | None = None
    agencies: Collection[str] | None = None
    row: str | None = None

    def query(self) -> Any:
        """Return the conditions of the rows."""
        table, conditions = AgreedData, []
        if self.year is not None:
            conditions.append(table.year == self.year)
        if self.since is not None:
            conditions.append(table.due >= self.since)
        if self.before is not None:
            conditions.append(table.due < self.before)
        if self.agencies is not None:
            conditions.append(table.agency_id.in_([*self.agencies]))
        if self.row is not None:
            conditions.append(table.id == self.row)
        return conditions


@dataclass(frozen=True)
class Told:
    """A row, its dataset where the reader may know of it, and where it stands for them."""

    row: AgreedData
    package: model.Package | None
    standing: Standing
    met: dt.date | None


def brings(actor: Actor) -> bool:
    """Tell whether somebody brings lists: Walidata."""
    return actor.active and actor.has(Duty.WALIDATA)


def reads_of(actor: Actor) -> frozenset[str]:
    """Return the agencies of whose rows somebody reads where they stand.

    Who publishes for an agency reads its own, Walidata all.
    """
    if not actor.active:
        return frozenset()
    return frozenset(registry.load_agencies()) if brings(actor) else actor.publishes_for


def public(wanted: Wanted, actor: Actor, *, limit: int, offset: int) -> tuple[int, list[Told]]:
    """Return how many rows there are, and a part of them, by their day."""
    conditions = wanted.query()
    count = model.Session.scalar(sa.select(sa.func.count(AgreedData.id)).where(*conditions))
    query = _ordered(conditions).limit(limit).offset(offset)
    return count or 0, told(list(model.Session.scalars(query)), actor)


def everything(wanted: Wanted, actor: Actor) -> list[Told]:
    """Return every row that is asked for, by its day."""
    return told(list(model.Session.scalars(_ordered(wanted.query()))), actor)


def _ordered(conditions: Iterable[Any]) -> Any:
    table = AgreedData
    return sa.select(table).where(*conditions).order_by(table.due, table.title, table.id)


def years() -> list[int]:
    """Return of which years there are rows, the last one first."""
    query = sa.select(AgreedData.year).distinct().order_by(AgreedData.year.desc())
    return list(model.Session.scalars(query))


def told(rows: Sequence[AgreedData], actor: Actor) -> list[Told]:
    """Return rows as somebody reads them."""
    known = _datasets(rows, actor)
    came, held, today = _came(known), _held(known), days.today()

    def one(row: AgreedData) -> Told:
        package = known.get(row.package_id or "")
        if package is not None and not bringing.fulfils(package, row.agency_id):
            package = None
        met = None
        if package is not None and package.id not in held:
            met = met_on(came.get(package.id, ()), row.year)
        return Told(row, package, agreed().standing(row.due, today, met), met)

    return [one(row) for row in rows]


def _datasets(rows: Iterable[AgreedData], actor: Actor) -> Known:
    return known_packages.by_ids((row.package_id for row in rows), actor)


def _held(known: Known) -> set[str]:
    """Return the datasets of which no decision stands, or something is held back."""
    facts = reads.facts_for(known)
    return {id_ for id_ in known if facts[id_].decision is None or facts[id_].holds}


def _came(known: Known) -> Mapping[str, Collection[dt.date]]:
    """Return the days on which data of each dataset were decided for the first time.

    That of its first decision, and of each version that of the first one that covers it.
    """
    if not known:
        return {}
    ids = list(known)
    first = (
        sa.select(Decision.package_id, sa.func.min(Decision.decided_at))
        .where(Decision.package_id.in_(ids))
        .group_by(Decision.package_id)
    )
    versions = (
        sa.select(Decision.package_id, sa.func.min(Decision.decided_at))
        .join(DecisionVersion, DecisionVersion.decision_id == Decision.id)
        .where(Decision.package_id.in_(ids))
        .group_by(Decision.package_id, DecisionVersion.version_id)
    )
    found: defaultdict[str, set[dt.date]] = defaultdict(set)
    for package_id, moment in model.Session.execute(sa.union_all(first, versions)).tuples():
        found[package_id].add(moment.astimezone(days.CITY).date())
    return found
