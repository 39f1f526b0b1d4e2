"""Everybody's own desk after log-in, and the queue by mouse, by keyboard and on a phone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
DESK = re.compile(r"/satudata/meja$")
CONTENT = b"kecamatan,penduduk\nPontianak Kota,145200\nPontianak Barat,156782\n"


def _log_in(page, site, who: str) -> None:
    page.goto("/user/login")
    page.fill("#field-login", who)
    page.fill("#field-password", site.passwords[who])
    page.press("#field-password", "Enter")
    expect(page).to_have_url(DESK)
    expect(page.locator("h1")).to_have_text("Meja saya")


def test_each_lands_on_their_own_desk_and_goes_on_from_there(
    visit, hands, drafted, api, title, site
) -> None:
    citizen = visit(None)
    _log_in(citizen, site, "warga")
    office = citizen.locator("a[href$='/satudata/antrean'], a[href$='/satudata/insiden']")
    expect(office).to_have_count(0)
    expect(citizen.locator("a[href$='/dashboard/datasets']")).to_have_count(0)
    site.shoot(citizen, "meja-warga")

    name, _ = drafted(title, CONTENT)
    api("produsen_dinkes", "satudata_classification_transition", id=name, transition="submit")
    note = "Kolom satuan kosong"
    returned = {"id": name, "transition": "return", "catatan": note}
    api("walidata", "satudata_classification_transition", **returned)

    page = visit("produsen_dinkes")
    page.goto("/satudata/meja")
    clerk = hands(page)
    site.shoot(page, "meja-produsen")
    clerk.click(page.locator(".sd-desk-go a.btn-primary"))
    row = page.locator(".sd-queue tbody tr", has_text=title)
    expect(row).to_contain_text(note)
    clerk.click(page.locator(".sd-queue-col-title a"))
    expect(page.locator(".sd-queue-col-title")).to_have_attribute("aria-sort", "ascending")
    clerk.click(row.locator("th a"))
    expect(page.locator(".satudata-handed-over").first).to_contain_text(note)
    assert clerk.count == 3

    page.set_viewport_size(PHONE)
    page.goto(f"/satudata/antrean?q={title}")
    expect(row.locator("th a")).to_be_visible()
    expect(row.locator(".sd-queue-note")).to_contain_text(note)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    site.shoot(page, "antrean-ponsel")

    ppid = visit("ppid")
    ppid.goto("/satudata/meja")
    ppid.locator("summary", has_text="Akun").first.click()
    ppid.locator(".sd-drop-panel a", has_text="Permohonan akses").first.click()
    expect(ppid).to_have_url(re.compile(r"/satudata/permohonan/meja$"))
