"""Sessions stand in Redis, have a new id at the log-in, and end when they should."""

from __future__ import annotations

from typing import Any

import pytest
from flask_login import encode_cookie
from freezegun import freeze_time

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.accounts import sessions

from .conftest import NAME, Browser


def with_id(app: Any, sid: str, address: str = "/dashboard/") -> Any:
    client = app.test_client(use_cookies=False)
    return client.get(address, headers={"Cookie": f"{NAME}={sid}"}, follow_redirects=False)


def test_a_log_in_has_a_new_id_and_the_old_one_is_dead(app: Any, person: dict[str, Any]) -> None:
    victim = Browser(app)
    victim.client.get("/user/login")
    planted = victim.cookie
    victim.log_in(person["name"])
    assert victim.is_in
    assert victim.cookie != planted
    assert with_id(app, planted).status_code != 200


def test_an_id_that_somebody_chose_is_never_taken(app: Any, person: dict[str, Any]) -> None:
    answer = with_id(app, "dipilih-orang-lain", "/user/login")
    given = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    assert given
    assert given != "dipilih-orang-lain"


def test_redis_holds_no_id_that_opens_a_session(browser: Browser) -> None:
    redis: Any = connect_to_redis()
    for key in redis.scan_iter("*session*"):
        assert browser.cookie.encode() not in key
        stored = redis.hgetall(key) if redis.type(key) == b"hash" else {}
        assert browser.cookie.encode() not in b"".join(stored.values())


def test_the_cookie_says_nothing_and_is_kept_from_scripts_and_strangers(
    app: Any, person: dict[str, Any]
) -> None:
    answer = Browser(app).log_in(person["name"])
    cookies = answer.headers.getlist("Set-Cookie")
    [cookie] = [c for c in cookies if c.startswith(NAME)]
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert cookie.startswith(f"{NAME}=")
    assert parts == {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}


def test_a_session_ends_when_nobody_uses_it(browser: Browser) -> None:
    with freeze_time(tz_offset=0) as clock:
        clock.tick(119 * 60)
        assert browser.is_in
        clock.tick(119 * 60)
        assert browser.is_in
        clock.tick(121 * 60)
        assert not browser.is_in


def test_a_session_ends_after_its_longest_time_however_it_is_used(browser: Browser) -> None:
    with freeze_time(tz_offset=0) as clock:
        for _ in range(7):
            clock.tick(100 * 60)
            assert browser.is_in
        clock.tick(21 * 60)
        assert not browser.is_in


def test_one_session_is_ended_and_the_others_stay(
    app: Any, browser: Browser, person: dict[str, Any]
) -> None:
    other = Browser(app)
    other.log_in(person["name"])
    listed = sessions.list_of(person["id"])
    assert len(listed) == 2
    mine = next(s for s in listed if s.handle == sessions._handle(browser.cookie))
    assert sessions.end(person["id"], mine.handle)
    assert not sessions.end(person["id"], mine.handle)
    assert not browser.is_in
    assert other.is_in


def test_nobody_ends_a_session_of_somebody_else(browser: Browser) -> None:
    stranger = factories.User()
    assert not sessions.end(stranger["id"], sessions._handle(browser.cookie))
    assert browser.is_in


def test_all_sessions_end_but_the_one_that_is_named(
    app: Any, browser: Browser, person: dict[str, Any]
) -> None:
    others = [Browser(app) for _ in range(2)]
    for other in others:
        other.log_in(person["name"])
    handle = sessions._handle(browser.cookie)
    assert sessions.end_all(person["id"], except_=handle) == 2
    assert browser.is_in
    assert not any(other.is_in for other in others)
    assert sessions.end_all(person["id"]) == 1
    assert not browser.is_in


@pytest.mark.parametrize("values", [{"password": "kata-sandi-baru-1"}, {"email": "baru@x.example"}])
def test_a_new_password_or_mailbox_ends_them_by_whichever_road(
    browser: Browser, person: dict[str, Any], values: dict[str, str]
) -> None:
    user = model.User.get(person["id"])
    assert user is not None
    for name, value in values.items():
        setattr(user, name, value)
    model.Session.commit()
    assert not browser.is_in


def test_the_sessions_of_a_deleted_account_are_dead_even_when_it_comes_back(
    browser: Browser, person: dict[str, Any]
) -> None:
    for state, inside in (("deleted", False), ("active", False)):
        user = model.User.get(person["id"])
        assert user is not None
        user.state = state
        model.Session.commit()
        assert browser.is_in is inside


def test_a_cookie_that_remembers_admits_nobody(app: Any, person: dict[str, Any]) -> None:
    browser = Browser(app)
    answer = browser.log_in(person["name"], remember="63072000")
    assert "remember" not in str(answer.headers)
    with app.flask_app.test_request_context():
        old = encode_cookie(person["id"])
    stranger = app.test_client(use_cookies=False)
    for name in ("remember_token", f"{NAME}", ""):
        answer = stranger.get(
            "/dashboard/", headers={"Cookie": f"{name}={old}"}, follow_redirects=False
        )
        assert answer.status_code != 200
        assert "_user_id" not in str(answer.headers)


def test_a_late_answer_does_not_bring_an_ended_session_back(
    app: Any, browser: Browser, person: dict[str, Any]
) -> None:
    name = tk.config["WTF_CSRF_FIELD_NAME"]
    interface = app.flask_app.session_interface
    with app.flask_app.test_request_context(headers={"Cookie": f"{NAME}={browser.cookie}"}) as ctx:
        assert ctx.session["_user_id"] == person["id"]
        sessions.end_all(person["id"])
        ctx.session[name] = "lain"
        answer = app.flask_app.response_class()
        interface.save_session(app.flask_app, ctx.session, answer)
        assert "Set-Cookie" not in answer.headers
    assert not browser.is_in


def test_two_answers_at_once_keep_what_each_wrote(app: Any, browser: Browser) -> None:
    interface, header = app.flask_app.session_interface, {"Cookie": f"{NAME}={browser.cookie}"}
    answer = app.flask_app.response_class()
    with app.flask_app.test_request_context(headers=header) as one:
        with app.flask_app.test_request_context(headers=header) as two:
            two.session["kedua"] = 2
            interface.save_session(app.flask_app, two.session, answer)
        one.session["pertama"] = 1
        interface.save_session(app.flask_app, one.session, answer)
    with app.flask_app.test_request_context(headers=header) as later:
        assert (later.session["pertama"], later.session["kedua"]) == (1, 2)


def test_reading_pages_needs_no_session(app: Any, person: dict[str, Any]) -> None:
    reader = app.test_client()
    call_action("organization_list")
    for address in ("/", "/dataset/", "/organization/", "/about"):
        assert "Set-Cookie" not in reader.get(address).headers, address
