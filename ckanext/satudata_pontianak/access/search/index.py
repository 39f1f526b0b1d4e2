"""What goes into the search index: the view of the least privileged reader, and no more."""

from __future__ import annotations

import json
from typing import Any

import flask

from ... import config
from ...classification.records import dataset_types, reads, stale_index
from ...classification.records.ungoverned_index import MARK, before_policy
from ...classification.rules.axes import AXES
from ...classification.rules.policy import rule_mark
from ...classification.writes import keys
from ...metadata import freshness
from ..reading import overlay
from . import fields

LISTS = frozenset(
    {
        "dataset.search",
        "organization.read",
        "organization.bulk_process",
        "group.read",
        "group.bulk_process",
        "dcat.read_catalog",
        *(f"feeds.{name}" for name in ("general", "custom", "tag", "group", "organization")),
    }
)
CATALOGUE = "-dataset_type:harvest"
LEVEL, SECURITY = "satudata_level", "tingkat_keamanan"
LICENCE = ("license_id", "license_title", "license_url", "isopen")
RESOURCE_FIELDS = {
    "name": "res_name",
    "description": "res_description",
    "format": "res_format",
    "url": "res_url",
    "resource_type": "res_type",
}


def before_dataset_search(search_params: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a search what was indexed by other rules, or is out of date.

    Such a document still has the labels of before. Datasets of types that do not exist here are
    found by nobody: no page can show them, and a list with one in it is an error for everybody. All
    this is left out in the query itself, so that counts and facets are right too.
    """
    left_out = [query for query in (before_policy(), *stale_index.queries()) if query]
    asked = [f"-{query}" for query in left_out]
    if config.governed_types():
        known = " OR ".join(f'"{name}"' for name in sorted(dataset_types.known()))
        asked.append(f"+dataset_type:({known})")
        if _of_data(search_params):
            asked.append(f"-dataset_type:{dataset_types.APP}")
    if asked:
        search_params["fq_list"] = [*(search_params.get("fq_list") or []), *asked]
    return search_params


def _of_data(search_params: dict[str, Any]) -> bool:
    """Tell whether what asks is a list of datasets of core's or of a plugin's, which names no type.

    Apps stand in lists of their own. The catalogue for harvesters is known by what it leaves out.
    """
    if any(str(query).endswith(CATALOGUE) for query in search_params.get("fq_list") or ()):
        return True
    return bool(flask.has_request_context()) and flask.request.endpoint in LISTS


def before_dataset_index(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """Replace the writer's view in a document for Solr. Adds no ``package_show``."""
    if not dataset_types.is_governed(pkg_dict.get("type")):
        return pkg_dict
    made = stale_index.stamp()
    facts = reads.facts_of(pkg_dict["id"])
    view = overlay.LeastView(facts)
    loaded = overlay.load([pkg_dict["id"]], reviewing=view.case)
    result = {
        key: value
        for key, value in keys.of_document(pkg_dict).items()
        if not key.startswith(("satudata_", "res_")) and key not in AXES
    }
    dataset: dict[str, Any] = {}
    for name in ("data_dict", "validated_data_dict"):
        dataset = overlay.lay_over(json.loads(pkg_dict[name]), view, loaded)
        result[name] = json.dumps(dataset)
    result[MARK] = rule_mark(facts)
    result[stale_index.FIELD] = made
    for axis in AXES:
        if dataset.get(axis):
            result[axis] = dataset[axis]
    data = pkg_dict.get("type") != dataset_types.APP
    if data and not view.held:  # what is held back is not current, whenever it came
        result.update(freshness.indexed(dataset))
    result.update(fields.of_dataset(dataset, loaded, data_open=view.data))
    decided = dataset.get("satudata_decision")
    if decided:  # the axes may also be those of a proposal
        result[LEVEL] = decided["level"]
        if view.held:  # counted and found as what it is called on every page
            result[LEVEL] = result[SECURITY] = fields.HELD
    for name in LICENCE:
        if name not in dataset:
            result.pop(name, None)
    for resource in dataset.get("resources", ()):
        for name, field in RESOURCE_FIELDS.items():
            result.setdefault(field, []).append(resource.get(name) or "")
    return result
