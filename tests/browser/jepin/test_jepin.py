"""A citizen with a telephone finds an app that is down, reports it and reads the owner's answer."""

from __future__ import annotations

from typing import Any

import pytest
from ckanapi import RemoteCKAN
from playwright.sync_api import Error, expect

from ..conftest import OPEN, PHONE, Site

REASON = "Alasan contoh untuk pengujian."
TEXT = "Halaman pendaftaran kosong sejak pagi."
ANSWER = "Layanan dihidupkan kembali pukul sepuluh."
KEPT = "caches.open('jepin-1').then(c => c.keys()).then(k => k.map(r => new URL(r.url).pathname))"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def acts(site: Site, who: str, action: str, **asked: Any) -> Any:
    with RemoteCKAN(site.url, apikey=site.tokens[who]) as portal:
        return portal.call_action(action, asked)


@pytest.fixture
def down(site: Site, title: str) -> dict[str, Any]:
    """Return an app of the health agency that everybody knows of, and that is disturbed."""
    who = "produsen_dinkes"
    made = acts(
        site,
        who,
        "package_create",
        type="layanan",
        title=title,
        notes="Contoh untuk pengujian.",
        owner_org="dinas-kesehatan",
        urusan="1.02",
        fungsi="Warga mengambil nomor antrean",
        kategori_layanan="layanan_publik",
        url="https://antrean.contoh.pontianak.go.id",
        maintainer="Bidang Layanan",
        maintainer_email="layanan@contoh.pontianak.go.id",
        memproses_data_pribadi="tidak",
        kanal_bantuan="Loket Dinas Kesehatan",
        **OPEN,
    )
    transition = "satudata_classification_transition"
    acts(site, who, transition, id=made["id"], transition="submit")
    acts(site, "walidata", transition, id=made["id"], transition="approve")
    for step in ("start", "disturb"):
        acts(site, who, "satudata_jepin_step", id=made["id"], step=step, reason=REASON)
    return made


def test_a_citizen_reports_an_app_that_is_down_and_reads_the_answer(visit, site, down) -> None:
    citizen = visit(None, size=PHONE)
    citizen.goto("/jepin")
    citizen.fill("#jepin-q", down["title"])
    citizen.press("#jepin-q", "Enter")
    row = citizen.locator(f"[data-app='{down['name']}']")
    expect(row).to_contain_text("Terganggu")
    expect(row).to_contain_text("Loket Dinas Kesehatan")
    assert citizen.evaluate(WIDER) == 0
    site.shoot(citizen, "jepin")
    row.get_by_role("link", name="Tidak bisa dibuka").click()
    expect(citizen.locator("#road-kind")).to_have_value("cannot_open")
    citizen.fill("#road-text", TEXT)
    citizen.click("button:has-text('Kirim laporan')")
    expect(citizen.locator("dl")).to_contain_text("Menunggu jawaban")
    expect(citizen.locator("dl")).to_contain_text(TEXT)
    assert citizen.evaluate(WIDER) == 0
    mine = citizen.url

    owner = visit("produsen_dinkes")
    owner.goto("/satudata/jepin/laporan")
    owner.locator("[data-report]", has_text=down["title"]).locator("a").click()
    expect(owner.locator("#content, main").first).to_contain_text(TEXT)
    owner.select_option("#road-outcome", "repaired")
    owner.fill("#road-answer", ANSWER)
    owner.click("button:has-text('Kirim jawaban')")
    expect(owner.locator(".flash-messages .alert-success")).to_be_visible()

    citizen.goto(mine)
    expect(citizen.locator("dl")).to_contain_text("Sudah diperbaiki")
    expect(citizen.locator("dl")).to_contain_text(ANSWER)


def test_the_list_is_there_without_a_network_and_nothing_else_is_kept(visit, down) -> None:
    citizen = visit(None, size=PHONE, new=True)
    citizen.goto("/jepin")
    citizen.evaluate("navigator.serviceWorker.ready.then(() => true)")
    citizen.wait_for_function("caches.has('jepin-1')")
    citizen.goto("/jepin")
    assert citizen.evaluate(KEPT) == ["/jepin/luring"]
    citizen.context.set_offline(True)
    try:
        citizen.goto("/jepin?q=apa")
        expect(citizen.locator("h1")).to_have_text("Jepin tanpa jaringan")
        expect(citizen.locator("main")).to_contain_text("menurut keadaan pada")
        expect(citizen.locator(f"[data-app='{down['name']}']")).to_contain_text("Terganggu")
        assert citizen.evaluate(WIDER) == 0
        with pytest.raises(Error):
            citizen.goto("/dataset/")
    finally:
        citizen.context.set_offline(False)


def test_who_is_logged_in_keeps_the_public_list_alone(visit, site, title, down) -> None:
    hidden = acts(
        site,
        "produsen_dinkes",
        "package_create",
        type="layanan",
        title=f"{title} tersembunyi",
        owner_org="dinas-kesehatan",
        notes="Contoh untuk pengujian.",
        **OPEN,
    )
    owner = visit("produsen_dinkes", new=True)
    owner.goto("/jepin")
    owner.evaluate("navigator.serviceWorker.ready.then(() => true)")
    owner.goto("/jepin")
    said = "caches.match('/jepin/luring').then(a => a.text())"
    owner.wait_for_function("caches.match('/jepin/luring').then(a => Boolean(a))")
    kept = owner.evaluate(said)
    assert down["name"] in kept
    assert hidden["title"] not in kept
    assert "produsen_dinkes" not in kept
