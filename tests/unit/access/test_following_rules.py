"""What may be followed, how a search is kept, and what a decision was to those who follow."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.access.following import rules
from ckanext.satudata_pontianak.access.following.rules import asked_of, following, news_of


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("q=air", "q=air"),
        ("urusan=1.02&q=air+minum", "q=air+minum&urusan=1.02"),
        ("q=air&q=air", "q=air"),
        ("tags=b&tags=a&q=", "tags=a&tags=b"),
        ("q=", None),
        ("", None),
        ("q=air&q=api", None),
        ("q=air&tingkat_keamanan=rahasia", None),
        ("q=air&page=2", None),
        ("q=" + "a" * 400, None),
        ("q=a%00b", None),
        ("&".join(f"tags={n}" for n in range(30)), None),
    ],
)
def test_a_search_is_kept_in_one_spelling_or_not_at_all(text: str, kept: str | None) -> None:
    assert following().search_of(text) == kept
    if kept:
        assert following().search_of(kept) == kept


def test_what_fits_is_asked_by_one_filter_and_no_value_leaves_its_quotes() -> None:
    assert asked_of("agency", "x").filters == ('+owner_org:"x"',)
    asked = asked_of("search", following().search_of('q=air&tags=a"+OR+*') or "")
    assert asked.words == "air"
    assert asked.filters == ('+tags:"a\\" OR \\*"',)
    assert asked_of(rules.EVERYTHING, "") == rules.Asked("", ())


def test_what_a_decision_was_to_those_who_follow() -> None:
    one, two = {"a": "1"}, {"a": "2"}
    assert news_of(None, one, wider=False, closer=False) == rules.PUBLISHED
    assert news_of(one, two, wider=False, closer=False) == rules.VERSION
    assert news_of(one, one, wider=False, closer=False) == rules.DECIDED
    assert news_of(one, two, wider=True, closer=False) == rules.PUBLISHED
    assert news_of(one, {}, wider=False, closer=True) == rules.CLOSED


def test_each_kind_has_a_word_of_its_own() -> None:
    words = [kind.word for kind in following().kinds.values()]
    assert [following().kind_of(word) for word in words] == list(rules.KINDS)
    assert following().kind_of("agency") is None


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("q=padi&page=2&sort=title_string+asc", "q=padi"),
        ("organization=dinkes&res_format=CSV", "organization=dinkes&satudata_format=CSV"),
        ("page=2", ""),
        ("q=", ""),
        ("q=padi&license_id=x", None),
        ("groups=topik", None),
        (f"q={'a' * 400}", None),
    ],
)
def test_no_feed_of_core_becomes_one_of_more_than_was_asked_for(asked, kept) -> None:
    assert following().search_of_core(asked) == kept
