"""The page of a search: what it may be narrowed by, its order, what it tells; and suggestions."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import flask

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search.common import SearchError

from ... import days
from ...access.search import facet_labels, forgiving, rules
from ...agencies.helpers import satudata_agency_named
from ...metadata import codes, freshness
from ...msgids import N_
from ..web.request_cache import once_a_request

SHOWN = 8
"""Values of a facet before "show more"."""
SUMMARY = 220
"""Letters of a description in a list."""
MARKUP = re.compile(r"[*_`\[\]<>&\\#|~\n\r\t\x00-\x1f]|^\s*(?:[-+=]|\d+[.)])|^ {4}")
"""What may be markup; in a line without it every letter stands for itself."""
_NAME = "nama-dataset"
BY_SCORE = "score desc, metadata_modified desc"
ANY_VALUE = "nilai-apa-saja"
KINDS = {
    "dataset": N_("Dataset"),
    "agency": N_("Agency"),
    "topic": N_("Government affair"),
    "region": N_("Region"),
    "tag": N_("Keyword"),
}

search = flask.Blueprint("satudata_search", __name__)


def facets(without: str = "") -> OrderedDict[str, str]:
    """Return field → heading of what a search may be narrowed by, in the reader's language."""
    named = OrderedDict(
        organization=tk._("Agency"),
        urusan=tk._("Government affair"),
        satudata_region=tk._("Region"),
        satudata_year=tk._("Year"),
        satudata_format=tk._("Format"),
        level_penyajian=tk._("Level of detail"),
        tingkat_keamanan=tk._("Security level"),
        satudata_freshness=tk._("Freshness"),
        tags=tk._("Keywords"),
    )
    named.pop(without, None)
    return named


def _orders() -> list[tuple[str, str]]:
    return [
        (tk._("Most relevant"), BY_SCORE),
        (tk._("Newest data"), "satudata_data_day desc, title_string asc"),
        (tk._("Changed last"), "metadata_modified desc"),
        (tk._("Title A to Z"), "title_string asc"),
        (tk._("Title Z to A"), "title_string desc"),
    ]


def satudata_search_orders() -> list[tuple[str, str]]:
    """Return label and value of each order that a search may be given in."""
    return _orders()


def satudata_search_told() -> forgiving.Told:
    """Return what the search of this page has to tell besides its hits."""
    return forgiving.told()


def satudata_search_regions() -> list[dict[str, str]]:
    """Return ``name`` and ``url`` of the regions that the search of this page names."""
    found = [region for code in forgiving.told().regions if (region := codes.region(code))]
    return [
        {
            "name": f"{region.level.capitalize()} {region.label}",
            "url": tk.h.url_for("satudata_portal.region", code=region.code),
        }
        for region in found
    ]


