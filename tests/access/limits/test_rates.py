"""What costs much is given as often as an address may have it; everything else always."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak.access.limits import rates as glue
from ckanext.satudata_pontianak.surface import rates

pytestmark = pytest.mark.usefixtures("clean_db")

PAPER = "/satudata/sop/tidak-ada.json"
MOST = rates.kind("papers").items()[0].amount


def get(app, path, address=None, **headers):
    if address:
        headers["X-Forwarded-For"] = address
    return app.get(path, headers=headers, status=None, follow_redirects=False)


def test_an_address_waits_and_nobody_else(city, app) -> None:
    address = "198.51.100.21"
    assert {get(app, PAPER, address).status_code for _ in range(MOST)} == {404}
    refused = get(app, PAPER, address, Accept="text/html")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert "Coba lagi" in refused.body
    assert '<html lang="id">' in refused.body
    document = get(app, "/en" + PAPER, address, Accept="application/json")
    assert document.mimetype == "application/problem+json"
    assert "Try again" in document.get_json()["detail"]
    # What a client writes before the proxy's word is not believed, in IPv6 neither.
    assert get(app, PAPER, f"203.0.113.9, {address}").status_code == 429
    assert get(app, PAPER, f"::ffff:{address}").status_code == 429
    for free in (
        get(app, PAPER, "203.0.113.9"),  # somebody else
        get(app, PAPER),  # this machine itself
        get(app, PAPER, address, **city.token("warga")),  # who has a name
    ):
        assert free.status_code == 404
    for other in (
        "/topik",
        "/api/3/action/status_show",
        "/api/3/action/package_search?rows=1",
    ):
        assert get(app, other, address).status_code == 200


def test_without_redis_what_costs_much_is_refused_and_the_rest_is_there(app, monkeypatch) -> None:
    monkeypatch.setitem(tk.config, "ckan.redis.url", "redis://127.0.0.1:1/0")
    refused = get(app, PAPER, "198.51.100.22")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "sibuk" in refused.body
    assert get(app, "/api/3/action/status_show", "198.51.100.22").status_code == 200
    assert get(app, PAPER).status_code == 404


def test_one_place_is_always_left_for_what_costs_little(app, monkeypatch) -> None:
    places = rates.Places(1)
    monkeypatch.setattr(glue, "_places", lambda: places)
    held = places.take()
    assert held is not None
    refused = get(app, "/api/3/action/package_search", "198.51.100.23")
    assert refused.status_code == 503
    assert refused.get_json()["success"] is False
    assert int(refused.headers["Retry-After"]) == rates.rates().wait_seconds
    page = get(app, "/en/dataset/?q=x", "198.51.100.23", Accept="text/html")
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "The portal is busy" in page.body
    assert get(app, "/dataset/?q=y").status_code == 200  # this machine itself
    assert get(app, "/api/3/action/status_show", "198.51.100.23").status_code == 200
    assert get(app, "/tidak-ada", "198.51.100.23").status_code == 404
    held.give()
    for _ in range(3):  # given back after each
        assert get(app, "/api/3/action/package_search", "198.51.100.23").status_code == 200
        assert get(app, "/umpan.atom", "198.51.100.23").status_code == 200


def test_every_endpoint_and_action_that_is_named_is_there(app) -> None:
    known = set(app.flask_app.view_functions)
    named = {name for kind in rates.rates().kinds for name in kind.endpoints}
    assert named <= known
    for kind in rates.rates().kinds:
        for name in kind.actions:
            tk.get_action(name)
