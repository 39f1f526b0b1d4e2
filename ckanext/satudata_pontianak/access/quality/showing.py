"""The quality of a dataset in words, and where each lost point is mended."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ...metadata.quality.definition import Place, quality
from ...metadata.quality.plausible import Asked, Kind
from ...metadata.quality.score import Told, scored
from ...msgids import N_
from ...surface import page_names
from . import facts
from .answers import QualityAsked, QualityLost, QualityShown

_HELPS = {
    Kind.JUMP: N_("Look whether a digit or the unit is wrong; else leave it as it is."),
    Kind.TOTAL: N_("Mend the total or one of its parts."),
    Kind.REGION: N_("Mend the figure of the whole region or one of its parts."),
}
_ANCHORS = {"tag_string": "tags", "license_id": "license"}
"""Fields that core's forms call otherwise."""


def shown(dataset: Mapping[str, Any], *, edits: bool) -> QualityShown:
    """Return the quality of a dataset as one reader has it.

    :param dataset: what ``package_show`` gives the reader.
    :param edits: they may change it, and are led to where they do.
    """
    waiting = facts.waiting(dataset)
    known = facts.of_dataset(dataset, waiting)
    judged = edits or facts.has_files(dataset)
    score = scored(quality(), known, with_files=judged)
    return {
        "dataset_id": dataset["id"],
        "points": score.points,
        "possible": score.possible,
        "forecast": score.forecast,
        "parts": [
            {
                "dimension": name,
                "dimension_label": tk._(quality().dimensions[name].label),
                "points": part.points,
                "possible": part.possible,
            }
            for name, part in score.parts().items()
        ],
        "lost": [_lost(one, dataset, edits) for one in score.lost],
        "asked": [
            _asked(resource, one)
            for resource, one in facts.asked_of(dataset, waiting)
            # JSON knows no number beyond what a float holds.
            if math.isfinite(float(one.found)) and math.isfinite(float(one.other))
        ],
    }


def _asked(resource: Mapping[str, Any], one: Asked) -> QualityAsked:
    return {
        "kind": one.kind.value,
        "resource_id": resource["id"],
        "file": str(resource.get("name") or ""),
        "row": one.row,
        "column": one.column,
        "found": float(one.found),
        "other": float(one.other),
        "help": tk._(_HELPS[one.kind]),
    }


def _lost(one: Told, dataset: Mapping[str, Any], edits: bool) -> QualityLost:
    check, address = one.check, None
    if edits:
        page = f"{dataset['type']}.edit"
        if check.place is Place.DATA:
            page = page_names.endpoint("new_data")
        address = tk.url_for(page, id=dataset["name"], qualified=True)
        if check.place is Place.DATASET:
            address = f"{address}#field-{_ANCHORS.get(check.field, check.field)}"
    return {
        "check": one.name,
        "dimension": check.dimension,
        "label": tk._(check.label),
        "help": tk._(check.help),
        "gain": check.points,
        "field": check.field or None,
        "place": check.place.value,
        "url": address,
        "sources": [
            {
                "text": quality().sources[name]["text"],
                "unconfirmed": quality().unconfirmed(name),
            }
            for name in check.sources
        ],
    }
