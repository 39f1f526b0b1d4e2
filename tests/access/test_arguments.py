"""Calls with arguments that are not what their names say are refused by name, and break nothing."""

from __future__ import annotations

import json

from ckanext.satudata_pontianak.surface import arguments

CALLS = [
    ("group_show", {"id": "topik", "include_datasets": "../../etc/passwd"}, "include_datasets"),
    ("package_delete", {"id": 5}, "id"),
    ("tag_search", {"query": "a", "limit": "_query_:x"}, "limit"),
    ("tag_show", {"id": "a", "include_datasets": "id,score"}, "include_datasets"),
    ("group_followee_list", {"id": ["a"] * 30}, "id"),
    ("user_invite", {"a": {"b": {"c": {}}}}, "a"),
    ("package_show", {"id": {"a": 1}}, "id"),
    ("organization_list", {"limit": -1, "all_fields": "x"}, "all_fields"),
]


def test_each_is_refused_by_its_name(city, app):
    for action, sent, name in CALLS:
        answer = app.post(f"/api/3/action/{action}", json=sent, expect_errors=True)
        assert answer.status_code == 409, action
        assert name in answer.json["error"]
        assert answer.json["error"]["__type"] == "Validation Error"
        as_form = app.post(
            f"/api/3/action/{action}",
            data=json.dumps(sent),
            content_type="application/x-www-form-urlencoded",
            expect_errors=True,
        )
        assert as_form.status_code == 409, action
    answer = app.get("/api/3/action/group_list?limit=x", expect_errors=True)
    assert answer.status_code == 409
    assert "bilangan bulat" in answer.json["error"]["limit"][0]


def test_functions_of_the_harvester_are_no_actions(city, app):
    for name in arguments.declared().closed:
        for who in (None, "warga", "admin"):
            answer = app.post(
                f"/api/3/action/{name}", json={}, headers=city.token(who), expect_errors=True
            )
            assert answer.status_code == 400, name


def test_what_is_meant_so_goes_on(city, app):
    dataset = city.publish()
    for sent in ({"id": dataset["id"], "include_tracking": "true"}, {"id": dataset["name"]}):
        assert app.post("/api/3/action/package_show", json=sent).json["success"]
    assert app.get("/api/3/action/package_list?limit=5&offset=0").json["success"]
