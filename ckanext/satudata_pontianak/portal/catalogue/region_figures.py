"""The figures of a region, out of the open tables that tell of it.

Only tables that everybody may have are read, however much the reader may see: so a page is the
same for all, and no read of closed data is made by opening a page. The policy is asked every
time; what is remembered is rows of a version, which never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk

from ... import config
from ...access.reading import counting, lead, overlay, serving
from ...agencies.rules.duties import ANONYMOUS
from ...classification.rules import variables
from ...classification.rules.policy import Channel, VersionFacts, decide
from ...classification.versions import table_state
from ...metadata import figures, roles
from ...metadata.codes import Code
from ...metadata.figures import Column
from ..web import call
from . import places

MOST_DATASETS = 40
MOST_TABLES = 12
MOST_TABLE_ROWS = 200_000
"""Longer tables are not looked through while somebody waits for a page."""

READ = 200
"""Rows of one region that are read of a table at most."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """What one table says of the region.

    :ivar heads: heading and unit of each column, in the order of ``rows``.
    :ivar rows: the cells of each row as they stand in the table.
    :ivar more: the table has more rows of this region.
    """

    dataset: Mapping[str, Any]
    resource: Mapping[str, Any]
    heads: Sequence[tuple[str, str, bool]]
    rows: Sequence[Sequence[Any]]
    years: str
    unit: str
    more: bool


def of(code: Code, about: str) -> list[Shown]:
    """Return what open tables say of a region, of the newest datasets first.

    :param about: the filter query of what tells of it.
    """
    if not config.datastore_enabled():
        return []
    found = places.find(about, rows=MOST_DATASETS)
    shown: list[Shown] = []
    personal = variables.personal_of([d["id"] for d in found.datasets])
    for dataset, resource, version in _open_tables(found.datasets):
        try:
            columns = [
                column
                for column, label in _columns(version, resource["id"])
                if not variables.is_among(personal.get(dataset["id"], ()), column.name, label)
            ]
            table = figures.read(columns, code)
            rows = _rows(version, resource["id"], table.region.name, table.values) if table else ()
        except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
            continue  # another version is served by now, or none
        if table and rows:
            counting.count(version, shown=True)
            shown.append(_shown(dataset, resource, table, rows))
        if len(shown) == MOST_TABLES:
            break
    return shown


def _open_tables(
    datasets: Iterable[Mapping[str, Any]],
) -> list[tuple[Mapping[str, Any], Mapping[str, Any], str]]:
    """Return dataset, resource and version of each table that everybody may have.

    One query, whatever the number of datasets.
    """
    kept = list(datasets)
    loaded = overlay.load([d["id"] for d in kept], reviewing=False)
    found = []
    for dataset in kept:
        facts = loaded.facts.get(dataset["id"])
        told_tidily = lead.originals(dataset)
        for resource in lead.in_order(dataset):
            if resource["id"] in told_tidily:
                continue
            version = loaded.approved.get(resource["id"])
            if facts is None or version is None or not table_state.is_ready(version.tabled):
                continue
            asked = VersionFacts(True, resource_id=resource["id"])
            answer = decide(ANONYMOUS, facts, Channel.DATA, asked)
            few = int((version.tabled or {}).get("rows") or 0) <= MOST_TABLE_ROWS
            if answer and "everyone" in answer.readers and few:
                found.append((dataset, resource, str(version.id)))
    return found


@lru_cache(maxsize=2048)
def _columns(version: str, resource: str) -> tuple[tuple[Column, str], ...]:
    """Return the columns of a version's table and their headings; they never change."""
    fields = _search(version, resource, {}, 0)["fields"]
    return tuple(
        (Column(f["id"], f["type"]), str((f.get("info") or {}).get("label") or "")) for f in fields
    )


@lru_cache(maxsize=2048)
def _rows(version: str, resource: str, column: str, values: tuple[str, ...]) -> tuple[Row, ...]:
    """Return the rows of a region in a version's table; they never change."""
    return tuple(_search(version, resource, {column: list(values)}, READ)["records"])


def _search(version: str, resource: str, filters: dict[str, Any], limit: int) -> dict[str, Any]:
    """Search a table as the reader; not counted here, a page counts what it shows.

    :raises ckan.plugins.toolkit.ObjectNotFound: another version is served by now.
    """
    served = serving.served(resource)
    if served is None or served.version_id != version or not served.is_open:
        raise tk.ObjectNotFound(tk._("Resource not found"))
    asked = {"resource_id": resource, "filters": filters, "limit": limit, "include_total": False}
    with serving.pinned(serving.admitted(served)):
        return call.call("datastore_search", **asked)


def _shown(
    dataset: Mapping[str, Any],
    resource: Mapping[str, Any],
    table: figures.Table,
    rows: Sequence[Row],
) -> Shown:
    kept, more = figures.newest(rows, table)
    declared = dataset.get("satuan")
    unit_column = [table.unit] if table.unit else []
    columns = [*table.period, *table.labels, *table.measures, *unit_column]
    heads = [
        (
            _heading(c),
            table.unit_of(c, declared) if c in table.measures else "",
            c in table.measures,
        )
        for c in columns
    ]
    told = any(unit for _, unit, _ in heads) or bool(unit_column)
    return Shown(
        dataset=dataset,
        resource=resource,
        heads=heads,
        rows=[[row.get(c.name) for c in columns] for row in kept],
        years="" if table.period else str(dataset.get("tahun") or ""),
        unit="" if told else str(declared or ""),
        more=more,
    )


def _heading(column: Column) -> str:
    """Return a heading in words, without a unit at its end: ``luas_km2`` is "Luas"."""
    return roles.Column(column.name).bare
