"""What masking takes stands there before it is done, and beside the file afterwards."""

from __future__ import annotations

from playwright.sync_api import expect

ROWS = "".join(
    f"Qanari Zwuxtono {i},{i % 28 + 1:02}/01/{1950 + i % 60},{'LP'[i % 2]}\n" for i in range(60)
)
PEOPLE = f"nama,tanggal_lahir,jenis_kelamin\n{ROWS}".encode()


def test_a_clerk_sees_two_ways_to_mask_and_takes_the_one_that_loses_fewer(
    visit, hands, api, drafted, title, site
) -> None:
    name, _ = drafted(title, PEOPLE, data_pribadi="dianonimkan")
    page = visit("produsen_dinkes")
    page.goto(f"/satudata/berkas/{name}")
    clerk = hands(page)
    clerk.click(page.get_by_role("link", name="Samarkan data"))
    shown = page.locator(".satudata-previews")
    expect(shown).to_contain_text("ditinggalkan: terlalu sedikit yang serupa")
    expect(shown).to_contain_text("Semua 60 baris tetap ada.")
    expect(shown).to_contain_text("kelompok_umur")
    expect(shown).not_to_contain_text("Qanari")
    site.shoot(page, "samarkan")
    clerk.click(page.get_by_role("link", name="Pakai cara ini"))
    # What is changed in the form is looked at before it is done, and stays as it was chosen.
    page.fill("#road-suppress_below", "2")
    page.get_by_role("button", name="Lihat hasilnya dahulu").click()
    expect(shown).to_contain_text("Dengan pilihan di bawah")
    expect(shown).to_contain_text("Semua 60 baris tetap ada.")
    expect(page.locator("#road-suppress_below")).to_have_value("2")
    clerk.click(page.get_by_role("button", name="Samarkan berkas data"))
    clerk.done()
    expect(page.locator(".satudata-losses").first).to_contain_text("Semua 60 baris tetap ada.")
    assert clerk.count <= 3
    site.shoot(page, "tersamar")
