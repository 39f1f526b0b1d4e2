"""Linked data in the head of a dataset page, as ckanext-dcat makes it.

Each time it looks for its profiles in every package that is installed, a fifth of the time that a
dataset page takes. Here they are looked for once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pyld import jsonld

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckanext.dcat.processors import RDFSerializer
from ckanext.dcat.profiles.croissant import JSONLD_CONTEXT

_FOUND: dict[tuple[str, ...], Any] = {}
_SAFE = str.maketrans({"&": "\\u0026", "<": "\\u003c", ">": "\\u003e"})


class Serializer(RDFSerializer):
    """ckanext-dcat's own, which finds its profiles once."""

    def _load_profiles(self, profile_names: Sequence[str]) -> Any:
        """Return the profiles of these names.

        :raises ckanext.dcat.processors.RDFProfileException: there is none of that name.
        """
        names = tuple(profile_names)
        if names not in _FOUND:
            _FOUND[names] = super()._load_profiles(names)
        return _FOUND[names]


@tk.chained_helper
def structured_data(
    _original: Any, dataset_dict: Mapping[str, Any], profiles: Sequence[str] | None = None
) -> str:
    """Return a dataset in the words of schema.org, for search engines."""
    chosen = profiles or tk.config.get("ckanext.dcat.structured_data.profiles") or ["schemaorg"]
    return _said(json.loads(_serialized(dataset_dict, chosen)))


@tk.chained_helper
def croissant(
    _original: Any,
    dataset_dict: Mapping[str, Any],
    profiles: Sequence[str] | None = None,
    jsonld_context: Any = None,
) -> str:
    """Return a dataset in the words of Croissant, for machine learning."""
    chosen = profiles or tk.config.get("ckanext.dcat.croissant.profiles") or ["croissant"]
    context = jsonld_context or JSONLD_CONTEXT
    graph = json.loads(_serialized(dataset_dict, chosen, context))
    return _said(jsonld.frame(graph, {"@context": context, "@type": "sc:Dataset"}))


def _serialized(dataset: Mapping[str, Any], profiles: Any, context: Any = None) -> Any:
    return Serializer(profiles=profiles).serialize_dataset(
        dataset, _format="jsonld", context=context
    )


def _said(graph: Any) -> str:
    """Return JSON that ends no script, wherever it stands in a page."""
    return json.dumps(graph, sort_keys=True, indent=4).translate(_SAFE)


def get_helpers() -> dict[str, Any]:
    """Return the helpers by name, those whose plugin is loaded."""
    return {f.__name__: f for f in (structured_data, croissant) if p.plugin_loaded(f.__name__)}
