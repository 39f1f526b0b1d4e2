"""Search: which fields may be asked for, and every hit checked again against the database."""

from __future__ import annotations

import json
import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ..agencies import registry
from ..agencies.duties import Actor
from ..classification.axes import AXES
from ..classification.page import Page
from ..classification.policy import Channel, VersionFacts, decide
from ..metadata.service import dataset_fields
from . import forgiving, overlay, search_labels

# The only fields of the index that a caller may name. What is not listed, also a field that
# some plugin adds later, stays closed: the stored dataset, labels, addresses, hashes.
FIELDS = frozenset(
    """
    id name title notes url type dataset_type state organization owner_org groups tags
    license_id license metadata_created metadata_modified author author_email maintainer
    maintainer_email version num_resources num_tags res_name res_description res_format
    res_type private capacity isopen creator_user_id title_string score
    satudata_data_day satudata_due_day satudata_late_day satudata_level
    satudata_freshness satudata_format satudata_region satudata_year
    """.split()
)
# A facet of these would list people's addresses or prose instead of counting.
NO_FACET = frozenset({"score", "notes", "res_description", "maintainer_email", "author_email"})


def may_name(field: str) -> bool:
    """Tell whether a caller may ask for a field of the index."""
    known = {f["field_name"] for f in dataset_fields()}
    bare = field.removeprefix("extras_").removeprefix("vocab_")
    return field in FIELDS or bare in known or field in AXES or field.startswith("vocab_")


def _named(value: Any) -> list[str]:
    if isinstance(value, str):
        return [part for part in re.split(r"[,\s]+", value) if part]
    return [part for item in value or () for part in _named(item)]


def _restrict(data_dict: dict[str, Any]) -> list[str] | None:
    """Take out of a search what it may not name; return the fields asked for, if any were."""
    facets = data_dict.get("facet.field")
    if isinstance(facets, str):  # as an address carries it; core would read it later
        try:
            facets = json.loads(facets)
        except ValueError:
            facets = [facets]
        facets = [facets] if isinstance(facets, str) else facets
    if isinstance(facets, list):
        data_dict["facet.field"] = [
            f for f in facets if isinstance(f, str) and may_name(f) and f not in NO_FACET
        ]
    if not data_dict.get("fl"):
        return None
    asked = _named(data_dict["fl"])
    if "*" in asked:
        asked += sorted(FIELDS)
    allowed = [name for name in dict.fromkeys(asked) if may_name(name)] or ["id"]
    # The id is needed to ask the policy, and taken out again.
    data_dict["fl"] = list(dict.fromkeys(["id", "name", *allowed]))
    return allowed


@tk.chained_action
@tk.side_effect_free
def package_search(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Search; every hit is checked again against the database and laid over."""
    data_dict = dict(data_dict)
    fields = None if context.get(forgiving.COUNTS_WORDS) else _restrict(data_dict)
    answer = forgiving.run(original, context, data_dict)
    search_labels.label(answer)
    hits = [r for r in answer["results"] if isinstance(r, dict) and "id" in r]
    if not hits:
        return answer
    actor = registry.actor_from_context(context)
    loaded = overlay.load_for(actor, [h["id"] for h in hits])
    results = []
    for hit in hits:
        facts = loaded.facts.get(hit["id"])
        # Gone since it was indexed, or closed.
        if facts is None or not decide(actor, facts, Channel.METADATA):
            answer["count"] -= 1
            continue
        if fields is None and facts.governed and "resources" in hit:
            overlay.lay_over(hit, overlay.ReadersView(actor, facts), loaded)
        results.append(hit if fields is None else {n: hit[n] for n in fields if n in hit})
    answer["results"] = results
    return answer


@tk.chained_action
@tk.side_effect_free
def resource_search(
    original: Any, context: types.Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Search resources; only those whose data the caller may have are given."""
    answer = original(context, data_dict)
    actor = registry.actor_from_context(context)
    results = answer.get("results") or []
    loaded = overlay.load(
        [r["package_id"] for r in results if r.get("package_id")], reviewing=False
    )
    kept = [r for r in results if _has_data(actor, r, loaded)]
    answer["count"] = max(0, answer["count"] - (len(results) - len(kept)))
    answer["results"] = kept
    return answer


def _has_data(actor: Actor, resource: dict[str, Any], loaded: Page) -> bool:
    facts = loaded.facts.get(resource.get("package_id", ""))
    if facts is None or not facts.governed:
        return facts is not None
    asked = VersionFacts(approved=True, resource_id=resource["id"])
    return resource["id"] in loaded.approved and bool(decide(actor, facts, Channel.DATA, asked))


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    return {f.__name__: f for f in (package_search, resource_search)}
