"""What apps and datasets cost and how much they are used, for those who read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.duties import Actor
from ...classification.records.dataset_types import APP
from ...classification.records.incident_model import DownloadCount
from ...classification.records.model import Version
from ..records.cost_model import Cost
from ..rules.costs import NOTHING, Line
from . import known


@dataclass(frozen=True)
class Told:
    """An app or dataset in a year; ``cost`` is ``None`` where nobody brought anything."""

    package: model.Package
    year: int
    cost: Cost | None = None

    @property
    def line(self) -> Line:
        """What was said of it."""
        return self.cost.line if self.cost else NOTHING


def of_year(year: int, actor: Actor) -> tuple[list[Told], list[int]]:
    """Return what somebody reads of a year, the dearest first, and the years with lines.

    Every app stands there, also one of which nobody said what it costs; of datasets those with a
    line.
    """
    packages = known.readable(actor)
    lines = _lines(packages)
    found = [
        Told(package, year, lines.get((id_, year)))
        for id_, package in packages.items()
        if package.type == APP or (id_, year) in lines
    ]
    return sorted(found, key=_place), sorted({each for _, each in lines}, reverse=True)


def of_one(package_id: str, actor: Actor) -> tuple[list[Told], list[int]]:
    """Return what somebody reads of one app or dataset, the last year first, and its years."""
    packages = known.readable(actor, package_id)
    lines = sorted(_lines(packages).values(), key=lambda cost: -cost.year)
    return [Told(packages[c.package_id], c.year, c) for c in lines], [c.year for c in lines]


def _lines(ids: Collection[str]) -> dict[tuple[str, int], Cost]:
    query = sa.select(Cost).where(Cost.package_id.in_(list(ids)))
    return {(row.package_id, row.year): row for row in model.Session.scalars(query)}


def _place(told: Told) -> tuple[int, str, str]:
    cost = -1 if told.line.cost is None else told.line.cost
    return (-cost, (told.package.title or told.package.name).casefold(), told.package.name)


def downloads(told: Sequence[Told]) -> dict[tuple[str, int], int]:
    """Return how often open files of datasets were sent, by id and year as far as asked for."""
    wanted = {(each.package.id, each.year) for each in told if each.package.type != APP}
    if not wanted:
        return {}
    years = [year for _, year in wanted]
    first = dt.datetime(min(years), 1, 1, tzinfo=days.CITY)
    after = dt.datetime(max(years) + 1, 1, 1, tzinfo=days.CITY)
    hour = sa.func.timezone(days.CITY.key, DownloadCount.hour)
    year = sa.cast(sa.extract("year", hour), sa.Integer).label("in_year")
    query = (
        sa.select(Version.package_id, year, sa.func.sum(DownloadCount.downloads))
        .join(Version, Version.id == DownloadCount.version_id)
        .where(
            Version.package_id.in_({id_ for id_, _ in wanted}),
            DownloadCount.hour >= first,
            DownloadCount.hour < after,
        )
        .group_by(Version.package_id, sa.text("in_year"))
    )
    counted = {(id_, of): int(n) for id_, of, n in model.Session.execute(query).tuples()}
    return {key: counted.get(key, 0) for key in wanted}
