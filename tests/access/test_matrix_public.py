"""Every door, tried by who has nothing to do with a dataset."""

from __future__ import annotations

import pytest

from .trying import try_all

# A person takes minutes; all of them are tried by `bin/test long`.
LONG = pytest.mark.long


@pytest.mark.parametrize(
    "who",
    [
        pytest.param("anonymous", marks=LONG),
        "citizen",
        pytest.param("other_member", marks=LONG),
        pytest.param("other_editor", marks=LONG),
        pytest.param("other_admin", marks=LONG),
    ],
)
def test_nothing_leaks(world, app, who, record_property) -> None:
    try_all(world, app, who, record_property)
