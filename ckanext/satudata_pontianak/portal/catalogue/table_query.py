"""What the page of a table is asked for by its address: search, filters, order, place. Pure.

Names of parameters are Indonesian, as the addresses of the portal are: ``q``,
``berisi.<column>``, ``dari.<column>``, ``sampai.<column>``, ``sama.<column>``, ``urut``, ``arah``,
``halaman``, ``baris``, ``kolom``. What cannot be understood is told by the name of its parameter;
nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from ... import days
from ...messages import Message
from ...msgids import N_

SIZES = (25, 50, 100)
SIZE = 50
COLUMNS_SHOWN = 40
LONGEST = 200
MOST_FILTERS = 20
COUNTED = 10_000
"""Matches of a filter are counted to here; behind that the page asks to narrow it down."""
DOWN = "turun"
UP = "naik"
_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,15})?")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:\.\d{3}){1,4}(?:,\d{1,15})?")
_WORD = re.compile(r"\w")


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "date"
    MOMENT = "moment"
    BOOLEAN = "boolean"


# Types as the DataStore tells of them; what is not listed is shown and searched as text.
KINDS = {
    "int": Kind.NUMBER,
    "int4": Kind.NUMBER,
    "int8": Kind.NUMBER,
    "bigint": Kind.NUMBER,
    "numeric": Kind.NUMBER,
    "float": Kind.NUMBER,
    "float8": Kind.NUMBER,
    "date": Kind.DAY,
    "timestamp": Kind.MOMENT,
    "bool": Kind.BOOLEAN,
}
WHOLE = frozenset({"int", "int4", "int8", "bigint"})


@dataclass(frozen=True)
class Column:
    """A column of the table: its name in the DataStore, the heading of the file, what it holds."""

    name: str
    label: str
    kind: Kind
    whole: bool = False
    """Numbers without a fraction: PostgreSQL compares them with no other."""

    @classmethod
    def of(cls, field_: Mapping[str, Any]) -> Column:
        """Read a column from a field of ``datastore_search``."""
        name = str(field_["id"])
        info = field_.get("info") or {}
        label = str(info.get("label") or name)
        held = str(field_.get("type"))
        return cls(name, label, KINDS.get(held, Kind.TEXT), held in WHOLE)

    @property
    def ranged(self) -> bool:
        """Tell whether from-to makes sense."""
        return self.kind in (Kind.NUMBER, Kind.DAY, Kind.MOMENT)


@dataclass(frozen=True)
class Query:
    """What is asked of a table; ``low``, ``high`` and ``same`` hold values as PostgreSQL reads."""

    q: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    low: Mapping[str, str] = field(default_factory=dict)
    high: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    sort: str | None = None
    down: bool = False
    page: int = 1
    size: int = SIZE
    part: int = 1
    """Which part of the columns of a wide table."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What somebody wrote, by parameter, where it is read as something else: addresses keep it."""

    @property
    def filtered(self) -> bool:
        """Tell whether not all rows are asked for."""
        return bool(self.q or self.words or self.low or self.high or self.same)

    @property
    def offset(self) -> int:
        """How many rows stand before the page."""
        return (self.page - 1) * self.size

    def pairs(self, **changed: Any) -> list[tuple[str, str]]:
        """Return the parameters of an address that asks for this, with some values changed.

        :param changed: attributes of this class with other values.
        """
        values = {**self.__dict__, **changed}
        found = [("q", values["q"])] if values["q"] else []
        for prefix, name in PREFIXES.items():
            for column, value in values[name].items():
                parameter = f"{prefix}.{column}"
                found.append((parameter, self.typed.get(parameter, value)))
        if values["sort"]:
            found += [("urut", values["sort"]), ("arah", DOWN if values["down"] else UP)]
        if values["size"] != SIZE:
            found.append(("baris", str(values["size"])))
        if values["part"] != 1:
            found.append(("kolom", str(values["part"])))
        if values["page"] != 1:
            found.append(("halaman", str(values["page"])))
        return found

    def address(self, **changed: Any) -> str:
        """Return what stands behind the question mark of such an address."""
        return urlencode(self.pairs(**changed))


PREFIXES = {"berisi": "words", "dari": "low", "sampai": "high", "sama": "same"}


