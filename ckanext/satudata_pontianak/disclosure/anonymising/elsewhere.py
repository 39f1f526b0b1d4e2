"""Originals that stand in other columns too: the name of a person in the remarks on that person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

SHORTEST = 6
_DIGITS = 8


def empty_repeated(
    frame: pl.DataFrame, original: pl.DataFrame, protected: Sequence[str], free: Mapping[str, str]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Empty cells of the result that hold an original of the same row.

    Equal is what is equal without case, spaces and typographic forms; numbers of eight digits and
    more also without what separates their digits. Originals shorter than six characters are not
    looked for: ``L`` stands in every other word.

    :param frame: the result's columns.
    :param original: the columns before treatment, row by row the same.
    :param protected: columns of ``original`` whose values may not remain.
    :param free: columns of ``frame`` that are looked at → the column of ``original`` they are from.
    :returns: the frame, and column → number of cells that were emptied.
    """
    emptied: dict[str, int] = {}
    if not protected or not free:
        return frame, emptied
    secrets = {name: _plain(original[name]) for name in protected}
    numbers = {name: _digits(series) for name, series in secrets.items()}
    for name, source in free.items():
        plain = _plain(frame[name])
        digits = plain.str.replace_all(r"[^0-9]", "")
        bad = pl.Series([False] * len(plain), dtype=pl.Boolean)
        for secret in protected:
            if secret == source:
                continue
            bad = bad | _within(plain, secrets[secret], SHORTEST)
            bad = bad | _within(digits, numbers[secret], _DIGITS)
        count = int(bad.sum())
        if count:
            emptied[name] = count
            kept = pl.when(bad).then(None).otherwise(pl.col(name)).alias(name)
            frame = frame.with_columns(kept)
    return frame, emptied


def _plain(series: pl.Series) -> pl.Series:
    return (
        series.str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        .alias("plain")
    )


def _digits(series: pl.Series) -> pl.Series:
    """Return the digits of cells that are numbers with separators, else null."""
    frame = pl.DataFrame({"c": series})
    number = pl.col("c").str.contains(r"^[0-9 .\-/']+$")
    stripped = pl.col("c").str.replace_all(r"[^0-9]", "")
    return frame.select(pl.when(number).then(stripped).otherwise(None)).to_series()


def _within(cells: pl.Series, secrets: pl.Series, shortest: int) -> pl.Series:
    frame = pl.DataFrame({"cell": cells, "secret": secrets})
    found = (pl.col("secret").str.len_chars() >= shortest) & pl.col("cell").str.contains(
        pl.col("secret"), literal=True
    )
    return frame.select(found.fill_null(value=False)).to_series()
