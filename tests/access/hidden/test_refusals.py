"""Refusals for programs and for people, and how long an answer may be kept."""

from __future__ import annotations

import pytest

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PROBLEM = {"type", "title", "status", "detail", "instance", "how"}


def test_a_program_is_told_why_and_how_to_ask(city, app) -> None:
    dataset = city.limit()
    resource = dataset["resources"][0]["id"]
    download = f"/dataset/{dataset['id']}/resource/{resource}/download/a.csv"
    said = app.get(download, status=403, follow_redirects=False)
    assert said.mimetype == "application/problem+json"
    body = said.get_json()
    assert set(body) >= PROBLEM
    assert body["status"] == 403
    asked = f"id={dataset['id']}&channel=data&resource={resource}"
    explained = app.get(f"/api/3/action/satudata_access_explain?{asked}").get_json()["result"]
    assert body["detail"] == explained["reason"]
    assert "PPID" in body["how"]
    assert "Location" not in said.headers


def test_a_person_gets_a_page(city, app) -> None:
    dataset = city.limit()
    resource = dataset["resources"][0]["id"]
    download = f"/dataset/{dataset['id']}/resource/{resource}/download/a.csv"
    page = app.get(download, headers=BROWSER, status=403, follow_redirects=False)
    assert page.mimetype == "text/html"
    assert page.headers["Cache-Control"].startswith("private, no-store")


@pytest.mark.parametrize(
    "path",
    [
        "/api/3/action/package_show?id=tidak-ada",
        "/api/3/action/resource_show?id=tidak-ada",
        "/dataset/tidak-ada.ttl",
        "/dataset/tidak-ada/croissant.jsonld",
        "/file/download/tidak-ada",
    ],
)
def test_what_is_unknown_is_a_problem_document_as_well(city, app, path) -> None:
    said = app.get(path, status=404, follow_redirects=False)
    assert said.mimetype == "application/problem+json"
    assert set(said.get_json()) >= PROBLEM
    assert "no-store" in said.headers["Cache-Control"]


def test_the_envelope_of_the_api_stays(city, app) -> None:
    said = app.get("/api/3/action/package_show?id=tidak-ada", status=404).get_json()
    assert said["success"] is False
    assert said["error"]["__type"] == "Not Found Error"
    refused = app.post("/api/3/action/package_create", json={"name": "x"}, status=None)
    assert refused.status_code == 403
    assert set(refused.get_json()) >= PROBLEM | {"success", "error"}


def test_a_page_asked_for_as_json_is_refused_as_json(city, app) -> None:
    dataset = city.dataset()
    said = app.get(
        f"/dataset/{dataset['name']}", headers={"Accept": "application/json"}, status=404
    )
    assert said.mimetype == "application/problem+json"


def test_nobody_keeps_what_depends_on_who_asks(city, app) -> None:
    limited, opened = city.limit(), city.publish()
    for path in (f"/dataset/{limited['name']}", f"/api/3/action/package_show?id={limited['id']}"):
        kept = app.get(path, headers=city.token("staf")).headers["Cache-Control"]
        assert kept.startswith("private, no-store")
        assert "public" not in kept
    closed = app.get(
        f"/dataset/{limited['id']}/resource/{limited['resources'][0]['id']}/download",
        headers=city.token("staf"),
    )
    assert "public" not in closed.headers["Cache-Control"]
    everyone = app.get(f"/dataset/{opened['name']}").headers["Cache-Control"]
    assert everyone.startswith("public, no-cache")
    assert "no-store" not in everyone
