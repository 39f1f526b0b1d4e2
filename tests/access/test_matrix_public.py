"""Every door, tried by who has nothing to do with a dataset."""

from __future__ import annotations

import pytest

from .trying import try_all


@pytest.mark.parametrize(
    "who",
    [
        "anonymous",
        "citizen",
        "other_member",
        "other_editor",
        "other_admin",
    ],
)
def test_nothing_leaks(world, app, who, record_property) -> None:
    try_all(world, app, who, record_property)
