"""What the values of a facet are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies.helpers import satudata_agency_named
from ...classification.cases.helpers import satudata_axis_label
from ...classification.rules.axes import AXES
from ...metadata import codes, freshness, naming
from ...metadata.helpers import called
from ...metadata.service import dataset_fields
from . import fields, rules
from .index import SECURITY


def _freshness(value: str) -> str:
    return tk._(freshness.rules().labels[freshness.Freshness(value)])


def _region(value: str) -> str:
    found = codes.region(value)
    return found.label if found else value


def _urusan(value: str) -> str:
    found = codes.urusan(value)
    return called(found) if found else value


_NAMED: dict[str, Callable[[str], str]] = {
    rules.FRESHNESS: _freshness,
    "satudata_region": _region,
    "cakupan": _region,
    "urusan": _urusan,
}


def value_label(field: str, value: str) -> str:
    """Return what a value of a field is called; the value itself where it has no name.

    Never fails: a value may come from an address that somebody wrote.
    """
    try:
        if field in _NAMED:
            return _NAMED[field](value)
        if field == SECURITY and value == fields.HELD:
            return tk._("Held back for now")
        if field in AXES:
            return satudata_axis_label(field, value)
    except (KeyError, ValueError):
        return value
    choices = _choices().get(field, {})
    return tk._(choices[value]) if value in choices else value


@cache
def _choices() -> dict[str, dict[str, str]]:
    """Return field → value → msgid of the fields of a dataset that are chosen from a list."""
    return {
        known["field_name"]: {c["value"]: c["label"] for c in known["choices"]}
        for known in dataset_fields()
        if known.get("choices")
    }


def label(answer: dict[str, Any]) -> None:
    """Name the values of a search's facets, where somebody reads them; change ``answer``."""
    if not flask.has_request_context():
        return
    for field, facet in (answer.get("search_facets") or {}).items():
        if field == "organization" and naming.in_english():
            for item in facet["items"]:
                item["display_name"] = satudata_agency_named(
                    {"name": item["name"], "title": item["display_name"]}
                )
        if field in {"organization", "groups", "license_id"}:
            continue  # core names these
        for item in facet["items"]:
            item["display_name"] = value_label(field, item["name"])
