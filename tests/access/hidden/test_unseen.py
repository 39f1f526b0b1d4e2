"""What is not decided is nowhere: the same answer as for an unknown name."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from ckan import model

from ...city import AXES_OPEN, submission_fields
from ...refusals import refusal_of

OUTSIDERS = (None, "warga", "produsen_lain", "staf", "ppid", "penetap")
UNKNOWN = "tidak-ada-sama-sekali"


def answer(app, city, who: str | None, path: str, name: str, dataset_id: str) -> tuple[int, str]:
    """Return status and body of a call, with what names the dataset taken out."""
    response = app.get(path, headers=city.token(who), status=None, follow_redirects=False)
    body = response.get_data(as_text=True)
    for word in (name, dataset_id):
        body = body.replace(word, "X")
    return response.status_code, body


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_hidden_dataset_answers_like_an_unknown_name(city, app, who) -> None:
    dataset = city.dataset()
    resource = dataset["resources"][0]
    other = "00000000-0000-0000-0000-000000000000"
    paths = [
        ("/api/3/action/package_show?id={id}", dataset["name"], UNKNOWN),
        ("/api/3/action/package_show?id={id}", dataset["id"], other),
        ("/api/3/action/resource_show?id={id}", resource["id"], other),
        ("/api/3/action/satudata_classification_show?id={id}", dataset["name"], UNKNOWN),
        (
            "/api/3/action/satudata_access_explain?channel=exists&id={id}",
            dataset["name"],
            UNKNOWN,
        ),
        ("/dataset/{id}", dataset["name"], UNKNOWN),
    ]
    for path, known, unknown in paths:
        hidden = answer(app, city, who, path.format(id=known), known, dataset["id"])
        missing = answer(app, city, who, path.format(id=unknown), unknown, unknown)
        assert hidden[0] == 404, (path, hidden)
        if path.startswith("/api"):
            first, second = json.loads(hidden[1]), json.loads(missing[1])
            assert first["error"] == second["error"], path
        else:
            assert missing[0] == 404


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_hidden_dataset_is_in_no_list(city, app, who) -> None:
    dataset = city.dataset(title="Judul Rahasia Sekali", tag_string="tandarahasia")
    city.step("produsen", dataset, "submit")
    for path in (
        "/api/3/action/package_search?q=rahasia",
        "/api/3/action/package_search?include_private=true&include_drafts=true",
        "/api/3/action/package_search?fl=name,title,notes",
        "/api/3/action/package_search?facet.field=[%22tags%22]",
        "/api/3/action/package_list",
        "/api/3/action/current_package_list_with_resources",
        "/api/3/action/package_autocomplete?q=Judul",
        "/api/3/action/resource_search?query=name:Data",
        "/dataset/?q=rahasia",
        "/feeds/dataset.atom",
        "/organization/dinkes",
        "/",
    ):
        response = app.get(path, headers=city.token(who), status=None)
        assert response.status_code == 200, path
        body = response.get_data(as_text=True)
        for word in (dataset["name"], dataset["id"], "Judul Rahasia", "tandarahasia"):
            assert word not in body, (path, word)


def test_the_download_of_a_hidden_file_is_unknown(city, app) -> None:
    dataset = city.dataset()
    resource = dataset["resources"][0]
    for who in OUTSIDERS:
        for path in (
            f"/dataset/{dataset['id']}/resource/{resource['id']}/download/penduduk.csv",
            f"/dataset/{dataset['id']}/resource/{resource['id']}/download",
            f"/satudata/versi/{resource['satudata_waiting']['id']}/unduh",
        ):
            response = app.get(path, headers=city.token(who), status=None)
            assert response.status_code == 404
            assert b"Pontianak Kota" not in response.data


def test_who_checks_sees_the_metadata_and_who_holds_the_case_the_data(city, app) -> None:
    dataset = city.dataset()
    path = dataset["resources"][0]["url"]

    def sees() -> dict[str, tuple[bool, bool]]:
        result = {}
        for who in ("produsen", "kepala_dinkes", "walidata", "ppid", "penetap", "pengawas"):
            shown = app.get(
                f"/api/3/action/package_show?id={dataset['id']}",
                headers=city.token(who),
                status=None,
            )
            data = app.get(path, headers=city.token(who), status=None)
            result[who] = (shown.status_code == 200, data.status_code == 200)
        return result

    assert sees() == {
        "produsen": (True, True),
        "kepala_dinkes": (True, True),
        "walidata": (True, False),
        "ppid": (False, False),
        "penetap": (False, False),
        "pengawas": (True, False),
    }
    city.step("produsen", dataset, "submit")
    assert sees()["walidata"] == (True, True)
    city.step("walidata", dataset, "refer", catatan="uji")
    after = sees()
    assert after["walidata"] == (True, False)
    assert after["ppid"] == (True, True)
    assert after["penetap"] == (False, False)
    city.step("ppid", dataset, "assess", **city.assess_fields(
        jenis_informasi="dikecualikan", tingkat_keamanan="terbatas"))  # fmt: skip
    assert sees()["penetap"] == (True, True)
    assert sees()["ppid"] == (True, False)


def test_a_sysadmin_runs_the_site_without_the_data(city, app) -> None:
    dataset = city.dataset()
    shown = city.act("admin", "package_show", id=dataset["id"])
    assert shown["title"] == dataset["title"]
    url = dataset["resources"][0]["url"]
    assert app.get(url, headers=city.token("admin"), status=None).status_code in (403, 404)
    city.step("produsen", dataset, "submit")
    for name in ("approve", "return", "refer"):
        from ckan.plugins import toolkit as tk

        with pytest.raises(tk.NotAuthorized):
            city.step("admin", dataset, name, catatan="x")


def test_an_open_file_is_cached_with_revalidation_and_a_closed_one_never(city, app) -> None:
    opened = city.publish()
    answer_open = app.get(opened["resources"][0]["url"])
    assert answer_open.headers["Cache-Control"].startswith("public, no-cache")
    etag = answer_open.headers["ETag"]
    again = app.get(opened["resources"][0]["url"], headers={"If-None-Match": etag}, status=None)
    assert again.status_code == 304
    part = app.get(opened["resources"][0]["url"], headers={"Range": "bytes=0-8"}, status=None)
    assert (part.status_code, part.data) == (206, b"kecamatan")
    limited = city.limit()
    closed = app.get(limited["resources"][0]["url"], headers=city.token("staf"))
    assert closed.headers["Cache-Control"].startswith("private, no-store")
    assert "ETag" not in closed.headers
    assert closed.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_indexed_is_the_view_of_the_least_privileged(city) -> None:
    from ckan.lib import search

    dataset = city.publish()
    mine = city.act("produsen", "package_show", id=dataset["id"])
    mine["resources"][0]["upload"] = None
    city.act(
        "produsen",
        "resource_create",
        package_id=dataset["id"],
        name="Terkubur",
        url="http://a.id/b",
    )
    found = search.show(dataset["id"])
    text = json.dumps(found)
    assert "Terkubur" not in text
    assert "satudata_waiting" not in text
    limited = city.limit()
    text = json.dumps(search.show(limited["id"]))
    assert limited["resources"][0]["hash"] not in text
    assert "penduduk.csv" not in text


def test_a_recipient_sees_the_address_that_the_public_does_not(city) -> None:
    dataset = city.limit()
    assert city.act("produsen_lain", "package_show", id=dataset["id"])["resources"][0]["url"]
    assert city.act("staf", "package_show", id=dataset["id"])["resources"][0]["url"]
    assert not city.act("warga", "package_show", id=dataset["id"])["resources"][0]["url"]
    assert not city.act("pengawas", "package_show", id=dataset["id"])["resources"][0]["url"]


def test_explain_says_why_and_only_some_may_ask_about_others(city) -> None:
    from ckan.plugins import toolkit as tk

    dataset = city.limit()
    mine = city.act("warga", "satudata_access_explain", id=dataset["id"], channel="data")
    assert (mine["allowed"], mine["rule"]) == (False, "terbatas")
    assert mine["reason"]
    with pytest.raises(tk.NotAuthorized):
        city.act(
            "warga", "satudata_access_explain", id=dataset["id"], channel="data", user="produsen"
        )
    other = city.act(
        "pengawas", "satudata_access_explain", id=dataset["id"], channel="data", user="produsen"
    )
    assert other["allowed"]
    with refusal_of("channel"):
        city.act("warga", "satudata_access_explain", id=dataset["id"], channel="teleport")


def test_views_of_a_file_that_waits_in_a_public_dataset_are_unseen(city, app, make_upload) -> None:
    dataset = city.publish()
    added = city.act(
        "produsen",
        "resource_create",
        package_id=dataset["id"],
        name="Tersembunyi",
        upload=make_upload(b"hello", "catatan.txt"),
    )
    for who in (None, "warga", "pengawas"):
        for path in (
            f"/api/3/action/resource_view_list?id={added['id']}",
            f"/dataset/{dataset['name']}/resource/{added['id']}",
            f"/api/3/action/resource_show?id={added['id']}",
        ):
            response = app.get(path, headers=city.token(who), status=None)
            assert response.status_code in (403, 404), path
            assert "Tersembunyi" not in response.get_data(as_text=True)
    page = app.get(f"/dataset/{dataset['name']}/resource/{added['id']}",
                   headers=city.token("produsen"))  # fmt: skip
    assert "Tersembunyi" in page.get_data(as_text=True)


def test_a_hidden_name_is_refused_and_nothing_is_made_under_another(city, app) -> None:
    """What is asked for under a hidden name must not become a write under some other."""
    hidden = city.dataset()
    city.join("dinsos", "produsen_lain", "editor")
    count = sa.select(sa.func.count(model.Package.id))
    before = model.Session.scalar(count)
    fields = {**submission_fields(), **AXES_OPEN, "owner_org": "dinsos", "title": "Lain"}
    sent = {**fields, "name": hidden["name"]}
    address, headers = "/api/3/action/package_create", city.token("produsen_lain")
    refused = app.post(address, headers=headers, json=sent, status=None)
    assert refused.status_code == 409
    assert sorted(refused.json["error"]) == ["__type", "name"]
    model.Session.rollback()
    assert model.Session.scalar(count) == before
    made = app.post(address, headers=headers, json={**sent, "name": f"dinsos-{hidden['name']}"})
    assert made.json["result"]["name"] == f"dinsos-{hidden['name']}"


def test_editors_find_a_top_secret_dataset_while_its_new_case_is_theirs(city) -> None:
    """Only the owner's admins see it otherwise; the index must follow the case that opened."""
    sealed = city.seal("sangat_rahasia")

    def found() -> int:
        query = f"name:{sealed['name']}"
        return city.act("produsen", "package_search", q=query, include_private=True)["count"]

    assert found() == 0
    city.act("kepala_dinkes", "package_patch", id=sealed["id"], tingkat_keamanan="terbatas")
    assert city.act("produsen", "package_show", id=sealed["id"])
    assert found() == 1
