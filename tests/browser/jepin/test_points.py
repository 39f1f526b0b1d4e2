"""A citizen with a telephone looks for wifi: the map, the nearest point, a report of a fault.

Where somebody is stays in the browser: no request carries it, in whatever way of writing.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from ..conftest import PHONE

HERE = {"latitude": -0.031234, "longitude": 109.333456}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NEAREST = """here => {
  const far = row => Math.hypot(row.dataset.sdNorth - here.latitude,
    (row.dataset.sdEast - here.longitude) * Math.cos(here.latitude * Math.PI / 180));
  return [...document.querySelectorAll('tr[data-sd-north]')]
    .sort((one, other) => far(one) - far(other)).slice(0, 5).map(row => row.dataset.sdName)
}"""
TEXT = "Jaringan wifi tidak muncul sejak kemarin."


@pytest.fixture
def citizen(visit: Any) -> Any:
    """Return a page of somebody who stands in the city and lets the browser tell where."""
    page = visit(None, size=PHONE, new=True)
    page.context.set_geolocation(HERE)
    page.context.grant_permissions(["geolocation"])
    return page


def test_the_nearest_point_is_found_and_no_request_says_where_somebody_is(citizen) -> None:
    citizen.goto("/infrastruktur")
    citizen.get_by_role("link", name="Wifi publik").first.click()
    picture = citizen.locator(".sd-plot picture:visible img")
    picture.scroll_into_view_if_needed()
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") > 0
    expect(citizen.locator(".sd-plot figcaption")).to_contain_text("bukan batas resmi")
    assert citizen.evaluate(WIDER) == 0
    sent: list[str] = []
    citizen.context.on(
        "request",
        lambda one: sent.append(f"{one.url}\n{one.headers}\n{one.post_data or ''}"),
    )
    nearest = citizen.locator("[data-sd-nearest-list] a")
    expect(nearest).to_have_count(0)
    citizen.click("[data-sd-nearest-ask]")
    expect(nearest).to_have_count(5)
    assert nearest.all_inner_texts() == citizen.evaluate(NEAREST, HERE)
    first = nearest.first.inner_text()
    expect(citizen.locator("[data-sd-nearest-list] li").first).to_contain_text(
        re.compile(r"\d k?m$")
    )
    nearest.first.click()
    row = citizen.locator("tr:target")
    expect(row).to_contain_text(first)

    row.get_by_role("link", name=f"Laporkan kerusakan {first}").click()
    expect(citizen.locator("#road-kind")).to_have_value("broken")
    citizen.fill("#road-text", TEXT)
    assert citizen.evaluate(WIDER) == 0
    citizen.click("button:has-text('Kirim laporan')")
    expect(citizen.locator("dl")).to_contain_text("Menunggu jawaban")
    expect(citizen.locator("dl")).to_contain_text(TEXT)
    assert citizen.evaluate(WIDER) == 0

    said = "\n".join(sent)
    assert "jepin/lapor" in said
    for part in ("0.0312", "109.333", "0312", "109333", "0%2C031"):
        assert part not in said, part
    kept = citizen.evaluate(
        "JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])"
    )
    assert "109.33" not in kept


def test_without_a_position_the_list_is_named_instead(visit: Any) -> None:
    page = visit(None, size=PHONE, new=True)
    page.context.clear_permissions()
    page.goto("/infrastruktur/wifi")
    page.click("[data-sd-nearest-ask]")
    expect(page.locator("[data-sd-nearest-status]")).to_contain_text("Pilih kelurahan")
