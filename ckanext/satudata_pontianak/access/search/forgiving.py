"""A search as people mean it: weights for words, mistyped words, questions that Solr cannot read.

What is no plain question is read and written anew (:mod:`...surface.search_query`): Solr never
gets the text of a caller.

What is found instead of mistyped words is asked of Solr as the caller: a word that
stands only in datasets of which they may not know is never offered, not even as a correction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import types
from ckan.lib.search.common import SearchError, SearchQueryError, SolrConnectionError
from ckan.lib.search.query import VALID_SOLR_PARAMETERS

from ... import days
from ...surface import search_query
from ...surface.parameters import Refused
from . import parameters, rules

FEW = 3
ALL_NEEDED = 3
"""Of fewer words each is found in a hit: see ``search_rules.MATCH``."""
MOST_CORRECTED = 6
DUE, LATE = "satudata_due_day", "satudata_late_day"
_TOLD = "satudata_search_told"

# Core refuses parameters of Solr that are not in its list. Ours need two more: without "q.op" every
# word is required, whatever "mm" says; "pf" lets words that stand together weigh more.
VALID_SOLR_PARAMETERS.update({"q.op", "pf", "ps"})

Search = Callable[[types.Context, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Told:
    """What the page of a search tells of it besides the hits."""

    q: str = ""
    corrected: str = ""
    """What was searched instead, since nothing was found."""
    suggested: str = ""
    """What may have been meant; few were found."""
    some: bool = False
    """Nothing has all words; these have some."""
    words_only: bool = False
    """The question could not be read as it stood: its words were searched."""


def told() -> Told:
    """Return what the last search of this request has to tell."""
    return flask.g.get(_TOLD) or Told()


def prepare(data_dict: dict[str, Any]) -> bool:
    """Put our fields and weights into a search by words; change ``data_dict``.

    :returns: whether it is one that forgives; one with quoted phrases or signs does not.
    :raises Refused: the question does not parse, or asks for what is not declared.
    """
    _with_freshness(data_dict)
    q = data_dict.get("q")
    if not isinstance(q, str) or not q.strip():
        return False
    if phrases := rules.with_phrases(q):
        data_dict.update(_weighted(phrases, rules.EACH))
        return False
    if rules.is_plain(q):
        words = rules.meant(q)
        data_dict.update(_weighted(words) if words else {"q": search_query.NOTHING})
        return bool(words)
    data_dict.update(_written(q))
    return False


def _written(q: str) -> dict[str, Any]:
    """Return a question with signs as it is asked: written anew from what was read."""
    try:
        node = search_query.cached(q)
    except Refused as refused:
        raise refused.of("q") from None
    if node is None:
        return {"q": search_query.NOTHING}
    text = search_query.write(node, parameters.states)
    if search_query.fields_of(node):
        return {"q": text, "defType": "lucene"}
    # Signs say which parts are needed, so that no other rule may.
    return _weighted(text, rules.ANY)


def _weighted(words: str, match: str = rules.MATCH) -> dict[str, Any]:
    return {
        "q": words,
        "defType": "edismax",
        "qf": rules.QUERY_FIELDS,
        "mm": match,
        "tie": rules.TIE,
        "q.op": "OR",
        "pf": rules.PHRASE_FIELDS,
        "ps": "3",
    }


def _with_freshness(data_dict: dict[str, Any]) -> None:
    """Put days in the place of states of freshness among the facets."""
    facets = data_dict.get("facet.field")
    if isinstance(facets, list) and rules.FRESHNESS in facets:
        others = [name for name in facets if name not in {rules.FRESHNESS, DUE, LATE}]
        data_dict["facet.field"] = [*others, DUE, LATE]


def count_freshness(answer: dict[str, Any], asked: Sequence[str]) -> None:
    """Count the states of freshness from the days that Solr counted; change ``answer``.

    :param asked: the facets that the caller asked for; days that are not among them go out.
    """
    facets = answer.get("facets") or {}
    if rules.FRESHNESS not in asked or DUE not in facets:
        return
    now = days.today().isoformat()
    due, late = facets[DUE], facets.get(LATE, {})
    counts = {
        "fresh": sum(n for day, n in due.items() if day > now),
        "late": sum(n for day, n in late.items() if day <= now),
    }
    promised = sum(due.values())
    counts["due"] = max(0, promised - counts["fresh"] - counts["late"])
    counts["unknown"] = max(0, answer["count"] - promised)
    counts = {state: counts[state] for state in rules.STATES if counts[state]}
    facets[rules.FRESHNESS] = counts
    shown = answer.setdefault("search_facets", {})
    for name in {DUE, LATE} - set(asked):
        facets.pop(name, None)
        shown.pop(name, None)
    shown[rules.FRESHNESS] = {
        "title": rules.FRESHNESS,
        "items": [{"name": n, "display_name": n, "count": c} for n, c in counts.items()],
    }


def run(search: Search, context: types.Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Search. A page forgives what is mistyped or cannot be read; a program gets what it asked."""
    answer = _run(search, context, data_dict)
    facets = data_dict.get("facet.field")
    count_freshness(answer, facets if isinstance(facets, list) else ())
    return answer


