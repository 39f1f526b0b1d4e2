"""Pages of other sites read what everybody is answered, and nothing with a session or a token."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.access.limits import rates as glue
from ckanext.satudata_pontianak.surface import cookies, cross_origin, rates

ELSEWHERE = {"Origin": "https://koran.example"}
SEARCH = "/api/3/action/package_search?rows=1"


def said(answer) -> dict[str, str]:
    pairs = ((name.lower(), value) for name, value in answer.headers.items())
    return {name: value for name, value in pairs if name.startswith("access-control-")}


def get(app, path, **headers):
    return app.get(path, headers={**ELSEWHERE, **headers}, status=None, follow_redirects=False)


@pytest.mark.ckan_config("ckan.cors.origin_allow_all", True)
@pytest.mark.usefixtures("clean_db")
def test_reads_of_nobody_are_readable_and_of_somebody_are_not(city, app):
    opened, closed = city.publish(), city.limit()
    resource = opened["resources"][0]["id"]
    of = f"/dataset/{opened['id']}/resource/{resource}"
    session = cookies.name_of(cookies.SESSION, config.site_url())
    bare = app.test_client(use_cookies=False)
    reads = (
        f"/api/3/action/package_show?id={opened['name']}",
        f"/api/3/action/datastore_search?resource_id={resource}",
        f"{of}/download",
        f"{of}/lembar.csv",
        f"/datastore/dump/{resource}",
        f"/dataset/{opened['name']}.ttl",
        f"/dataset/{opened['name']}/sitasi.json",
        "/catalog.ttl",
        "/feeds/dataset.atom",
        "/api/3/action/tidak_ada",
    )
    for path in reads:
        answer = get(app, path)
        assert said(answer) == {name.lower(): value for name, value in cross_origin.of_answer()}, (
            path
        )
        assert "ETag" in said(answer)["access-control-expose-headers"]
        for known in (city.token("produsen"), {"Cookie": f"{session}=apa"}):
            assert said(bare.open(path, headers={**ELSEWHERE, **known})) == {}, path
    # Pages are read by people; what stands in them is in the API as well.
    for path in ("/", f"/dataset/{opened['name']}", "/user/login", "/dataset/new"):
        assert said(get(app, path)) == {}, path
    # A closed one and one that is not there.
    away = [f"/dataset/{name}/resource/{resource}/download" for name in (closed["id"], "tidak-ada")]
    assert len({str(said(get(app, path))) for path in away}) == 1


def test_a_kept_answer_says_it_with_an_origin_and_without_also_when_unchanged(city, app):
    plain, other = app.get(SEARCH, headers={}), get(app, SEARCH)
    assert plain.headers["ETag"] == other.headers["ETag"]
    assert said(plain) == said(other) != {}
    same = get(app, SEARCH, **{"If-None-Match": other.headers["ETag"]})
    assert (same.status_code, said(same)) == (304, said(other))


def test_browsers_are_told_of_reading_and_never_of_writing_or_of_tokens(city, app):
    client = app.test_client()

    def asked(path, method, *headers):
        more = {"Access-Control-Request-Method": method}
        more |= {"Access-Control-Request-Headers": ", ".join(headers)} if headers else {}
        return client.open(path, method="OPTIONS", headers={**ELSEWHERE, **more})

    answer = asked(SEARCH, "GET", "if-none-match")
    assert (answer.status_code, answer.data) == (204, b"")
    told = said(answer)
    assert told["access-control-allow-origin"] == "*"
    assert told["access-control-allow-methods"] == "GET, HEAD"
    assert told["access-control-max-age"] == "7200"
    assert "If-None-Match" in told["access-control-allow-headers"]
    assert "authorization" not in told["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in told
    for path, method in (
        (SEARCH, "POST"),
        (SEARCH, "DELETE"),
        ("/user/login", "GET"),
        ("/x", "GET"),
    ):
        refused = asked(path, method)
        assert said(refused) == {}, (path, method)
        if path != "/x":
            assert (refused.status_code, refused.data) == (204, b"")
            assert "no-store" in refused.headers["Cache-Control"]
    for method in ("post", "put"):
        written = getattr(client, method)(
            "/api/3/action/package_create", json={}, headers=ELSEWHERE
        )
        assert said(written) == {}


def test_what_is_left_of_a_rate_is_told_to_who_is_counted(city, app, monkeypatch):
    here = {"X-Forwarded-For": "198.51.100.77"}
    kind = rates.kind("searches")
    first, second = (get(app, SEARCH + f"&start={n}", **here) for n in range(2))
    assert first.headers["RateLimit-Policy"] == '"searches per minute";q=600;w=60'
    left = [
        int(answer.headers["RateLimit"].split(";r=")[1].split(";")[0]) for answer in (first, second)
    ]
    assert left[1] == left[0] - 1 < kind.items()[0].amount
    # What is kept costs nothing and tells nobody's count.
    assert "RateLimit" not in get(app, SEARCH + "&start=0", **here).headers
    assert "RateLimit" not in get(app, SEARCH + "&start=7").headers  # this machine itself
    assert "RateLimit" not in get(app, SEARCH, **here, **city.token("warga")).headers
    few = rates.Kind("searches", ("1 per minute",))
    monkeypatch.setattr(glue.rates, "kind_of", lambda *_: few)
    there = {"X-Forwarded-For": "198.51.100.78"}
    assert get(app, SEARCH + "&start=3", **there).status_code == 200
    refused = get(app, SEARCH + "&start=4", **there)
    assert refused.status_code == 429
    assert refused.headers["RateLimit"].startswith('"searches per minute";r=0;t=')
    assert said(refused)["access-control-allow-origin"] == "*"


def test_every_endpoint_that_is_named_is_there(app):
    assert set(cross_origin.rules().endpoints) <= set(app.flask_app.view_functions)
