"""Charts that come alive under the site's own policy, and what pages of other sites may frame."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

TABLE = "jumlah-penduduk-menurut-kecamatan"
PLACES = "titik-sekolah-dasar"
TIMED = "tingkat-pengangguran-terbuka"
VILLAGES = "jumlah-penduduk-menurut-kelurahan"
"""A table of 29 kelurahan in three years, with men, women and both."""

LIVE = re.compile("yes")


@contextmanager
def other_site(body: str) -> Iterator[str]:
    """Serve one page at an origin that is not the site's."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_chart_says_its_numbers_where_one_points_and_a_map_leads_on(
    site: Any, visit: Callable[..., Page]
) -> None:
    page = visit(None)
    page.goto(f"/dataset/{TABLE}")
    assert not page.locator("script[src*=pustaka]").count()
    chart, map = (page.locator(f"figure[id^={name}-]").first for name in ("grafik", "peta"))
    chart.locator("picture:visible").hover()
    expect(chart).to_have_attribute("data-sd-alive", LIVE)
    chart.locator("svg .mark-rect.role-mark path").first.hover()
    expect(chart.locator(".sd-plot-bubble")).to_have_text(re.compile(r"Pontianak \w+: [\d.]+"))
    expect(chart.locator("svg")).to_contain_text("50.000")
    site.shoot(page, "chart-alive")
    map.get_by_role("button", name=re.compile("Tunjukkan|Show")).click()
    expect(map).to_have_attribute("data-sd-alive", LIVE)
    first = map.locator("svg .mark-symbol.role-mark path").first
    first.hover()
    expect(map.locator(".sd-plot-bubble")).to_have_text(re.compile(r"Pontianak \w+"))
    first.click()
    page.wait_for_url(re.compile(r"/wilayah/61\.71\.0\d"))


def test_a_map_of_places_moves_and_leads_on_and_asks_nobody_but_the_site(
    site: Any, visit: Callable[..., Page]
) -> None:
    page = visit(None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/infrastruktur/wifi")
    assert not any("pustaka" in url for url in asked)
    button = page.get_by_role("button", name=re.compile("Geser dan perbesar|Move and enlarge"))
    # Where it cannot be loaded the page says so, and somebody may try again.
    page.route("**/wilayah/batas.geojson", lambda route: route.fulfill(body="x"))
    button.click()
    expect(page.get_by_text(re.compile("tidak dapat dimuat|could not be loaded"))).to_be_visible()
    expect(button).to_be_focused()
    page.unroute("**/wilayah/batas.geojson")
    button.click()
    map = page.locator(".sd-map")
    expect(map).to_have_attribute("data-sd-alive", LIVE)
    expect(page.locator("figure picture").first).to_be_hidden()
    map.get_by_role("button", name=re.compile("Perbesar|Enlarge")).click()
    # Without a pointer the same is told, by a list of all that is drawn.
    choice = map.get_by_label(re.compile("Ceritakan tempat|Tell of a place"))
    choice.focus()
    page.keyboard.press("ArrowDown")
    expect(map.locator("[role=status]")).to_have_text(re.compile(r"\w+"))
    choice.select_option(index=choice.locator("option").count() - 1)
    expect(map.locator("[role=status] a[href*='/wilayah/61.71']")).to_have_count(1)
    choice.select_option(index=0)
    expect(map.locator("[role=status]")).to_be_empty()
    box = map.locator("canvas").bounding_box()
    assert box
    link = map.locator("[role=status] a[href*='/wilayah/61.71']")
    for part in (0.5, 0.45, 0.55, 0.4, 0.6):  # where no place lies
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * part)
        expect(map.locator(".sd-plot-bubble")).to_have_text(re.compile(r"\w+"))
        page.mouse.click(box["x"] + box["width"] * part, box["y"] + box["height"] * part)
        expect(map.locator("[role=status]")).to_have_text(re.compile(r"\w+"))
        if link.count():
            break
    site.shoot(page, "map-alive")
    link.click()
    page.wait_for_url(re.compile(r"/wilayah/61\.71\.0\d"))
    assert all(url.startswith((site.url, "blob:", "data:")) for url in asked), asked


def test_what_was_chosen_stands_in_the_address_and_the_picture_follows(
    visit: Callable[..., Page],
) -> None:
    page = visit(None)
    page.goto(f"/dataset/{TIMED}")
    page.locator("figure[id^=grafik-] .sd-plot-ways a").last.click()
    page.wait_for_url("**/grafik")
    page.get_by_role("button", name=re.compile("Tunjukkan|Show the number")).click()
    expect(page.locator("figure")).to_have_attribute("data-sd-alive", LIVE)
    period = page.locator("select[name=periode]")
    period.select_option("2025")
    page.wait_for_url("**periode=2025*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2025")
    expect(page.locator("figure")).to_have_attribute("data-sd-alive", LIVE)
    expect(period).to_be_focused()
    page.go_back()
    page.wait_for_url("**/grafik")
    expect(period).to_have_value("")


