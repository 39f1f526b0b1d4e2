"""What the public does, act by act: find, take along, follow, ask, report. Each mail is read where
the demo shows them."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckanapi import RemoteCKAN
from playwright.sync_api import Page, expect

TRIES = 300
OF_THE_DEMO = "jumlah-penduduk-menurut-kecamatan"
CONTENT = (
    b"kelurahan,tahun,jumlah\nSaigon,2024,41200\nSaigon,2025,41700\nBanjar Serasan,2025,9800\n"
)
NEWER = CONTENT + b"Saigon,2026,42100\n"


@pytest.fixture
def mail(visit) -> Any:
    """Return how somebody opens their newest mail of a subject: on the page of the demo's mails."""

    def opened(address: str, subject: str) -> Page:
        page = visit(None)
        page.goto("/")
        box = page.locator(".sd-demo a").first.get_attribute("href")
        for _ in range(TRIES):  # a worker sends it
            page.goto(f"{box}?untuk={address}")
            found = page.locator("a[href^='/surat/']", has_text=re.compile(subject, re.I))
            if found.count():
                found.first.click()
                return page
        raise AssertionError(f"no mail came: {page.locator('main').inner_text()}")

    return opened


@pytest.fixture
def mailbox() -> str:
    return f"warga-{uuid.uuid4().hex[:10]}@contoh.example"


def a_day_later(mailbox: str) -> None:
    """Set back when a mailbox was told of news last: a digest comes once a day."""
    engine = sa.create_engine(os.environ["SATUDATA_ADMIN_URL"])
    earlier = sa.text(
        "UPDATE satudata_follower SET told_until = told_until - interval '25 hours', "
        "told_from = told_from - interval '25 hours' WHERE email = :mailbox"
    )
    with engine.begin() as connection:
        assert connection.execute(earlier, {"mailbox": mailbox}).rowcount == 1
    engine.dispose()


def link(page: Page, part: str) -> Any:
    return page.locator(f"pre a[href*='{part}']").first


def taken(page: Page, hands: Any, what: str | Any) -> str:
    """Press what downloads a table; return it."""
    with page.expect_download() as found:
        hands.click(what)
    return found.value.path().read_text("utf-8-sig")


def test_figures_of_a_kelurahan_are_a_csv_in_four_acts(visit, hands, published, title) -> None:
    published(f"{title} Saigon", CONTENT)
    page = visit(None)
    page.goto("/")
    citizen = hands(page)
    citizen.fill("#sd-search", f"kelurahan saigon {title.split()[-1]}")
    page.keyboard.press("Enter")
    citizen.count += 1
    citizen.click(page.locator(".sd-hit-title a").first)
    assert "Saigon,2025,41700" in taken(page, citizen, ".satudata-download a.btn-primary")
    assert citizen.count <= 4


def test_a_filtered_table_is_downloaded_as_it_is_shown(visit, hands) -> None:
    page = visit(None)
    page.goto(f"/dataset/{OF_THE_DEMO}")
    citizen = hands(page)
    citizen.click(page.locator("a.btn[href$='/tabel']").first)
    citizen.click(".sd-column-filters > summary")
    citizen.fill("[name='berisi.kecamatan']", "Timur")
    citizen.click(page.get_by_role("button", name="Saring"))
    expect(page).to_have_url(re.compile("berisi.kecamatan=Timur"))
    rows = taken(page, citizen, page.locator("a[href*='tabel.csv']").first)
    assert "Pontianak Timur" in rows
    assert "Pontianak Kota" not in rows
    assert citizen.count <= 5


