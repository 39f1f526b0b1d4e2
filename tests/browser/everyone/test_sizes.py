"""Large letters, narrow screens, other spacing and no movement: everything stays readable."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.long
def test_every_page_fits_at_four_hundred_per_cent(place: Any, look: Any) -> None:
    look(place).fits_when_enlarged()


def test_nothing_moves_for_whoever_asked_for_that(visit: Any, eyes: str) -> None:
    page = visit(None)
    page.add_init_script(eyes)
    page.emulate_media(reduced_motion="reduce")
    for address in ("/", "/dataset/", "/organization/"):
        page.goto(address)
        assert page.evaluate("satudataEyes.moving()") == [], address
