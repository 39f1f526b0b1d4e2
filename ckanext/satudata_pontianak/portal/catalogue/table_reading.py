"""Rows for the pages of a table, by ``datastore_search`` as the person who asks.

The policy is asked once and the read recorded once, whatever number of searches a page takes; all
of them stay with the same version. How a page deep in a million rows stays quick: rows are numbered
without a gap, so that a page in the file's order is a range of numbers; in the order of a column
only the numbers of the page's rows are looked for, from the nearer end of an index that
``classification/versions/tables.py`` makes, and then the rows by their numbers.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ckan.plugins.toolkit as tk

from ...access.reading import serving
from ...access.reading.serving import Served
from ...agencies import registry
from ...classification.versions.tables import INDEXED_FROM
from ..web import call
from . import table_query
from .table_query import Column, Kind, Paging, Query

REMEMBERED = 2000
BLOCK = table_query.COUNTED
# Smaller than any value of the kind: what is not empty is not less.
_LEAST = {
    Kind.NUMBER: "-10000000000000000",
    Kind.DAY: "0001-01-01",
    Kind.MOMENT: "0001-01-01",
    Kind.BOOLEAN: "false",
    Kind.TEXT: "",
}


@dataclass(frozen=True)
class Rows:
    """The rows of a page, cell by cell as text, in the order of its columns."""

    columns: Sequence[Column]
    rows: list[list[str]]
    paging: Paging


class Table:
    """The table of a resource, within :func:`opened`."""

    def __init__(self, resource_id: str, found: Served | None) -> None:
        self._id, self._found = resource_id, found
        self.columns: tuple[Column, ...]
        self.total: int
        version = found.version_id if found else None
        if version is not None and found is not None:
            self.columns, self.total = (
                _remembered(version, "columns", self._ask_columns),
                found.rows,
            )
        else:
            answer = self.search(limit=0)
            self.columns, self.total = _read_columns(answer), answer["total"]

    def _ask_columns(self) -> tuple[Column, ...]:
        return _read_columns(self.search(limit=0, include_total=False))

    @property
    def is_open(self) -> bool:
        """Tell whether everybody may have the data."""
        return self._found is None or self._found.is_open

    @property
    def version_id(self) -> str | None:
        """The id of the version whose rows these are."""
        return self._found.version_id if self._found else None

    def search(self, **asked: Any) -> dict[str, Any]:
        """Search as the reader."""
        return call.call("datastore_search", resource_id=self._id, **asked)

    def lines(self, names: Sequence[str], **asked: Any) -> list[list[str]]:
        """Return these columns of what is searched, every value as PostgreSQL writes it."""
        answer = self.search(fields=list(names), records_format="csv", include_total=False, **asked)
        return list(csv.reader(io.StringIO(answer["records"])))

    def first(self, limit: int, part: int = 1) -> Rows:
        """Return the first rows of the file; they never change, so they are read once."""
        shown = table_query.shown_columns(self.columns, part)
        names = [column.name for column in shown]
        version = self.version_id
        if version is None:
            rows = self.lines(names, limit=limit)
        else:
            what = f"first {limit} {part}"
            rows = _remembered(version, what, lambda: self.lines(names, limit=limit))
        return Rows(shown, rows, Paging(self.total, 1, limit))

    def read(self, query: Query) -> Rows:
        """Return the rows of a page; a page behind the last one is the last one."""
        total, capped = self._count(query)
        paging = Paging(total, query.page, query.size, capped)
        if query.page > paging.pages:
            paging = Paging(total, paging.pages, query.size, capped)
        shown = table_query.shown_columns(self.columns, query.part)
        names = [column.name for column in shown]
        offset = (paging.page - 1) * query.size
        if query.filtered:
            rows = self._filtered(query, names, offset)
        elif query.sort is None:
            rows = self._numbered(names, offset, query.size)
        else:
            rows = self._ordered(query, names, offset)
        return Rows(shown, rows, paging)

    def amount(self, query: Query) -> int | None:
        """Return how many rows match; nothing where they are more than are counted."""
        total, capped = self._count(query)
        return None if capped else total

    def blocks(
        self, query: Query, columns: Sequence[Column], total: int
    ) -> Iterator[list[list[str]]]:
        """Give the ``total`` rows that match block by block, also where :func:`opened` is left.

        A filter matches one block at most, and only a large table is ordered in several: by the
        index of the column.
        """
        names, done = [column.name for column in columns], 0
        while done < total:
            block = replace(query, size=min(BLOCK, total - done))
            held = [serving.admitted(self._found)] if self._found else []
            with serving.pinned(*held):
                if query.filtered:
                    rows = self._filtered(block, names, done)
                elif query.sort is None:
                    rows = self._numbered(names, done, block.size)
                else:
                    rows = self._ordered(block, names, done)
            if not rows:
                return
            yield rows
            done += len(rows)

    # ------------------------------------------------------------------------------ counting

    def _count(self, query: Query) -> tuple[int, bool]:
        """Return how many rows match, counted to ``COUNTED``, and whether there are more."""
        if not query.filtered:
            return self.total, False
        asked = table_query.asked(query)
        if "full_text" in asked:  # CKAN gives every column with it: counting them is shorter
            found = self.search(limit=0, **asked)["total"]
        else:
            most = table_query.COUNTED + 1
            found = len(self.lines(["_id"], limit=most, sort=["_id asc"], **asked))
        return min(found, table_query.COUNTED), found > table_query.COUNTED

    def _empty(self, column: str) -> int:
        """Return how many cells of a column are empty."""
        version = str(self.version_id)
        return _remembered(version, f"empty {column}", lambda: self._count_empty(column))

    def _count_empty(self, name: str) -> int:
        """Count the empty cells of a column; one look is enough where there are none."""
        column = next(c for c in self.columns if c.name == name)
        # In descending order PostgreSQL begins with what is empty.
        top = self.search(fields=[name], sort=[f'"{name}" desc'], limit=1, include_total=False)
        if not top["records"] or top["records"][0][name] is not None:
            return 0
        filled = self.search(limit=0, filters={name: {"gte": _LEAST[column.kind]}})["total"]
        return self.total - filled

    # ------------------------------------------------------------------------------- reading

    def _filtered(self, query: Query, names: list[str], offset: int) -> list[list[str]]:
        asked = table_query.asked(query)
        paged = {"sort": self._sort(query), "offset": offset, "limit": query.size}
        if "full_text" not in asked:
            return self.lines(names, **paged, **asked)
        records = self.search(**paged, include_total=False, **asked)["records"]
        return [[_text(record.get(name)) for name in names] for record in records]

    def _sort(self, query: Query) -> list[str]:
        if query.sort is None:
            return ["_id asc"]
        if not query.down:
            return [f'"{query.sort}" asc', "_id asc"]
        # Without empty cells both say the same, and only the first is what an index holds.
        last = "" if self._large and self._empty(query.sort) == 0 else " nulls last"
        return [f'"{query.sort}" desc{last}', "_id desc"]

    @property
    def _large(self) -> bool:
        return self.version_id is not None and self.total >= INDEXED_FROM

    def _numbered(self, names: list[str], offset: int, size: int) -> list[list[str]]:
        if self.version_id is None:
            return self.lines(names, sort=["_id asc"], offset=offset, limit=size)
        # The rows of a version are numbered from one, without a gap.
        numbers = {"_id": {"gt": offset, "lte": offset + size}}
        return self.lines(names, sort=["_id asc"], filters=numbers, limit=size)

    def _ordered(self, query: Query, names: list[str], offset: int) -> list[list[str]]:
        if not self._large or query.sort is None:
            return self.lines(names, sort=self._sort(query), offset=offset, limit=query.size)
        size = min(query.size, self.total - offset)
        if not query.down:
            numbers = self._ascending(query.sort, offset, size)
        else:
            numbers = self._descending(query.sort, offset, size)
        if not numbers:
            return []
        found = self.lines(["_id", *names], filters={"_id": numbers}, limit=len(numbers))
        by_number = {int(row[0]): row[1:] for row in found}
        return [by_number[number] for number in numbers if number in by_number]

    def _ascending(self, column: str, offset: int, size: int) -> list[int]:
        """Return the numbers of rows in ascending order, what is empty last.

        Behind the middle they are looked for from the end.
        """
        after = self.total - offset - size
        if offset <= after:
            return self._numbers(column, "asc", offset, size)
        return self._numbers(column, "desc", after, size)[::-1]

    def _descending(self, column: str, offset: int, size: int) -> list[int]:
        """Return the numbers of rows in descending order, what is empty last.

        PostgreSQL's own descending order, the reverse of the ascending one, begins with what is
        empty: it is turned by that number.
        """
        empty = self._empty(column)
        filled = self.total - empty
        numbers: list[int] = []
        if offset < filled:
            numbers = self._reversed(column, empty + offset, min(size, filled - offset))
        if offset + size > filled:
            start = max(offset, filled)
            numbers += self._reversed(column, start - filled, offset + size - start)
        return numbers

    def _reversed(self, column: str, offset: int, size: int) -> list[int]:
        return self._ascending(column, self.total - offset - size, size)[::-1]

    def _numbers(self, column: str, way: str, offset: int, size: int) -> list[int]:
        sort = [f'"{column}" {way}', f"_id {way}"]
        return [int(row[0]) for row in self.lines(["_id"], sort=sort, offset=offset, limit=size)]


# The rows of a version never change, so what is known of one holds as long as it is there. It is
# asked for behind the policy's answer only.
_known: dict[tuple[str, str], Any] = {}


def _remembered(version_id: str, what: str, find: Callable[[], Any]) -> Any:
    key = (version_id, what)
    if key not in _known:
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[key] = find()
    return _known[key]


def _read_columns(answer: dict[str, Any]) -> tuple[Column, ...]:
    return tuple(Column.of(f) for f in answer["fields"] if not str(f["id"]).startswith("_"))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    return "" if value is None else str(value)


@contextlib.contextmanager
def opened(resource_id: str, *, shown: bool = False) -> Iterator[Table]:
    """Open the table of a resource for who asks; the read is recorded when it worked.

    :param shown: for a page, which nobody counts as a download.
    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or they may not know of it.
    :raises ckan.plugins.toolkit.NotAuthorized: with the policy's reason.
    """
    found = serving.served(resource_id)
    if found is None:
        yield Table(resource_id, None)
        return
    actor = registry.current_actor()
    serving.admit(actor, found)
    if found.table is None:
        raise tk.ObjectNotFound(tk._("Resource not found"))
    with serving.pinned(serving.admitted(found)):
        yield Table(resource_id, found)
    serving.record(actor, found, shown=shown)


@contextlib.contextmanager
def opened_if_open(resource_id: str) -> Iterator[Table | None]:
    """Open the table of a resource if everybody may have it; ``None`` where that is not so."""
    found = serving.served(resource_id)
    if found is not None and not found.is_open:
        yield None
        return
    with opened(resource_id) as table:
        yield table
