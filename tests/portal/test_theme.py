"""Light and dark without a script, and a way back that never leads out of the site."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("clean_db")


def cookie(answer: Any) -> str:
    """Return what the answer sets for the theme."""
    return next((c for c in answer.headers.getlist("Set-Cookie") if "satudata_tema" in c), "")


@pytest.mark.parametrize(("name", "attribute"), [("terang", "light"), ("gelap", "dark")])
def test_a_theme_is_kept_and_stands_in_the_page(app: Any, name: str, attribute: str) -> None:
    answer = app.get(f"/tema/{name}?kembali=/tentang-portal", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tentang-portal")
    assert f"satudata_tema={name};" in cookie(answer)
    assert "SameSite=Lax" in cookie(answer)
    page = app.get("/tentang-portal", headers={"Cookie": f"__Host-satudata_tema={name}"})
    assert f'data-bs-theme="{attribute}"' in page.body.partition("<head")[0]


def test_without_a_choice_the_device_decides(app: Any) -> None:
    head = app.get("/tentang-portal").body.partition("<head")[0]
    assert "data-bs-theme" not in head
    assert 'lang="id"' in head
    assert 'lang="en"' in app.get("/en/tentang-portal").body.partition("<head")[0]
    forgotten = app.get("/tema/otomatis", follow_redirects=False)
    assert "satudata_tema=;" in cookie(forgotten)


def test_what_a_cookie_holds_is_not_believed(app: Any) -> None:
    page = app.get("/tentang-portal", headers={"Cookie": '__Host-satudata_tema="><script>'})
    assert "data-bs-theme" not in page.body.partition("<head")[0]
    assert app.get("/tema/ungu").status_code == 404


@pytest.mark.parametrize(
    "away", ["https://jahat.example/", "//jahat.example", "/%5Cjahat.example", "/%09/jahat.example"]
)
def test_nobody_is_led_out_of_the_site(app: Any, away: str) -> None:
    answer = app.get(f"/tema/gelap?kembali={away}", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_an_unknown_address_leads_on(app: Any) -> None:
    page = app.get("/en/tidak/ada", status=404)
    assert "We do not find this" in page.body
    assert 'id="sd-error-search"' in page.body
    told = app.get("/api/3/action/package_show?id=tidak-ada", status=404)
    assert told.headers["Content-Type"].startswith("application/")


def test_the_menu_names_what_exists_and_nothing_else(app: Any) -> None:
    page = app.get("/en/tentang-portal")
    menu = page.body.partition("sd-menu-panel")[2].partition("</nav>")[0]
    for path in ("/en/dataset/", "/en/organization/", "/en/satudata/keterbukaan"):
        assert f'href="{path}"' in menu
    assert 'href="/en/satudata/transparansi"' in menu, "the page, not its file"
    assert 'href="/tentang-portal"' in menu
    assert 'href="None"' not in page.body
    ids = re.findall(r'\bid="([^"]+)"', page.body)
    assert len(ids) == len(set(ids))


def test_language_and_theme_come_back_to_this_page(app: Any) -> None:
    page = app.get("/en/satudata/sop/a%20b%25?q=a+b&r=%C3%A9", status=404)
    assert 'href="/satudata/sop/a%20b%25?q=a+b&amp;r=%C3%A9"' in page.body
    back = re.search(r'href="(/en/tema/gelap\?[^"]+)"', page.body)
    assert back
    answer = app.get(back.group(1).replace("&amp;", "&"), follow_redirects=False)
    assert answer.headers["Location"] == "/en/satudata/sop/a%20b%25?q=a+b&r=%C3%A9"
