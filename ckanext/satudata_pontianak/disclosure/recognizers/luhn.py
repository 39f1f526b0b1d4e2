"""The check of Luhn (ISO/IEC 7812-1), for one number and for columns."""

from __future__ import annotations

import polars as pl

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def luhn_valid(digits: str) -> bool:
    """Say whether a number of digits, check digit last, passes."""
    total = sum(_DOUBLED[int(c)] if i % 2 else int(c) for i, c in enumerate(reversed(digits)))
    return bool(digits) and total % 10 == 0


def luhn(digits: pl.Series, length: int) -> pl.Series:
    """Say the same of a column whose cells all have ``length`` digits (at most 18)."""
    number = digits.cast(pl.Int64)
    frame = pl.DataFrame({"n": number})
    total = pl.lit(0, dtype=pl.Int64)
    for i in range(length):
        digit = (pl.col("n") // 10**i) % 10
        total = total + (digit * 2 - 9 * (digit > 4).cast(pl.Int64) if i % 2 else digit)
    return frame.select((total % 10 == 0).alias("ok"))["ok"]
