"""Nobody else's page makes a browser change something; an API token needs no token of a session."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.surface import methods

from .conftest import FIELD, WORD, Browser

pytestmark = pytest.mark.usefixtures("protected")


@pytest.fixture
def other(person: dict[str, Any]) -> dict[str, Any]:
    return factories.User()


def follows(person: dict[str, Any]) -> int:
    model.Session.rollback()
    query = sa.select(sa.func.count()).where(model.UserFollowingUser.follower_id == person["id"])
    return model.Session.scalar(query) or 0


def api_token(person: dict[str, Any]) -> dict[str, str]:
    made = call_action("api_token_create", {"user": person["name"]}, user=person["name"], name="a")
    return {"Authorization": made["token"]}


def test_a_view_that_was_called_with_an_api_token_still_asks_for_the_sessions(
    app: Any, browser: Browser, person: dict[str, Any], other: dict[str, Any]
) -> None:
    token = api_token(person)
    follow, unfollow = f"/user/follow/{other['name']}", f"/user/unfollow/{other['name']}"
    ways = [
        (follow, {}, unfollow),
        ("/api/action/follow_user", {"id": other["id"]}, "/api/action/unfollow_user"),
        ("/api/3/action/follow_user", {"id": other["id"]}, "/api/3/action/unfollow_user"),
    ]
    stranger = app.test_client(use_cookies=False)
    for address, form, back in ways:
        for one in (address, back):
            assert stranger.post(one, data=form, headers=token).status_code == 200
        # Nobody's call exempts a view in core as well.
        stranger.post(address, data=form)
        answer = browser.post(address, data=form)
        assert answer.status_code in (400, 403), address
        assert follows(person) == 0, address


def test_the_token_of_the_session_lets_forms_and_the_api_through(
    browser: Browser, person: dict[str, Any], other: dict[str, Any]
) -> None:
    token = browser.token("/about")
    assert token
    sent = browser.post(
        "/api/3/action/follow_user", json={"id": other["id"]}, headers={"X-CSRFToken": token}
    )
    assert sent.status_code == 200
    assert follows(person) == 1
    assert browser.post(f"/user/unfollow/{other['id']}", data={FIELD: token}).status_code == 200
    assert follows(person) == 0


@pytest.mark.parametrize(
    "how",
    [
        {"data": json.dumps({"id": "OTHER"}), "content_type": "text/plain"},
        {"data": json.dumps({"id": "OTHER"}), "content_type": "application/json"},
        {"data": json.dumps({"id": "OTHER"}), "content_type": "text/plain; application/json"},
        {"data": {json.dumps({"id": "OTHER"}): "1"}},
        {"data": {"id": "OTHER", FIELD: ""}},
        {"data": {"id": "OTHER", FIELD: "abc"}},
        {"data": {"id": "OTHER"}, "headers": {"X-CSRFToken": "abc"}},
        {"data": {"id": "OTHER"}, "headers": {"Authorization": "not-a-token"}},
        {"data": {"id": "OTHER"}, "headers": {"X-Requested-With": "XMLHttpRequest"}},
        {"data": {"id": "OTHER"}, "headers": {"X-HTTP-Method-Override": "GET"}},
        {"data": {"id": "OTHER", "_method": "GET"}},
        {"data": {"id": "OTHER"}, "content_type": "multipart/form-data"},
    ],
)
def test_whatever_another_site_can_send_changes_nothing(
    browser: Browser, person: dict[str, Any], other: dict[str, Any], how: dict[str, Any]
) -> None:
    how = json.loads(json.dumps(how).replace("OTHER", other["id"]))
    answer = browser.post("/api/3/action/follow_user", **how)
    assert answer.status_code == 403
    assert answer.get_json()["success"] is False
    assert follows(person) == 0


@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "http://evil.ckan.net"},
        {"Origin": "http://ckan.net"},
        {"Origin": "https://test.ckan.net"},
        {"Origin": "http://test.ckan.net:8080"},
        {"Origin": "http://test.ckan.net.evil.example"},
        {"Origin": "null"},
        {"Referer": "http://evil.ckan.net/test.ckan.net"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_neighbour_below_the_same_domain_is_a_stranger(
    browser: Browser, person: dict[str, Any], other: dict[str, Any], said: dict[str, str]
) -> None:
    sent = {FIELD: browser.token("/about"), "id": other["id"]}
    assert browser.post("/api/3/action/follow_user", data=sent, headers=said).status_code == 403
    own = {"Origin": "http://test.ckan.net", "Sec-Fetch-Site": "same-origin"}
    assert follows(person) == 0
    assert browser.post("/api/3/action/follow_user", data=sent, headers=own).status_code == 200


def test_the_token_of_another_session_is_none(
    app: Any, browser: Browser, person: dict[str, Any], other: dict[str, Any]
) -> None:
    theirs = Browser(app).token()
    assert theirs
    sent = {"id": other["id"], FIELD: theirs}
    assert browser.post("/api/3/action/follow_user", data=sent).status_code == 403
    assert follows(person) == 0


def test_nobody_is_logged_in_as_somebody_else_by_a_foreign_page(
    app: Any, person: dict[str, Any]
) -> None:
    stranger = Browser(app)
    stranger.post("/api/3/action/package_search", data={"q": "x"})
    answer = stranger.post("/user/login", data={"login": person["name"], "password": WORD})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers
    assert not stranger.is_in
    assert stranger.log_in(person["name"]).status_code == 302
    assert stranger.is_in


def test_programs_without_a_name_need_no_token_at_the_api(app: Any, clean_db: Any) -> None:
    program = app.test_client(use_cookies=False)
    for address in ("/api/3/action/package_search", "/api/action/organization_list"):
        assert program.post(address, json={}).status_code == 200, address


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_action_with_side_effects_is_never_reached_by_reading(
    app: Any, clean_db: Any, method: str
) -> None:
    boss = factories.Sysadmin(password=WORD)
    browser = Browser(app)
    browser.log_in(boss["name"])
    for action in ("job_clear", "harvest_sources_reindex", "get_site_user", "dataset_purge"):
        answer = browser.client.open(f"/api/3/action/{action}", method=method)
        assert answer.status_code == 405, action
    assert browser.client.open("/api/3/action/status_show", method=method).status_code == 200


def test_every_writing_route_refuses_a_cookie_without_a_token(app: Any, clean_db: Any) -> None:
    boss = factories.Sysadmin(password=WORD)
    browser = Browser(app)
    browser.log_in(boss["name"])
    tried = 0
    for rule in app.flask_app.url_map.iter_rules():
        if methods.kind(rule.endpoint) in (methods.Kind.READS, methods.Kind.BY_LINK):
            continue
        address = re.sub(r"<(int[^>]*)>", "3", rule.rule)
        address = re.sub(r"<[^>]+>", "x", address)
        for method in {"POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set()):
            answer = browser.client.open(address, method=method, follow_redirects=False)
            assert answer.status_code in (400, 403, 405), f"{method} {rule.endpoint} {address}"
            tried += 1
    assert tried > 80
    assert browser.is_in


def test_methods_that_no_route_has_are_refused(browser: Browser) -> None:
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "COPY"):
        for address in ("/dataset/", "/api/3/action/follow_user", "/user/_logout"):
            assert browser.client.open(address, method=method).status_code in (400, 403, 405)


def test_every_route_and_reading_action_is_declared_and_none_that_is_gone(app: Any) -> None:
    from ckan.logic import _actions, get_action

    get_action("package_show")
    routes = {
        rule.endpoint
        for rule in app.flask_app.url_map.iter_rules()
        if (rule.methods or set()) - methods.SAFE
    }
    assert [e for e in sorted(routes) if methods.kind(e) is None] == [], "declare: methods.yaml"
    declared = methods.declared()
    listed = {
        f"{blueprint}.{view}" for blueprint, views in declared.writes.items() for view in views
    }
    endpoints = set(app.flask_app.view_functions)
    listed |= declared.reads | declared.by_link | declared.acts | declared.sessions
    assert sorted(listed - endpoints) == []
    free = {name for name, action in _actions.items() if getattr(action, "side_effect_free", False)}
    refused = {"harvest_source_reindex", "harvest_sources_reindex", "get_site_user"}
    assert sorted(free - declared.actions - refused) == [], "declare: methods.yaml"
    sometimes = {"datastore_search_sql"}
    assert sorted(declared.actions - free - sometimes) == []


def test_only_declared_pages_begin_a_session_for_who_has_no_name(app: Any, clean_db: Any) -> None:
    begun = set()
    for rule in app.flask_app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()):
            continue
        answer = app.test_client().get(rule.rule, follow_redirects=False)
        if "Set-Cookie" in answer.headers:
            begun.add(rule.endpoint)
    assert sorted(begun - methods.declared().sessions) == []
    assert "user.login" in begun


def test_leaving_by_an_address_alone_changes_nothing(browser: Browser) -> None:
    page = browser.client.get("/user/_logout")
    assert page.status_code == 200
    assert 'method="post"' in page.body
    assert browser.is_in
    assert browser.client.head("/user/_logout").status_code == 200
    assert browser.is_in


def test_leaving_ends_the_session_in_redis(app: Any, browser: Browser) -> None:
    old = browser.cookie
    assert browser.post("/user/_logout").status_code == 400
    assert browser.is_in
    token = browser.token("/user/_logout")
    answer = browser.post("/user/_logout", data={FIELD: token})
    assert answer.status_code == 302
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert "Max-Age=0" in cookie
    assert "Secure" in cookie
    assert not browser.is_in
    browser.client.set_cookie("__Host-satudata_sesi", old, domain="test.ckan.net")
    assert not browser.is_in