def test_a_village_a_measure_and_a_year_are_chosen_and_time_slides(
    visit: Callable[..., Page],
) -> None:
    page = visit(None)
    page.goto(f"/dataset/{VILLAGES}")
    page.locator("figure[id^=grafik-] .sd-plot-ways a").last.click()
    page.wait_for_url("**/grafik")
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text("Jumlah penduduk")
    page.locator("select[id^=ukuran-grafik]").select_option("perempuan")
    page.wait_for_url("**ukuran=perempuan*")
    expect(title).to_contain_text("Perempuan")
    page.locator("select[id^=wilayah-grafik]").select_option("61.71.02.1003")
    page.wait_for_url("**wilayah=61.71.02.1003*")
    assert "ukuran=perempuan" in page.url
    expect(title).to_contain_text("Saigon")
    page.goto(f"{page.url.partition('?')[0]}?jenis=peta")
    slider = page.locator("input[type=range]:visible")
    expect(slider).to_have_attribute("aria-valuetext", "2025")
    slider.press("ArrowLeft")
    page.wait_for_url("**periode=2024*")
    expect(title).to_contain_text("2024")
    expect(page.locator("select[id^=periode-peta]")).to_have_value("2024")
    assert "jenis=peta" in page.url


def test_the_last_choice_wins_and_what_is_refused_leaves_the_picture_that_is_there(
    visit: Callable[..., Page],
) -> None:
    page = visit(None)
    page.goto(f"/dataset/{TIMED}")
    expect(page.locator("input[type=range]:visible")).to_have_count(0)
    page.locator("figure[id^=grafik-] .sd-plot-ways a").last.click()
    page.wait_for_url("**/grafik")
    period = page.locator("select[name=periode]")
    last, slow, refused = period.locator("option").evaluate_all(
        "all => all.slice(-3).map(one => one.value).reverse()"
    )
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**periode={slow}*", hold)
    with page.expect_request(f"**periode={slow}*"):
        period.select_option(slow)
    period.select_option(last)
    page.wait_for_url(f"**periode={last}*")
    held[0].continue_()
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text(last)
    page.route(f"**periode={refused}*", lambda route: route.fulfill(status=429))
    period.select_option(refused)
    expect(page.locator("[data-sd-said]")).to_have_text(re.compile("Coba lagi|Try again"))
    expect(title).to_contain_text(last)
    assert f"periode={last}" in page.url


def test_other_sites_frame_what_may_be_embedded_and_nothing_else(
    site: Any, visit: Callable[..., Page], browser: Browser
) -> None:
    page = visit(None)
    page.goto(f"/dataset/{TABLE}")
    page.locator("figure[id^=grafik-] .sd-plot-ways a").last.click()
    page.wait_for_url("**/grafik")
    address = page.url
    line = page.locator("[id^=sematan-]").first.text_content() or ""
    found = re.search(r'src="([^"]+/grafik/sematan[^"]*)"', line)
    assert found, line
    framed = {"sematan": found[1], "grafik": address, "dataset": f"{site.url}/dataset/{TABLE}"}
    body = "".join(f'<iframe name="{name}" src="{url}"></iframe>' for name, url in framed.items())
    with other_site(f"<!DOCTYPE html>{body}") as origin:
        outside = browser.new_page()
        outside.goto(origin, wait_until="load")
        shown = {
            name: bool(outside.frame_locator(f"iframe[name={name}]").locator("main").count())
            for name in framed
        }
        asked = "url => fetch(url).then(answer => answer.json()).then(said => said.result.title)"
        # The framed picture comes alive there, drawn by scripts of the portal alone.
        frame = outside.frame_locator("iframe[name=sematan]")
        refused: list[str] = []
        outside.on("console", lambda said: refused.append(said.text))
        loaded: list[str] = []
        outside.on("request", lambda request: loaded.append(request.url))
        frame.locator("picture").hover()
        expect(frame.locator("figure")).to_have_attribute("data-sd-alive", LIVE)
        frame.locator("svg .mark-rect.role-mark path").first.hover()
        expect(frame.locator(".sd-plot-bubble")).to_have_text(re.compile(r"Pontianak \w+: [\d.]+"))
        assert [url for url in loaded if not url.startswith(site.url)] == []
        assert [text for text in refused if "Content Security Policy" in text] == []
        title = outside.evaluate(asked, f"{site.url}/api/3/action/package_show?id={TABLE}")
        outside.close()
    assert title == "Jumlah Penduduk menurut Kecamatan"
    assert shown == {"sematan": True, "grafik": False, "dataset": False}


def test_a_framed_map_of_places_moves_within_the_page_of_another_site(
    site: Any, visit: Callable[..., Page], browser: Browser
) -> None:
    page = visit(None)
    page.goto(f"/dataset/{PLACES}")
    drawn = page.locator("[data-sd-shapes]").first.get_attribute("data-sd-shapes") or ""
    framed = site.url + drawn.replace("/grafik.json", "/grafik/sematan")
    with other_site(f'<!DOCTYPE html><iframe src="{framed}"></iframe>') as origin:
        outside = browser.new_page()
        refused: list[str] = []
        outside.on("console", lambda said: refused.append(said.text))
        loaded: list[str] = []
        outside.on("request", lambda request: loaded.append(request.url))
        outside.goto(origin, wait_until="load")
        frame = outside.frame_locator("iframe")
        frame.locator("[data-sd-map]").click()
        expect(frame.locator(".sd-map")).to_have_attribute("data-sd-alive", LIVE)
        expect(frame.locator("picture")).to_be_hidden()
        assert [url for url in loaded if not url.startswith((site.url, origin, "blob:"))] == []
        assert [text for text in refused if "Content Security Policy" in text] == []
        outside.close()
