"""The labels of the search index admit whom the policy admits to the metadata, and nobody else."""

from __future__ import annotations

from hypothesis import example, given

from ckanext.satudata_pontianak.access.search.labels import actor_labels, dataset_labels
from ckanext.satudata_pontianak.agencies.rules.duties import Actor
from ckanext.satudata_pontianak.classification.rules.policy import Channel, Facts, decide

from ..unit.classification.test_policy import PEOPLE, facts_, facts_at, people

HELD = frozenset({"all"})


@example(PEOPLE["admin"], facts_at("sangat_rahasia", holds=HELD))
@example(PEOPLE["ppid"], facts_at(None, case_duties=frozenset({"ppid"}), holds=HELD))
@given(people, facts_)
def test_search_finds_for_everybody_what_the_policy_shows_them(actor: Actor, facts: Facts) -> None:
    found = bool(set(actor_labels(actor)) & set(dataset_labels(facts)))
    assert found == bool(decide(actor, facts, Channel.METADATA))