def _run(search: Search, context: types.Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    if context.get(parameters.OWN) == parameters.WORDS:
        return search(context, data_dict)
    q = str(data_dict.get("q") or "")
    asked = dict(data_dict)
    try:
        plain = prepare(asked)
    except Refused as refused:
        problem = parameters.unsearchable(refused)
        if not context.get("for_view"):
            raise problem from None
        return _by_words(search, context, data_dict, problem)
    if not context.get("for_view"):
        return search(context, asked)
    try:
        answer = search(context, dict(asked))
    except (SolrConnectionError, SearchQueryError):
        raise
    except SearchError as problem:
        return _by_words(search, context, data_dict, problem)
    if plain and answer["count"] < FEW and flask.has_request_context():
        return _forgiven(search, context, asked, answer, q)
    return answer


def _by_words(
    search: Search, context: types.Context, data_dict: dict[str, Any], problem: SearchError
) -> dict[str, Any]:
    """Search the words of a question that could not be read; signs alone find nothing."""
    words = rules.as_words(str(data_dict.get("q") or ""))
    asked = dict(data_dict)
    _with_freshness(asked)
    # "OR" is a word here.
    asked.update(_weighted(rules.meant(words).lower()) if words else {"q": search_query.NOTHING})
    try:
        answer = search(context, asked)
    except SearchError:
        raise SearchQueryError(
            tk._("This search could not be understood. Leave out special characters and filters.")
        ) from problem
    _tell(Told(q=words, words_only=True))
    return answer


def _forgiven(
    search: Search,
    context: types.Context,
    asked: dict[str, Any],
    answer: dict[str, Any],
    q: str,
) -> dict[str, Any]:
    """Search again where little was found: mistyped words put right, then some words of all."""
    if answer["count"] and len(asked["q"].split()) < ALL_NEEDED:
        return answer  # every word was found
    corrected = correct(search, context, asked["q"])
    if answer["count"]:
        _tell(Told(q=q, suggested=corrected or ""))
        return answer
    if corrected:
        better = search(context, {**asked, **_weighted(corrected)})
        if better["count"]:
            _tell(Told(q=q, corrected=corrected))
            return better
    words = corrected or asked["q"]
    if len(words.split()) > 1:
        some = search(context, {**asked, **_weighted(words, "1")})
        if some["count"]:
            _tell(Told(q=q, some=True, suggested=corrected or ""))
            return some
    _tell(Told(q=q))
    return answer


def _tell(what: Told) -> None:
    flask.g.satudata_search_told = what


def correct(search: Search, context: types.Context, q: str) -> str | None:
    """Return a question with its mistyped words put right, ``None`` where none is.

    :param search: asked as the caller; words of what they may not know of do not come out.
    """
    words: Sequence[str] = rules.words_of(q)[:MOST_CORRECTED]
    put_right = [_put_right(search, context, word) for word in words]
    if put_right == list(words):
        return None
    return " ".join(put_right)


def _put_right(search: Search, context: types.Context, word: str) -> str:
    like = rules.like(word)
    if like is None:
        return word
    bare: dict[str, Any] = {"rows": 0, "include_private": True}
    if search(context, {**bare, **_weighted(word)})["count"]:
        return word
    near = search(
        context,
        {**bare, "q": like, "facet.field": ["satudata_words"], "facet.limit": -1},
    )
    counts = near["facets"].get("satudata_words") or {}
    return rules.nearest(word, counts) or word
