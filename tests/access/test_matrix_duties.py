"""Every door, tried by who decides, watches or stands in."""

from __future__ import annotations

import pytest

from .trying import try_all

# A person takes minutes; all of them are tried by `bin/test long`.
LONG = pytest.mark.long


@pytest.mark.parametrize(
    "who",
    [
        "walidata",
        "ppid",
        pytest.param("superior", marks=LONG),
        pytest.param("auditor", marks=LONG),
        pytest.param("delegate_in_dates", marks=LONG),
        pytest.param("delegate_out_of_dates", marks=LONG),
    ],
)
def test_nothing_leaks(world, app, who, record_property) -> None:
    try_all(world, app, who, record_property)
