"""The labels of the search index admit whom the policy admits to the metadata, and nobody else."""

from __future__ import annotations

from hypothesis import example, given

from ckan import model
from ckan.lib.plugins import DefaultPermissionLabels

from ckanext.satudata_pontianak.access.search.labels import Labels, actor_labels, dataset_labels
from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.agencies.rules.duties import Actor
from ckanext.satudata_pontianak.classification.rules.policy import Channel, Facts, decide

from ...unit.classification.test_policy import PEOPLE, facts_, facts_at, people

HELD = frozenset({"all"})


@example(PEOPLE["admin"], facts_at("sangat_rahasia", holds=HELD))
@example(PEOPLE["ppid"], facts_at(None, case_duties=frozenset({"ppid"}), holds=HELD))
@given(people, facts_)
def test_search_finds_for_everybody_what_the_policy_shows_them(actor: Actor, facts: Facts) -> None:
    found = bool(set(actor_labels(actor)) & set(dataset_labels(facts)))
    assert found == bool(decide(actor, facts, Channel.METADATA))


def test_core_admits_to_what_is_not_governed_whom_our_duties_know(city) -> None:
    call = city.act
    call(
        "admin",
        "organization_create",
        name="puskesmas",
        title="Puskesmas",
        sdi_role=["produsen_data"],
        nomor_sk="SK/1/2026",
        groups=[{"name": "dinkes"}],
    )
    names = [city.admin["name"], *(user["name"] for user in city.users.values())]
    users = [model.User.get(name) for name in names]
    for user in (None, *users):
        core = DefaultPermissionLabels().get_user_dataset_labels(user)
        ours = set(actor_labels(registry.actor_for(user)))
        assert set(Labels().get_user_dataset_labels(user)) == set(core) | ours, user
    below = f"member-{model.Group.get('puskesmas').id}"
    admitted = {u.name for u in users if below in Labels().get_user_dataset_labels(u)}
    assert {"produsen", "kepala-dinkes"} < admitted
    assert not {"staf", "warga"} & admitted
