"""A citizen asks for limited data, PPID answers, the citizen downloads, the grant is revoked."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("produsen_disdukcapil")  # whose files it brings

CONTENT = b"gudang,kelurahan\nGudang A,Sungai Jawi\nGudang B,Parit Tokaya\n"
LIMITED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}
ASSESSMENT = {
    "informasi": "Daftar lokasi gudang obat",
    "pasal_pengecualian": "b",
    "dasar_hukum": "UU 14/2008 Pasal 17 huruf b",
    "konsekuensi_dibuka": "Pengadaan obat terganggu",
    "konsekuensi_ditutup": "Pengadaan obat terlindungi",
    "mulai": "2026-11-24",
    "akhir": "2028-11-24",
}
RECIPIENT = "dinas-kesehatan"


def _limited(visit, clerk, steps, title: str) -> str:
    name = clerk("produsen_disdukcapil").create(title, LIMITED, CONTENT)
    for who, step, fields in (
        ("produsen_disdukcapil", "submit", {}),
        ("walidata", "refer", {"catatan": "Mohon diuji konsekuensinya."}),
        ("ppid", "assess", ASSESSMENT),
        ("penetap", "approve", {"nomor": "SK-9/PPID/2026", "penerima": [RECIPIENT]}),
    ):
        page = visit(who)
        page.goto(f"/satudata/berkas/{name}")
        steps(page, step, **fields)
    return name


def test_a_citizen_asks_downloads_and_loses_the_grant(visit, clerk, steps, title, site) -> None:
    name = _limited(visit, clerk, steps, title)

    citizen = visit("warga")
    citizen.goto(f"/dataset/{name}")
    expect(citizen.locator(".satudata-download")).to_have_count(0)
    citizen.click(".satudata-ask")
    citizen.click("button.btn-primary:has-text('Kirim permohonan')")
    expect(citizen.locator(".satudata-errors")).to_be_visible()
    citizen.fill("#ask-purpose", "Penelitian tentang ketersediaan obat di kota")
    citizen.fill("#ask-until", (dt.date.today() + dt.timedelta(days=20)).isoformat())  # noqa: DTZ011
    citizen.click("button.btn-primary:has-text('Kirim permohonan')")
    expect(citizen.locator("#request-state")).to_contain_text("Menunggu jawaban")
    site.shoot(citizen, "permohonan-warga")
    address = citizen.url

    ppid = visit("ppid")
    ppid.goto("/satudata/permohonan/meja")
    ppid.click(f"a:has-text('{title}')")
    site.shoot(ppid, "permohonan-ppid")
    steps(ppid, "grant", reason="Tujuan sesuai dengan ketentuan")
    expect(ppid.locator("#request-state")).to_contain_text("Dikabulkan")

    citizen.goto(address)
    expect(citizen.locator("#request-grant")).to_be_visible()
    citizen.goto(f"/dataset/{name}")
    link = citizen.locator(".satudata-download a").first
    expect(link).to_be_visible()
    file = link.get_attribute("href") or ""
    answer = citizen.request.get(file)
    assert answer.body() == CONTENT
    assert "no-store" in answer.headers["cache-control"]
    assert visit(None).request.get(file).status == 403

    ppid.fill("#revoke-reason", "Tujuannya sudah tercapai")
    ppid.click("button:has-text('Cabut izin akses')")
    expect(ppid.locator(".flash-messages .alert-success")).to_be_visible()
    assert citizen.request.get(file).status == 403
    citizen.goto(f"/dataset/{name}")
    expect(citizen.locator(".satudata-download")).to_have_count(0)
