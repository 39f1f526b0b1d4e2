"""Which decisions stand in which register."""

from __future__ import annotations

from ckanext.satudata_pontianak.access.reading.register_rules import Listed, listed
from ckanext.satudata_pontianak.classification.rules.axes import classification


def test_what_is_open_stands_in_dip_by_its_title() -> None:
    found = listed("dip", classification())
    assert {kind.level for kind in found} == {"biasa"}
    assert all(kind.named for kind in found)
    # Data may be held back while the description stays; a hold of everything hides it.
    assert {kind.holds for kind in found} == {(), ("data",)}


def test_what_is_excluded_stands_in_dik_and_is_named_only_where_everybody_may_know() -> None:
    assert listed("dik", classification()) == (
        Listed("rahasia", (), named=False),
        Listed("rahasia", ("data",), named=False),
        Listed("terbatas", (), named=True),
        Listed("terbatas", ("data",), named=True),
    )


def test_what_is_top_secret_stands_in_no_register() -> None:
    rules = classification()
    levels = {kind.level for name in ("dip", "dik") for kind in listed(name, rules)}
    assert levels == set(rules.levels) - {"sangat_rahasia"}
    assert rules.exclusion.registers["counted"] == {"sangat_rahasia"}
