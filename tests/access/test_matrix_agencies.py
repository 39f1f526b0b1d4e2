"""Every door, tried by the people of the owner agency and of a recipient."""

from __future__ import annotations

import pytest

from .trying import try_all


@pytest.mark.parametrize(
    "who",
    [
        "owner_member",
        "owner_editor",
        "owner_admin",
        "recipient_member",
        "recipient_editor",
        "recipient_admin",
    ],
)
def test_nothing_leaks(world, app, who, record_property) -> None:
    try_all(world, app, who, record_property)
