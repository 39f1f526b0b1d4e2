"""Accounts that somebody had in hand are never independent of them."""

from __future__ import annotations

from ckanext.satudata_pontianak.agencies.rules.independence import independent, origins

HANDS = {"anak": {"induk"}, "cucu": {"anak"}, "saudara": {"induk"}, "putar": {"putar_2"},
         "putar_2": {"putar"}}  # fmt: skip


def test_nobody_is_independent_of_themselves_or_of_an_account_without_a_name() -> None:
    assert not independent("induk", "induk", {})
    assert not independent("induk", "", {})
    assert independent("induk", "lain", HANDS)


def test_an_account_depends_on_its_maker_and_on_the_makers_of_that() -> None:
    assert not independent("induk", "anak", HANDS)
    assert not independent("cucu", "induk", HANDS)
    assert origins("cucu", HANDS) == {"cucu", "anak", "induk"}


def test_two_accounts_of_the_same_maker_depend_on_one_another() -> None:
    assert not independent("anak", "saudara", HANDS)
    assert not independent("saudara", "cucu", HANDS)


def test_makers_in_a_circle_end_the_search() -> None:
    assert origins("putar", HANDS) == {"putar", "putar_2"}