def satudata_search_parts(hits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the hits that have all words (``whole``) and the ``others``.

    ``mixed`` tells that others stand among them, since somebody asked for another order.
    """
    told = forgiving.told()
    whole = [hit for hit in hits if hit.get("id") in told.whole]
    others = [hit for hit in hits if hit.get("id") not in told.whole]
    ordered = flask.request.args.get("sort") or BY_SCORE
    if ordered != BY_SCORE and told.whole:
        return {"whole": [], "others": list(hits), "mixed": True}
    return {"whole": whole, "others": others, "mixed": False}


def satudata_search_address(q: str) -> str:
    """Return the address of a search for other words."""
    return f"{tk.h.url_for('dataset.search')}?{urlencode({'q': q})}"


def satudata_search_page(number: int) -> str:
    """Return the address of another page of this search, with its filters and order."""
    params = [(k, v) for k, v in flask.request.args.items(multi=True) if k != "page"]
    return f"{flask.request.path}?{urlencode([*params, ('page', str(number))])}"


def satudata_search_elsewhere() -> str:
    """Return the address of the list of public information, empty where there is none."""
    endpoint = "satudata_registers.index"
    return tk.h.url_for(endpoint) if endpoint in flask.current_app.view_functions else ""


@once_a_request
def satudata_value_label(field: str, value: str) -> str:
    """Return what a value of a facet is called."""
    return facet_labels.value_label(field, value)


def satudata_facet(field: str, search_facets: Mapping[str, Any]) -> dict[str, Any]:
    """Return a facet as its list shows it.

    :returns: ``items`` (``name``, ``label``, ``count``, ``active``; what was chosen first,
        then the most frequent), and how many of them are shown at once (``shown``).
    """
    chosen = flask.request.args.getlist(field)
    items = [
        {
            "name": item["name"],
            "label": item["display_name"],
            "count": item["count"],
            "active": item["name"] in chosen,
        }
        for item in (search_facets.get(field) or {}).get("items") or ()
    ]
    if field == "satudata_year":
        items.sort(key=lambda item: (not item["active"], -int(item["name"])))
    elif field == rules.FRESHNESS:
        items.sort(key=lambda item: rules.STATES.index(item["name"]))
    else:
        items.sort(key=lambda item: (not item["active"], -item["count"], item["label"].casefold()))
    return {"items": items, "shown": SHOWN}


def satudata_chosen(fields: Sequence[tuple[str, str]], titles: Mapping[str, str]) -> list[Any]:
    """Return the chosen filters: ``field``, ``value``, ``title``, ``label``, ``known``."""
    return [
        {
            "field": field,
            "value": value,
            "title": titles.get(field, field),
            "label": _label(field, value),
            "known": field in titles,
        }
        for field, value in fields
    ]


def _label(field: str, value: str) -> str:
    if field == "organization":
        agency = model.Group.get(value)
        named = agency and agency.is_organization
        return satudata_agency_named(agency) if named else value
    return facet_labels.value_label(field, value)


def satudata_freshness_of(package: Mapping[str, Any]) -> dict[str, str]:
    """Return how current a dataset's figures are: ``state`` and its ``label``."""
    return _fresh(freshness.of_dataset(package, days.today()))


@once_a_request
def _fresh(state: freshness.Freshness) -> dict[str, str]:
    return {"state": state.value, "label": tk._(freshness.rules().labels[state])}


def satudata_with_value(address: str, value: str) -> str:
    """Return the address that an added value leads to.

    :param address: where :data:`ANY_VALUE` leads to: its last place is where the value belongs.
    """
    before, _, after = address.rpartition(ANY_VALUE)
    return f"{before}{quote_plus(value)}{after}"


def satudata_any_value() -> str:
    """Return what stands for a value in an address that is made for a whole list of them."""
    return ANY_VALUE


@once_a_request
def satudata_hit_words() -> dict[str, str]:
    """Return the words that each dataset of a list says, by what they name."""
    return {"year": tk._("Year"), "level": tk._("Level of detail")}


def satudata_hit_address(package: Mapping[str, Any]) -> str:
    """Return the address of a dataset in a list.

    To ask for each of twenty addresses takes as long as to search for the datasets.
    """
    before, after = _around(str(package["type"]))
    return f"{before}{quote(package['name'])}{after}"


@once_a_request
def _around(dataset_type: str) -> tuple[str, str]:
    """Return what stands before and after the name in the addresses of this type of dataset."""
    before, _, after = tk.url_for(f"{dataset_type}.read", id=_NAME).partition(_NAME)
    return before, after


def satudata_formats_of(package: Mapping[str, Any]) -> list[str]:
    """Return the formats of a dataset's files, each once."""
    names = (str(r.get("format") or "").strip().upper() for r in package.get("resources") or ())
    return sorted({name for name in names if name})


def satudata_summary(text: str | None) -> str:
    """Return the beginning of a description, without its markup.

    Most descriptions hold none: to find that out costs a page of twenty a third of its time less.
    """
    if not text:
        return ""
    if MARKUP.search(text):
        return str(tk.h.markdown_extract(text, extract_length=SUMMARY))
    plain = text.strip()
    return plain if len(plain) < SUMMARY else shorten(plain, width=SUMMARY, placeholder="...")


def suggestions() -> Any:
    """Answer what somebody is typing with suggestions as JSON."""
    args = flask.request.args
    try:
        answer = tk.get_action("satudata_search_suggest")(
            {}, {"q": args.get("q", ""), "limit": args.get("limit", "")}
        )
    except tk.ValidationError as problem:
        return flask.jsonify({"error": problem.error_summary}), 400
    except SearchError:
        return flask.jsonify({"error": tk._("The search does not answer at the moment.")}), 503
    for suggestion in answer["suggestions"]:
        suggestion["url"] = _address(suggestion)
        suggestion["kind_label"] = tk._(KINDS[suggestion["kind"]])
    if answer["did_you_mean"]:
        answer["did_you_mean_url"] = satudata_search_address(answer["did_you_mean"])
    return flask.jsonify(answer)


def _address(suggestion: Mapping[str, Any]) -> str:
    kind, value = suggestion["kind"], suggestion["value"]
    pages = {
        "dataset": ("dataset.read", "id"),
        "agency": ("organization.read", "id"),
        "topic": ("satudata_portal.topic", "code"),
        "region": ("satudata_portal.region", "code"),
    }
    endpoint, parameter = pages.get(kind, ("", ""))
    if endpoint in flask.current_app.view_functions:
        return tk.h.url_for(endpoint, **{parameter: value})
    field = {"topic": "urusan", "region": "satudata_region"}.get(kind, "tags")
    return f"{tk.h.url_for('dataset.search')}?{urlencode({field: value})}"


search.add_url_rule("/saran", view_func=suggestions)


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {
        f.__name__: f
        for f in (
            satudata_any_value,
            satudata_chosen,
            satudata_facet,
            satudata_formats_of,
            satudata_hit_address,
            satudata_hit_words,
            satudata_with_value,
            satudata_freshness_of,
            satudata_search_address,
            satudata_search_elsewhere,
            satudata_search_orders,
            satudata_search_page,
            satudata_search_parts,
            satudata_search_regions,
            satudata_search_told,
            satudata_summary,
            satudata_value_label,
        )
    }


def get_blueprints() -> list[Any]:
    """Return the blueprints of this module."""
    return [search]
