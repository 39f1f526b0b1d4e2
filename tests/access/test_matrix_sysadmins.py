"""Every door, tried by system administrators, with and without emergency access."""

from __future__ import annotations

import pytest

from .trying import try_all

# A person takes minutes; all of them are tried by `bin/test long`.
LONG = pytest.mark.long


@pytest.mark.parametrize(
    "who",
    [
        pytest.param("sysadmin", marks=LONG),
        pytest.param("sysadmin_break_glass", marks=LONG),
    ],
)
def test_nothing_leaks(world, app, who, record_property) -> None:
    try_all(world, app, who, record_property)
