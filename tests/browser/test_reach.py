"""Everybody reaches everything: by keyboard alone, on a phone, in both languages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.xdist_group("produsen_disdukcapil")  # whose files it brings

CONTENT = b"kecamatan,penduduk\nPontianak Kota,145200\n"
OPEN = {
    "jenis_informasi": "berkala",
    "tingkat_keamanan": "biasa",
    "data_pribadi": "tidak_ada",
}
PHONE = {"width": 360, "height": 740}
MANY = 120


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands on the element, and see that it is shown there."""
    wanted = page.locator(selector).first
    for _ in range(MANY):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            outline = wanted.evaluate(
                "e => getComputedStyle(e).outlineStyle + getComputedStyle(e).boxShadow"
            )
            assert outline != "nonenone"
            return
    pytest.fail(f"Tab does not reach {selector}")


def test_a_case_is_submitted_by_keyboard_alone(visit, clerk, title) -> None:
    produsen = clerk("produsen_disdukcapil")
    name = produsen.create(title, OPEN, CONTENT)
    page = produsen.page
    page.goto(f"/satudata/antrean?scope=mine&q={title}")
    _tab_to(page, f".satudata-queue a[href='/satudata/berkas/{name}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/satudata/berkas/{name}")
    _tab_to(page, "#step-submit [name=catatan]")
    page.keyboard.type("Siap diperiksa")
    _tab_to(page, "#step-submit button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".flash-messages .alert-success")).to_be_visible()

    page = visit("walidata")
    page.goto(f"/satudata/berkas/{name}")
    _tab_to(page, "#step-return summary")
    page.keyboard.press("Enter")
    _tab_to(page, "#step-return [name=catatan]")
    page.keyboard.type("Lengkapi deskripsi")
    _tab_to(page, "#step-return button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".flash-messages .alert-success")).to_be_visible()


def _fits(page: Page) -> None:
    """Check that the page does not scroll sideways."""
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def test_pages_fit_a_phone(visit, clerk, steps, title, site) -> None:
    produsen = clerk("produsen_disdukcapil")
    name = produsen.create(title, OPEN, CONTENT)
    produsen.page.goto(f"/satudata/berkas/{name}")
    steps(produsen.page, "submit")
    phone = visit("walidata", size=PHONE)
    addresses = {
        "antrean": "/satudata/antrean?scope=all",
        "berkas": f"/satudata/berkas/{name}",
        "dataset": f"/dataset/{name}",
        "prosedur": "/satudata/prosedur",
        "pencarian": "/dataset/",
        "beranda": "/",
    }
    for word, address in addresses.items():
        phone.goto(address)
        _fits(phone)
        site.shoot(phone, f"ponsel-{word}")
    clerk_phone = visit("produsen_disdukcapil", size=PHONE)
    clerk_phone.goto("/dataset/new")
    _fits(clerk_phone)
    site.shoot(clerk_phone, "ponsel-formulir")
    clerk_phone.goto(f"/dataset/{name}")
    clerk_phone.locator(".resource-item a.heading").click()
    clerk_phone.wait_for_url("**/resource/*")
    expect(clerk_phone.locator(".module-resource")).to_be_visible()
    _fits(clerk_phone)


def test_forms_are_labelled_and_headings_in_order(visit, clerk, title) -> None:
    produsen = clerk("produsen_disdukcapil")
    name = produsen.create(title, OPEN, CONTENT)
    page = produsen.page
    addresses = (
        "/satudata/antrean?scope=all",
        f"/satudata/berkas/{name}",
        "/satudata/prosedur",
        f"/dataset/{name}",
    )
    for address in addresses:
        page.goto(address)
        levels = page.evaluate(
            "[...document.querySelectorAll('[role=main] :is(h1, h2, h3, h4)')]"
            ".map(e => Number(e.tagName[1]))"
        )
        assert levels[0] == 1
        jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        assert jumps == [], address
        unlabelled = page.evaluate(
            "[...document.querySelectorAll('[role=main] :is(input, select, textarea)')]"
            ".filter(e => e.type !== 'hidden' && !e.labels.length && !e.ariaLabel)"
            ".map(e => e.outerHTML)"
        )
        assert unlabelled == [], address
        twice = page.evaluate(
            "[...document.querySelectorAll('[id]')].map(e => e.id)"
            ".filter((id, i, all) => all.indexOf(id) !== i)"
        )
        assert twice == [], address


def test_dates_and_numbers_follow_the_language(visit, clerk, title) -> None:
    produsen = clerk("produsen_disdukcapil")
    name = produsen.create(title, OPEN, CONTENT)
    page = produsen.page
    page.goto(f"/satudata/berkas/{name}")
    expect(page.locator("html")).to_have_attribute("lang", "id")
    page.goto(f"/en/satudata/berkas/{name}")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#step-submit summary")).to_contain_text("Submit for checking")
    page.goto("/en/satudata/antrean?scope=all")
    expect(page.locator("h1", has_text="Queue")).to_be_visible()
