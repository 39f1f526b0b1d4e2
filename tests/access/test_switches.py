"""The contract can fail: each guard that is unplugged on purpose lets a canary out."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata_pontianak.access import views
from ckanext.satudata_pontianak.access.hidden import knowing
from ckanext.satudata_pontianak.access.reading import activities, guard, overlay
from ckanext.satudata_pontianak.access.search import labels, lists, search
from ckanext.satudata_pontianak.classification.cases import show
from ckanext.satudata_pontianak.classification.rules.policy import Answer

from .doors import Door, doors
from .matrix import Matrix

OPEN = Answer(True, "biasa", ("everyone",))


def everything(*_args: Any, **_more: Any) -> Answer:
    """Allow it."""
    return OPEN


def as_it_is(*args: Any, **_more: Any) -> Any:
    """Return the last argument as it came."""
    return args[-1]


def all_labels(_actor: Any) -> list[str]:
    """Return labels that admit to whatever a system administrator sees."""
    return [labels.PUBLIC, labels.SYSADMIN, "satudata-duty-walidata", "satudata-duty-ppid"]


# what is unplugged → the door, who then gets it, in which state, what kind of content
SWITCHES: dict[str, tuple[list[tuple[Any, str, Any]], str, str, str, str]] = {
    "members": ([(guard, "allowed", lambda *_: {})], "member_list", "anonymous", "draft", "id"),
    "keywords": ([(lists, "_tags", as_it_is)], "tag_list", "citizen", "sealed", "tanda"),
    "activities": (
        [(activities, "_filtered", as_it_is)],
        "organization_activity_list", "anonymous", "held_data", "tampilan",
    ),
    "past": (
        [(activities, "may_see_past", everything)],
        "activity_data_show", "sysadmin", "held_data", "tampilan",
    ),
    "views": (
        [(guard, "actor_may_have", everything)],
        "resource_view_list", "other_admin", "tightened", "tampilan",
    ),
    "overlay": (
        [(overlay, "lay_over", lambda dataset, *_: dataset)],
        "package_show", "sysadmin", "limited", "arsip",
    ),
    "overlay in DCAT": (
        [(overlay, "lay_over", lambda dataset, *_: dataset)],
        "/dataset/<_id>.<_format>", "sysadmin", "limited", "arsip",
    ),
    "download": (
        [(views, "decide", everything)],
        "/dataset/<id>/resource/<resource_id>/download", "anonymous", "limited", "sel",
    ),
    "versions": (
        [(views, "decide", everything), (knowing, "_knows", everything)],
        "/satudata/versi/<version_id>/unduh", "auditor", "open_with_waiting", "barusel",
    ),
    "labels": (
        [(labels, "actor_labels", all_labels), (search, "decide", everything)],
        "package_search", "anonymous", "verification", "judul",
    ),
    "labels on a page": (
        [(labels, "actor_labels", all_labels), (search, "decide", everything)],
        "/dataset/", "citizen", "verification", "judul",
    ),
    "waiting versions": (
        [(show, "sees_version", everything)],
        "package_show", "recipient_admin", "open_with_waiting", "baruarsip",
    ),
    "cases": (
        [(show, "may_see_case", everything)],
        "satudata_classification_show", "citizen", "reopened", "catatan",
    ),
}  # fmt: skip


def door_named(name: str) -> Door:
    """Return one door of the contract."""
    return next(door for door in doors() if door.name == name)


@pytest.mark.parametrize("name", list(SWITCHES))
def test_an_open_switch_is_a_leak(world, app, monkeypatch, name) -> None:
    switches, door, who, state, kind = SWITCHES[name]
    matrix = Matrix(world, app, who, whole=True)
    assert not matrix.run([door_named(door)]).leaks
    for module, attribute, opened in switches:
        monkeypatch.setattr(module, attribute, opened)
    leaks = matrix.run([door_named(door)]).leaks
    wanted = kind.removeprefix("baru")
    assert (door, who, state, wanted) in {(k.door, k.who, k.state, k.kind) for k in leaks}
    told = next(str(k) for k in leaks if (k.state, k.kind) == (state, wanted))
    for word in (door, who, state, wanted):
        assert word in told


def test_there_are_ten_of_them() -> None:
    assert len({door for _, door, *_ in SWITCHES.values()}) >= 10


def test_what_hides_open_data_fails_as_well(world, app, monkeypatch) -> None:
    matrix = Matrix(world, app, "anonymous")
    monkeypatch.setattr(views, "decide", lambda *_: Answer(False, "held"))
    name = "/dataset/<id>/resource/<resource_id>/download"
    assert any(name in said for said in matrix.run([door_named(name)]).missing)