@pytest.mark.alone  # the clock runs for everybody
def test_a_dataset_is_followed_by_mailbox_to_the_digest_and_out(
    visit, hands, site, published, title, mail, mailbox, api
) -> None:
    name = published(title, CONTENT)
    page = visit(None)
    page.goto(f"/dataset/{name}")
    citizen = hands(page)
    citizen.click(page.locator("a[href*='/ikuti/dataset/']").first)
    citizen.fill("[name=email]", mailbox)
    citizen.click(page.locator("form[data-satudata-step] button[type=submit]"))
    letter = mail(mailbox, "konfirmasi")
    reader = hands(letter)
    reader.click(link(letter, "/ikuti/konfirmasi/"))
    reader.click(letter.get_by_role("button", name="Konfirmasi"))
    expect(letter.locator("h1")).to_contain_text("Anda mengikuti:")

    file: Any = io.BytesIO(NEWER)
    file.name = "data.csv"
    with RemoteCKAN(site.url, apikey=site.tokens["produsen_dinkes"]) as portal:
        resource = portal.action.package_show(id=name)["resources"][0]["id"]
        portal.action.resource_patch(id=resource, upload=file)
    for who, step in (("produsen_dinkes", "submit"), ("walidata", "approve")):
        api(who, "satudata_classification_transition", id=name, transition=step)
    a_day_later(mailbox)
    clock = [Path(sys.executable).parent / "ckan", "satudata", "clock"]
    subprocess.run(clock, check=True, capture_output=True)

    digest = mail(mailbox, "hal baru dari yang")
    expect(digest.locator("pre")).to_contain_text(title)
    leaver = hands(digest)
    leaver.click(link(digest, "/ikuti/berhenti/"))
    leaver.click(digest.get_by_role("button", name="Akhiri semua surel"))
    expect(digest.locator("h1")).to_have_text("Anda tidak lagi mengikuti apa pun")
    assert (citizen.count, reader.count, leaver.count) == (3, 2, 2)


def test_data_that_do_not_exist_are_asked_for_and_answered(
    visit, hands, api, published, title, mail, mailbox
) -> None:
    page = visit(None)
    page.goto("/minta-data")
    citizen = hands(page)
    citizen.click(page.locator("a[href$='/minta-data/baru']").first)
    citizen.fill("[name=title]", title)
    citizen.fill("[name=text]", "Untuk penelitian tentang kelurahan, tahun 2020 sampai 2025.")
    citizen.fill("[name=email]", mailbox)
    citizen.click(page.locator("form[data-satudata-step] button[type=submit]"))
    letter = mail(mailbox, "konfirmasi")
    link(letter, "/minta-data/konfirmasi/").click()
    letter.get_by_role("button", name="Konfirmasi", exact=True).click()

    listed = api("walidata", "satudata_wish_list", list="waiting", limit=100)["results"]
    number = next(each["number"] for each in listed if each["title"] == title)
    walidata = visit("walidata")
    walidata.goto(f"/satudata/minta-data/{number}")
    office = hands(walidata)
    office.click("#act-accept > summary")
    office.click("#act-accept button[type=submit]")
    office.done()
    name = published(title, CONTENT)
    office.click("#act-answer > summary")
    office.fill("#act-answer [name=outcome]", "here")
    office.fill("#act-answer [name=answer]", "Datanya sudah ada, silakan diunduh.")
    office.fill("#act-answer [name=dataset]", name)
    office.click("#act-answer button[type=submit]")
    office.done()

    answer = mail(mailbox, "dijawab")
    link(answer, "/minta-data/").click()
    expect(answer.locator(f"#content a[href$='/dataset/{name}']").first).to_be_visible()
    assert (citizen.count, office.count) == (5, 7)


def test_an_error_is_reported_and_mended(visit, hands, published, title) -> None:
    name = published(title, CONTENT)
    page = visit(None)
    page.goto(f"/dataset/{name}")
    citizen = hands(page)
    citizen.click(page.locator("a[href*='/jepin/lapor/']").first)
    citizen.fill("#road-text", "Jumlah tahun 2024 tertukar dengan tahun 2025.")
    citizen.click("button:has-text('Kirim laporan')")
    expect(page.locator("dl")).to_contain_text("Menunggu jawaban")
    mine = page.url

    owner = visit("produsen_dinkes")
    owner.goto("/satudata/jepin/laporan")
    clerk = hands(owner)
    clerk.click(owner.locator("[data-report]", has_text=title).locator("a").first)
    clerk.fill("#road-outcome", "repaired")
    clerk.fill("#road-answer", "Dua angka itu sudah ditukar kembali.")
    clerk.click("button:has-text('Kirim jawaban')")
    clerk.done()
    page.goto(mine)
    expect(page.locator("dl")).to_contain_text("Sudah diperbaiki")
    assert (citizen.count, clerk.count) == (3, 4)
