"""The newest period that the rows of a table tell of, so far as their columns say so for certain.

Pure. Only columns whose whole name says that the row is of that time count: a year of birth or of
foundation says nothing of how old the figures are.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence

from . import periods
from .periods import Grain, Period

MOST_COLUMNS = 3
MOST_PERIODS = 5000
"""More different periods than this are none; days of a century are fewer than ten times as many."""
_WHOLE = re.compile(
    r"(?:tahun|thn|th|year)(?:[ _](?:data|anggaran|ajaran|pelajaran))?"
    r"|(?:periode|period)(?:[ _](?:data|pelaporan|laporan))?"
    r"|(?:tanggal|tgl)[ _](?:data|laporan|pelaporan)|tanggal|tgl"
)
_PART = {
    Grain.SEMESTER: re.compile(r"semester|smt"),
    Grain.QUARTER: re.compile(r"triwulan|tw|kuartal|quarter"),
    Grain.MONTH: re.compile(r"bulan|bln|month"),
}
_MONTHS = {Grain.SEMESTER: 6, Grain.QUARTER: 3, Grain.MONTH: 1}


def columns(names: Sequence[str]) -> list[str]:
    """Return the columns that tell of a row's time, at most :data:`MOST_COLUMNS`."""
    return [name for name in names if _says_time(name)][:MOST_COLUMNS]


def _says_time(name: str) -> bool:
    said = name.strip().casefold()
    return bool(_WHOLE.fullmatch(said)) or _part(said) is not None


def _part(said: str) -> Grain | None:
    return next((grain for grain, pattern in _PART.items() if pattern.fullmatch(said)), None)


def newest(
    names: Sequence[str], rows: Iterable[Sequence[str | None]], today: dt.date
) -> dt.date | None:
    """Return the last day of the newest period that has begun, ``None`` where none is certain.

    :param names: the columns, as :func:`columns` chose them.
    :param rows: their different values, side by side.
    """
    grains = [_part(name.strip().casefold()) for name in names]
    found = []
    for row in rows:
        said = [
            _period(text, grain)
            for text, grain in zip(row, grains, strict=True)
            if text is not None
        ]
        if None in said:
            return None  # something else stands in a column that should tell the time
        whole = _together([period for period in said if period is not None])
        if whole is not None and _begins(whole) <= today:
            found.append(_ends(whole))
    return max(found, default=None)


def _period(text: str, grain: Grain | None) -> Period | None:
    found = periods.parse(text)
    if found is None and grain is not None:
        found = periods.numbered(grain, text)
    return found


def _together(said: Sequence[Period]) -> Period | None:
    """Return what the columns of a row say together: the finest, with its year."""
    dated = [period for period in said if period.year]
    if not dated:
        return None
    part = next((period for period in said if not period.year), None)
    finest = max(dated, key=lambda period: (period.day, period.part))
    if part is not None and finest.grain is Grain.YEAR:
        return periods.joined(finest, part)
    return finest


def _begins(period: Period) -> dt.date:
    if period.grain is Grain.DAY:
        return dt.date(period.year, period.part, period.day)
    if period.grain is Grain.SCHOOL_YEAR:
        return dt.date(period.year, 7, 1)
    months = _MONTHS.get(period.grain, 12)
    return dt.date(period.year, months * (max(period.part, 1) - 1) + 1, 1)


def _ends(period: Period) -> dt.date:
    if period.grain is Grain.DAY:
        return _begins(period)
    if period.grain is Grain.SCHOOL_YEAR:
        return dt.date(period.year + 1, 6, 30)
    month = _MONTHS.get(period.grain, 12) * max(period.part, 1)
    return dt.date(period.year, month, calendar.monthrange(period.year, month)[1])
