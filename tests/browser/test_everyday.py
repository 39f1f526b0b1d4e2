"""The everyday acts of a city that runs, and how many acts of a hand each of them takes."""

from __future__ import annotations

import io
import secrets
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect

BEFORE = b"kecamatan,penduduk\nPontianak Kota,145200\nPontianak Barat,156782\n"
AFTER = b"kecamatan,penduduk\nPontianak Kota,146000\nPontianak Barat,157100\n"
BATCH = 20
ONE_SCREEN = {"width": 1280, "height": 800}


def _public_bytes(page, name: str) -> bytes:
    """Return what anybody gets from the download link of the dataset's page."""
    page.goto(f"/dataset/{name}")
    with page.expect_download() as found:
        page.locator(".satudata-download a").click()
    return found.value.path().read_bytes()


def _on_screen(rows) -> int:
    """Return how many of these stand within the window as it opened, a demo's ribbon apart."""
    ends = rows.evaluate_all("all => all.map(e => e.getBoundingClientRect().bottom)")
    ribbon = rows.page.locator(".sd-demo").bounding_box()["height"]
    return sum(end <= ONE_SCREEN["height"] + ribbon for end in ends)


def _bring(hands, visit, site, name: str) -> int:
    """Bring the month's file as a clerk does; return how many acts it took."""
    page = visit("produsen_dinkes")
    page.goto(f"/dataset/{name}")
    clerk = hands(page)
    clerk.click(page.locator(".satudata-roads a", has_text="Unggah data baru"))
    site.shoot(page, "unggah-data-baru")
    clerk.choose("#road-upload", "oktober.csv", AFTER)
    clerk.click("form[data-satudata-step] button[type=submit]")
    clerk.done()
    expect(page.locator("#case-state")).to_contain_text("Diperiksa Walidata")
    site.shoot(page, "unggah-data-baru-diajukan")
    return clerk.count


def _bring_by_api(api, resource: str) -> None:
    file = io.BytesIO(AFTER)
    file.name = "oktober.csv"
    api("produsen_dinkes", "resource_patch", id=resource, upload=file)


def _batch(api, who: str, names: list[str], step: str) -> None:
    """Take a step in many cases at once."""
    items = [{"id": name} for name in names]
    done = api(who, "satudata_classification_batch", items=items, transition=step)
    assert done["done"] == len(names)


def _approve_by_sample(page, names: list[str]) -> None:
    """Approve many cases as a reviewer does: what was drawn of them is looked into before."""
    page.goto("/satudata/antrean/pilihan?" + "&".join(f"id={name}" for name in names))
    looks = page.locator("section[aria-labelledby=satudata-sample] .sd-look")
    expect(looks.first).to_be_visible()
    for number in range(looks.count()):
        looks.nth(number).locator("summary").click()
        expect(looks.nth(number).locator("table")).to_be_visible()
    page.locator("#step-approve button[type=submit]").click()
    expect(page.locator(".satudata-results .fa-check-circle")).to_have_count(len(names))


def _clear_the_desk(api) -> None:
    """Walidata begins with an empty desk: what others left there goes back to its agency."""
    open_cases = api("walidata", "satudata_classification_list", state="verification", limit=500)
    items = [{"id": case["dataset_id"]} for case in open_cases["results"]]
    if items:
        api(
            "walidata",
            "satudata_classification_batch",
            items=items,
            transition="return",
            catatan="Dikembalikan sebelum hari ini dimulai.",
        )
    assert api("walidata", "satudata_classification_list", state="verification")["count"] == 0


@pytest.mark.alone  # it empties the desk of all
@pytest.mark.last
@pytest.mark.xdist_group("pages")
def test_the_monthly_file_and_its_approval_among_twenty(
    visit, hands, api, drafted, title, site
) -> None:
    _clear_the_desk(api)
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda n: drafted(f"{title} {n}", BEFORE), range(BATCH)))
        names = [name for name, _ in made]
        _batch(api, "produsen_dinkes", names, "submit")
        _approve_by_sample(visit("walidata"), names)

        mine, others = names[0], names[1:]
        assert _bring(hands, visit, site, mine) <= 4

        list(pool.map(lambda item: _bring_by_api(api, item[1]), made[1:]))
        _batch(api, "produsen_dinkes", others, "submit")

    citizen = visit(None)
    assert _public_bytes(citizen, mine) == BEFORE
    page = visit("walidata")
    page.set_viewport_size(ONE_SCREEN)
    page.goto("/satudata/antrean")
    walidata = hands(page)
    site.shoot(page, "antrean-dua-puluh")
    assert _on_screen(page.locator(".sd-queue tbody tr")) == BATCH
    walidata.click(page.get_by_role("button", name=f"Pilih semua {BATCH} proses"))
    expect(page.locator(".satudata-queue > li")).to_have_count(BATCH)
    walidata.click("#step-approve button[type=submit]")
    expect(page.locator(".satudata-results .fa-check-circle")).to_have_count(BATCH)
    assert walidata.count <= 3
    site.shoot(page, "antrean-dua-puluh-diputus")
    assert _public_bytes(citizen, mine) == AFTER


