"""What is too long is refused before any work, by a problem document or a page that says how."""

from __future__ import annotations

import io
import json

import pytest

from ckan import logic

from ckanext.satudata_pontianak.portal.web import error_words

pytestmark = pytest.mark.usefixtures("clean_db")

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ACTION = "/api/3/action/"


def post(app, path, **sent):
    return app.post(path, status=None, follow_redirects=False, **sent)


def test_an_id_of_forty_thousand_letters_is_refused_by_name(app) -> None:
    said = post(app, ACTION + "resource_show", json={"id": "x" * 40_000})
    assert said.status_code == 422
    assert said.mimetype == "application/problem+json"
    body = said.get_json()
    assert body["success"] is False
    assert body["error"]["__type"] == "Validation Error"
    assert "“id” terlalu panjang" in body["detail"]
    assert "100" in body["error"]["id"][0]
    english = post(app, "/en" + ACTION + "resource_show", json={"id": "x" * 40_000})
    assert "is too long" in english.get_json()["detail"]


def test_every_action_refuses_texts_lists_numbers_and_depth_without_bound(app) -> None:
    logic.get_action("package_show")  # fills the list of all
    deep: object = 1
    for _ in range(40):
        deep = {"a": deep}
    large = {
        422: [
            json.dumps({"id": "x" * 250_000}),
            json.dumps({"unheard_of": "x" * 250_000}),
            json.dumps({"ids": ["x"] * 2001}),
            json.dumps({"x": deep}),
            json.dumps({"limit": 10**40}),
            '{"limit": NaN}',
            '{"a":' * 30_000,
            json.dumps({"id": "a\x00b"}),
            json.dumps({"x": [{"y": "\ud800"}]}),
            json.dumps({"a\udfff": 1}),
        ],
        413: [json.dumps({"ids": ["x"] * 100_000}), json.dumps({"x": "y" * 400_000})],
    }
    sent = [(status, body) for status, bodies in large.items() for body in bodies]
    names = sorted(logic._actions)
    assert len(names) > 200
    tried = [("package_show", *one) for one in sent]
    tried += [(name, *sent[n % len(sent)]) for n, name in enumerate(names)]
    for name, status, body in tried:
        said = post(app, ACTION + name, data=body, content_type="application/json")
        assert said.status_code == status, (name, body[:40])
        assert said.mimetype == "application/problem+json"


def test_json_sent_as_a_form_is_bounded_as_well(app) -> None:
    # What curl -d sends.
    form = "application/x-www-form-urlencoded"
    said = post(app, ACTION + "package_show", data='{"id": "tidak-ada"}', content_type=form)
    assert said.status_code == 404
    said = post(app, ACTION + "package_show", data='{"id": "%s"}' % ("x" * 101), content_type=form)
    assert said.status_code == 422
    said = post(app, ACTION + "package_show", data="[" * 100_000, content_type=form)
    assert said.status_code == 422
    said = post(app, ACTION + "package_show", data="a=1&" * 5000, content_type=form)
    assert said.status_code == 413


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/dataset/" + "x" * 40_000, 414),
        ("/dataset/?q=" + "x" * 40_000, 414),
        ("/dataset/?" + "q=a&" * 300, 414),
        ("/dataset/?q=" + "x" * 4001, 422),
        ("/dataset/?page=" + "9" * 21, 422),
        ("/organization/?sort=" + "x" * 1001, 422),
    ],
)
def test_a_person_gets_a_page_in_the_language_of_the_address(app, address, status) -> None:
    page = app.get(address, headers=BROWSER, status=status, follow_redirects=False)
    assert page.mimetype == "text/html"
    assert '<html lang="id">' in page.body
    assert "terlalu" in page.body
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    page = app.get("/en" + address, headers=BROWSER, status=status, follow_redirects=False)
    assert '<html lang="en">' in page.body
    assert "too long" in page.body


def test_headers_and_cookies_have_a_bound(app) -> None:
    for name in ("Referer", "Accept-Language", "X-Anything", "Authorization"):
        said = app.get("/about", headers={name: "x=" + "y" * 9000}, status=431)
        assert "terlalu panjang" in said.body
    app.get("/about", headers={f"X-{n}": "y" * 1000 for n in range(40)}, status=431)


def test_a_stranger_brings_less_than_somebody_with_a_name(city, app) -> None:
    def sent(length: int, **headers: str) -> int:
        body = json.dumps({"q": "x", "unheard_of": ["y" * 15_000] * (length // 15_000)})
        path = ACTION + "package_search"
        said = post(app, path, data=body, content_type="application/json", headers=headers)
        return said.status_code

    assert sent(400_000) == 413
    assert sent(400_000, **city.token("produsen")) == 409
    assert sent(4_500_000, **city.token("produsen")) == 413
    assert sent(200_000) == 409


def test_strangers_upload_nothing_and_files_go_where_files_belong(city, app) -> None:
    def sent(path: str, headers: dict[str, str]):
        file = (io.BytesIO(b"x" * 4_500_000), "a.csv")
        return post(app, path, data={"upload": file}, headers=headers)

    assert sent(ACTION + "resource_create", {}).status_code == 413
    assert sent(ACTION + "package_show", city.token("produsen")).status_code == 413
    # An upload of a person comes to the view, which says what is missing.
    assert sent(ACTION + "resource_create", city.token("produsen")).status_code == 409
    named = (io.BytesIO(b"x"), "x" * 300 + ".csv")
    said = post(
        app, ACTION + "resource_create", data={"upload": named}, headers=city.token("produsen")
    )
    assert said.status_code == 422


def test_the_words_of_an_error_cost_no_more_than_their_length(app) -> None:
    """Growth, not seconds: one letter forty thousand times held the process for 46 s."""
    with app.flask_app.test_request_context("/"):
        assert len(error_words.told("Error: " + "w" * 40_000)) < 3000
        parts = ["", " a ", " a ", " a ", " b"]
        assert error_words.filled(parts, " a " * 20_000) is None
        assert error_words.filled(["x ", " y ", ""], "x 1 y 2") == ("1", "2")
        assert error_words.filled(["ab", "ba"], "aba") is None
