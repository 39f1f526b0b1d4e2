"""Whether a table fits its profile, cell by cell, and how fresh each of its points is. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from ... import days
from ...messages import Message
from ...metadata import codes
from ...msgids import N_
from ...surface import formulas
from ...surface.repeating import repeated
from . import outlines
from .point_definition import EAST, KEY, NAME, NORTH, VILLAGE, Column, Profile

CITY = "61.71"

AT = N_("Row %(row)s, column %(column)s: %(why)s")
MORE = N_("And %(count)s more problems of this kind of check.")
NOT_CSV = N_(
    "The table of points is a CSV file. Fill in the template of the profile and save it as CSV."
)
TOO_LARGE = N_("The table has more than %(rows)s rows or is larger than %(bytes)s bytes.")
NO_TEXT = N_("The file is no text in UTF-8. Save it as CSV UTF-8.")
NO_ROWS = N_("The table has no rows.")
MISSING = N_("The column %(column)s is missing.")
TWICE = N_("The column %(column)s stands twice.")
UNKNOWN = N_("The profile has no column %(column)s. Take it out of the file.")
UNEVEN = N_("Row %(row)s has more cells than the table has columns.")
CLOSED = N_(
    "The column %(column)s is not for everybody. Empty it, or propose a level that is not open."
)

EMPTY = N_("something has to stand here")
LONG = N_("at most %(count)s characters")
SIGN = N_("there is a character that is not allowed")
CODE = N_("letters, digits and hyphens only")
SAME = N_("another row has this code")
NUMBER = N_("a number is expected, such as 12.5")
WHOLE = N_("a whole number is expected")
LEAST = N_("not less than %(bound)s")
MOST = N_("not more than %(bound)s")
DAY = N_("a day is expected, such as 2026-11-30")
MOMENT = N_("a day with its hour is expected, such as 2026-11-30 07:00")
FUTURE = N_("this lies in the future")
CHOICE = N_("choose one of: %(choices)s")
ELSEWHERE = N_("%(named)s is named here, and the position lies in %(found)s")
OUTSIDE = N_("the position lies outside the city")
REGION = N_("this is no village (kelurahan) of the city")
PHONE = N_("a telephone number is expected")
ADDRESS = N_("no address stands here: no camera is reached from this table (UU 27/2022 Article 17)")

_CODE_OF_POINT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,12})?")
_WHOLE = re.compile(r"\d{1,9}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::00(?:\.0+)?)?")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,23}")
_ADDRESS = re.compile(
    r":\s*//|\bwww\.|\b(?:rtsp|rtmp|mms|onvif|isapi)\b|\.m3u8|\.mjpe?g|\.sdp\b"
    r"|\.flv\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|(?:[0-9a-f]{1,4}:){3}"
    r"|[a-z0-9-]\.(?:id|com|net|org|io|tv|cn|cloud|local)\b|[a-z0-9-]\.[a-z]{2,63}(?:/|:\d)",
    re.IGNORECASE,
)


class Wrong(Exception):
    """A cell does not fit; ``why`` says what is expected."""

    def __init__(self, why: Message) -> None:
        super().__init__(why.msgid)
        self.why = why


@dataclass(frozen=True)
class Table:
    """A table as it was read: its rows that fit, and what is wrong with the others."""

    columns: Sequence[str] = ()
    rows: Sequence[Mapping[str, str]] = ()
    problems: Sequence[Message] = ()
    closed: Sequence[str] = ()
    """Columns that are not for everybody and have a filled cell."""

    def row(self, code: str) -> Mapping[str, str] | None:
        """Return the row with a code, ``None`` where there is none."""
        wanted = code.casefold()
        return next((row for row in self.rows if row[KEY].casefold() == wanted), None)


@dataclass(frozen=True)
class Point:
    """A row that fits: its values in one way of writing, and what of it is read as such."""

    values: Mapping[str, str]
    seen: dt.date
    counted: dt.datetime | None = None
    north: Decimal | None = None
    east: Decimal | None = None

    @property
    def code(self) -> str:
        """Return the code that names it within its table."""
        return self.values[KEY]

    @property
    def name(self) -> str:
        """Return the name of its place."""
        return self.values[NAME]

    @property
    def village(self) -> str:
        """Return the code of its village, empty where none is given."""
        return self.values.get(VILLAGE, "")


@dataclass(frozen=True)
class Stand:
    """How fresh a point is: ``stale`` was not seen for long, ``hidden`` columns are not shown."""

    stale: bool
    hidden: frozenset[str] = field(default_factory=frozenset)


# ----------------------------------------------------------------------------------- cells


def stored(column: Column, text: str, profile: Profile, now: dt.datetime) -> str:
    """Return a cell in one way of writing; empty where nothing stands there and nothing must.

    :param now: in the city's clock; what lies behind it is refused where a day is told.
    :raises Wrong: with what is expected.
    """
    said = text.strip()
    if not said:
        if column.required:
            raise Wrong(Message(EMPTY))
        return ""
    longest = column.longest or profile.common.limits.cell
    if len(said) > longest:
        raise Wrong(Message(LONG, {"count": longest}))
    if any(ord(sign) < 32 or sign in "\x7f\ufffd" for sign in said):
        raise Wrong(Message(SIGN))
    if not profile.file.addresses and _ADDRESS.search(said) and column.kind in ("text", "code"):
        raise Wrong(Message(ADDRESS))
    return _KINDS[column.kind](column, said, now)


def _code(column: Column, said: str, now: dt.datetime) -> str:
    if not _CODE_OF_POINT.fullmatch(said):
        raise Wrong(Message(CODE))
    return said


def _text(column: Column, said: str, now: dt.datetime) -> str:
    if formulas.runs(said):
        raise Wrong(Message(SIGN))
    return said


def _number(column: Column, said: str, now: dt.datetime) -> str:
    if not _NUMBER.fullmatch(said):
        raise Wrong(Message(NUMBER))
    return _bounded(column, said.replace(",", "."))


def _whole(column: Column, said: str, now: dt.datetime) -> str:
    if not _WHOLE.fullmatch(said):
        raise Wrong(Message(WHOLE))
    return _bounded(column, said)


def _bounded(column: Column, said: str) -> str:
    value = Decimal(said)
    if column.least is not None and value < column.least:
        raise Wrong(Message(LEAST, {"bound": str(column.least)}))
    if column.most is not None and value > column.most:
        raise Wrong(Message(MOST, {"bound": str(column.most)}))
    return said


def _day(column: Column, said: str, now: dt.datetime) -> str:
    written = days.iso(said)
    try:
        found = dt.date.fromisoformat(written) if _DAY.fullmatch(written) else None
    except ValueError:
        found = None
    if found is None:
        raise Wrong(Message(DAY))
    if found > now.date():
        raise Wrong(Message(FUTURE))
    return found.isoformat()


def _moment(column: Column, said: str, now: dt.datetime) -> str:
    found = _MOMENT.fullmatch(days.iso(said))
    try:
        at = dt.datetime.fromisoformat(f"{found[1]}T{found[2]}") if found else None
    except ValueError:
        at = None
    if at is None:
        raise Wrong(Message(MOMENT))
    if at.replace(tzinfo=days.CITY) > now:
        raise Wrong(Message(FUTURE))
    return at.isoformat(" ", "minutes")


def _choice(column: Column, said: str, now: dt.datetime) -> str:
    if said.casefold() not in column.choices:
        raise Wrong(Message(CHOICE, {"choices": ", ".join(column.choices)}))
    return said.casefold()


def _village(column: Column, said: str, now: dt.datetime) -> str:
    found = codes.find_region(said)
    if found is None or found.level != "kelurahan" or not found.code.startswith(f"{CITY}."):
        raise Wrong(Message(REGION))
    return found.code


def _telephone(column: Column, said: str, now: dt.datetime) -> str:
    if not _PHONE.fullmatch(said):
        raise Wrong(Message(PHONE))
    # A spreadsheet would run a number with a plus and blanks in it.
    return re.sub(r"[ ()-]", "", said) if said.startswith("+") else said


_KINDS = {
    "code": _code,
    "text": _text,
    "number": _number,
    "whole": _whole,
    "day": _day,
    "moment": _moment,
    "choice": _choice,
    "north": _number,
    "east": _number,
    "village": _village,
    "telephone": _telephone,
}


# ----------------------------------------------------------------------------------- tables


def read(profile: Profile, filename: str, content: bytes, now: dt.datetime) -> Table:
    """Return a file as a table of its profile, with every problem by row and column.

    Row 1 is the heading, as a spreadsheet counts.
    """
    limits = profile.common.limits
    if not filename.casefold().endswith(".csv"):
        return Table(problems=[Message(NOT_CSV)])
    too_large = Message(TOO_LARGE, {"rows": limits.rows, "bytes": limits.bytes})
    if len(content) > limits.bytes:
        return Table(problems=[too_large])
    try:
        text = content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)))
    except UnicodeDecodeError:
        return Table(problems=[Message(NO_TEXT)])
    except csv.Error:
        return Table(problems=[Message(NOT_CSV)])
    heading = [cell.strip() for cell in lines[0]] if lines else []
    problems = _heading(profile, heading)
    filled = [(n, cells) for n, cells in enumerate(lines[1:], 2) if any(c.strip() for c in cells)]
    if problems:
        return Table(heading, problems=_told(profile, problems))
    if not filled:
        return Table(heading, problems=[Message(NO_ROWS)])
    if len(filled) > limits.rows:
        return Table(heading, problems=[too_large])
    return _rows(profile, heading, filled, now)


def _separator(text: str) -> str:
    first = text.splitlines()[0] if text else ""
    return ";" if first.count(";") > first.count(",") else ","


def _heading(profile: Profile, heading: Sequence[str]) -> list[Message]:
    problems = [
        Message(MISSING, {"column": name})
        for name, column in profile.columns.items()
        if column.required and name not in heading
    ]
    twice = {name for name in heading if heading.count(name) > 1}
    problems += [Message(TWICE, {"column": repeated(name)}) for name in sorted(twice)]
    problems += [
        Message(UNKNOWN, {"column": repeated(name) or "-"})
        for name in dict.fromkeys(heading)
        if name not in profile.columns
    ]
    return problems


def _rows(
    profile: Profile,
    heading: Sequence[str],
    filled: Sequence[tuple[int, Sequence[str]]],
    now: dt.datetime,
) -> Table:
    problems: list[Message] = []
    rows: list[dict[str, str]] = []
    known: set[str] = set()
    closed: set[str] = set()
    for number, cells in filled:
        if any(cell.strip() for cell in cells[len(heading) :]):
            problems.append(Message(UNEVEN, {"row": number}))
            continue
        given = dict(zip(heading, [*cells, *[""] * len(heading)], strict=False))
        values, wrong = checked(profile, given, now)
        if (code := values.get(KEY, "").casefold()) and code in known:
            wrong[KEY] = Message(SAME)
        known.add(code)
        problems += [
            Message(AT, {"row": number, "column": name, "why": why}) for name, why in wrong.items()
        ]
        closed |= {n for n, v in values.items() if v and not profile.columns[n].public}
        rows.append(values)
    return Table(heading, rows, _told(profile, problems), sorted(closed))


def _told(profile: Profile, problems: list[Message]) -> list[Message]:
    """Return the first problems, and how many more there are."""
    most = profile.common.limits.problems
    more = len(problems) - most
    return [*problems[:most], *([Message(MORE, {"count": more})] if more > 0 else [])]


def checked(
    profile: Profile, given: Mapping[str, str], now: dt.datetime
) -> tuple[dict[str, str], dict[str, Message]]:
    """Return a row in one way of writing, and what is wrong with it by column.

    A position has to lie in the village that the row names, by the outlines that are known.
    """
    values, wrong = _cells(profile, given, now)
    if not {VILLAGE, NORTH, EAST} & wrong.keys() and values.get(NORTH):
        wrong |= _misplaced(values, profile.common.border_metres)
    return values, wrong


def _misplaced(values: Mapping[str, str], tolerance: int) -> dict[str, Message]:
    """Return what is wrong with where a point lies, by column."""
    position = (_degrees(values[EAST]), _degrees(values[NORTH]))
    named = values.get(VILLAGE, "")
    if named in outlines.outlines() and outlines.near(named, position, tolerance):
        return {}
    found = outlines.village_of(position, tolerance)
    if found is None:
        return {NORTH: Message(OUTSIDE)}
    if named not in outlines.outlines():  # none is named, or its outline is not known
        return {}
    called = {"named": codes.region(named), "found": codes.region(found)}
    labels = {key: region.label if region else "" for key, region in called.items()}
    return {VILLAGE: Message(ELSEWHERE, labels)}


def _degrees(text: str) -> float:
    return float(text.replace(",", "."))


def _cells(
    profile: Profile, given: Mapping[str, str], now: dt.datetime
) -> tuple[dict[str, str], dict[str, Message]]:
    """Return the cells in one way of writing, and what is wrong with each.

    A latitude without a longitude says nothing, and the other way round; nor does a count
    without its hour.
    """
    values: dict[str, str] = {}
    wrong: dict[str, Message] = {}
    for name, column in profile.columns.items():
        try:
            values[name] = stored(column, given.get(name, ""), profile, now)
        except Wrong as problem:
            wrong[name] = problem.why
    for one, other in ((NORTH, EAST), (EAST, NORTH)):
        if values.get(one) and values.get(other) == "":
            wrong[other] = Message(EMPTY)
    count = profile.file.count
    if count and values.get(count.column) == "" and any(values.get(n) for n in count.hides):
        wrong[count.column] = Message(EMPTY)
    return values, wrong


def too_open(table: Table) -> list[Message]:
    """Return what keeps a table from being open to everybody."""
    return [Message(CLOSED, {"column": name}) for name in table.closed]


def template(profile: Profile) -> bytes:
    """Return an empty table with its heading, as spreadsheets open it."""
    return formulas.sheet(list(profile.columns), [])


def written(profile: Profile, table: Table, code: str, values: Mapping[str, str]) -> bytes:
    """Return a table with one row of another content, or with a row more.

    :param code: of the row that is replaced; one that is not there is added at the end.
    :param values: of the new row, by column.
    """
    names = [n for n in profile.columns if n in table.columns or values.get(n)]
    rows = [values if row[KEY].casefold() == code.casefold() else row for row in table.rows]
    if not any(row is values for row in rows):
        rows.append(values)
    return formulas.sheet(names, [[row.get(name, "") for name in names] for row in rows])


# ------------------------------------------------------------------------------------ points


def point(profile: Profile, given: Mapping[str, Any], now: dt.datetime) -> Point | None:
    """Return a row of a stored table as a point, ``None`` where it does not fit."""
    said = {name: str(value) for name, value in given.items() if value is not None}
    values, wrong = _cells(profile, said, now)
    seen = values.get(profile.file.fresh.column)
    if wrong or not seen:
        return None
    counted = values.get(profile.file.count.column) if profile.file.count else None
    try:
        return Point(
            values,
            dt.date.fromisoformat(seen),
            dt.datetime.fromisoformat(counted).replace(tzinfo=days.CITY) if counted else None,
            Decimal(values[NORTH]) if values.get(NORTH) else None,
            Decimal(values[EAST]) if values.get(EAST) else None,
        )
    except (InvalidOperation, ValueError):
        return None


def stale_from(profile: Profile, seen: dt.date) -> dt.date:
    """Return from which day on a point counts as not seen for long."""
    return seen + dt.timedelta(days=profile.file.fresh.days + 1)


def stand(profile: Profile, found: Point, now: dt.datetime) -> Stand:
    """Return how fresh a point is at a moment in the city's clock."""
    stale = stale_from(profile, found.seen) <= now.date()
    count = profile.file.count
    if count is None:
        return Stand(stale)
    late = found.counted is None or now - found.counted > dt.timedelta(hours=count.hours)
    return Stand(stale, frozenset(count.hides) if late else frozenset())
