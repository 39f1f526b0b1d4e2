"""The consequence test and its papers: the draft is printed and signed before the step."""

from __future__ import annotations

import io
import uuid

import pypdf
from playwright.sync_api import expect

ROWS = b"gudang,kelurahan\nGudang A,Sungai Jawi\nGudang B,Parit Tokaya\n"
LIMITED = {"jenis_informasi": "dikecualikan", "tingkat_keamanan": "terbatas"}
TEST = {
    "pasal_pengecualian": "h",
    "angka_pengecualian": "2",
    "dasar_hukum": "UU 14/2008 Pasal 17 huruf h angka 2",
    "konsekuensi_dibuka": "Persediaan obat dapat dicuri",
    "konsekuensi_ditutup": "Persediaan obat terlindungi",
    "kepatutan": "Patut dirahasiakan",
    "kesusilaan": "Tidak berpengaruh",
    "kepentingan_umum": "Angka per kecamatan cukup",
    "kepentingan_lebih_besar": "Obat bagi semua warga",
    "akhir": "2028-11-24",
}
RECIPIENT = "dinas-kependudukan-dan-pencatatan-sipil"
STEP = "satudata_classification_transition"


def words(page, address: str) -> str:
    """Return the words of a PDF that a person opens."""
    answer = page.request.get(address)
    assert answer.ok
    pages = pypdf.PdfReader(io.BytesIO(answer.body())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_draft_is_printed_and_its_signed_scan_comes_with_the_number(
    visit, hands, api, proposed, title, site
) -> None:
    name = proposed(title, ROWS, **LIMITED)
    api("walidata", STEP, id=name, transition="refer", catatan="Mohon diuji.")
    page = visit("ppid")
    page.goto("/satudata/antrean")
    ppid = hands(page)
    ppid.click(page.get_by_role("link", name=title, exact=True))
    form = page.locator("#step-assess")
    if form.get_attribute("open") is None:
        ppid.click(form.locator("summary"))
    # What the dataset is and which unit was heard stand there already.
    expect(form.locator("[name=informasi]")).to_have_value(title)
    expect(form.locator("[name=didengar]")).to_have_value("Dinas Kesehatan")
    for field, value in TEST.items():
        ppid.fill(form.locator(f"[name={field}]"), value)
    ppid.click(form.locator("button[type=submit]"))
    ppid.done()
    assert ppid.count <= 12

    page.locator("#content a", has_text="Cetak konsep untuk ditandatangani").click()
    expect(page.locator("#content")).to_contain_text("Belum ada yang ditetapkan")
    expect(page.locator(".paper").first).to_contain_text("KONSEP: belum ditetapkan")
    site.shoot(page, "konsep-penetapan")
    draft = words(page, page.locator("a", has_text="Cetak (PDF)").first.get_attribute("href"))
    assert "Nomor: …" in draft
    assert title in draft

    page = visit("penetap")
    page.goto(f"/satudata/berkas/{name}")
    superior = hands(page)
    number = f"SK-{uuid.uuid4().hex[:8]}/PPID/2026"
    form = page.locator("#step-approve")
    if form.get_attribute("open") is None:
        superior.click(form.locator("summary"))
    superior.fill(form.locator("[name=nomor]"), number)
    superior.click(form.locator(f"[name=penerima][value={RECIPIENT}]"))
    scan = {"name": "sk.pdf", "mimeType": "application/pdf", "buffer": _scan()}
    form.locator("input[type=file]").set_input_files(scan)
    superior.count += 1
    superior.click(form.locator("button[type=submit]"))
    expect(page.locator(".flash-messages")).to_contain_text("tersimpan", ignore_case=True)
    page.locator("a", has_text="Penetapan dan uji konsekuensi").first.click()
    expect(page.locator("#content")).to_contain_text("Yang membuktikan naskah ini")
    expect(page.locator("#content")).to_contain_text("SHA-256")
    signed = page.locator("a", has_text="Unduh PDF").first.get_attribute("href")
    assert page.request.get(signed).body() == scan["buffer"]
    # Nobody else is given the signed paper.
    assert visit("warga").request.get(signed).status == 404
    decree = words(page, page.locator("a", has_text="Cetak (PDF)").first.get_attribute("href"))
    assert f"Nomor: {number}" in decree
    assert "KONSEP" not in decree
    site.shoot(page, "penetapan")


def _scan() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=595, height=842)
    # Each run brings other bytes.
    writer.add_metadata({"/Title": uuid.uuid4().hex})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_removal_prints_its_paper_before_it_is_approved(
    visit, api, published, title, site
) -> None:
    name = published(title, ROWS)
    asked = {"case_kind": "remove", "reason": "Salah unggah", "removes": "dataset"}
    api("produsen_dinkes", STEP, id=name, transition="reopen", **asked)
    page = visit("produsen_dinkes")
    page.goto(f"/satudata/berkas/{name}")
    page.locator("#content a", has_text="Cetak konsep untuk ditandatangani").click()
    expect(page.locator(".paper")).to_contain_text("Seluruh dataset beserta semua berkasnya")
    site.shoot(page, "berita-acara-penghapusan")
    address = page.locator("a", has_text="Cetak (PDF)").get_attribute("href")
    assert "Salah unggah" in words(page, address)


def test_who_approved_a_removal_brings_its_signed_record(
    visit, hands, api, published, title, site
) -> None:
    name = published(title, ROWS)
    asked = {"case_kind": "remove", "reason": "Salah unggah", "removes": "dataset"}
    case = api("produsen_dinkes", STEP, id=name, transition="reopen", **asked)["case"]["id"]
    api("produsen_dinkes", STEP, id=name, transition="submit")
    api("walidata", STEP, id=name, transition="approve")

    page = visit("walidata")
    page.goto(f"/satudata/penghapusan/{case}")
    expect(page.locator("#content")).to_contain_text("Belum ada; harus ada paling lambat")
    walidata = hands(page)
    number = f"BA-{uuid.uuid4().hex[:8]}/2026"
    walidata.fill("#road-nomor", number)
    form = page.locator("form[data-satudata-step]")
    scan = {"name": "ba.pdf", "mimeType": "application/pdf", "buffer": b"bukan PDF"}
    form.locator("input[type=file]").set_input_files(scan)
    walidata.click(form.locator("button[type=submit]"))
    expect(page.locator(".satudata-errors")).to_be_focused()
    expect(page.locator("#road-nomor")).to_have_value(number)
    scan["buffer"] = _scan()
    form.locator("input[type=file]").set_input_files(scan)
    walidata.click(form.locator("button[type=submit]"))
    walidata.done()
    expect(page.locator(".satudata-facts").first).to_contain_text(number)
    signed = page.locator("a", has_text="Unduh PDF").first.get_attribute("href")
    assert page.request.get(signed).body() == scan["buffer"]
    record = words(page, page.locator("a", has_text="Cetak (PDF)").first.get_attribute("href"))
    assert f"Nomor: {number}" in record
    site.shoot(page, "berita-acara-bertanda-tangan")
    page.goto("/satudata/naskah")
    row = page.locator("tr", has_text=title)
    expect(row).to_contain_text(number)

    # Its agency reads the number, and is not given the signed paper.
    page = visit("produsen_dinkes")
    page.goto(f"/satudata/penghapusan/{case}")
    expect(page.locator(".satudata-facts").first).to_contain_text(number)
    expect(page.locator("a", has_text="Unduh PDF")).to_have_count(0)
    assert page.request.get(signed).status == 404
