"""Open data: proposed by one person, approved by another, found and fetched by anybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("produsen_disdukcapil")  # whose files it brings

from_file = b"kecamatan,penduduk\nPontianak Kota,145200\nPontianak Barat,156782\n"
OPEN = {
    "jenis_informasi": "berkala",
    "tingkat_keamanan": "biasa",
    "data_pribadi": "tidak_ada",
}
NIKS = (
    b"catatan,nik\nContoh Satu,6171014101900001\nContoh Dua,6171024202910002\n"
    b"Contoh Tiga,6171031503920003\n"
)


def _bytes(page, name: str) -> bytes:
    """Return what the download link of the dataset's file gives."""
    page.goto(f"/dataset/{name}")
    with page.expect_download() as found:
        page.locator(".satudata-download a").click()
    return found.value.path().read_bytes()


def test_a_dataset_is_opened_by_two_people(visit, clerk, steps, button, title, site) -> None:
    produsen = clerk("produsen_disdukcapil")
    name = produsen.create(title, OPEN, from_file)
    site.shoot(produsen.page, "dataset-konsep")
    # The page of the dataset names the next step and leads to it.
    produsen.page.locator(".satudata-panel a.btn").click()
    expect(button(produsen.page, "submit")).to_be_visible()
    steps(produsen.page, "submit", catatan="Siap diperiksa")
    site.shoot(produsen.page, "berkas-diajukan-produsen")

    citizen = visit(None)
    assert citizen.goto(f"/dataset/{name}").status == 404
    citizen.goto(f"/dataset/?q={title.split()[-1]}")
    expect(citizen.locator(".dataset-item")).to_have_count(0)
    expect(button(produsen.page, "approve")).to_have_count(0)
    expect(button(produsen.page, "recall")).to_have_count(1)

    walidata = visit("walidata")
    walidata.goto("/satudata/antrean?state=verification")
    site.shoot(walidata, "antrean-walidata")
    _open_from_queue(walidata, title)
    site.shoot(walidata, "berkas-walidata")
    steps(walidata, "approve")
    expect(walidata.locator(".satudata-badge-open")).to_be_visible()

    citizen.goto(f"/dataset/?q={title.split()[-1]}")
    expect(citizen.locator(".dataset-item")).to_have_count(1)
    site.shoot(citizen, "pencarian-warga")
    assert _bytes(citizen, name) == from_file
    site.shoot(citizen, "dataset-terbuka-warga")
    citizen.locator(".resource-item a.heading").click()
    expect(citizen.locator(".module-resource")).to_be_visible()
    site.shoot(citizen, "berkas-data-terbuka")


def _open_from_queue(page, title: str) -> None:
    """Turn the pages of the queue until the case is there, and open it."""
    link = page.get_by_role("link", name=title, exact=True)
    while link.count() == 0:
        page.locator(".satudata-pages a[rel=next]").click()
        page.wait_for_load_state()
    link.click()
    expect(page.locator("#case-state")).to_be_visible()


def test_a_file_with_identity_numbers_is_not_opened(
    visit, clerk, steps, button, title, site
) -> None:
    produsen = clerk("produsen_disdukcapil")
    name = produsen.create(title, OPEN, NIKS)
    page = produsen.page
    page.goto(f"/satudata/berkas/{name}")
    expect(page.locator(".satudata-findings li").first).to_contain_text("baris 2–4")
    # Who says that there are no personal data is asked once, and may mask them first.
    form = page.locator("#step-submit")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    expect(form.locator("[data-contradicted]")).to_contain_text("'nik'")
    expect(form.locator("[data-contradicted] a")).to_have_text("Samarkan data dahulu")
    button(page, "submit").click()
    expect(page.locator("#content")).to_contain_text("Bila pemindaian keliru")
    steps(page, "submit")
    walidata = visit("walidata")
    walidata.goto(f"/satudata/berkas/{name}")
    expect(button(walidata, "approve")).to_have_count(0)
    expect(button(walidata, "return")).to_have_count(1)
    expect(button(walidata, "refer")).to_have_count(1)
    finding = walidata.locator(".satudata-findings li").first
    expect(finding).to_contain_text("'nik'")
    expect(finding).to_contain_text("(3 ")
    expect(walidata.locator(".satudata-blocked")).to_contain_text("'nik'")
    assert "6171014101900001" not in walidata.content()
    site.shoot(walidata, "berkas-dengan-nik")


def test_what_the_gate_refuses_is_said_at_the_field(visit, clerk, title, site) -> None:
    produsen = clerk("produsen_disdukcapil")
    impossible = {**OPEN, "tingkat_keamanan": "terbatas"}
    produsen.describe(title, impossible)
    page = produsen.page
    expect(page.locator(".error-explanation")).to_be_visible()
    expect(page.locator(".form-group.error select[name=tingkat_keamanan]")).to_have_count(1)
    assert page.input_value("#field-title") == title
    site.shoot(page, "formulir-kombinasi-ditolak")
    page.select_option("select[name=tingkat_keamanan]", "biasa")
    page.click("#dataset-edit button[name=save].btn-primary")
    page.wait_for_selector("#resource-edit")
    produsen.attach("kosong.csv", b"")
    expect(page.locator("#field-resource-upload-error")).to_be_visible()
    site.shoot(page, "formulir-berkas-kosong")
    produsen.attach("data.csv", from_file)
    expect(page.locator("#dataset-resources .resource-item")).to_have_count(1)


def test_a_proposal_that_is_being_checked_is_recalled_before_it_changes(
    visit, clerk, steps, title, site
) -> None:
    produsen = clerk("produsen_disdukcapil")
    name = produsen.create(title, OPEN, from_file)
    page = produsen.page
    page.goto(f"/satudata/berkas/{name}")
    steps(page, "submit")
    page.goto(f"/dataset/edit/{name}")
    page.select_option("select[name=data_pribadi]", "dianonimkan")
    page.click("#dataset-edit button[name=save].btn-primary")
    expect(page.locator(".form-group.error select[name=data_pribadi]")).to_have_count(1)
    site.shoot(page, "formulir-sedang-diperiksa")
    page.goto(f"/satudata/berkas/{name}")
    steps(page, "recall", catatan="Ada yang keliru")
    page.goto(f"/dataset/edit/{name}")
    page.select_option("select[name=data_pribadi]", "dianonimkan")
    page.click("#dataset-edit button[name=save].btn-primary")
    expect(page.locator("#dataset-resources")).to_be_visible()


def test_saving_a_published_dataset_unchanged_opens_no_case(visit, clerk, steps, title) -> None:
    produsen = clerk("produsen_disdukcapil")
    name = produsen.create(title, OPEN, from_file)
    produsen.page.goto(f"/satudata/berkas/{name}")
    steps(produsen.page, "submit")
    walidata = visit("walidata_2")
    walidata.goto(f"/satudata/berkas/{name}")
    steps(walidata, "approve")
    page = produsen.page
    page.goto(f"/dataset/edit/{name}")
    expect(page.locator("[name=private]")).to_have_count(0)
    expect(page.locator("[value=go-metadata-unpublish]")).to_have_count(0)
    page.click("#dataset-edit button[name=save].btn-primary")
    expect(page.locator(".satudata-badge-open")).to_be_visible()
    expect(page.locator("#satudata-case-title")).to_have_count(0)
    assert _bytes(visit(None), name) == from_file
