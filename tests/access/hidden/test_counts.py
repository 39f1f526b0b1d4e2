"""Counts and facets are of what somebody may see, and a search tells nothing else."""

from __future__ import annotations

import json

import pytest

from ckan.lib.search.common import SearchIndexError

from ckanext.satudata_pontianak.classification.records import stale_index
from ckanext.satudata_pontianak.classification.rules.policy import Channel, decide

from ..canaries import Canary
from ..world import ACTORS

REASON = "Ada data pribadi di dalamnya"
FEW = (
    "anonymous",
    "citizen",
    "owner_editor",
    "recipient_member",
    "walidata",
    "auditor",
    "sysadmin",
)


def search(app, world, who, **params):
    answer = app.post("/api/3/action/package_search", json=params, headers=world.token(who))
    return answer.get_json()["result"]


def seen(world, who) -> set[str]:
    """Return the states whose dataset somebody finds: active ones with metadata for them."""
    actor = world.actor(who)
    return {
        state
        for state, facts in world.facts().items()
        if not facts.deleted and decide(actor, facts, Channel.METADATA)
    }


def word(world, state, kind) -> Canary:
    return next(c for c in world.nest.canaries.values() if (c.state, c.kind) == (state, kind))


@pytest.mark.parametrize("who", list(ACTORS))
def test_counts_and_facets_are_of_what_somebody_sees(world, app, who) -> None:
    found = search(
        app, world, who, q="kenari*", rows=0, include_private=True,
        **{"facet.field": ["tags", "organization"], "facet.limit": 1000},
    )  # fmt: skip
    states = seen(world, who)
    tags = {word(world, state, "tanda").text for state in states}
    assert set(found["facets"]["tags"]) == tags
    assert found["count"] == len(states)
    assert sum(found["facets"]["organization"].values()) == len(states)


@pytest.mark.parametrize("who", FEW)
def test_a_search_for_words_of_a_hidden_dataset_finds_nothing(world, app, who) -> None:
    states = seen(world, who)
    for state in world.nest.datasets:
        title = word(world, state, "judul").text
        found = search(app, world, who, q=f"title:{title}", rows=0, include_private=True)
        assert found["count"] == (state in states), state


def found_by(text: str) -> str:
    """Return the question for exactly this text, wherever documents are searched."""
    return f'text:"{text}" OR satudata_columns:"{text}"'


@pytest.mark.parametrize("who", FEW)
def test_content_is_in_no_index_but_the_columns_of_open_data(world, app, who) -> None:
    """Not even who may have closed data finds them by a word: what is searched is the public view.

    Names of columns are found where everybody may have the data, of what is served only.
    """
    public = world.nest.allowed(world.actor("anonymous"), evidence=False)
    for canary in world.nest.canaries.values():
        if canary.kind in ("sel", "kolom"):
            found = search(app, world, who, q=found_by(canary.text), rows=0, include_private=True)
            told = canary.kind == "kolom" and canary.text in public
            assert found["count"] == int(told), canary


@pytest.mark.parametrize("who", ["anonymous", "recipient_member"])
def test_no_suggestion_tells_of_what_is_hidden(world, app, who) -> None:
    allowed = world.nest.allowed(world.actor(who), evidence=False)
    shown = set()
    for canary in world.nest.canaries.values():
        if canary.kind not in ("judul", "tanda"):
            continue
        answer = app.get(
            "/api/3/action/satudata_search_suggest",
            query_string={"q": canary.text[:-2], "limit": 20},
            headers=world.token(who),
        ).get_json()["result"]
        found = world.nest.found_in(json.dumps(answer["suggestions"]))
        assert found <= allowed, canary
        shown |= found
    kinds = {world.nest.canaries[text].kind for text in shown}
    assert kinds >= {"judul", "tanda", "nama"}


def test_a_hash_or_address_of_closed_data_is_no_question(world, app) -> None:
    for state in ("limited", "sealed", "draft"):
        for kind in ("hash", "arsip"):
            text = word(world, state, kind).text
            for query in (f"hash:{text}", f"url:{text}"):
                answer = app.get(f"/api/3/action/resource_search?query={query}").get_json()
                assert answer["result"]["count"] == 0, (state, query)
            assert search(app, world, "anonymous", q=f'"{text}"', rows=0)["count"] == 0


@pytest.mark.parametrize("who", FEW)
def test_fl_gives_no_stored_dataset_and_no_hidden_field(world, app, who) -> None:
    hidden = [
        "data_dict", "validated_data_dict", "permission_labels", "res_url", "index_id", "text",
        "hash",
    ]  # fmt: skip
    for hit in search(app, world, who, rows=100, fl=["*"])["results"]:
        assert not set(hit) & set(hidden)
    for name in hidden:
        for asked in ({"fl": ["id", name]}, {"fl": f"title,{name}"}, {"facet.field": [name]}):
            answer = app.post("/api/3/action/package_search", json=asked, headers=world.token(who))
            assert answer.status_code == 409, asked
            assert set(asked) <= set(answer.get_json()["error"]), asked


def test_what_was_closed_is_out_of_counts_before_the_index_follows(city, app, monkeypatch) -> None:
    """The index is late: the dataset is left out in the query, so that counts are right too."""

    def fails(_dataset_id):
        raise SearchIndexError("no answer")

    dataset = city.publish(tag_string="penanda")
    city.publish(tag_string="penanda")
    search_body = {"q": "tags:penanda", "rows": 0, "facet.field": json.dumps(["tags"])}

    def asked():
        path = "/api/3/action/package_search"
        return app.get(path, query_string=search_body).get_json()["result"]

    assert asked()["count"] == 2
    with monkeypatch.context() as patch:
        patch.setattr(stale_index.search, "rebuild", fails)
        held = city.act(
            "walidata", "satudata_hold_create", id=dataset["id"], scope="all", reason=REASON
        )
    assert asked()["count"] == 1
    assert asked()["facets"]["tags"] == {"penanda": 1}
    hold = held["holds"][0]["id"]
    city.act("ppid", "satudata_hold_release", id=dataset["id"], hold=hold, reason=REASON)
    assert asked()["count"] == 2
    assert not stale_index.queries()
