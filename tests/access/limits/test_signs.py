"""A NUL, or half of a pair of UTF-16, is refused wherever it comes in: no view meets it."""

from __future__ import annotations

import io
import json

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.surface import cookies

ACTION = "/api/3/action/"
FORM = {"content_type": "application/x-www-form-urlencoded"}
JSON = {"content_type": "application/json"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SHOW = ACTION + "package_show"


def file(name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"a\n1\n"), name


CALLS = [
    ("get", SHOW, {"query_string": "id=a%00"}),
    ("get", SHOW, {"query_string": "a%00=b"}),
    ("post", SHOW, {"query_string": "id=a%00", "json": {"id": "a"}}),
    ("post", SHOW, {"data": '{"id": "a\\u0000"}', **JSON}),
    ("post", SHOW, {"data": '{"id": "a\\ud800b"}', **JSON}),
    ("post", SHOW, {"data": '{"id": "\\udc00\\ud800"}', **JSON}),
    ("post", SHOW, {"data": '{"a\\ud800": 1}', **JSON}),
    ("post", SHOW, {"data": '{"id": [{"a": "\\u0000"}]}', **JSON}),
    ("post", SHOW, {"data": "id=a%00", **FORM}),
    ("post", SHOW, {"data": "a%00=1", **FORM}),
    ("post", SHOW, {"data": '{"id": "a\\ud800"}=', **FORM}),
    ("post", SHOW, {"data": {"id": "a\x00"}}),
    ("post", ACTION + "resource_create", {"data": {"name": "a\x00", "upload": file("a.csv")}}),
]
PAGES = [
    ("get", "/dataset/", {"query_string": "q=%00"}),
    ("get", "/dataset/", {"query_string": "urusan=a%00b"}),
    ("get", "/organization/", {"query_string": "q=a%00"}),
    ("get", "/satudata/keterbukaan/dip", {"query_string": "q=a%00"}),
    ("post", "/user/login", {"data": {"login": "a\x00", "password": "b"}}),
    ("post", "/user/login", {"data": {"login": "a", "password": "b\x00"}}),
]


@pytest.mark.parametrize(("method", "path", "sent"), CALLS)
def test_a_program_is_told_which_field(city, app, method, path, sent) -> None:
    headers = city.token("produsen")
    answer = getattr(app, method)(path, status=None, headers=headers, **sent)
    assert answer.status_code == 422
    body = answer.get_json()
    assert body["success"] is False
    assert "karakter" in body["detail"]
    assert len(body["error"]) == 3  # kind, words and the field


@pytest.mark.parametrize(("method", "path", "sent"), PAGES)
def test_a_person_gets_a_page_that_says_what_to_do(city, app, method, path, sent) -> None:
    page = getattr(app, method)(path, status=None, headers=BROWSER, **sent)
    assert page.status_code == 422
    assert page.mimetype == "text/html"
    assert "karakter" in page.body


@pytest.mark.parametrize(
    "path", ["/dataset/a%00b", "/%00", "/en/dataset/%00", "/organization/a%00", SHOW + "%00"]
)
def test_an_address_with_one_is_refused(city, app, path) -> None:
    for method in ("get", "post"):
        answer = getattr(app, method)(path, status=None, follow_redirects=False)
        assert answer.status_code == 400, method
        assert "NUL" in answer.body


def test_headers_and_cookies_with_one_open_nothing(city, app) -> None:
    for name in ("HTTP_REFERER", "HTTP_ACCEPT_LANGUAGE", "HTTP_AUTHORIZATION", "HTTP_X_ANYTHING"):
        answer = app.get("/about", environ_overrides={name: "a\x00b"}, status=None)
        assert answer.status_code == 400, name
    # A cookie can say one in figures.
    for name in cookies.all_names():
        for value in ('"a\\000b"', '"\\355\\240\\200"'):
            answer = app.get("/dashboard/", headers={"Cookie": f"{name}={value}"}, status=None)
            assert answer.status_code < 500, (name, value)


def test_a_file_with_such_a_name_is_refused(city, app) -> None:
    dataset = city.dataset(file=False)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="package_id"\r\n\r\n%s\r\n'
        b"--x\r\nContent-Disposition: form-data; name=upload; filename*=UTF-8''a%%00.csv\r\n\r\n"
        b"a\n1\r\n--x--\r\n"
    ) % dataset["id"].encode()
    answer = app.post(
        ACTION + "resource_create", data=body, status=None, headers=city.token("produsen"),
        content_type="multipart/form-data; boundary=x",
    )  # fmt: skip
    assert answer.status_code == 422
    assert city.act("produsen", "package_show", id=dataset["id"])["resources"] == []


def test_nothing_is_written_and_whole_pairs_are_kept(city, app) -> None:
    count = sa.select(sa.func.count()).select_from(model.Package)
    before = model.Session.scalar(count)
    new = {"title": "Data 😀", "owner_org": "dinkes", "notes": "a\u2028b\ufeff\u0001"}
    for strange in ("\x00", "\ud83d", "\ude00"):
        for key, value in new.items():
            sent = {**new, key: value + strange}
            answer = app.post(
                ACTION + "package_create", data=json.dumps(sent), status=None,
                headers=city.token("produsen"), **JSON,
            )  # fmt: skip
            assert answer.status_code == 422
            assert key in answer.get_json()["error"]
    model.Session.rollback()
    assert model.Session.scalar(count) == before
    answer = app.post(
        ACTION + "package_create", data=json.dumps(new), headers=city.token("produsen"), **JSON
    )
    assert answer.get_json()["result"]["title"] == "Data 😀"
