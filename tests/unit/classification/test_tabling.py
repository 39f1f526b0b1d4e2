"""What becomes of a version's table: a pure rule of state, days and what was tried."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from ckanext.satudata_pontianak.classification.rules.axes import Classification, DefinitionError
from ckanext.satudata_pontianak.classification.versions.table_state import (
    Fate,
    State,
    Tabled,
    failed,
    fate,
    is_ours,
    is_ready,
    table_of,
    wants,
)
from ckanext.satudata_pontianak.paths import schemas
from ckanext.satudata_pontianak.surface.yaml_source import Source

TODAY = dt.date(2026, 11, 24)
DAYS = {"superseded": 7, "withdrawn": 3, "sealed": 0}


def test_what_is_kept_is_read_back() -> None:
    known = Tabled(State.READY, 5, 2, False, None, TODAY)
    assert Tabled.of(known.as_dict()) == known
    asked = replace(known, asked=())
    assert Tabled.of(asked.as_dict()) == asked != known
    assert Tabled.of(None) is None
    assert is_ready(known.as_dict())
    assert not is_ready(None)
    assert not is_ready(failed("timeout").as_dict())


def test_a_file_that_is_no_table_did_not_fail() -> None:
    assert failed("unsupported_format").state is State.NONE
    assert failed("uneven_rows").state is State.FAILED


def test_a_table_cannot_be_the_name_of_a_resource() -> None:
    assert is_ours(table_of("x"))
    assert not is_ours("9f0e5d7a-0000-0000-0000-000000000000")
    assert len(table_of("9f0e5d7a-0000-0000-0000-000000000000")) <= 63


@pytest.mark.parametrize(
    ("kept", "verdict", "reason", "again", "wanted"),
    [
        (None, "clear", None, False, True),
        (None, "findings", None, False, True),
        (None, None, None, False, False),  # not scanned yet
        (None, "failed", "macro", False, False),
        (None, "failed", "embedded_content", False, True),
        (Tabled(State.READY, asked=()), "clear", None, True, False),  # never made again
        (Tabled(State.READY), "clear", None, True, True),  # nothing was asked of it yet
        (Tabled(State.READY), "clear", None, False, False),
        (Tabled(State.READY), "findings", None, True, False),  # nor ever may be
        (Tabled(State.DROPPED), "clear", None, False, True),
        (Tabled(State.FAILED), "clear", None, False, False),
        (Tabled(State.FAILED), "clear", None, True, True),
        (Tabled(State.NONE), "clear", None, True, False),
    ],
)
def test_when_a_table_is_made(kept, verdict, reason, again, wanted) -> None:
    told = wants(kept.as_dict() if kept else None, verdict, reason, again=again)
    assert told is wanted


def test_a_table_from_before_regions_were_read_is_read_again_when_asked() -> None:
    kept = Tabled(State.READY, asked=()).as_dict()
    del kept["regions"]
    assert wants(kept, "clear", None, again=True)
    assert not wants(kept, "clear", None)


@pytest.mark.parametrize(
    ("state", "served", "left", "wanted"),
    [
        ("approved", True, None, Fate.KEEP),
        ("waiting", False, None, Fate.KEEP),
        ("superseded", False, None, Fate.LEAVE),
        ("superseded", False, TODAY - dt.timedelta(6), Fate.KEEP),
        ("superseded", False, TODAY - dt.timedelta(7), Fate.DROP),
        ("withdrawn", False, TODAY - dt.timedelta(3), Fate.DROP),
        ("approved", False, None, Fate.LEAVE),  # removed
        ("sealed", False, None, Fate.DROP),
        ("purged", False, None, Fate.DROP),  # a state that is not known keeps nothing
        (None, False, None, Fate.DROP),
    ],
)
def test_when_a_table_goes(state, served, left, wanted) -> None:
    assert fate(state, served=served, left=left, today=TODAY, days=DAYS) is wanted


@pytest.mark.parametrize("bad", ["-1", "tujuh", "null"])
def test_the_days_are_whole_numbers(bad) -> None:
    text = (schemas() / "classification.yaml").read_text("utf-8")
    wrong = text.replace("{superseded: 7,", f"{{superseded: {bad},")
    assert wrong != text
    with pytest.raises(DefinitionError, match="superseded"):
        Classification(Source("classification.yaml", wrong))
