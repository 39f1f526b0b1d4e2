"""The first week of an office: no duty by the way, a note, a hold, a number, an entry, a word."""

from __future__ import annotations

import re

from playwright.sync_api import expect

ROWS = b"kecamatan,penduduk\nPontianak Kota,145200\nPontianak Barat,140000\nPontianak Timur,98000\n"
STEP = "satudata_classification_transition"
POPULATION = "jumlah-penduduk-menurut-kecamatan"
NOTE = "Satuan belum diisi di baris 2"
REASON = "Ada nomor kependudukan di kolom keterangan."
WRONG = ("/catalog.json", "/catalog.zzz", "/catalog.ttl?page=0", '/dataset/?q="')
PRACTICE = "Jumlah puskesmas latihan per kecamatan"
MACHINES_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def test_who_opens_an_agency_is_no_member_of_it(visit, hands, api, title, site) -> None:
    page = visit("admin")
    # Core's scripts begin once the words of the language came: one makes the address of the title.
    page.goto("/organization/new", wait_until="networkidle")
    administrator = hands(page)
    administrator.fill("#field-title", f"Dinas {title.split()[-1]}")
    administrator.click("#content button[name=save]")
    page.wait_for_url(lambda url: not url.endswith("/organization/new"))
    name = page.url.rpartition("/")[2]
    expect(page.locator("h1").first).to_contain_text(title.split()[-1])
    page.goto(f"/organization/members/{name}")
    expect(page.locator("a[href$='/user/admin']", has_text="Pengelola Sistem")).to_have_count(0)
    shown = api("admin", "organization_show", id=name, include_users=True)
    assert shown["users"] == []


def test_a_clerk_is_told_of_a_return_and_finds_its_note_on_top(
    visit, hands, api, proposed, title, site
) -> None:
    name = proposed(title, ROWS)
    api("walidata", STEP, id=name, transition="return", catatan=NOTE)
    page = visit("produsen_dinkes")
    page.goto("/satudata/meja")
    clerk = hands(page)
    notice = page.locator("#desk-notices ~ ul li", has_text=title).first
    expect(notice).to_contain_text("dikembalikan")
    clerk.click(notice.locator("a"))
    expect(page.locator("h1")).to_contain_text(title)
    note = page.locator(".satudata-handed-over").first
    expect(note).to_contain_text(NOTE)
    assert note.bounding_box()["y"] < page.locator("#case-state").bounding_box()["y"]
    assert clerk.count == 1


def test_an_editor_holds_data_back_and_somebody_else_confirms(
    visit, hands, published, title, site
) -> None:
    name = published(title, ROWS)
    page = visit("produsen_dinkes")
    page.goto(f"/dataset/{name}")
    expect(page.locator(".satudata-badge-open").first).to_be_visible()
    clerk = hands(page)
    clerk.click(page.get_by_role("link", name="Tangguhkan", exact=True))
    clerk.fill("#road-reason", REASON)
    clerk.click("form[data-satudata-step] button[type=submit]")
    clerk.done()
    assert clerk.count <= 4
    # Who placed it does not confirm it.
    expect(page.get_by_role("link", name="Pastikan")).to_have_count(0)
    citizen = visit(None)
    citizen.goto(f"/dataset/{name}")
    expect(citizen.get_by_text("Ditangguhkan").first).to_be_visible()
    for gone in (".satudata-badge-open", ".sd-citation", ".satudata-fresh", "a[rel~='license']"):
        expect(citizen.locator(gone)).to_have_count(0)
    site.shoot(citizen, "ditangguhkan-penyunting")
    walidata = visit("walidata")
    walidata.goto(f"/dataset/{name}")
    other = hands(walidata)
    other.click(walidata.get_by_role("link", name="Pastikan").first)
    other.click("form[data-satudata-step] button[type=submit]")
    other.done()
    assert other.count == 2


def test_numbers_are_taken_as_they_are_written_and_no_address_breaks(visit, api) -> None:
    file = api("warga", "package_show", id=POPULATION)["resources"][0]["id"]
    page = visit(None)
    page.goto(f"/dataset/{POPULATION}/resource/{file}/tabel")
    low = page.locator("[name='dari.jumlah_penduduk']")
    page.locator(".sd-column-filters > summary").click()
    for typed, rows in (("140.000", 3), ("147063,5", 2)):
        low.fill(typed)
        page.locator(".sd-column-filters button[type=submit]").click()
        expect(page.locator("#sd-data tbody tr")).to_have_count(rows)
        expect(low).to_have_value(typed)
    for address in WRONG:
        assert page.request.get(address).status < 500, address
    page.goto(WRONG[-1])
    expect(page.locator("#sd-count")).to_contain_text('untuk “"”')


