"""What stands in anybody's way on a kind of page: nothing that axe calls serious or critical.

Each page is examined in the light and the dark theme, and in the dark of a device whose reader
chose none, on a desktop and on a phone, with everything unfolded that can be folded away.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

SIDES = tuple(product(("light", "dark", "device"), ("desktop", "phone")))


@pytest.mark.long
def test_nothing_stands_in_anybodys_way(place: Any, look: Any) -> None:
    seen = look(place)
    found = {}
    for theme, size in SIDES:
        seen.dress(theme)
        seen.resize(size)
        found[theme, size] = seen.complaints()
    wrong = [f"{side}: {line}" for side, lines in found.items() for line in lines]
    assert wrong == [], "\n".join(wrong)


def test_nothing_stands_in_the_way_on_the_main_pages(quick_place: Any, look: Any) -> None:
    seen = look(quick_place, "dark", "phone")
    assert seen.complaints() == []
    seen.dress("light")
    seen.resize("desktop")
    assert seen.complaints() == []
    seen.fits_when_enlarged()
