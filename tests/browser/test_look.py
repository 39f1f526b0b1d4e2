"""A waiting file is looked at in its case and in a batch, without a download."""

from __future__ import annotations

from playwright.sync_api import expect

NIK = "6171014101900001"
CONTENT = f"nama_kelurahan,nik,jumlah\nBansir Laut,{NIK},12\nSungai Jawi,6171020202850002,30\n"
PHONE = {"width": 390, "height": 844}


def test_walidata_looks_at_a_table_and_uncovers_what_was_found(
    visit, hands, drafted, api, title, site
) -> None:
    name, _ = drafted(title, CONTENT.encode())
    api("produsen_dinkes", "satudata_classification_transition", id=name, transition="submit")
    page = visit("walidata")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))

    def rows() -> list[str]:
        return [line for line in asked if "/isi" in line]

    page.goto(f"/satudata/berkas/{name}")
    assert rows() == []
    walidata = hands(page)
    walidata.click(".sd-look > summary")
    table = page.locator(".sd-look-table")
    expect(table).to_contain_text("Bansir Laut")
    expect(table).to_contain_text("••••")
    expect(table).not_to_contain_text(NIK)
    assert len(rows()) == 1
    site.shoot(page, "lihat-tabel")
    walidata.click("[data-sd-look-reveal] button")
    expect(table).to_contain_text(NIK)
    assert rows()[-1].startswith("POST")
    assert walidata.count == 2
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    site.shoot(page, "lihat-tabel-ponsel")

    asked.clear()
    page.goto(f"/satudata/antrean/pilihan?id={name}")
    assert rows() == []
    page.locator(".sd-look > summary").click()
    expect(page.locator(".sd-look-table")).to_contain_text("Sungai Jawi")
