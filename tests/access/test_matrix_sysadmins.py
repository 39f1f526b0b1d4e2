"""Every door, tried by system administrators, with and without emergency access."""

from __future__ import annotations

import pytest

from .trying import try_all


@pytest.mark.parametrize(
    "who",
    [
        "sysadmin",
        "sysadmin_break_glass",
    ],
)
def test_nothing_leaks(world, app, who, record_property) -> None:
    try_all(world, app, who, record_property)
