"""A guard on what a search finds: the made-up catalogue, asked through Solr as pages ask it."""

from __future__ import annotations

from collections.abc import Iterator

import pysolr
import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak.access.search import forgiving

from . import corpus, measuring


@pytest.fixture(scope="module")
def catalogue() -> Iterator[pysolr.Solr]:
    with measuring.indexed(tk.config["solr_url"], ours=True) as solr:
        yield solr


@pytest.fixture
def search(catalogue: pysolr.Solr) -> Iterator[measuring.Hits]:
    # For each test anew: CKAN puts its options back after each.
    with measuring.asking(catalogue) as ask:
        yield ask


@pytest.mark.parametrize("half", corpus.HALVES)
@pytest.mark.usefixtures("with_request_context")
def test_what_people_mean_is_among_the_first_five(search, half) -> None:
    missed = measuring.missed(measuring.forgiving(search), half)
    # Which ones are missed is told of the half that may be looked at only.
    shown = missed if half == "seen" else len(missed)
    assert len(missed) <= len(corpus.queries(half)) * 0.05, shown


@pytest.mark.usefixtures("with_request_context")
def test_mistyped_words_do_not_blur_what_is_written_right(search) -> None:
    hits = measuring.forgiving(search)
    assert hits("pajak reklame")[0] == "pajak-reklame"
    answer = forgiving.run(search, {"for_view": True}, {"q": "reklame", "rows": 50})
    assert {hit["name"] for hit in answer["results"]} == {"pajak-reklame", "reklame-liar"}


@pytest.mark.usefixtures("with_request_context")
@pytest.mark.parametrize("q", ["xyzzyqwk", "zzzz", "qqqqqqqqq"])
def test_what_nobody_has_is_not_found(search, q) -> None:
    assert measuring.forgiving(search)(q) == []


@pytest.mark.usefixtures("with_request_context")
@pytest.mark.parametrize(
    ("q", "corrected"), [("pendudk", "penduduk"), ("rumahsakit", "rumah sakit"), ("warga", None)]
)
def test_a_correction_is_a_word_of_the_catalogue(search, q, corrected) -> None:
    assert forgiving.correct(search, {}, q) == corrected


@pytest.mark.usefixtures("with_request_context")
def test_words_in_quotes_stand_together_in_titles_and_columns(search) -> None:
    def found(q: str) -> set[str]:
        answer = forgiving.run(search, {"for_view": True}, {"q": q, "rows": 50})
        return {hit["name"] for hit in answer["results"]}

    assert "pajak-reklame" in found('"pajak reklame"')
    assert found('"reklame pajak"') == set()
    made = next(d for d in corpus.datasets() if any("_" in c for c in d.columns))
    column = next(c for c in made.columns if "_" in c)
    assert made.name in found(f'"{column.replace("_", " ")}"')
