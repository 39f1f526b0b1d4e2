"""Break-glass by its rules, without services."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ckanext.satudata_pontianak.agencies.rules.break_glass import (
    covering,
    objections,
    read_moment,
    used,
)
from ckanext.satudata_pontianak.agencies.rules.duties import Actor, Duty, StandIn, actor_from

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
CITY = timezone(timedelta(hours=7))
REASON = "alasan yang cukup"


def stand_in(duty=Duty.PPID, dataset="d", since=NOW, hours=1, name="g") -> StandIn:
    return StandIn(name, duty, dataset, since, since + timedelta(hours=hours))


def actor(*glass: StandIn, sysadmin=True, now=NOW, **more) -> Actor:
    return actor_from("a", "a", sysadmin, True, (), {}, break_glass=glass, now=now, **more)


def keys(**changes) -> list[str]:
    values = {
        "reason": REASON,
        "until": NOW + timedelta(hours=1),
        "duty": None,
        "dataset_id": None,
        "now": NOW,
        **changes,
    }
    return [objection.key for objection in objections(**values)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"until": NOW + timedelta(hours=24)}, []),
        ({"until": NOW + timedelta(hours=24, seconds=1)}, ["until"]),
        ({"until": NOW}, ["until"]),
        ({"until": None}, ["until"]),
        ({"reason": "123456789"}, ["reason"]),
        ({"reason": "1234567890"}, []),
        ({"reason": None}, ["reason"]),
        ({"duty": "ppid"}, []),
        ({"duty": "pengawas"}, ["duty"]),
        ({"duty": "pembina_data"}, ["duty"]),
        ({"duty": "produsen_data"}, ["id"]),
        ({"duty": "produsen_data", "dataset_id": "d"}, []),
        ({"dataset_id": "d", "running": [stand_in()]}, ["id"]),
        ({"dataset_id": "e", "running": [stand_in()]}, []),
    ],
)
def test_what_speaks_against_it(changes, expected) -> None:
    assert keys(**changes) == expected


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24T16:00", datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
        ("2026-11-24 16:00:00", datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
        ("2026-11-24T16:00Z", datetime(2026, 11, 24, 16, 0, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC)),
        ("24-11-2026 16.00", datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
        ("24-11-26", None),
        ("", None),
        (None, None),
        (7, None),
        ("9999-12-31T23:59:59-23:00", None),
    ],
)
def test_moments(text, moment) -> None:
    assert read_moment(text, CITY) == moment


def test_it_runs_from_its_start_until_its_end_for_a_system_administrator_only() -> None:
    glass = stand_in()
    assert actor(glass).break_glass == {glass}
    assert actor(glass, now=NOW - timedelta(seconds=1)).break_glass == frozenset()
    assert actor(glass, now=glass.until).break_glass == frozenset()
    assert actor(glass, now=None).break_glass == frozenset()
    assert actor(glass, sysadmin=False).break_glass == frozenset()


def test_a_duty_in_one_dataset_is_a_duty_nowhere_else() -> None:
    found = actor(stand_in())
    assert found.duties == frozenset()
    assert found.on("d", "o").duties == {Duty.PPID}
    assert found.on("e", "o").duties == frozenset()


def test_a_duty_on_the_whole_site() -> None:
    assert actor(stand_in(dataset=None)).duties == {Duty.PPID}
    assert actor(stand_in(duty=None, dataset=None)).duties == frozenset()


def test_standing_in_for_the_producer_publishes_for_the_owner_there() -> None:
    found = actor(stand_in(duty=Duty.PRODUSEN))
    assert found.on("d", "o").publishes_for == {"o"}
    assert found.on("d", "o").duties == found.on("d", None).duties == frozenset()
    assert found.on("d", None).publishes_for == found.on("e", "o").publishes_for == frozenset()


def test_what_covers_and_what_was_used() -> None:
    here, site = stand_in(name="h"), stand_in(duty=None, dataset=None, name="s")
    found = actor(here, site)
    assert covering(found, "d") == here
    assert covering(found, "e") == covering(found, None) == site
    assert covering(actor(here), None) is covering(actor(here), "e") is None
    assert (used(found, "d"), used(found, "d", "ppid")) == ("h", "h")
    assert used(found, "d", "walidata") is used(found, "e") is None
