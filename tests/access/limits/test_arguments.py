"""Calls with arguments that are not what their names say are refused by name, and break nothing."""

from __future__ import annotations

import io
import json

from ckan import logic, model

from ckanext.satudata_pontianak.surface import arguments, methods, parameters

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


def test_what_an_action_of_ours_takes_comes_through(city, app):
    for call, missing in (
        ("satudata_ledger_proof?entry=1&size=99999", "size"),
        ("satudata_ledger_proof?from=1&to=99999", "to"),
    ):
        answer = app.get(f"/api/3/action/{call}", expect_errors=True)
        assert "pohon" in answer.json["error"][missing][0], call
    for call in ("satudata_ledger_list?until=besok", "satudata_classification_list?holds=true"):
        answer = app.get(f"/api/3/action/{call}", expect_errors=True)
        assert answer.status_code == 403, call  # for others; but it is no name that nobody declared


def test_what_core_reads_is_looked_at_however_it_is_sent(city, app):
    action, json_ = "/api/3/action/group_show", '{"id": ["a"]}'
    form = {"content_type": "application/x-www-form-urlencoded"}
    for sent in (
        {"query_string": "id=a&id=b"},
        {"data": "id=a&id=b", **form},
        {"data": f"{json_}=", **form},
        {"data": f"{json_}=1", **form},
        {"data": f"{json_}=&{json_}=", **form},  # core looks at one value of each name
        {"query_string": "id=a&id=b", "json": {"id": "a"}},  # and at the address first
        {"query_string": "include_users=maybe", "data": b""},
    ):
        answer = app.post(action, **sent, expect_errors=True)
        assert answer.status_code == 409, sent
        assert answer.json["error"]["__type"] == "Validation Error"


def test_what_nobody_may_know_of_is_unknown_however_it_is_sent(city, app):
    hidden = city.dataset()
    seen = []
    for name in (hidden["id"], "0" * len(hidden["id"])):
        json_ = json.dumps({"id": name})
        answers = [
            app.post("/api/3/action/package_show", data=data, expect_errors=True,
                     content_type="application/x-www-form-urlencoded")
            for data in (f"{json_}=&{json_}=", f"{json_}=1", f"id={name}")
        ]  # fmt: skip
        answers.append(
            app.post(f"/api/3/action/package_show?id={name}", json={"id": "x"}, expect_errors=True)
        )
        seen.append([(a.status_code, a.body.replace(name, "")) for a in answers])
    assert seen[0] == seen[1]
    assert {status for status, _ in seen[0]} == {404}


def test_no_action_that_reads_takes_what_is_not_declared(city, app):
    logic.get_action("package_show")  # fills the list of all
    tried = 0
    for name, action in sorted(logic._actions.items()):
        if not getattr(action, "side_effect_free", False) or not methods.is_read(name):
            continue
        declared = arguments.takes(name) is not None or name in parameters.search().actions
        assert declared or name in arguments.declared().closed, name
        answer = app.post(
            f"/api/3/action/{name}", json={"tidak_dikenal": "x"}, headers=city.token("admin"),
            expect_errors=True,
        )  # fmt: skip
        assert answer.status_code in (400, 409), name
        if name not in arguments.declared().closed:
            assert "tidak_dikenal" in json.dumps(answer.json), name
            tried += 1
    assert tried > 100
    assert {name for read in arguments.declared().reads for name in read.actions} <= set(
        logic._actions
    )


REFUSED_ELSEWHERE = {
    "config_option_update": "core: only the options that may be changed at run time",
    **dict.fromkeys(
        ("group_create", "group_patch", "group_update", "organization_create", "organization_patch",
         "organization_update", "package_create", "package_patch", "package_update",
         "resource_create", "resource_patch", "resource_update"),
        "keys.yaml declares what the thing may hold",
    ),
    **dict.fromkeys(
        ("package_relationship_create", "package_relationship_update", "user_create", "user_patch",
         "user_update"),
        "keys.yaml declares what the act takes",
    ),
    **dict.fromkeys(
        ("satudata_classification_transition", "satudata_classification_batch"),
        "workflow.yaml declares the fields of each step",
    ),
}  # fmt: skip
"""Actions that refuse by themselves what they do not take, and by what."""


