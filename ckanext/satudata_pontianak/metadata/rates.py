"""Which numbers may colour an area on a map. Pure: knows nothing of CKAN."""

from __future__ import annotations

import re

from .roles import COUNT, RATE, Column, folded

_SURE = re.compile(
    r"persen|percent|pct|rata_rata|rerata|mean|median|indeks|index|rasio|ratio|proporsi|"
    r"prevalensi|kepadatan|_per_"
)
_AGES = re.compile(r"(?:usia|umur)_\d")


def is_rate(column: Column, unit: str) -> bool:
    """Tell whether numbers surely say how much of something there is, not how many in all.

    A share, a density or an index may colour an area on a map. The number of people of an age
    (``penduduk_usia_0_4``, ``usia_0_4``) may not: in doubt a number is no rate.
    """
    if unit in ("%", "‰") or "/" in unit or " per " in unit:
        return True
    name = folded(column.name)
    if _AGES.match(name):
        return False
    rate, count = RATE.match(name) or _SURE.search(name), COUNT.search(name)
    return rate is not None and (count is None or rate.start() < count.start())
