"""Search: what is asked is declared, and every hit is checked again against the database."""

from __future__ import annotations

import itertools
import re
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model, types
from ckan.lib.dictization.model_dictize import resource_list_dictize
from ckan.lib.search.common import SearchError, SearchQueryError

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.records import dataset_types
from ...classification.records.reads_of_many import Page
from ...classification.rules.policy import Channel, VersionFacts, decide
from ..reading import overlay
from . import facet_labels, forgiving, parameters

CATALOGUE = {
    "dcat_catalog_show": "dcat",
    "dcat_catalog_search": "dcat",
    "dcat_datasets_list": "dcat_json_interface",
}
"""Actions of ckanext-dcat that search, and the plugin that has them."""


@tk.chained_action
@tk.side_effect_free
def package_search(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Search; every hit is checked again against the database and laid over."""
    asked = parameters.package_search(context, data_dict)
    fields = asked.get("fl")
    if fields is not None:
        # The id is needed to ask the policy, and taken out again.
        asked["fl"] = list(dict.fromkeys(["id", "name", *fields]))
    try:
        answer = forgiving.run(original, context, asked)
    except SearchQueryError:
        raise
    except SearchError:
        # What Solr says of it holds the whole question, with what is left out for this person.
        raise SearchQueryError(tk._("This search could not be understood.")) from None
    facet_labels.label(answer)
    hits = [r for r in answer["results"] if isinstance(r, dict) and "id" in r]
    if not hits:
        return answer
    actor = registry.actor_from_context(context)
    loaded = overlay.load_for(actor, [h["id"] for h in hits])
    results, laid = [], []
    for hit in hits:
        facts = loaded.facts.get(hit["id"])
        # Gone since it was indexed, or closed.
        if facts is None or not decide(actor, facts, Channel.METADATA):
            answer["count"] -= 1
            continue
        if fields is None and "resources" in hit:
            if facts.governed:
                laid.append((hit, overlay.ReadersView(actor, facts)))
            else:
                dataset_types.with_empty(hit)
        results.append(hit if fields is None else {n: hit[n] for n in fields if n in hit})
    overlay.lay_over_all(laid, loaded)
    answer["results"] = results
    return answer


@tk.chained_action
@tk.side_effect_free
def resource_search(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Search resources; only those whose data the caller may have are given and counted."""
    tk.check_access("resource_search", context, data_dict)
    taken = parameters.taken("resource_search", data_dict)
    offset, limit = taken.pop("offset", 0), taken.pop("limit", None)
    # All that fit are asked for and none is made into a dictionary yet: a count of what the caller
    # may not have would tell of it, and so would a place left empty.
    found = original(tk.fresh_context(context, search_query=True), taken)["results"]
    actor = registry.actor_from_context(context)
    loaded = overlay.load({r.package_id for r in found}, reviewing=False)
    kept = _in_order([r for r in found if _has_data(actor, r, loaded)], taken.get("order_by"))
    page = kept[offset:] if limit is None else kept[offset : offset + limit]
    if not context.get("search_query"):
        page = resource_list_dictize(page, context)
    return {"count": len(kept), "results": page}


def _in_order(found: list[model.Resource], column: Any) -> list[model.Resource]:
    """Return them in the order asked for, by id where it tells no two apart.

    The database gives those in the order of its rows, which tells of rows that are written.
    """
    alike = itertools.groupby(found, lambda one: getattr(one, column) if column else None)
    return [one for _, same in alike for one in sorted(same, key=lambda each: each.id)]


def _has_data(actor: Actor, resource: model.Resource, loaded: Page) -> bool:
    facts = loaded.facts.get(resource.package_id or "")
    if facts is None or not facts.governed:
        return facts is not None
    asked = VersionFacts(approved=True, resource_id=resource.id)
    return resource.id in loaded.approved and bool(decide(actor, facts, Channel.DATA, asked))


@tk.chained_action
@tk.side_effect_free
def package_autocomplete(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return datasets whose name or title holds what was typed."""
    taken = parameters.taken("package_autocomplete", data_dict)
    if "q" in taken:
        # Core puts it between quotes, and a backslash would take the closing one away; of the
        # others it thinks that they begin a language of their own.
        taken["q"] = " ".join(re.sub(r"[\\{}\":]", " ", taken["q"]).split())
        if not any(letter.isalnum() for letter in taken["q"]):
            taken["q"] = ""
    try:
        return original(context, taken)
    except SearchError:
        raise SearchQueryError(tk._("This search could not be understood.")) from None


def _catalogue(action: str) -> Any:
    """Return one of the catalogue's actions, with its parameters checked before it runs."""

    def checked(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
        return _with_profiles(original, context, parameters.taken(action, data_dict))

    checked.__name__ = action
    return tk.chained_action(tk.side_effect_free(checked))


@tk.chained_action
def dcat_dataset_show(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any] | str:
    """Return a dataset as linked data; the plugin breaks over a form that it does not have."""
    asked = {key: data_dict[key] for key in ("format", "profiles") if data_dict.get(key)}
    taken = parameters.taken("dcat_catalog_show", asked)
    return _with_profiles(original, context, {**data_dict, **taken})


def _with_profiles(original: Any, context: types.Context, data_dict: dict[str, Any]) -> Any:
    from ckanext.dcat.exceptions import RDFProfileException  # only there with its plugin

    try:
        return original(context, data_dict)
    except RDFProfileException:
        raise tk.ValidationError({"profiles": [tk._("There is no such profile.")]}) from None


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    own = {f.__name__: f for f in (package_search, resource_search, package_autocomplete)}
    there = [name for name, plugin in CATALOGUE.items() if p.plugin_loaded(plugin)]
    made = own | {name: _catalogue(name) for name in there}
    return made | ({"dcat_dataset_show": dcat_dataset_show} if p.plugin_loaded("dcat") else {})
