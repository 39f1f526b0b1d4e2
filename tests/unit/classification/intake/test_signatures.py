"""What was said of the NIP in a signature stands for the next file, and for nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata_pontianak.classification.rules.findings import (
    FALSE_ALARM,
    LAWFUL,
    Said,
    place,
)
from ckanext.satudata_pontianak.classification.rules.signatures import carried


def found(
    kind="nip", table="Oktober", column="jumlah", count=1, part="signature", inside=(), rows=None
) -> dict[str, Any]:
    """Return a finding below a table."""
    outside = [{"part": part, "rows": rows or [20] * count, "cells": [], "block": [18, 21]}]
    where = {"rows": list(inside), "cells": [], "pages": [], "outside": outside}
    return {"table": table, "column": column, "kind": kind, "count": count, "where": where}


def asked(new: list[dict[str, Any]], old: list[dict[str, Any]], said: Said | None = None) -> int:
    """Return of how many findings what was said stands."""
    answer = Said(LAWFUL, "walidata", "1") if said is None else said
    return len(carried(new, old, {place(item): answer for item in old}, "1"))


def test_the_same_signature_is_not_asked_about_again() -> None:
    assert asked([found()], [found()]) == 1
    assert asked([found(count=2)], [found(count=2)]) == 1


def test_a_sheet_that_is_called_by_its_month_is_the_same_sheet_where_there_is_one() -> None:
    assert asked([found(table="November")], [found()]) == 1
    two = [found(table="November"), found(table="Lain")]
    assert asked(two, [found()]) == 0


@pytest.mark.parametrize(
    "new",
    [
        found(count=2),
        found(column="lain"),
        found(kind="nik"),
        found(part="note"),
        found(part="letterhead"),
        found(inside=[4]),
        found(count=3, rows=[20]),
        {**found(), "where": None},
    ],
)
def test_more_of_them_or_another_place_is_asked_anew(new) -> None:
    assert asked([new], [found()]) == 0


@pytest.mark.parametrize("said", [Said(FALSE_ALARM, "x", "1"), Said(LAWFUL, "x", "2")])
def test_another_word_or_another_rule_is_asked_anew(said) -> None:
    assert asked([found()], [found()], said) == 0


def test_what_nobody_answered_is_not_carried() -> None:
    assert carried([found()], [found()], {}, "1") == {}
