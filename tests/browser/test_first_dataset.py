"""The first dataset of a clerk, from the own desk to Walidata's: every act counted."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("produsen_dinkes")  # whose files it brings

ROWS = b"kecamatan,penduduk\nPontianak Kota,145200\nPontianak Barat,156782\n"
OPEN = {
    "jenis_informasi": "berkala",
    "tingkat_keamanan": "biasa",
    "data_pribadi": "tidak_ada",
}
NEEDED_BY_NOBODY = {"maintainer"}
"""Answers that the form takes and nobody has to give."""


def test_a_clerk_brings_a_first_dataset_to_walidata(visit, hands, answers, title, site) -> None:
    page = visit("produsen_dinkes")
    page.goto("/satudata/meja")
    clerk = hands(page)
    clerk.click("#content a[href$='/dataset/new']")
    clerk.fill("#field-title", title)
    for name, value in {**answers, **OPEN}.items():
        if name not in NEEDED_BY_NOBODY:
            clerk.fill(f"#dataset-edit [name={name}]", value)
    clerk.click("#dataset-edit button[name=save].btn-primary")
    page.wait_for_selector("#resource-edit")
    # The button opens the list of files of the computer: choosing there is the act.
    clerk.choose("input[type=file][name=upload]", "penduduk.csv", ROWS)
    clerk.click("#resource-edit button[value=go-metadata]")
    page.wait_for_selector("#dataset-resources")
    clerk.click(".satudata-panel a.btn")
    clerk.click("button[data-step=submit]")
    clerk.done()
    site.shoot(page, "dataset-pertama-diajukan")
    expect(page.locator("#case-state")).to_contain_text("Diperiksa Walidata")
    assert clerk.count <= 25
