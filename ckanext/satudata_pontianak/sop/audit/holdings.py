"""How well the datasets that are held now are described, coded, readable and on time.

Measured over the datasets of the workflow that are decided: what an assessment of sectoral
statistics asks of each (BPS 3/2022, as far as it was read: ``schemas/evidence.yaml``). Pure;
whatever a dataset lacks counts against it.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...metadata import codes, completeness, formats, freshness

STANDARD = ("konsep", "definisi", "klasifikasi_penyajian", "ukuran", "satuan")
"""The standard of statistical data: Perpres 39/2019 Article 4."""


@dataclass(frozen=True)
class Held:
    """A dataset as far as it is measured."""

    values: Mapping[str, Any]
    came: dt.date | None
    """The day on which its newest file came."""
    table: bool
    """A program reads one of its files as a table."""
    newest: dt.date | None = None
    """The last day of the newest period in its rows, where a column tells it."""


def measured(held: Sequence[Held], missing: Any, today: dt.date) -> dict[str, float | None]:
    """Return the shares of what datasets have, and how old figures are when they come.

    :param missing: tells of a dataset's values which fields are missing.
    """
    states = [_state(one, today) for one in held]
    promised = [state for state in states if state is not freshness.Freshness.UNKNOWN]
    late = sum(state is freshness.Freshness.LATE for state in promised)
    ages = [age for one in held if (age := _age(one)) is not None]
    return {
        "standard": _share([all(_has(one, name) for name in STANDARD) for one in held]),
        "described": _share([not missing(one.values) for one in held]),
        "readable": _share([one.table for one in held]),
        "coded": _share([_coded(one) for one in held]),
        "scheduled": _share([state is not freshness.Freshness.UNKNOWN for state in states]),
        "on_time": round((len(promised) - late) / len(promised), 4) if promised else None,
        "age_months": statistics.median(ages) if ages else None,
        "from_rows": _share([one.newest is not None for one in held if _age(one) is not None]),
    }


def _share(told: Sequence[bool]) -> float | None:
    return round(sum(told) / len(told), 4) if told else None


def _has(one: Held, name: str) -> bool:
    return not completeness.is_empty(one.values.get(name))


def _coded(one: Held) -> bool:
    """Tell whether area and affair stand in the lists of codes."""
    area, affair = one.values.get("cakupan"), one.values.get("urusan")
    return codes.region(area) is not None and codes.urusan(affair) is not None


def _state(one: Held, today: dt.date) -> freshness.Freshness:
    """Return how current figures are by the calendar of releases."""
    return freshness.freshness(
        one.values.get("frekuensi_penerbitan"), one.came, today, _day(one.values), one.newest
    )


def _day(values: Mapping[str, Any]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(values.get("jadwal_rilis")))
    except ValueError:
        return None


def _age(one: Held) -> int | None:
    """Return how many months after the end of their newest period figures came.

    The period is that of the rows where a column tells it, else the declared year.
    """
    end = one.newest
    if end is None:
        try:
            _, year = formats.years(str(one.values.get("tahun") or ""))
        except formats.Malformed:
            return None
        end = dt.date(year, 12, 31)
    if one.came is None or one.came.year < end.year:
        return None
    return max(0, (one.came.year - end.year) * 12 + one.came.month - end.month)