class _Reader:
    """Reads parameters one by one and gathers what is wrong with them."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = {column.name: column for column in columns}
        self.found: dict[str, dict[str, str]] = {name: {} for name in PREFIXES.values()}
        self.typed: dict[str, str] = {}
        self.plain: dict[str, Any] = {}
        self.errors: dict[str, Message] = {}

    def take(self, name: str, value: str) -> None:
        value = value.strip()
        if not value:
            return
        if "\x00" in value or len(value) > LONGEST:
            text = N_("Use at most %(count)s characters, without control characters.")
            self.errors[name] = Message(text, {"count": LONGEST})
            return
        prefix, dot, column = name.partition(".")
        if dot and prefix in PREFIXES:
            self._filter(name, prefix, column, value)
        elif name in ("q", "urut", "arah", "halaman", "baris", "kolom"):
            getattr(self, f"_{name}")(value)

    def _filter(self, name: str, prefix: str, column_name: str, value: str) -> None:
        column = self.columns.get(column_name)
        if column is None:
            self.errors[name] = Message(N_("The table has no column of this name."))
            return
        if prefix == "berisi":
            if not terms(value):
                self.errors[name] = Message(N_("Give at least one word or number."))
                return
            read: str | None = value
        elif prefix in ("dari", "sampai") and not column.ranged:
            self.errors[name] = Message(N_("This column holds no numbers or dates."))
            return
        else:
            read = value_of(column.kind, value)
        if read is None:
            self.errors[name] = Message(WRONG[column.kind])
            return
        if column.whole and prefix != "berisi":
            read = whole_of(prefix, read)
        if read is None:
            self.errors[name] = Message(N_("This column holds whole numbers, such as 1500."))
            return
        self.found[PREFIXES[prefix]][column_name] = read
        if read != value:
            self.typed[name] = value

    def _q(self, value: str) -> None:
        if not terms(value):
            self.errors["q"] = Message(N_("Give at least one word or number."))
        else:
            self.plain["q"] = value

    def _urut(self, value: str) -> None:
        if value not in self.columns:
            self.errors["urut"] = Message(N_("The table has no column of this name."))
        else:
            self.plain["sort"] = value

    def _arah(self, value: str) -> None:
        if value not in (UP, DOWN):
            text = N_("The order is %(up)s or %(down)s.")
            self.errors["arah"] = Message(text, {"up": UP, "down": DOWN})
        else:
            self.plain["down"] = value == DOWN

    def _number(self, name: str, key: str, value: str) -> None:
        if not re.fullmatch(r"[1-9]\d{0,8}", value):
            self.errors[name] = Message(N_("This is not the number of a page."))
        else:
            self.plain[key] = int(value)

    def _halaman(self, value: str) -> None:
        self._number("halaman", "page", value)

    def _kolom(self, value: str) -> None:
        self._number("kolom", "part", value)

    def _baris(self, value: str) -> None:
        if value not in map(str, SIZES):
            text = N_("A page has one of these numbers of rows: %(sizes)s.")
            self.errors["baris"] = Message(text, {"sizes": [str(size) for size in SIZES]})
        else:
            self.plain["size"] = int(value)


WRONG = {
    Kind.TEXT: N_("Give at least one word or number."),
    Kind.NUMBER: N_("Give a number, such as 1.500 or 12,5."),
    Kind.DAY: N_("Give a date, such as 24/11/2026."),
    Kind.MOMENT: N_("Give a date, such as 24/11/2026."),
    Kind.BOOLEAN: N_("Give true or false."),
}


def read(
    pairs: Iterable[tuple[str, str]], columns: Sequence[Column]
) -> tuple[Query, dict[str, Message]]:
    """Read the parameters of an address.

    :param pairs: names and values; of a name that comes twice the last counts, empty ones and
        unknown names are left out.
    :param columns: of the table, in their order.
    :returns: what is asked, and by the name of a parameter what is wrong with it. What is wrong
        is not in the query.
    """
    reader = _Reader(columns)
    for name, value in dict(pairs).items():
        reader.take(name, value)
    if sum(len(values) for values in reader.found.values()) > MOST_FILTERS:
        text = N_("Use at most %(count)s filters at once.")
        reader.errors["q"] = Message(text, {"count": MOST_FILTERS})
        reader.found = {name: {} for name in PREFIXES.values()}
    parts = max(1, -(-len(columns) // COLUMNS_SHOWN))
    if reader.plain.get("part", 1) > parts:
        reader.errors["kolom"] = Message(N_("This is not the number of a page."))
        del reader.plain["part"]
    values: dict[str, Any] = {**reader.plain, **reader.found, "typed": reader.typed}
    return Query(**values), reader.errors


def value_of(kind: Kind, value: str) -> str | None:
    """Return a value as PostgreSQL reads one of this kind, ``None`` where it is none.

    Numbers and days are read as Indonesians write them: ``140.000`` and ``1.500,5`` with dots
    between thousands, ``1,5`` with a comma before the fraction, ``30/11/2026 07.00``. A dot that
    stands where no thousands end is a fraction's, as programs write it; so are days of ISO 8601.
    """
    if kind is Kind.NUMBER:
        if _THOUSANDS.fullmatch(value):
            value = value.replace(".", "")
        return value.replace(",", ".") if _NUMBER.fullmatch(value) else None
    if kind in (Kind.DAY, Kind.MOMENT):
        return _day(value)
    if kind is Kind.BOOLEAN:
        return value if value in ("true", "false") else None
    return value


def _day(value: str) -> str | None:
    try:
        found = dt.datetime.fromisoformat(days.iso(value)).replace(tzinfo=None)
    except ValueError:
        return None
    return found.isoformat(sep=" ")


def whole_of(prefix: str, value: str) -> str | None:
    """Return the whole number that asks the same of a column of whole numbers.

    ``None`` where a number with a fraction is asked for itself: the column holds none.
    """
    number = Decimal(value)
    if number == number.to_integral_value():
        return str(int(number))
    if prefix == "sama":
        return None
    return str(math.ceil(number) if prefix == "dari" else math.floor(number))


def terms(text: str) -> str:
    """Return words as a query of PostgreSQL's full text search: all of them, each as a beginning.

    Signs that mean something to it, or to who builds the statement, are blanks here.
    """
    words = [w for w in re.sub(r"[:%\\'\"&|!()<>*]", " ", text).split() if _WORD.search(w)]
    return " & ".join(f"'{word}':*" for word in words)


def asked(query: Query) -> dict[str, Any]:
    """Return search and filters as parameters of ``datastore_search``."""
    filters: dict[str, Any] = {}
    for column, value in query.low.items():
        filters.setdefault(column, {})["gte"] = value
    for column, value in query.high.items():
        filters.setdefault(column, {})["lte"] = value
    for column, value in query.same.items():
        filters.setdefault(column, {})["eq"] = value
    found: dict[str, Any] = {"filters": filters} if filters else {}
    words = {column: terms(value) for column, value in query.words.items()}
    if words:
        found |= {"q": words, "plain": False, "language": "simple"}
        if query.q:
            found["full_text"] = terms(query.q)
    elif query.q:
        found |= {"q": terms(query.q), "plain": False, "language": "simple"}
    return found


def shown_columns(columns: Sequence[Column], part: int) -> Sequence[Column]:
    """Return the columns that a part of a wide table shows."""
    return columns[(part - 1) * COLUMNS_SHOWN : part * COLUMNS_SHOWN]


@dataclass(frozen=True)
class Paging:
    """Where in the rows a page stands; ``capped``: there are more matches than were counted."""

    total: int
    page: int
    size: int
    capped: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are; one, where there is no row."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Number of the first row of the page; 0 where there is none."""
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row of the page."""
        return min(self.page * self.size, self.total)

    @property
    def numbers(self) -> list[int | None]:
        """Return the pages to offer: first, last, and those around; ``None`` is a gap."""
        near = {1, self.pages, *range(self.page - 2, self.page + 3)}
        wanted = sorted(n for n in near if 1 <= n <= self.pages)
        found: list[int | None] = []
        for number in wanted:
            if found and found[-1] is not None and number - found[-1] == 2:
                found.append(number - 1)
            elif found and found[-1] is not None and number - found[-1] > 2:
                found.append(None)
            found.append(number)
        return found
