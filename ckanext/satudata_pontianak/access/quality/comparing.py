"""The clock looks which figures of served tables are the same in two datasets, and differ.

What is found is kept as a pair of places with two numbers; who is told of it is asked whenever it
is read (``figures.py``). What is no longer so is taken away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ckan import model

from ... import config
from ...classification.clock import rounds
from ...classification.records import dataset_types
from ...classification.records.model import Pointer, Version, new_id
from ...classification.versions import table_questions, table_state, tables
from ...clock import now
from ...metadata import roles
from ...metadata.quality.definition import quality
from ...metadata.quality.shared import Cell, Name, cells, differ
from .model import SameFigure


class Table(NamedTuple):
    """A table that is served, and what its dataset says of it."""

    package_id: str
    version_id: str
    concept: str
    years: str


def compare() -> int:
    """Keep the pairs of same figures that differ; commit.

    :returns: how many pairs there are.
    """
    found: list[dict[str, Any]] = []
    if config.datastore_enabled():
        with tables.connect() as connection, connection.cursor() as cursor:
            for group in _groups():
                found += _pairs(_read(cursor, group))
    kept = [found[at : at + _AT_ONCE] for at in range(0, len(found), _AT_ONCE)]
    ids: list[str] = []
    for part in kept:
        statement = postgresql.insert(SameFigure).values(part)
        same = ["version_id", "row", "column", "other_version_id", "other_row"]
        told = ("found", "other", "other_column", "place")
        statement = statement.on_conflict_do_update(
            index_elements=same, set_={name: statement.excluded[name] for name in told}
        )
        ids += model.Session.scalars(statement.returning(SameFigure.id))
    model.Session.execute(sa.delete(SameFigure).where(SameFigure.id.not_in(ids)))
    model.Session.commit()
    return len(found) // 2


_AT_ONCE = 1000


def _groups() -> Iterator[Sequence[Table]]:
    """Give the tables of each concept that several datasets name."""
    of = model.Package
    query = (
        sa.select(of.id, Version.id, of.extras["konsep"].astext, of.extras["tahun"].astext)
        .join(Pointer, Pointer.package_id == of.id)
        .join(Version, Version.id == Pointer.version_id)
        .where(
            of.state == model.State.ACTIVE,
            of.type.in_(dataset_types.of_data()),
            Version.tabled["state"].astext == table_state.State.READY.value,
        )
        .order_by(of.id, Version.id)
    )
    found: defaultdict[str, list[Table]] = defaultdict(list)
    for package_id, version_id, concept, years in model.Session.execute(query).tuples():
        if folded := roles.folded(concept or ""):
            found[folded].append(Table(package_id, version_id, concept, years or ""))
    for group in found.values():
        if len({table.package_id for table in group}) > 1:
            yield group


def _read(cursor: Any, group: Sequence[Table]) -> Mapping[Table, Mapping[Name, Cell]]:
    read = {}
    for table in group:
        if table_questions.is_clear(table.version_id):
            columns, rows = table_questions.table_in(cursor, table.version_id)
            read[table] = cells(columns, rows, table.concept, table.years)
    return read


def _pairs(read: Mapping[Table, Mapping[Name, Cell]]) -> Iterator[dict[str, Any]]:
    """Give each pair from either side, the newest period of two tables first."""
    for one, other in combinations(read, 2):
        if one.package_id == other.package_id:
            continue
        names = [
            name
            for name in read[one].keys() & read[other].keys()
            if differ(read[one][name].number, read[other][name].number)
        ]
        names.sort(key=lambda name: (read[one][name].when, name), reverse=True)
        for place, name in enumerate(names[: quality().plausible.same]):
            cell, beside = read[one][name], read[other][name]
            yield _kept(one, cell, other, beside, place)
            yield _kept(other, beside, one, cell, place)


def _kept(one: Table, cell: Cell, other: Table, beside: Cell, place: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "version_id": one.version_id,
        "row": cell.row,
        "column": cell.column,
        "found": str(cell.number),
        "other_version_id": other.version_id,
        "other_row": beside.row,
        "other_column": beside.column,
        "other": str(beside.number),
        "place": place,
        "since": now(),
    }


def join() -> None:
    """Join the clock."""
    rounds.join("quality.same", _round)


def _round() -> Iterator[str]:
    yield f"{compare()} figures are the same in two datasets and differ."
