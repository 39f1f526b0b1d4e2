"""What goes into the search index: the view of the least privileged reader, and no more."""

from __future__ import annotations

import json
from typing import Any

from .. import config
from ..classification import repository
from ..classification.axes import AXES
from . import overlay

RESOURCE_FIELDS = {
    "name": "res_name",
    "description": "res_description",
    "format": "res_format",
    "url": "res_url",
    "resource_type": "res_type",
}


def before_dataset_index(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """Replace the writer's view in a document for Solr. Adds no ``package_show``."""
    if not config.is_governed(pkg_dict.get("type")):
        return pkg_dict
    facts = repository.facts_of(pkg_dict["id"])
    view = overlay.least_view(facts)
    loaded = overlay.load([pkg_dict["id"]], reviewing=view.case)
    result = {
        key: value
        for key, value in pkg_dict.items()
        if not key.startswith(("satudata_", "res_")) and key not in AXES
    }
    dataset: dict[str, Any] = {}
    for name in ("data_dict", "validated_data_dict"):
        dataset = overlay.lay_over(json.loads(pkg_dict[name]), view, loaded)
        result[name] = json.dumps(dataset)
    for axis in AXES:
        if dataset.get(axis):
            result[axis] = dataset[axis]
    for resource in dataset.get("resources", ()):
        for name, field in RESOURCE_FIELDS.items():
            result.setdefault(field, []).append(resource.get(name) or "")
    return result
