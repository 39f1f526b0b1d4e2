"""The buttons of core's forms for files and pictures do what they say."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

OWNED = "jumlah-fasilitas-kesehatan-menurut-kecamatan"


def test_a_file_is_linked_uploaded_and_taken_back(visit) -> None:
    page = visit("produsen_dinkes")
    page.goto(f"/dataset/{OWNED}/resource/new")
    address = page.locator("#field-resource-url")
    page.click("#resource-link-button")
    expect(address).to_be_focused()
    address.fill("https://contoh.example/data.csv")
    page.click(".btn-remove-url:visible")
    expect(page.locator("#resource-upload-button")).to_be_focused()
    expect(address).to_have_value("")
    with page.expect_file_chooser() as chooser:
        page.click("#resource-upload-button")
    file: Any = {"name": "data.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    chooser.value.set_files(file)
    page.click(".btn-remove-url:visible")
    expect(page.locator("#field-resource-upload")).to_have_js_property("value", "")


def test_a_picture_is_linked_and_taken_back(visit) -> None:
    page = visit("warga")
    page.goto("/user/edit/warga", wait_until="networkidle")
    link = page.locator("a.btn:has-text('Tautan')")
    link.click()
    expect(page.locator("#field-image-url")).to_be_visible()
    page.click(".btn-remove-url:visible")
    expect(page.locator("#field-image-url")).to_be_hidden()
    expect(link).to_be_visible()