def test_a_file_with_findings_stops_at_the_clerk(visit, hands, published, title, site) -> None:
    name = published(title, BEFORE)
    page = visit("produsen_dinkes")
    page.goto(f"/satudata/berkas/{name}/unggah")
    clerk = hands(page)
    clerk.click("form[data-satudata-step] button[type=submit]")
    expect(page.locator("#satudata-errors")).to_be_focused()
    page.locator("#satudata-errors a").first.click()
    expect(page.locator("#road-upload")).to_be_focused()
    site.shoot(page, "unggah-data-baru-kesalahan")
    found = b"catatan,nik\nContoh Satu,6171014101900001\n%s,6171020202850002\n" % title.encode()
    clerk.choose("#road-upload", "salah.csv", found)
    clerk.click("form[data-satudata-step] button[type=submit]")
    expect(page.locator(".flash-messages .alert")).to_be_visible()
    expect(page.locator(".satudata-findings li").first).to_contain_text("'nik'")
    site.shoot(page, "unggah-data-baru-temuan")
    assert _public_bytes(visit(None), name) == BEFORE


def test_a_typo_in_a_title_is_mended_at_once(visit, hands, api, published, title) -> None:
    name = published(f"Salahh tik {title}", BEFORE)
    page = visit("produsen_dinkes")
    page.goto(f"/dataset/{name}")
    clerk = hands(page)
    clerk.click(f"a[href='/dataset/edit/{name}']")
    clerk.fill("#field-title", title)
    clerk.click("#dataset-edit button[name=save].btn-primary")
    expect(page.locator("h1", has_text=title)).to_be_visible()
    assert clerk.count <= 3
    citizen = visit(None)
    citizen.goto(f"/dataset/{name}")
    expect(citizen.locator("h1", has_text=title)).to_be_visible()
    expect(citizen.get_by_text("Salahh")).to_have_count(0)
    citizen.goto(f"/dataset/?q={title.split()[-1]}")
    expect(citizen.locator(".dataset-item")).to_have_count(1)
    assert api("walidata", "satudata_classification_show", id=name)["case"] is None
    assert _public_bytes(citizen, name) == BEFORE


def test_walidata_on_leave_is_stood_in_for(visit, hands, api, proposed, title, site) -> None:
    plh = _colleague(api, site)
    first, second = proposed(title, BEFORE), proposed(f"{title} dua", BEFORE)
    staff = visit(plh)
    assert staff.goto(f"/satudata/berkas/{first}").status == 404

    page = visit("walidata")
    page.goto("/organization/dinas-komunikasi-dan-informatika")
    walidata = hands(page)
    walidata.click("a[href$='/pelimpahan']")
    expect(page.locator(f"#road-user-list option[value='{plh}']")).to_have_count(1)
    site.shoot(page, "delegasi-kosong")
    walidata.fill("#road-user", plh)
    until = page.locator("#road-from").input_value()
    walidata.fill("#road-until", until)
    walidata.fill("#road-nomor_sk", "CONTOH/SK-PLH/1/2026")
    walidata.click("form[data-satudata-step] button.btn-primary")
    walidata.done()
    assert walidata.count <= 5
    site.shoot(page, "delegasi-berjalan")

    staff.goto(f"/satudata/antrean?q={title}")
    expect(staff.get_by_role("link", name=title, exact=True)).to_be_visible()
    staff.goto(f"/satudata/berkas/{first}")
    delegate = hands(staff)
    delegate.click("#step-approve button[type=submit]")
    delegate.done()
    assert _public_bytes(visit(None), first) == BEFORE

    # Back from leave: the delegation ends at once, and the duty with it.
    entry = page.locator(".satudata-delegations > li", has_text=plh)
    entry.locator("summary", has_text="Akhiri").click()
    entry.locator("form button").click()
    expect(entry.get_by_text("Diakhiri lebih awal")).to_be_visible()
    walidata.done()
    site.shoot(page, "delegasi-berakhir")
    assert staff.goto(f"/satudata/berkas/{second}").status == 404


def _colleague(api, site) -> str:
    """Make a member of Walidata's office who may log in; return their name.

    The account is made on the server: whoever makes one on the portal does not bring it in.
    """
    name = f"staf-{uuid.uuid4().hex[:10]}"
    site.passwords[name] = secrets.token_urlsafe(18)
    values = [f"email={name}@contoh.example", f"password={site.passwords[name]}"]
    ckan = Path(sys.executable).parent / "ckan"
    subprocess.run([ckan, "user", "add", name, *values], check=True, capture_output=True)
    api(
        "admin",
        "organization_member_create",
        id="dinas-komunikasi-dan-informatika",
        username=name,
        role="member",
        nomor_sk="CONTOH/SK/1/2024",
    )
    return name
