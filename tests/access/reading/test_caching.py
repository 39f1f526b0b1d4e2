"""What is kept for people without a name shows every change to the very next request."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.access.page_cache import caching

pytestmark = pytest.mark.own_app
API = "/api/3/action"
WATCHED = frozenset(
    """
    package resource group member user tag package_tag system_info resource_view
    satudata_break_glass satudata_case satudata_decision satudata_delegation satudata_grant
    satudata_hold satudata_pointer satudata_resolution satudata_scan satudata_version
    """.split()
)


@pytest.fixture
def made(monkeypatch):
    """Return the addresses of the pages that were made, and not given from what is kept."""
    paths: list[str] = []
    real = caching._mark

    def mark(response):
        if caching._ASKED in caching.flask.request.environ:
            paths.append(caching.flask.request.full_path)
        return real(response)

    monkeypatch.setattr(caching, "_mark", mark)
    return paths


def text(app, address, **more):
    """Ask as somebody who comes for the first time."""
    answer = app.test_client(use_cookies=False).get(address, **more)
    return answer.body if answer.status_code == 200 else str(answer.status_code)


def places(dataset):
    """Return addresses that show the dataset to everybody."""
    name = dataset["name"]
    return [
        "/dataset/",
        f"/dataset/{name}",
        f"/en/dataset/{name}",
        "/organization/dinkes",
        f"{API}/package_show?id={name}",
        f"{API}/package_search?rows=100",
        f"{API}/package_list",
    ]


def remember(app, dataset):
    return {address: text(app, address) for address in places(dataset)}


def change_the_row(dataset, title):
    """Change it past CKAN, as a shell does."""
    with model.meta.engine.begin() as connection:
        query = sa.text("UPDATE package SET title = :title WHERE id = :id")
        connection.execute(query, {"title": title, "id": dataset["id"]})


def test_every_change_is_felt_by_the_next_request(city, made, app) -> None:
    dataset = city.publish(title="Kenari")
    first = remember(app, dataset)
    assert all(dataset["name"] in body for body in first.values())
    number = len(made)
    assert number == len(first)
    assert remember(app, dataset) == first
    assert len(made) == number, "the second reader gets what was kept"

    city.act("produsen", "package_patch", id=dataset["id"], title="Merpati")
    for address, body in remember(app, dataset).items():
        assert "Kenari" not in body, address
        assert "Merpati" in body or "package_list" in address, address

    city.act(
        "walidata",
        "satudata_hold_create",
        id=dataset["id"],
        scope="all",
        reason="Sedang diperiksa ulang",
    )
    for address, body in remember(app, dataset).items():
        assert "Merpati" not in body, address
        assert dataset["name"] not in body, address

    held = city.act("walidata", "satudata_classification_show", id=dataset["id"])["holds"]
    city.act(
        "ppid",
        "satudata_hold_release",
        id=dataset["id"],
        hold=held[0]["id"],
        reason="Sudah diperiksa",
    )
    assert all(dataset["name"] in body for body in remember(app, dataset).values())

    change_the_row(dataset, "Gelatik")
    number = len(made)
    remember(app, dataset)
    assert len(made) == number + len(first), "a change past CKAN is felt as well"

    text(app, "/organization/")
    call_action(
        "organization_create", {"user": city.admin["name"], "ignore_auth": False},
        name="dinas-baru", title="Dinas Baru", sdi_role=["produsen_data"], nomor_sk="SK/2/2026",
    )  # fmt: skip
    assert "Dinas Baru" in text(app, "/organization/")


def test_what_others_watch_a_site_by_is_kept_and_follows_its_settings(city, made, app) -> None:
    address = f"{API}/status_show"
    first = text(app, address)
    number = len(made)
    assert text(app, address) == first
    assert len(made) == number
    admin = {"user": city.admin["name"], "ignore_auth": False}
    title = tk.config["ckan.site_title"]
    try:
        call_action("config_option_update", admin, **{"ckan.site_title": "Kenari"})
        assert "Kenari" in text(app, address)
    finally:
        call_action("config_option_update", admin, **{"ckan.site_title": title})
    assert "Kenari" not in text(app, address)


def test_a_page_belongs_to_the_generation_before_it_was_made(city, monkeypatch, made, app) -> None:
    dataset = city.publish(title="Kenari")
    address = f"/dataset/{dataset['name']}"
    real = caching.flask.Flask.full_dispatch_request

    def late_change(self):
        answer = real(self)
        change_the_row(dataset, "Gelatik")  # the page is made, and is not kept yet
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(caching.flask.Flask, "full_dispatch_request", late_change)
        text(app, address)
    number = len(made)
    text(app, address)
    assert len(made) == number + 1


def test_the_generation_changes_with_a_commit_and_once(city) -> None:
    dataset = city.publish()
    before = caching.generation()
    assert before is not None
    change = sa.text("UPDATE package SET title = :t WHERE id = :id")
    model.Session.execute(change, {"id": dataset["id"], "t": "x"})
    model.Session.flush()
    assert caching.generation() == before
    model.Session.rollback()
    assert caching.generation() == before
    with model.meta.engine.begin() as connection:
        for title in ("a", "b", "c"):
            connection.execute(change, {"t": title, "id": dataset["id"]})
        assert caching.generation() == before
    after = caching.generation()
    assert after not in (None, before)
    connect_to_redis().delete(caching._index_key())
    assert caching.generation() not in (None, before, after)


def test_every_table_that_a_page_may_show_is_watched(city, app) -> None:
    query = sa.text(
        "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgname IN ('satudata_changed', 'satudata_truncated') AND t.tgenabled = 'O'"
        " GROUP BY c.relname HAVING count(*) = 2"
    )
    assert set(model.Session.scalars(query)) >= WATCHED


def test_without_a_generation_nothing_is_kept(city, made, app) -> None:
    dataset = city.publish()
    address = f"/dataset/{dataset['name']}"
    text(app, address)
    model.Session.execute(sa.text("DELETE FROM satudata_generation"))
    model.Session.commit()
    try:
        for _ in range(2):
            number = len(made)
            text(app, address)
            assert len(made) == number + 1
    finally:
        model.Session.execute(sa.text("INSERT INTO satudata_generation VALUES (gen_random_uuid())"))
        model.Session.commit()


def test_whoever_is_signed_in_gets_a_page_of_their_own(city, made, app) -> None:
    dataset = city.publish()
    address = f"/dataset/{dataset['name']}"
    body, number = text(app, address), len(made)
    scripts = re.findall(r'<script src="([^"]+)"', body)
    assert [s for s in scripts if s.endswith("_public.js")]
    assert not [s for s in scripts if re.search(r"_(main|ckan|vendor|jquery|htmx)\.js", s)]

    packed = {**city.token("walidata"), "Accept-Encoding": "gzip"}
    own = app.test_client(use_cookies=False).get(address, headers=packed)
    assert own.body != body
    assert "_vendor.js" in own.body, "forms need core's scripts"
    assert "Content-Encoding" not in own.headers, "it holds a token of the session"
    assert "ETag" not in own.headers
    assert text(app, address) == body
    assert len(made) == number

    text(app, address, environ_overrides={"HTTP_COOKIE": "__Host-satudata_tema=gelap"})
    assert len(made) == number + 1, "another theme is another page"


def test_a_kept_page_has_no_session_and_no_secret(city, made, app) -> None:
    dataset = city.publish(title="Kenari")
    address = f"/dataset/{dataset['name']}"
    client = app.test_client(use_cookies=False)
    for page in ("/", "/dataset/", address, "/organization/dinkes"):
        for _ in range(2):
            answer = client.get(page)
            assert "Set-Cookie" not in answer.headers, page
            assert "csrf" not in answer.body.lower(), page
            assert answer.headers["Cache-Control"] == "no-cache"
            assert "Cookie" in answer.headers["Vary"]
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(answer.data)

    tag = packed.headers["ETag"]
    known = {"If-None-Match": tag, "Accept-Encoding": "gzip"}
    assert client.get(address, headers=known).status_code == 304
    city.act("produsen", "package_patch", id=dataset["id"], title="Merpati")
    assert client.get(address, headers=known).status_code == 200

    number = len(made)
    for _ in range(2):
        assert "ETag" not in client.get("/user/login").headers
    assert len(made) == number + 2, "a page with a form is made for each"
