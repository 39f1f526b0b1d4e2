"""Suggestions while somebody types, from what that person may see and nothing else.

Titles, keywords, agencies, affairs and regions come out of ``package_search`` as the caller: a
keyword of a closed dataset is counted nowhere in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired, TypedDict

import ckan.plugins.toolkit as tk
from ckan import types
from ckan.lib.search.common import SearchError, SolrConnectionError

from ...agencies import registry
from ...classification.records import dataset_types
from ...metadata import codes
from . import facet_labels, forgiving, parameters, rules

MOST, USUAL, SHORTEST = 20, 8, 2
FACETS = {
    "organization": "agency",
    "urusan": "topic",
    "satudata_region": "region",
    "tags": "tag",
}
"""Facet → kind of suggestion, in the order in which they are given."""
EACH = 2
"""Suggestions of one such kind, so that titles keep their place."""


class Suggestion(TypedDict):
    """What somebody may go on to type, or to open."""

    kind: Annotated[str, "`dataset`, `agency`, `topic`, `region` or `tag`"]
    label: Annotated[str, "in the language of the request"]
    label_en: NotRequired[Annotated[str, "of an agency or a topic: its name in English"]]
    value: Annotated[str, "name or code"]
    count: NotRequired[
        Annotated[int, "how many datasets; not of a dataset, nor of a region by another spelling"]
    ]


class Suggestions(TypedDict):
    """Suggestions for what was typed."""

    q: str
    suggestions: list[Suggestion]
    did_you_mean: Annotated[str | None, "the question with mistyped words put right"]


@tk.side_effect_free
def satudata_search_suggest(context: types.Context, data_dict: dict[str, Any]) -> Suggestions:
    """Return what somebody may go on to type, or to open, having typed ``q``.

    :param q: what was typed. Fewer than two letters give nothing.
    :type q: string
    :param limit: suggestions at most, 1 to 20 (default 8).
    :type limit: int
    """
    tk.check_access("satudata_search_suggest", context, data_dict)
    parameters.known("satudata_search_suggest", data_dict)
    q, limit = _asked(data_dict)

    typed = rules.words_of(q)
    if len("".join(typed)) < SHORTEST:
        return {"q": q, "suggestions": [], "did_you_mean": None}
    try:
        found = _regions(q, _named(context, typed))
        titles = _titles(context, q, limit)
        suggestions = (titles[: max(1, limit - len(found))] + found)[:limit]
        meant = None if suggestions else forgiving.offered(_search, context, q)
    except SolrConnectionError:
        raise
    except SearchError as problem:
        raise tk.ValidationError({"q": [tk._("This search could not be understood.")]}) from problem
    return {"q": q, "suggestions": suggestions, "did_you_mean": meant}


def _asked(data_dict: dict[str, Any]) -> tuple[str, int]:
    q = data_dict.get("q") or ""
    if not isinstance(q, str):
        raise tk.ValidationError({"q": [tk._("Write words to search for")]})
    try:
        limit = int(data_dict.get("limit") or USUAL)
    except (TypeError, ValueError):
        limit = 0
    if not 1 <= limit <= MOST:
        raise tk.ValidationError(
            {"limit": [tk._("Give a number from 1 to {most}").format(most=MOST)]}
        )
    return q[: rules.LONGEST].strip(), limit


def _search(context: types.Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    return tk.get_action("package_search")(parameters.marked(context, parameters.WORDS), data_dict)


def _titles(context: types.Context, q: str, limit: int) -> list[Suggestion]:
    query = rules.beginnings(q)
    if query is None:
        return []
    answer = _search(
        context,
        {
            "q": query,
            "fq": dataset_types.NO_APPS,
            "fl": ["name", "title"],
            "rows": limit,
            "include_private": True,
        },
    )
    return [
        {"kind": "dataset", "label": hit["title"], "value": hit["name"]}
        for hit in answer["results"]
        if hit.get("title")
    ]


def _named(context: types.Context, typed: list[str]) -> list[Suggestion]:
    """Return agencies, affairs, regions and keywords that begin so and have datasets."""
    answer = tk.get_action("package_search")(
        parameters.marked(context, parameters.VALUES),
        {
            "fq": dataset_types.NO_APPS,
            "rows": 0,
            "facet.field": list(FACETS),
            "facet.limit": -1,
            "include_private": True,
        },
    )
    found: list[Suggestion] = []
    for facet, kind in FACETS.items():
        items = []
        for item in answer["search_facets"].get(facet, {}).get("items", ()):
            label = item["display_name"]
            if kind in {"topic", "region"}:
                label = facet_labels.value_label(facet, item["name"])
            names = _names(kind, item["name"])
            if any(rules.begins(name, typed) for name in (label, *names)):
                items.append({**item, "display_name": label, "names": names})
        items.sort(key=lambda item: (-item["count"], item["display_name"]))
        found += [_suggestion(kind, item) for item in items[:EACH]]
    return found


def _names(kind: str, value: str) -> tuple[str, ...]:
    """Return the official name of an agency or a topic and the English one, where it has both."""
    if kind == "agency":
        agency = registry.agency(value)
        return (agency.title, agency.english) if agency and agency.english else ()
    topic = codes.urusan(value) if kind == "topic" else None
    return (topic.label, topic.english) if topic and topic.english else ()


def _suggestion(kind: str, item: Mapping[str, Any]) -> Suggestion:
    made = Suggestion(
        kind=kind, label=item["display_name"], value=item["name"], count=item["count"]
    )
    if item["names"]:
        made["label_en"] = item["names"][1]
    return made


def _regions(q: str, found: list[Suggestion]) -> list[Suggestion]:
    """Return what was found behind the regions that are written so, whatever has to do with them.

    Names of regions are public.
    """
    known = {one["value"] for one in found if one["kind"] == "region"}
    named = [
        Suggestion(kind="region", label=region.label, value=code)
        for code in rules.read(q).regions
        if code not in known and (region := codes.region(code))
    ]
    return named + found


@tk.auth_allow_anonymous_access
def _may_suggest(_context: types.Context, _data_dict: Any) -> types.AuthResult:
    """Allow everybody: the search within answers as the caller."""
    return {"success": True}


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    return {"satudata_search_suggest": satudata_search_suggest}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this module by name."""
    return {"satudata_search_suggest": _may_suggest}