def test_no_action_that_changes_something_takes_what_is_not_declared(city, app):
    logic.get_action("package_show")  # fills the list of all
    dataset, draft = city.publish(), city.dataset()
    file = dataset["resources"][0]["id"]
    agency, warga = city.orgs["dinkes"]["name"], city.users["warga"]["id"]
    model.Session.add(model.Group(name="kelompok-uji", title="Kelompok", type="group"))
    model.Session.commit()
    more = {
        "package_patch": {"id": dataset["id"]},
        "package_update": {"id": dataset["id"]},
        "resource_patch": {"id": file},
        "resource_update": {"id": file},
        "resource_create": {"package_id": dataset["id"]},
        "group_patch": {"id": "kelompok-uji"},
        "group_update": {"id": "kelompok-uji"},
        "organization_patch": {"id": agency},
        "organization_update": {"id": agency},
        "user_patch": {"id": warga},
        "user_update": {"id": warga},
        "satudata_classification_transition": {"id": dataset["id"], "transition": "reopen",
                                               "case_kind": "classify", "reason": "Perlu"},
        "satudata_classification_batch": {"items": [{"id": draft["id"]}], "transition": "submit"},
    }  # fmt: skip
    both = (*arguments.declared().reads, *arguments.declared().writes)
    declared = {name for each in both for name in each.actions}
    left, taken = set(), {}
    for name, action in sorted(logic._actions.items()):
        reads = getattr(action, "side_effect_free", False) and methods.is_read(name)
        if reads or name in arguments.declared().closed:
            continue
        if name not in declared and name not in REFUSED_ELSEWHERE:
            left.add(name)
        sent = {**more.get(name, {}), "tidak_dikenal": "x"}
        who = city.token("produsen" if name.startswith("satudata_classification") else "admin")
        answer = app.post(f"/api/3/action/{name}", json=sent, headers=who, expect_errors=True)
        if name in declared:
            assert answer.status_code == 409, name
            assert "tidak_dikenal" in answer.json["error"], name
        else:
            told = json.dumps(answer.json)
            if "tidak_dikenal" not in told:
                taken[name] = answer.status_code, told
    assert not taken
    assert not left, "declare what they take in schemas/surface/arguments.yaml"
    assert declared <= set(logic._actions) | {"datastore_search_sql"}


def test_what_core_calls_by_beginnings_is_still_taken(city, app):
    dataset = city.dataset()
    headers = city.token("produsen")
    sent = {
        "match__id": dataset["id"],
        "update__notes": "Uraian lain",
        "update__resources__0__description": "Berkas",
        "filter": "-version",
        "include": ["package__notes", "package__resources__*__description", "-*"],
    }
    door = "/api/3/action/package_revise"
    answer = app.post(door, json=sent, headers=headers)
    assert answer.json["success"], answer.json
    kept = city.act("produsen", "package_show", id=dataset["id"])
    assert kept["notes"] == "Uraian lain"
    assert kept["resources"][0]["description"] == "Berkas"
    for name in ("matches", "update_", "perbarui"):
        wrong = app.post(door, json={**sent, name: "x"}, headers=headers, expect_errors=True)
        assert (wrong.status_code, name in wrong.json["error"]) == (409, True)
    # A file is an argument as well.
    form = {"match__id": dataset["id"], "berkas": (io.BytesIO(b"a"), "a.csv")}
    wrong = app.post(door, data=form, headers=headers, expect_errors=True)
    assert (wrong.status_code, "berkas" in wrong.json["error"]) == (409, True)


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
