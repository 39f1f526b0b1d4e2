"""Every door, tried by the people of the owner agency and of a recipient."""

from __future__ import annotations

import pytest

from .trying import try_all

# A person takes minutes; all of them are tried by `bin/test long`.
LONG = pytest.mark.long


@pytest.mark.parametrize(
    "who",
    [
        "owner_member",
        "owner_editor",
        pytest.param("owner_admin", marks=LONG),
        pytest.param("recipient_member", marks=LONG),
        pytest.param("recipient_editor", marks=LONG),
        pytest.param("recipient_admin", marks=LONG),
    ],
)
def test_nothing_leaks(world, app, who, record_property) -> None:
    try_all(world, app, who, record_property)
