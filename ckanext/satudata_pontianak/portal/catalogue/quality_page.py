"""What the page of a dataset says of its quality; who works on it is led to what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ...access.quality import showing
from ...agencies import registry
from ..web import call


def satudata_quality(dataset: Mapping[str, Any], *, edits: bool | None = None) -> dict[str, Any]:
    """Return the quality of a dataset as the reader has it.

    ``parts`` say of each dimension what is missing; ``lost`` what to do, the greatest gain first.

    :param dataset: what ``package_show`` gives the reader.
    :param edits: they may change it; asked for where it is not said.
    """
    if edits is None:
        edits = bool(tk.h.check_access("package_update", {"id": dataset["id"]}))
    actor = registry.actor_from_context(call.context())
    found = showing.shown(dataset, actor, edits=edits)
    missing: dict[str, list[str]] = {}
    for one in found["lost"]:
        missing.setdefault(one["dimension"], []).append(one["label"])
    parts = [{**part, "missing": missing.get(part["dimension"], [])} for part in found["parts"]]
    return {**found, "parts": parts, "edits": edits}


def get_helpers() -> dict[str, Any]:
    """Return the helpers of these pages by name."""
    return {"satudata_quality": satudata_quality}
