"""Data that are not open: four people, recipients, and the way back to open."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("produsen_disdukcapil")  # whose files it brings

CONTENT = b"gudang,kelurahan\nGudang A,Sungai Jawi\nGudang B,Parit Tokaya\n"
OPEN = {
    "jenis_informasi": "berkala",
    "tingkat_keamanan": "biasa",
    "data_pribadi": "tidak_ada",
}
LIMITED = {**OPEN, "jenis_informasi": "dikecualikan", "tingkat_keamanan": "terbatas"}
RECIPIENT = "dinas-kesehatan"
EVERY_STEP = ("submit", "recall", "return", "refer", "approve", "assess", "declare_open")
ASSESSMENT = {
    "informasi": "Daftar lokasi gudang obat",
    "pasal_pengecualian": "b",
    "dasar_hukum": "UU 14/2008 Pasal 17 huruf b",
    "konsekuensi_dibuka": "Pengadaan obat terganggu",
    "konsekuensi_ditutup": "Pengadaan obat terlindungi",
    "mulai": "2026-11-24",
    "akhir": "2028-11-24",
}


def _offers(visit, who: str, name: str, expected: set[str]):
    """Open the case as somebody and check which buttons stand there."""
    page = visit(who)
    page.goto(f"/satudata/berkas/{name}")
    expect(page.locator("#case-state")).to_be_visible()
    buttons = page.locator("button[data-step]")
    found = {each.get_attribute("data-step") for each in buttons.all()}
    assert found == expected
    return page


def _limited(visit, clerk, steps, title: str, site) -> str:
    """Take a dataset from its proposal to a decision at level ``terbatas``."""
    produsen = clerk("produsen_disdukcapil")
    name = produsen.create(title, LIMITED, CONTENT)
    page = _offers(visit, "produsen_disdukcapil", name, {"submit", "withdraw"})
    steps(page, "submit")

    page = _offers(visit, "walidata", name, {"return", "refer"})
    # Walidata cannot open what is proposed as closed, and is told so.
    expect(page.locator(".satudata-blocked")).to_contain_text("terbatas", ignore_case=True)
    steps(page, "refer", catatan="Mohon diuji konsekuensinya.")

    _offers(visit, "walidata", name, set())
    _offers(visit, "produsen_disdukcapil", name, set())
    page = _offers(visit, "ppid", name, {"return", "assess", "declare_open"})
    site.shoot(page, "berkas-ppid")
    _wrong_answers_are_kept(page, site)
    steps(page, "assess", **ASSESSMENT)
    _offers(visit, "ppid", name, set())

    page = _offers(visit, "penetap", name, {"send_back", "approve"})
    site.shoot(page, "berkas-penetap")
    steps(page, "approve", nomor="SK-7/PPID/2026", penerima=[RECIPIENT])
    return name


def _wrong_answers_are_kept(page, site) -> None:
    """Send an incomplete test: errors are listed and focused, what was typed stays."""
    form = page.locator("#step-assess")
    # The proposal is to close it: the form that does so stands open.
    expect(form).to_have_attribute("open", "")
    form.locator("[name=informasi]").fill("Daftar lokasi gudang obat")
    form.locator("[name=mulai]").fill("2026-11-24")
    form.locator("[name=akhir]").fill("2020-01-01")
    form.locator("button[type=submit]").click()
    summary = page.locator(".satudata-errors")
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    expect(summary).to_have_attribute("role", "alert")
    expect(form.locator("[name=informasi]")).to_have_value("Daftar lokasi gudang obat")
    expect(form.locator("[name=akhir]")).to_have_attribute("aria-invalid", "true")
    expect(form.locator("#assess-akhir-error")).to_be_visible()
    expect(form.locator("[name=dasar_hukum]")).to_have_attribute("aria-invalid", "true")
    site.shoot(page, "berkas-ppid-kesalahan")
    # Each entry of the summary leads to its field.
    summary.locator("a[href='#assess-dasar_hukum']").click()
    expect(form.locator("[name=dasar_hukum]")).to_be_focused()


def _file_status(page, name: str) -> int:
    """Return the status of the download of the dataset's file."""
    resource = page.request.get(f"/api/3/action/package_show?id={name}").json()["result"]
    address = f"/dataset/{name}/resource/{resource['resources'][0]['id']}/download"
    answer = page.request.get(address)
    if answer.ok:
        assert answer.body() == CONTENT
    return answer.status


