"""What is kept beside the database: the search index, queues and caches."""

from __future__ import annotations

from ckanext.satudata_pontianak.classification.rules.policy import Channel, metadata_open

from ..canaries import OF_VERSION
from ..world import World
from .kept import documents, queued

OF_DATA = {kind for kind, channel in OF_VERSION.items() if channel is Channel.DATA}


def test_the_index_holds_the_view_of_the_least_reader(world: World) -> None:
    stored, facts = documents(), world.facts()
    public = world.nest.allowed(world.actor("anonymous"), evidence=False)
    for state, dataset_id in world.nest.datasets.items():
        found = world.nest.found_in(stored.get(dataset_id, ""))
        if metadata_open(facts[state]):
            assert found <= public, state
        else:
            kinds = {world.nest.canaries[word].kind for word in found}
            assert not kinds & (OF_DATA | {"catatan"}), (state, kinds)


def test_a_file_that_waits_is_in_no_document(world: World) -> None:
    waiting = {w for w in world.nest.canaries if "baru" in w or "tambah" in w}
    assert waiting
    assert not world.nest.found_in(" ".join(documents().values())) & waiting


def test_no_queue_and_no_cache_holds_content(world: World) -> None:
    text = b" ".join(queued()).decode("latin-1")
    found = {world.nest.canaries[word].kind for word in world.nest.found_in(text)}
    assert found <= {"id", "rid"}
