"""A person sees where they are signed in, ends it, and closes the door with the old password."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.ledger.service import entry_table

from .conftest import FIELD, WORD, Browser

pytestmark = pytest.mark.usefixtures("protected")

API = "/api/3/action/"
NEW = "kata-sandi-lain-9"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def sent(browser: Browser, action: str, **values: Any) -> Any:
    headers = {"X-CSRFToken": browser.token("/about")}
    return browser.post(API + action, json=values, headers=headers)


def listed(browser: Browser) -> list[dict[str, Any]]:
    return browser.client.get(API + "satudata_session_list").get_json()["result"]


def records(event: str = "account.sessions") -> int:
    """Return how many entries of the ledger tell that sessions, or tokens, were ended."""
    model.Session.rollback()
    ended = entry_table.c.event == event
    return model.Session.scalar(sa.select(sa.func.count()).where(ended)) or 0


@pytest.fixture
def elsewhere(app: Any, browser: Browser, person: dict[str, Any]) -> Browser:
    """Return another browser of the same person."""
    found = Browser(app)
    found.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    found.log_in(person["name"])
    assert found.is_in
    return found


def test_the_page_says_when_in_which_browser_and_from_where(
    browser: Browser, elsewhere: Browser
) -> None:
    page = browser.client.get("/satudata/sesi")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.body.count("data-session=") == 2
    assert page.body.count("(yang ini)") == 1
    assert "Firefox di Linux" in page.body
    assert "127.0.0.1" in page.body
    assert elsewhere.cookie not in page.body
    assert browser.cookie not in page.body


def test_another_session_is_ended_from_the_page(browser: Browser, elsewhere: Browser) -> None:
    other = next(item for item in listed(browser) if not item["current"])
    form = {"id": other["id"], FIELD: browser.token("/satudata/sesi")}
    assert browser.post("/satudata/sesi", data=form).status_code == 302
    assert not elsewhere.is_in
    assert browser.is_in
    again = browser.post("/satudata/sesi", data=form)
    assert again.status_code == 409
    assert 'role="alert"' in again.body


def test_everywhere_ends_all_of_them_this_one_too(browser: Browser, elsewhere: Browser) -> None:
    before = records()
    form = {"all": "ya", FIELD: browser.token("/satudata/sesi")}
    assert browser.post("/satudata/sesi", data=form).status_code == 302
    assert not browser.is_in
    assert not elsewhere.is_in
    assert records() == before + 1


@pytest.mark.parametrize("keep", [False, True])
def test_everywhere_ends_the_tokens_too_unless_the_page_was_told_to_keep_them(
    app: Any, browser: Browser, person: dict[str, Any], keep: bool
) -> None:
    choice = 'name="token" value="tetap"'
    assert choice not in browser.client.get("/satudata/sesi").body
    context = {"user": person["name"], "ignore_auth": True}
    made = call_action("api_token_create", context, user=person["name"], name="panen")["token"]
    page = browser.client.get("/satudata/sesi").body
    assert choice in page
    assert "semua token API Anda" in page
    before = records("account.tokens")
    form = {"all": "ya", FIELD: browser.token("/satudata/sesi")}
    form |= {"token": "tetap"} if keep else {}
    assert browser.post("/satudata/sesi", data=form).status_code == 302
    assert not browser.is_in
    program = app.test_client(use_cookies=False)
    asked = program.get(API + "satudata_session_list", headers={"Authorization": made})
    assert asked.status_code == (200 if keep else 403)
    assert records("account.tokens") == before + (not keep)


def test_one_session_that_ends_leaves_the_tokens(
    browser: Browser, elsewhere: Browser, person: dict[str, Any]
) -> None:
    context = {"user": person["name"], "ignore_auth": True}
    call_action("api_token_create", context, user=person["name"], name="panen")
    other = next(item for item in listed(browser) if not item["current"])
    ended = sent(browser, "satudata_session_end", id=other["id"]).get_json()["result"]
    assert ended == {"ended": 1, "tokens": 0}
    assert len(call_action("api_token_list", context, user_id=person["id"])) == 1


def test_nobody_sees_or_ends_the_sessions_of_somebody_else(
    app: Any, browser: Browser, elsewhere: Browser
) -> None:
    stranger = factories.User(password=WORD)
    theirs = Browser(app)
    theirs.log_in(stranger["name"])
    assert len(listed(theirs)) == 1
    for item in listed(browser):
        assert sent(theirs, "satudata_session_end", id=item["id"]).status_code == 404
    assert browser.is_in
    assert elsewhere.is_in
    nobody = app.test_client(use_cookies=False)
    assert nobody.get(API + "satudata_session_list").status_code == 403
    assert nobody.get("/satudata/sesi", follow_redirects=False).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [{}, {"id": ""}, {"id": ["a"]}, {"id": None}, {"id": 7}, {"id": "a" * 9999}, {"all": False},
     {"all": "ya"}, {"id": "a", "all": True}, {"all": True, "keep_tokens": "ya"},
     {"all": True, "keep_tokens": [1]}],
)  # fmt: skip
def test_what_is_not_said_clearly_ends_nothing(browser: Browser, wrong: dict[str, Any]) -> None:
    assert 400 <= sent(browser, "satudata_session_end", **wrong).status_code < 500
    assert browser.is_in


@pytest.mark.parametrize("change", [{"password": NEW}, {"email": "baru@contoh.example"}])
@pytest.mark.parametrize("old", [None, "", "salah-sekali-1", NEW, ["rahasia-uji-123"]])
def test_a_new_password_or_mailbox_needs_the_old_password(
    person: dict[str, Any], change: dict[str, str], old: Any
) -> None:
    user = model.User.get(person["id"])
    assert user is not None
    before = (user.password, user.email)
    context = {"user": person["name"], "ignore_auth": False}
    given = {"id": person["id"], **change, **({} if old is None else {"old_password": old})}
    with pytest.raises(tk.ValidationError) as refused:
        call_action("user_patch", context, **given)
    assert "old_password" in refused.value.error_dict
    model.Session.rollback()
    user = model.User.get(person["id"])
    assert user is not None
    assert (user.password, user.email) == before


def test_other_fields_need_no_password(person: dict[str, Any]) -> None:
    context = {"user": person["name"], "ignore_auth": False}
    assert call_action("user_patch", context, id=person["id"], fullname="Nama Baru")


@pytest.mark.parametrize("change", [{"password": NEW}, {"email": "baru@contoh.example"}])
def test_a_change_over_the_api_ends_every_session_but_the_one_that_it_came_by(
    browser: Browser, elsewhere: Browser, person: dict[str, Any], change: dict[str, str]
) -> None:
    before = browser.cookie
    answer = sent(browser, "user_patch", id=person["id"], old_password=WORD, **change)
    assert answer.status_code == 200
    assert browser.is_in
    assert browser.cookie != before
    assert not elsewhere.is_in
    assert len(listed(browser)) == 1


def test_a_new_password_from_the_page_ends_the_others(
    browser: Browser, elsewhere: Browser, person: dict[str, Any]
) -> None:
    form = {
        "name": person["name"], "email": person["email"], "fullname": "", "about": "", "save": "",
        "password1": NEW, "password2": NEW, "old_password": "salah", FIELD: browser.token("/about"),
    }  # fmt: skip
    browser.post("/user/edit", data=form)
    assert elsewhere.is_in
    answer = browser.post("/user/edit", data={**form, "old_password": WORD})
    assert answer.status_code == 302
    assert browser.is_in
    assert not elsewhere.is_in
    assert model.User.get(person["id"]).validate_password(NEW)


def test_an_account_that_comes_back_brings_no_session_with_it(
    browser: Browser, person: dict[str, Any]
) -> None:
    call_action("user_delete", id=person["id"])
    call_action("user_patch", id=person["id"], state="active")
    assert not browser.is_in


def test_the_log_in_page_offers_to_remember_nothing(app: Any) -> None:
    assert "remember" not in app.test_client().get("/user/login").body
