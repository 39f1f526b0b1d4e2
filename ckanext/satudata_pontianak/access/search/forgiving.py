"""A search as people mean it: weights for words, mistyped words, questions that Solr cannot read.

What is no plain question is read and written anew (:mod:`...surface.search_query`): Solr never
gets the text of a caller.

What is found instead of mistyped words is asked of Solr as the caller: a word that
stands only in datasets of which they may not know is never offered, not even as a correction.
On a page a question is text, but where it names a field; a program may write Solr's language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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

FEW = 6
"""Where fewer hits have all the words, those with most of them follow."""
MOST_CORRECTED = 6
DUE, LATE = "satudata_due_day", "satudata_late_day"
_TOLD = "satudata_search_told"

# Core refuses parameters of Solr that are not in its list. Ours need more: without "q.op" every
# word is required, whatever "mm" says; "pf" lets words that stand together weigh more, "bq" open
# data.
VALID_SOLR_PARAMETERS.update({"q.op", "pf", "ps", "bq"})

Search = Callable[[types.Context, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Told:
    """What the page of a search tells of it besides the hits."""

    q: str = ""
    corrected: str = ""
    """What was searched instead, since nothing was found."""
    some: bool = False
    """Few or none have all words; those that follow have most or some of them."""
    whole: frozenset[str] = frozenset()
    """Where others follow: the ids of the hits that have all words."""
    apart: bool = False
    """Nothing has the words in quotes one after another; these have them apart."""
    words_only: bool = False
    """The question could not be read as it stood: its words were searched."""
    regions: tuple[str, ...] = ()
    """Codes of the regions that it names."""


def told() -> Told:
    """Return what the last search of this request has to tell."""
    return flask.g.get(_TOLD) or Told()


def prepare(data_dict: dict[str, Any]) -> None:
    """Put our fields and weights into a search of a program; change ``data_dict``.

    :raises Refused: the question does not parse, or asks for what is not declared.
    """
    _with_freshness(data_dict)
    q = data_dict.get("q")
    if not isinstance(q, str) or not q.strip():
        return
    if phrases := rules.with_phrases(q):
        data_dict.update(_weighted(phrases, rules.EACH))
    elif rules.is_plain(q):
        data_dict.update(_by(rules.read(q), rules.MATCH))
    else:
        data_dict.update(_written(q))


def _by(question: rules.Question, match: str, whole: Sequence[str] = ()) -> dict[str, Any]:
    """Return the search for what a question says; of signs alone, for nothing.

    :param whole: ids of hits that come before all others.
    """
    if not question.parts:
        return {"q": search_query.NOTHING}
    return _weighted(question.asked, match) | {"bq": rules.whole_first(whole)}


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


def _weighted(asked: str, match: str) -> dict[str, Any]:
    return {
        "q": asked,
        "bq": rules.OPEN,
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
    if context.get("for_view"):
        return _for_page(search, context, data_dict)
    asked = dict(data_dict)
    try:
        prepare(asked)
    except Refused as refused:
        raise parameters.unsearchable(refused) from None
    return search(context, asked)


def _for_page(search: Search, context: types.Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    q = str(data_dict.get("q") or "")
    asked = dict(data_dict)
    _with_freshness(asked)
    if not q.strip():
        return search(context, asked)
    problem: Exception | None = None
    if rules.is_language(q):
        try:
            return search(context, {**asked, **_written(q)})
        except Refused as refused:
            problem = refused
        except (SolrConnectionError, SearchQueryError):
            raise
        except SearchError as error:
            problem = error
    told = Told(q=rules.as_words(q) if problem else q, words_only=problem is not None)
    try:
        return _by_words(search, context, asked, told)
    except (SolrConnectionError, SearchQueryError):
        raise
    except SearchError as error:
        raise SearchQueryError(
            tk._("This search could not be understood. Leave out special characters and filters.")
        ) from (problem or error)


def _by_words(
    search: Search, context: types.Context, asked: dict[str, Any], told: Told
) -> dict[str, Any]:
    """Search words: as they stand in quotes, all, put right, then most or some of them."""
    question = rules.read(told.q)
    told = replace(told, regions=question.regions)
    if phrases := rules.with_phrases(told.q):
        answer = search(context, {**asked, **_weighted(phrases, rules.EACH)})
        if answer["count"]:
            _tell(told)
            return answer
        told = replace(told, apart=True)
    answer = search(context, {**asked, **_by(question, rules.EACH)})
    if not answer["count"] and (corrected := _corrected(search, context, asked, told.q)):
        question = rules.read(corrected)
        answer = search(context, {**asked, **_by(question, rules.EACH)})
        told = replace(told, corrected=corrected, regions=question.regions)
    if answer["count"] < FEW and len(question.parts) > 1:
        answer, told = _with_most(search, context, asked, question, answer, told)
    if not answer["count"]:
        told = replace(told, corrected="", apart=False)
    _tell(told)
    return answer


def _with_most(
    search: Search,
    context: types.Context,
    asked: dict[str, Any],
    question: rules.Question,
    answer: dict[str, Any],
    told: Told,
) -> tuple[dict[str, Any], Told]:
    """Let those with most of the words follow those that have all; where there are none, some."""
    whole: list[str] = []
    if answer["count"]:
        bare = {**_bare(asked), **_by(question, rules.EACH), "rows": FEW, "fl": ["id"]}
        whole = [hit["id"] for hit in search(context, bare)["results"]]
    for match in (rules.MOST, *([] if whole else [rules.ONE])):
        more = search(context, {**asked, **_by(question, match, whole)})
        if more["count"] > answer["count"]:
            return more, replace(told, some=True, whole=frozenset(whole))
    return answer, told


def _bare(asked: dict[str, Any]) -> dict[str, Any]:
    """Return a search without facets, for its count and its first hits."""
    kept = {name: value for name, value in asked.items() if not name.startswith("facet")}
    return {**kept, "start": 0, "rows": 0}


def _tell(what: Told) -> None:
    if flask.has_request_context():
        flask.g.satudata_search_told = what


def correct(search: Search, context: types.Context, q: str) -> str | None:
    """Return a question with its mistyped words put right, ``None`` where none is.

    A word is mistyped that the index does not know: nothing that the caller sees is found by it.

    :param search: asked as the caller; words of what they may not know of do not come out.
    """
    words, small = rules.as_words(q).split(), rules.words_of(q)
    put_right = list(small)
    for at in rules.unknown(words)[:MOST_CORRECTED]:
        put_right[at] = _put_right(search, context, small[at])
    return " ".join(put_right) if put_right != small else None


def offered(search: Search, context: types.Context, q: str) -> str | None:
    """Return the correction of a question by which more is found, ``None`` without one."""
    return _corrected(search, context, {"include_private": True}, q)


def _corrected(search: Search, context: types.Context, asked: dict[str, Any], q: str) -> str | None:
    """Return the correction of a question that has no hit with all of its words.

    Something has all words of the correction, or more has most of them than of the question.
    """
    corrected = correct(search, context, q)
    if corrected is None:
        return None

    def count(words: str, match: str) -> int:
        return search(context, {**_bare(asked), **_by(rules.read(words), match)})["count"]

    if count(corrected, rules.EACH):
        return corrected
    return corrected if count(corrected, rules.MOST) > count(q, rules.MOST) else None


def _put_right(search: Search, context: types.Context, word: str) -> str:
    like = rules.like(word)
    if like is None:
        return word
    bare: dict[str, Any] = {"rows": 0, "include_private": True}
    if search(context, {**bare, **_by(rules.read(word), rules.EACH)})["count"]:
        return word
    near = search(
        context,
        {**bare, "q": like, "facet.field": ["satudata_words"], "facet.limit": -1},
    )
    counts = near["facets"].get("satudata_words") or {}
    return rules.nearest(word, counts) or word
