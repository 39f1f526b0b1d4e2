"""Arguments of actions are what their names say."""

from __future__ import annotations

import msgspec
import pytest

from ckanext.satudata_pontianak.surface import arguments

ANY = "config_option_update"
"""An action whose names are declared nowhere here."""


@pytest.mark.parametrize(
    "sent",
    [
        {"id": "a", "user": None, "limit": 5, "offset": "20", "include_users": "True"},
        {"include_datasets": True, "all_fields": 0, "rows": "", "page": None},
        {"filters": {"a": 1}, "resource": {"id": "x"}, "update__resources__0": {"name": "b"}},
        {"tags": [{"name": "a"}], "lain": [1, 2]},
    ],
)
def test_what_is_meant_so_passes(sent: dict[str, object]) -> None:
    assert arguments.wrong(ANY, sent) == {}


@pytest.mark.parametrize(
    ("sent", "kinds"),
    [
        ({"id": ["a"]}, {"id": "text"}),
        ({"id": 1e308, "user": {}}, {"id": "text", "user": "text"}),
        ({"limit": -1}, {"limit": "count"}),
        ({"limit": "1 OR 1"}, {"limit": "count"}),
        ({"offset": True}, {"offset": "count"}),
        ({"rows": "١٢"}, {"rows": "count"}),
        ({"include_datasets": "../.."}, {"include_datasets": "flag"}),
        ({"include_datasets": 2}, {"include_datasets": "flag"}),
        ({"a": {"b": {}}}, {"a": "object"}),
        ({"match_": {}}, {"match_": "object"}),
    ],
)
def test_anything_else_is_named(sent: dict[str, object], kinds: dict[str, str]) -> None:
    assert arguments.wrong(ANY, sent) == kinds
    assert set(kinds.values()) <= set(arguments.SAID)


def test_what_was_shown_of_a_dataset_may_be_sent_back() -> None:
    shown = {"id": "a", "organization": {"id": "b"}, "satudata_case": {"state": "draft"}}
    assert arguments.wrong("package_update", shown) == {}
    assert arguments.wrong("package_update", {"id": ["a"]}) == {"id": "text"}


def test_a_name_has_one_kind() -> None:
    raw = msgspec.to_builtins(arguments.declared())
    raw["flag"] = ["id"]
    with pytest.raises(msgspec.ValidationError, match="named twice: id"):
        msgspec.convert(raw, arguments.Arguments)


def test_an_action_that_reads_takes_what_is_declared_and_nothing_else() -> None:
    assert arguments.wrong("organization_list", {"sort": "name", "groups": ["a"], "limit": 5}) == {}
    assert arguments.wrong("group_list", {"callback": "x", "groups": "a"}) == {}
    sent = {"lain": 1, "groups": [["a"]], "order_by": ["name"], "Limit": 1, "sort ": "name"}
    assert arguments.wrong("organization_list", sent) == {
        "lain": "unknown", "groups": "texts", "order_by": "text", "Limit": "unknown",
        "sort ": "unknown",
    }  # fmt: skip
    # Any column of a table, and a hidden source by its address.
    assert arguments.wrong("harvest_object_show", {"id": "a", "attr": "content"}) == {
        "attr": "unknown"
    }
    assert arguments.wrong("harvest_source_show", {"url": "https://a.id"}) == {"url": "unknown"}
    assert arguments.wrong("datastore_search", {"q": {"a": "b"}, "filters": {"a": ["b"]}}) == {}


def test_an_action_that_changes_something_takes_what_is_declared_and_nothing_else() -> None:
    assert arguments.wrong("package_revise", {"match__id": "a", "update__resources__0": {}}) == {}
    assert arguments.wrong("package_revise", {"match": {}, "update": {}, "filter": ["-*"]}) == {}
    sent = {"match_id": "a", "updates": {}, "update__title": "b", "include": ["*"], "mode": 1}
    found = dict.fromkeys(("match_id", "updates", "mode"), "unknown")
    assert arguments.wrong("package_revise", sent) == found
    assert arguments.wrong("resource_delete", {"id": "a", "force": True}) == {"force": "unknown"}
    # What is taken is of the kind of its name, and may be a list where an action wants one.
    assert arguments.wrong("package_resource_reorder", {"id": ["a"], "order": ["b"]}) == {
        "id": "text"
    }
    assert arguments.unknown("package_show", ["id"]) == []
    assert arguments.unknown(ANY, ["lain"]) == []


def test_what_an_action_cannot_do_without_is_missed() -> None:
    assert arguments.missing("harvest_job_list", {"id": "a"}) == {"source_id": "missing"}
    assert arguments.missing("harvest_job_list", {"source_id": "a"}) == {}
    assert set(arguments.missing("harvest_job_abort", {"id": ""})) == {"id", "source_id"}
    assert arguments.missing("harvest_job_abort", {"source_id": "a"}) == {}
    assert arguments.missing("package_show", {}) == {}


def test_lists_of_objects_and_chosen_words_are_looked_at() -> None:
    action = "task_status_update_many"
    assert arguments.wrong(action, {"data": [{"id": "a"}]}) == {}
    assert arguments.wrong(action, {"data": "a"}) == {"data": "objects"}
    assert arguments.wrong(action, {"data": [{}, "a"]}) == {"data": "objects"}
    assert arguments.wrong("activity_create", {"data": {"package": {"title": "a"}}}) == {}
    assert arguments.wrong("file_owner_scan", {"owner_type": "user", "owner_id": ""}) == {}
    assert arguments.wrong("file_owner_scan", {"owner_type": "x"}) == {"owner_type": "word"}
    assert arguments.wrong("file_owner_scan", {"owner_type": ["user"]}) == {"owner_type": "text"}