def test_the_auditor_reads_sentences_of_the_audit_trail_and_takes_them_along(
    visit, published, title, site
) -> None:
    published(title, ROWS)
    page = visit("pengawas")
    page.goto("/satudata/buku-catatan/entri")
    page.fill("#filter-id", title.split()[-1])
    page.get_by_role("button", name="Tampilkan").click()
    entries = page.locator(".satudata-entries > li")
    expect(entries.first).to_contain_text(title)
    said = entries.locator("p").all_inner_texts()
    assert any("menyetujui" in text for text in said)
    assert [text for text in said if MACHINES_DAY.search(text)] == []
    site.shoot(page, "jejak-audit-kalimat")
    with page.expect_download() as found:
        page.locator("a[href*='entri.csv']").click()
    table = found.value.path().read_text("utf-8-sig")
    assert title in table
    assert ";" in table.splitlines()[0]
    page.goto("/satudata/transparansi")
    expect(page.locator("#content")).to_contain_text("Dihitung dari jejak audit")


def test_pages_speak_to_a_citizen(visit, published, title) -> None:
    """The day of an upload is one day on every page, in words; no id and no code stands there."""
    name = published(title, ROWS)
    page = visit(None)
    days = set()
    for address in (f"/dataset/{name}", f"/dataset/?q={title.split()[-1]}"):
        page.goto(address)
        page.locator("pre, code").evaluate_all("found => found.forEach(e => e.remove())")
        text = page.locator("#content").inner_text()
        days |= set(re.findall(r"Dimutakhirkan:?\s+(\d+ \w+ \d{4})", text))
        assert not MACHINES_DAY.search(text), address
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text), address
    assert len(days) == 1


def test_a_clerk_takes_the_tour_to_the_quiz(visit, hands, api, site) -> None:
    page = visit("produsen_disdukcapil")
    page.goto("/satudata/meja")
    clerk = hands(page)
    clerk.click(page.get_by_role("link", name="Pelatihan", exact=True))
    clerk.click(page.get_by_role("link", name="Membawa dataset", exact=True))
    clerk.click(page.get_by_role("button", name="Mulai panduan"))
    clerk.click(page.get_by_role("button", name="Lanjut"))
    clerk.fill("#road-value", PRACTICE)
    clerk.click(page.get_by_role("button", name="Lanjut"))
    card = page.locator("#practice-dataset")
    expect(card).to_contain_text(PRACTICE)
    expect(page.locator(".satudata-findings")).to_contain_text("penanggung_jawab")
    page.select_option("#road-value", "drop")
    clerk.click(page.get_by_role("button", name="Lanjut"))
    axes = {"jenis_informasi": "berkala", "tingkat_keamanan": "biasa", "data_pribadi": "umum"}
    for axis, value in axes.items():
        page.select_option(f"#road-{axis}", value)
    clerk.click(page.get_by_role("button", name="Usulkan"))
    expect(page.locator("#road-data_pribadi-error")).to_contain_text("tidak menyebut siapa pun")
    page.select_option("#road-data_pribadi", "tidak_ada")
    clerk.click(page.get_by_role("button", name="Usulkan"))
    expect(card.locator(".satudata-badge-open")).to_be_visible()
    clerk.click(page.get_by_role("button", name="Ajukan dataset latihan"))
    expect(card).to_contain_text("Walidata")
    clerk.click(page.get_by_role("button", name="Lanjut"))
    expect(page.locator(".satudata-handed-over")).to_contain_text("dari mana angkanya")
    site.shoot(page, "training-return")
    # Whoever comes back goes on where they stopped.
    page.goto("/satudata/pelatihan/produsen")
    clerk.fill("#road-value", "Dari laporan tahunan Dinas Kesehatan, tahun 2025.")
    clerk.click(page.get_by_role("button", name="Lanjut"))
    clerk.click(page.get_by_role("button", name="Ajukan lagi dataset latihan"))
    clerk.click(page.get_by_role("button", name="Lanjut"))
    expect(card).to_contain_text("Ditetapkan")
    clerk.click(page.get_by_role("button", name="Lanjut"))
    for number, choice in (("1", "b"), ("2", "a"), ("3", "c")):
        page.select_option(f"#road-q{number}", choice)
    site.shoot(page, "training-quiz")
    clerk.click(page.get_by_role("button", name="Jawab"))
    expect(page.locator("[role=main]").first).to_contain_text("Lulus")
    found = api("walidata", "package_search", q=f'title:"{PRACTICE}"', include_drafts=True)
    assert found["count"] == 0
    rows = api("walidata", "satudata_smki_entry_list", register="orang", limit=500)["results"]
    assert any("Membawa dataset" in str(row) for row in rows)
