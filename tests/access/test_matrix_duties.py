"""Every door, tried by who decides, watches or stands in."""

from __future__ import annotations

import pytest

from .trying import try_all


@pytest.mark.parametrize(
    "who",
    [
        "walidata",
        "ppid",
        "superior",
        "auditor",
        "delegate_in_dates",
        "delegate_out_of_dates",
    ],
)
def test_nothing_leaks(world, app, who, record_property) -> None:
    try_all(world, app, who, record_property)
