"""The catalogue and the queries of the search tests are what they say."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    import sys

    path = Path(__file__).parents[2] / "search" / "corpus.py"
    spec = importlib.util.spec_from_file_location("search_corpus", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["search_corpus"] = module
    spec.loader.exec_module(module)
    return module


corpus = load()


def test_the_catalogue_is_large_and_its_names_differ() -> None:
    names = [d.name for d in corpus.datasets()]
    assert len(names) >= 300
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("half", corpus.HALVES)
def test_every_wanted_dataset_exists(half: str) -> None:
    names = {d.name for d in corpus.datasets()}
    queries = corpus.queries(half)
    assert len(queries) >= 120
    for query in queries:
        assert query.want <= names, query


def test_no_query_stands_in_both_halves() -> None:
    seen, unread = ({q.q.casefold() for q in corpus.queries(h)} for h in corpus.HALVES)
    assert not seen & unread
