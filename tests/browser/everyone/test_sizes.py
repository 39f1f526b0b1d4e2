"""Large letters, narrow screens, other spacing and no movement: everything stays readable."""

from __future__ import annotations

from typing import Any

import pytest

# 1280 × 1024 at 400 % is a window of 320 × 256 CSS pixels (WCAG 2.2, 1.4.10).
ZOOMED = {"width": 320, "height": 256}
# WCAG 2.2, 1.4.12, to the letter.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important } p { margin-bottom: 2em !important }"
)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _fits(page: Any, what: str) -> None:
    wide = page.evaluate(WIDER)
    assert wide <= 0, f"{what} is {wide} px too wide: {page.evaluate('satudataEyes.outside()')}"
    assert page.evaluate("satudataEyes.scrollers()") == [], what


def _sizes(seen: Any) -> None:
    page = seen.page
    page.set_viewport_size(ZOOMED)
    _fits(page, f"{seen.address} at 400 %")
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_style_tag(content=SPACING)
    _fits(page, f"{seen.address} with other spacing")
    assert page.evaluate("satudataEyes.cut()") == []


@pytest.mark.long
def test_every_page_fits_at_four_hundred_per_cent(place: Any, look: Any) -> None:
    _sizes(look(place))


def test_the_main_pages_fit_at_four_hundred_per_cent(quick_place: Any, look: Any) -> None:
    _sizes(look(quick_place))


def test_nothing_moves_for_whoever_asked_for_that(visit: Any, eyes: str) -> None:
    page = visit(None)
    page.context.add_init_script(eyes)
    page.emulate_media(reduced_motion="reduce")
    for address in ("/", "/dataset/", "/organization/"):
        page.goto(address)
        assert page.evaluate("satudataEyes.moving()") == [], address
