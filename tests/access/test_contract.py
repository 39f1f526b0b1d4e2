"""The contract lists every door of the portal, and none that is gone."""

from __future__ import annotations

from collections import Counter

import pytest

from ckan.logic import _actions, get_action

from ckanext.satudata_pontianak.classification.rules.policy import Channel

from . import doors

CHANNELS = {*(channel.value for channel in Channel), "case", "ledger", "removal"}


def registered_actions() -> set[str]:
    """Return the names of all actions that are loaded."""
    get_action("package_show")
    return set(_actions)


def registered_routes(app) -> set[str]:
    """Return all routes, as "endpoint rule"."""
    return {f"{rule.endpoint} {rule.rule}" for rule in app.flask_app.url_map.iter_rules()}


def test_every_action_is_listed_and_no_other(with_plugins) -> None:
    listed = doors.listed_actions(doors.read())
    assert sorted(registered_actions() - set(listed)) == [], (
        "declare these: docs/access-contract.md"
    )
    gone = set(listed) - registered_actions() - doors.sometimes(doors.read())
    assert sorted(gone) == [], "these are gone: take them out"
    assert [name for name, count in Counter(listed).items() if count > 1] == []


def test_every_route_is_listed_and_no_other(app) -> None:
    listed = doors.listed_routes(doors.read())
    found = registered_routes(app)
    assert sorted(found - set(listed)) == [], "declare these: docs/access-contract.md"
    assert sorted(set(listed) - found) == [], "these are gone: take them out"
    assert [name for name, count in Counter(listed).items() if count > 1] == []


def test_a_door_that_is_another_one_is_the_same_view(app) -> None:
    views = app.flask_app.view_functions
    found = 0
    for entry in doors.read()["routes"]:
        if "same_as" not in entry:
            continue
        for endpoint in entry["endpoints"]:
            here, there = (
                getattr(views[name], "view_class", views[name])
                for name in (endpoint, entry["same_as"])
            )
            assert here is there, endpoint
            found += 1
    assert found > 20


def test_a_door_that_nobody_declared_is_noticed(app) -> None:
    contract = doors.read()
    contract["actions"].pop("package_show")
    contract["routes"] = [r for r in contract["routes"] if r["rule"] != "/dcat.json"]
    assert "package_show" in registered_actions() - set(doors.listed_actions(contract))
    missing = registered_routes(app) - set(doors.listed_routes(contract))
    assert missing == {"dcat_json_interface.dcat_json /dcat.json"}


def test_every_entry_says_its_channel_or_its_reason(with_plugins) -> None:
    contract = doors.read()
    for entry in (*contract["actions"].values(), *contract["routes"]):
        assert entry["channel"] in CHANNELS
        assert set(entry) <= {
            "channel", "with", "get", "post", "form", "shows", "only", "plugin", "rule",
            "endpoints", "signed_in", "sometimes", "same_as",
        }  # fmt: skip
    for group in contract["empty"]:
        assert len(group["why"]) > 20
    assert sum(1 for _ in doors.doors()) >= 60


@pytest.mark.parametrize("place", doors.OF_A_STATE)
def test_every_placeholder_is_used(place) -> None:
    text = doors.CONTRACT.read_text("utf-8")
    assert place in text
