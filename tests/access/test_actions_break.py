"""No action breaks on a call that says little: nothing, one id, or the id of nothing."""

from __future__ import annotations

import uuid

from ckan.logic import _actions, get_action

from ckanext.satudata_pontianak.surface import arguments

from .hidden.test_same_answer import as_on_a_server

__all__ = ["as_on_a_server"]

CALLS = [
    ("harvest_job_list", {}, "source_id"),
    ("harvest_job_create", {"source_id": ""}, "source_id"),
    ("harvest_abort_failed_jobs", {"life_span": "seminggu"}, "life_span"),
    ("harvest_job_abort", {}, "id"),
    ("user_invite", {"email": "a@contoh.id"}, "group_id"),
    ("group_autocomplete", {}, "q"),
    ("organization_autocomplete", {"q": ["a", "b"]}, "q"),
    ("group_autocomplete", {"q": ["a"]}, "q"),
    ("task_status_update_many", {"data": ["a"]}, "data"),
    ("bulk_update_private", {"org_id": True, "datasets": ["a"]}, "org_id"),
    ("bulk_update_delete", {"org_id": -1, "datasets": ["a"]}, "org_id"),
    ("bulk_update_public", {"org_id": "dinkes", "datasets": [1]}, "datasets"),
    ("package_show", {"id": "a", "use_default_schema": "true/x"}, "use_default_schema"),
    ("file_owner_scan", {"owner_type": "javascript:alert(1)", "owner_id": "a"}, "owner_type"),
]
PEOPLE = (None, "warga", "produsen_lain", "admin")


def test_none_breaks_whoever_calls_it(city, as_on_a_server) -> None:
    app, broken = as_on_a_server, []
    get_action("package_show")
    known = sorted(set(_actions) - arguments.declared().closed)
    there = [city.dataset()["id"], city.orgs["dinkes"]["id"], city.users["warga"]["id"]]
    for number, action in enumerate(known):
        for turn, who in enumerate(PEOPLE):
            bodies = [{}, {"id": str(uuid.uuid4())}]
            if who != "admin":  # whom many of them obey
                bodies.append({"id": there[(number + turn) % len(there)]})
            for sent in bodies:
                answer = app.post(
                    f"/api/3/action/{action}", json=sent, headers=city.token(who),
                    expect_errors=True,
                )  # fmt: skip
                if answer.status_code >= 500:
                    broken.append(f"{action}, {who}: {sent}")
    assert len(known) > 250
    assert not broken, "\n".join(broken)


def test_what_is_missing_is_named_and_who_has_no_account_is_sent_to_log_in(city, app) -> None:
    for action, sent, name in CALLS:
        answer = app.post(
            f"/api/3/action/{action}", json=sent, headers=city.token("warga"), expect_errors=True
        )
        assert answer.status_code == 409, action
        assert name in answer.json["error"]
    for action in arguments.declared().accounts:
        answer = app.post(f"/api/3/action/{action}", json={}, expect_errors=True)
        assert answer.status_code == 403, action
        assert answer.json["error"]["__type"] == "Authorization Error"
