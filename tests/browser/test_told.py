"""Whoever must act is told where they look first: a returned case, its note and its deadline."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
CONTENT = b"kecamatan,penduduk\nPontianak Kota,145200\nPontianak Barat,156782\n"
NOTE = "Kolom satuan masih kosong, lengkapi dulu"
DAY = re.compile(r"\d{1,2} \w+ 20\d\d")


def test_a_clerk_is_told_of_a_returned_case_with_its_note_and_its_deadline(
    visit, drafted, api, title, site
) -> None:
    name, _ = drafted(title, CONTENT)
    for who, step in (
        ("produsen_dinkes", {"transition": "submit"}),
        ("walidata", {"transition": "return", "catatan": NOTE}),
    ):
        api(who, "satudata_classification_transition", id=name, **step)

    page = visit("produsen_dinkes", size=PHONE)
    page.goto("/satudata/pemberitahuan")
    told = page.locator("[data-notice]", has_text=title).first
    expect(told).to_contain_text("dikembalikan")
    day = DAY.search(told.locator("strong", has_text="Tenggat").inner_text())
    assert day
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    site.shoot(page, "pemberitahuan-ponsel")
    told.locator("a").click()

    # The note stands on top of the case, before whatever else there is to read.
    note = page.locator(".satudata-handed-over").first
    expect(note).to_contain_text(NOTE)
    expect(note).to_contain_text(day[0])
    first = page.locator("#content h2, .satudata-handed-over, .satudata-step").first
    expect(first).to_have_class(re.compile("satudata-handed-over"))
    site.shoot(page, "proses-dikembalikan-ponsel")

    page.goto(f"/satudata/antrean?q={title}")
    row = page.locator(".sd-queue tbody tr", has_text=title)
    expect(row).to_contain_text(NOTE)
    expect(row).to_contain_text(day[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.alone  # both pages are read of the same decisions
def test_an_auditor_finds_one_number_under_one_name_wherever_it_stands(visit, site) -> None:
    page = visit("pengawas")
    found = {}
    for address in ("/satudata/kesesuaian", "/satudata/bukti"):
        page.goto(address)
        if "bukti" in address:
            label = page.get_by_text("Penetapan yang berlaku", exact=True).first
            number = label.locator("xpath=following-sibling::*[1]")
        else:
            label = page.get_by_role("rowheader", name="Penetapan yang berlaku", exact=True).first
            number = label.locator("xpath=following-sibling::td[1]")
        found[address] = number.inner_text()
        # It says from which entries it was counted, and which signed head covers them.
        expect(page.locator("#content")).to_contain_text("Dihitung dari jejak audit")
    assert len(set(found.values())) == 1, found
    assert int(next(iter(found.values())).replace(".", ""))
    site.shoot(page, "angka-auditor")