def test_limited_data_need_four_people_and_go_to_the_recipients_only(
    visit, clerk, steps, title, site
) -> None:
    name = _limited(visit, clerk, steps, title, site)

    citizen = visit(None)
    assert citizen.goto(f"/dataset/{name}").status == 200
    expect(citizen.locator(".satudata-badge-limited")).to_be_visible()
    expect(citizen.locator(".satudata-notice")).to_be_visible()
    expect(citizen.locator("text=SK-7/PPID/2026").first).to_be_visible()
    expect(citizen.locator(".satudata-download")).to_have_count(0)
    expect(citizen.locator("a[href*='/download']")).to_have_count(0)
    site.shoot(citizen, "dataset-terbatas-warga")
    citizen.locator(".resource-item a.heading").click()
    expect(citizen.locator(".satudata-notice")).to_be_visible()
    expect(citizen.locator("a[href*='/download']")).to_have_count(0)
    site.shoot(citizen, "berkas-data-terbatas-warga")
    citizen.goto(f"/dataset/?q={title.split()[-1]}")
    expect(citizen.locator(".dataset-item .satudata-badge-limited")).to_have_count(1)
    assert _file_status(citizen, name) == 403

    recipient = visit("produsen_dinkes")
    recipient.goto(f"/dataset/{name}")
    expect(recipient.locator(".satudata-download a")).to_be_visible()
    assert _file_status(recipient, name) == 200
    assert _file_status(visit("warga"), name) == 403
    assert _file_status(visit("pengawas"), name) == 403


def test_what_was_closed_is_opened_by_ppid_and_its_superior_only(
    visit, clerk, steps, title, site
) -> None:
    name = _limited(visit, clerk, steps, title, site)
    page = visit("produsen_disdukcapil")
    page.goto(f"/dataset/edit/{name}")
    for axis, value in OPEN.items():
        page.select_option(f"select[name={axis}]", value, force=True)
    page.click("#dataset-edit button[name=save].btn-primary")
    # The new case changes nothing of what is visible.
    expect(page.locator("#satudata-case-title")).to_be_visible()
    expect(page.locator(".satudata-badge-limited")).to_be_visible()
    page = _offers(visit, "produsen_disdukcapil", name, {"submit", "withdraw"})
    steps(page, "submit")

    # Walidata alone cannot open it: neither the one who referred it nor the other.
    _offers(visit, "walidata_2", name, {"return", "refer"})
    page = _offers(visit, "walidata", name, {"return", "refer"})
    steps(page, "refer", catatan="Diusulkan dibuka.")
    page = _offers(visit, "ppid", name, {"return", "assess", "declare_open"})
    steps(
        page,
        "declare_open",
        alasan="Tidak ada lagi alasan untuk menutupnya.",
        dasar_hukum="UU 14/2008 Pasal 2 ayat (4)",
    )
    assert _file_status(visit(None), name) == 403
    page = _offers(visit, "penetap", name, {"send_back", "approve"})
    expect(page.locator("#step-approve [name=penerima]")).to_have_count(0)
    steps(page, "approve")
    assert _file_status(visit(None), name) == 200


def test_a_case_is_unknown_to_whoever_may_not_see_it(visit, clerk, title, site) -> None:
    name = clerk("produsen_disdukcapil").create(title, OPEN, CONTENT)
    for who in ("warga", "produsen_dinkes"):
        page = visit(who)
        known = page.goto(f"/satudata/berkas/{name}")
        text = page.locator("#content").inner_text()
        unknown = page.goto("/satudata/berkas/tidak-ada-berkas-ini")
        assert (known.status, unknown.status) == (404, 404)
        assert page.locator("#content").inner_text() == text
    citizen = visit(None)
    citizen.goto(f"/satudata/berkas/{name}")
    expect(citizen.locator("#field-login")).to_be_visible()
    citizen.goto("/satudata/antrean")
    expect(citizen.locator("#field-login")).to_be_visible()
