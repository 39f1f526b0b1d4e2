"""Every answer carries the headers of ``schemas/surface/headers.yaml``: pages, files, errors."""

from __future__ import annotations

import re

import pytest

from ckanext.satudata_pontianak.surface import headers

WANTED = {name for name, _ in headers.of_answer(https=False)}
ADDRESSES = [
    "/",
    "/en/dataset/",
    "/dataset/tidak-ada",
    "/tidak/ada",
    "/user/login",
    "/api/3/action/status_show",
    "/api/3/action/package_show?id=tidak-ada",
    "/feeds/dataset.atom",
    "/catalog.ttl",
    "/satudata/js.js",
    "/base/images/ckan-logo.png",
    "/robots.txt",
]
# A script of the page itself; data that a script reads are none.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=.?application/(?:ld\+)?json)|<[^>]+\s(?:on[a-z]+|hx-on[:a-z-]*)="
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_them(city, app, address):
    answer = app.get(address, expect_errors=True, follow_redirects=False)
    assert set(answer.headers.keys()) >= WANTED
    if "html" in answer.content_type:
        assert INLINE.findall(answer.body) == []


def test_other_methods_and_refused_calls_carry_them_too(city, app):
    for answer in (
        app.post("/api/3/action/package_create", json={}, expect_errors=True),
        app.test_client().open("/dataset/", method="DELETE"),
        app.post("/user/login", data={"login": "x", "password": "y"}, expect_errors=True),
    ):
        assert set(answer.headers.keys()) >= WANTED


def test_an_error_of_the_site_carries_them(city, app, monkeypatch):
    def broken(*_):
        raise RuntimeError("broken for the test")

    monkeypatch.setitem(app.flask_app.view_functions, "user.login", broken)
    monkeypatch.setitem(app.flask_app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = app.get("/user/login", expect_errors=True)
    assert answer.status_code == 500
    assert set(answer.headers.keys()) >= WANTED


def test_a_dataset_and_its_file_carry_them_and_its_view_may_be_framed_here(city, app):
    dataset = city.publish()
    resource = dataset["resources"][0]["id"]
    page = app.get(f"/dataset/{dataset['name']}/resource/{resource}")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert INLINE.findall(page.body) == []
    for kind in ("datatables_view", "text_view"):
        view = city.act(
            "produsen", "resource_view_create", resource_id=resource, view_type=kind, title="Isi"
        )
        shown = app.get(f"/dataset/{dataset['name']}/resource/{resource}/view/{view['id']}")
        assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
        assert INLINE.findall(shown.body) == []
        # A form's token would begin a session for everybody who looks at a table.
        assert "Set-Cookie" not in shown.headers
        assert "csrf_token" not in shown.body
    file = app.get(f"/dataset/{dataset['name']}/resource/{resource}/download")
    assert set(file.headers.keys()) >= WANTED


def test_every_view_that_may_be_framed_is_one_of_the_site(city, app):
    endpoints = {rule.endpoint for rule in app.flask_app.url_map.iter_rules()}
    assert headers.declared().framed.endpoints <= endpoints


def test_pages_with_forms_hold_no_script(city, app):
    dataset = city.dataset()
    name = dataset["name"]
    resource = dataset["resources"][0]["id"]
    token = city.token("produsen")
    for address in (
        "/dataset/new",
        f"/dataset/edit/{name}",
        f"/dataset/{name}/resource/new",
        f"/dataset/{name}/resource/{resource}/edit",
        f"/dataset/{name}/resource/{resource}/new_view?view_type=datatables_view",
        f"/user/{city.users['produsen']['name']}/api-tokens",
    ):
        answer = app.get(address, headers=token)
        assert INLINE.findall(answer.body) == [], address
