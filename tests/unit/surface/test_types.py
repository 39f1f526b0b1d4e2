"""What is declared as a type, and what is not."""

from __future__ import annotations

import msgspec
import pytest

from ckanext.satudata_pontianak.agencies.rules.duties import Actor, Duty
from ckanext.satudata_pontianak.classification.rules.policy import (
    Channel,
    DecisionFacts,
    Facts,
    decide,
    metadata_open,
    readers_of,
)
from ckanext.satudata_pontianak.surface import types

KNOWN = frozenset({"dataset", "harvest"})


def test_the_file_declares_what_the_portal_has():
    declared = types.types()
    assert declared.datasets.governed == ("dataset", "layanan")
    assert set(declared.datasets.free) == {"harvest"}
    assert declared.address_schemes == ("http", "https")


def test_makers_are_duties():
    for kind in types.types().datasets.free.values():
        assert [Duty(duty) for duty in kind.made_by]


def test_a_misspelt_declaration_stops_the_start():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(
            {"plugin": "x", "made_by": [], "resources": False, "public": True}, types.Free
        )


@pytest.mark.parametrize(
    "value",
    [
        *("Dataset", "dataset ", " dataset", "dataset\0", "dаtaset", "", "0", 0, None, True),
        *(b"dataset", ["dataset"], ("dataset",), {"dataset": 1}, {}, frozenset({"dataset"})),
    ],
)
def test_only_the_very_name_is_a_type(value):
    assert not types.is_among(value, KNOWN)


def test_a_dataset_of_an_undeclared_type_is_closed_whatever_was_decided_on_it():
    facts = Facts("d", "dinkes", undeclared=True, decision=DecisionFacts("biasa"))
    editor = Actor("e", "e", publishes_for=frozenset({"dinkes"}), member_of=frozenset({"dinkes"}))
    sysadmin = Actor("s", "s", sysadmin=True)
    for channel in Channel:
        assert not decide(Actor(None, None), facts, channel)
        assert not decide(editor, facts, channel)
        assert "everyone" not in readers_of(facts, channel)
    assert decide(sysadmin, facts, Channel.METADATA)
    assert not decide(sysadmin, facts, Channel.DATA)
    assert not metadata_open(facts)
