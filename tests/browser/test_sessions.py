"""Somebody sees where they are signed in, ends a session elsewhere, and logs out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

OPEN = "jumlah-penduduk-menurut-kecamatan"
WHO = "plh_walidata"
LOGIN = re.compile("/user/login")


def _log_in(visit):
    """Log in anew, in a browser of its own."""
    visit.sessions.pop(WHO, None)
    page = visit(WHO, new=True)
    visit.sessions.pop(WHO)
    return page


@pytest.mark.xdist_group(WHO)  # no other test's sessions are ended
def test_a_session_is_ended_from_elsewhere_and_by_logging_out(visit, site) -> None:
    elsewhere, page = _log_in(visit), _log_in(visit)

    page.click("summary:has-text('Akun')")
    page.click("a:has-text('Sesi saya')")
    others = page.locator("li[data-session]:not(:has-text('(yang ini)'))")
    expect(page.locator("li[data-session]:has-text('(yang ini)')")).to_have_count(1)
    site.shoot(page, "sesi")
    for left in reversed(range(others.count())):
        others.first.locator("button").click()
        expect(others).to_have_count(left)
    expect(page.locator(".flash-messages .alert-success")).to_be_visible()
    elsewhere.goto("/satudata/sesi")
    expect(elsewhere).to_have_url(LOGIN)

    before = page.context.storage_state()
    page.click("summary:has-text('Akun')")
    page.click("button:has-text('Keluar')")
    expect(page.locator(".sd-head-login")).to_be_visible()
    site.shoot(page, "keluar")
    thief = visit(None)
    thief.context.add_cookies(before["cookies"])
    thief.goto("/satudata/sesi")
    expect(thief).to_have_url(LOGIN)


def test_whoever_reads_a_table_begins_no_session(visit, api) -> None:
    file = api("warga", "package_show", id=OPEN)["resources"][0]["id"]
    views = api("warga", "resource_view_list", id=file)
    table = next(view["id"] for view in views if view["view_type"] == "datatables_view")
    page = visit(None)
    page.goto(f"/dataset/{OPEN}/resource/{file}/view/{table}", wait_until="networkidle")
    expect(page.locator("#dtprv tbody tr")).to_have_count(6)
    page.fill("input[type=search]", "Barat")
    page.press("input[type=search]", "Enter")
    expect(page.locator("#dtprv tbody tr")).to_have_count(1)
    assert page.context.cookies() == []
