"""What was decided goes by a request that says what goes: one file of two, in five acts."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import expect

ROWS = b"kecamatan,jumlah\nPontianak Kota,7\nPontianak Barat,9\n"


@pytest.fixture
def two_files(api, drafted, title) -> tuple[str, str]:
    """Return an open dataset with two files: its name, and the id of the second."""
    name, _ = drafted(title, ROWS)
    file = io.BytesIO(ROWS.replace(b"7", b"8"))
    file.name = "rincian.csv"
    made = api("produsen_dinkes", "resource_create", package_id=name, name="Rincian", upload=file)
    api("produsen_dinkes", "satudata_classification_transition", id=name, transition="submit")
    api("walidata", "satudata_classification_transition", id=name, transition="approve")
    return name, made["id"]


def test_a_clerk_asks_for_the_removal_of_one_file_from_cores_own_delete(
    visit, hands, api, two_files, site
) -> None:
    name, second = two_files
    page = visit("produsen_dinkes")
    # The question is asked by a script that waits for its words: nobody clicks before that.
    page.goto(f"/dataset/{name}/resource/{second}/edit", wait_until="networkidle")
    clerk = hands(page)
    clerk.click("a.btn-danger[data-module='confirm-action']")
    clerk.click(".modal.show .btn-primary")
    page.wait_for_url("**/hapus?berkas=*")
    expect(page.locator("input[name=resources]:checked")).to_have_count(1)
    site.shoot(page, "hapus-berkas")
    clerk.fill("textarea[name=reason]", "Salah unggah")
    clerk.click(".primary form[data-satudata-step] button[type=submit]")
    expect(page.locator(".satudata-facts").first).to_contain_text("Rincian")
    site.shoot(page, "usulan-hapus")
    clerk.click("button[data-step=submit]")
    clerk.done()
    assert clerk.count <= 5
    api("walidata", "satudata_classification_transition", id=name, transition="approve")
    page.goto(f"/dataset/{name}")
    expect(page.locator("#content")).not_to_contain_text("Rincian")
