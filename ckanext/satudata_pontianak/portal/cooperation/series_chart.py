"""The chart over all periods of a series, drawn as those of datasets are.

It holds open data alone: looking at a page is not to count as reading what is not open.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan import model

from ...access.reading import counting, serving
from ...access.reading.serving import Served
from ...access.series import rules
from ...access.series.kept import Listed
from ...classification.rules import variables
from ...metadata import roles
from ...metadata.roles import Role, Seen, see
from ..catalogue import table_reading
from ..catalogue.table_query import Column, Kind, Query
from ..plots import own_shapes, showing
from ..plots.choosing import choose
from ..plots.drawing import places
from ..plots.drawing.shaping import with_unit
from ..plots.showing import Shown

log = logging.getLogger(__name__)
REMEMBERED = 200
TYPES = {Kind.NUMBER: "numeric", Kind.DAY: "date", Kind.MOMENT: "timestamp", Kind.BOOLEAN: "bool"}
_known: dict[tuple[object, ...], Shown] = {}


@dataclass(frozen=True)
class Drawn:
    """A chart in words and as specifications, and the newest version whose numbers it has."""

    shown: Shown
    newest: Served


def drawn(found: list[Listed]) -> Drawn | None:
    """Return the chart of the members whose data are open; ``None`` without two that agree.

    :param found: the members that the reader may know of, the newest first.
    """
    served = _open_tables(found)
    if len(served) < 2:
        return None
    newest, last = served[-1][1], served[-1][0]
    package = model.Package.get(last.id)
    if package is None:
        return None
    span = f"{_said(served[0][0])}–{_said(last)}"
    source = showing.source_of(package, rules.bare(last.title), span)
    unit = str(package.extras.get("satuan") or "")
    versions = tuple(each.version_id for _, each in served)
    personal = variables.personal_of([member.id for member, _ in served])
    key = (
        *versions,
        str(sorted((id, sorted(names)) for id, names in personal.items())),
        str(tk.h.lang()),
        *source,
        unit,
        own_shapes.known().digest,
    )
    if key not in _known:
        try:
            made = _made(served, source, unit, frozenset[str]().union(*personal.values()))
        except showing.UNREADABLE:
            log.exception("no picture of a series")
            return None
        if made is None:
            return None
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[key] = made
    return Drawn(_known[key], newest)


def _said(member: Listed) -> str:
    return rules.shown(member.period) if member.period else ""


def _open_tables(found: list[Listed]) -> list[tuple[Listed, Served]]:
    """Return the first table of each member that is open to everybody, the oldest first."""
    dated = {each.id: each for each in found if each.period}
    resources = (
        model.Session.query(model.Resource.id, model.Resource.package_id)
        .filter(model.Resource.package_id.in_(list(dated)), model.Resource.state == "active")
        .order_by(model.Resource.position)
        .all()
    )
    kept: dict[str, Served] = {}
    for id, package_id in resources:
        if package_id in kept:
            continue
        served = serving.served(id)
        if served is not None and served.is_open and served.table is not None:
            kept[package_id] = served
    return [(each, kept[each.id]) for each in reversed(found) if each.id in kept]


def _made(
    served: list[tuple[Listed, Served]], source: list[str], unit: str, personal: frozenset[str]
) -> Shown | None:
    """Read the rows, and choose and draw their chart; ``None`` where they are too many.

    :param personal: what a member calls personal is in no picture, of whatever period.
    """
    if sum(each.rows for _, each in served) > showing.MOST_ROWS:
        return None
    columns: tuple[Column, ...] = ()
    rows: list[list[str]] = []
    told: set[str] = set()
    with counting.uncounted():
        for member, each in served:
            try:
                with table_reading.opened(each.resource_id, shown=True) as table:
                    order = ordered(columns, table.columns)
                    if order is None:
                        continue
                    columns = columns or table.columns
                    for block in table.blocks(Query(), table.columns, table.total):
                        rows += [[_said(member), *(line[at] for at in order)] for line in block]
                    told.add(_said(member))
            except (tk.NotAuthorized, tk.ObjectNotFound):
                continue
    if len(told) < 2:
        return None
    kept = [at for at, c in enumerate(columns) if not variables.is_among(personal, c.name, c.label)]
    columns = tuple(columns[at] for at in kept)
    rows = [[said, *(line[at] for at in kept)] for said, *line in rows]
    listed = [
        roles.Column(each.name, TYPES.get(each.kind, "text"), each.label)
        for each in (period_column(columns), *columns)
    ]
    seen = _without_second_period(see(listed, rows, places.find), len(told))
    return showing.made_of(choose(with_unit(seen, unit)), showing.words(), source, stale=False)


def _without_second_period(seen: list[Seen], periods: int) -> list[Seen]:
    """Leave one column of periods: that of the tables where it tells as much, else that of us."""
    first, *others = seen
    own = [each for each in others if each.role is Role.PERIOD]
    if any(len(set(each.periods) - {None}) >= periods for each in own):
        return others
    return [first, *(each for each in others if each not in own)]


def period_column(columns: tuple[Column, ...]) -> Column:
    """Return the column that says of which period a row is, under a name that is not taken."""
    definition = rules.series()
    taken = {column.label.casefold().strip() for column in columns}
    name = definition.otherwise if definition.column in taken else definition.column
    return Column(name, name, Kind.TEXT)


def ordered(wanted: tuple[Column, ...], given: tuple[Column, ...]) -> list[int] | None:
    """Return where each wanted column stands among those given, ``None`` where they differ.

    :param wanted: none: those given are the first.
    """
    places_ = {column.label.casefold().strip(): at for at, column in enumerate(given)}
    names = [column.label.casefold().strip() for column in wanted or given]
    if len(places_) != len(given) or sorted(places_) != sorted(names):
        return None
    return [places_[name] for name in names]
