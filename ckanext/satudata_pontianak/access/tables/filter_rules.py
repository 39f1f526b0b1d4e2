"""The shape of the filters of ``datastore_search``: CKAN breaks on what has another one.

Which columns and operators there are is CKAN's to say; here only values that are no values.
"""

from __future__ import annotations

import json
from typing import Any

from ...msgids import N_

SHAPE = N_(
    'Filters are an object of columns and values, such as {"tahun": 2026}, {"tahun": [2025, 2026]} '
    'or {"tahun": {"gte": 2024}}.'
)
JOINING = ("$and", "$or")
LISTS = "in"
"""The only operator whose value is a list."""
DEEPEST = 10
"""CKAN's own bound (``ckanext.datastore.filters.MAX_FILTER_OPS_DEPTH``)."""

Scalar = str | int | float | bool | None


def is_well_formed(filters: Any) -> bool:
    """Tell whether filters are objects of columns and values; as text they are read as JSON."""
    if filters is None or filters == "":
        return True
    if isinstance(filters, str):
        try:
            filters = json.loads(filters)
        except ValueError:
            return False
    parts = filters if isinstance(filters, list) else [filters]
    return bool(parts) and all(_part(part, 0) for part in parts)


def _part(part: Any, depth: int) -> bool:
    if not isinstance(part, dict) or depth > DEEPEST:
        return False
    return all(_condition(name, value, depth) for name, value in part.items())


def _condition(name: str, value: Any, depth: int) -> bool:
    if name in JOINING:
        return isinstance(value, list) and all(_part(part, depth + 1) for part in value)
    if isinstance(value, dict):
        return bool(value) and all(_compared(op, asked) for op, asked in value.items())
    return _scalars(value) or isinstance(value, Scalar)


def _compared(op: str, value: Any) -> bool:
    return _scalars(value) if op == LISTS else isinstance(value, Scalar)


def _scalars(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, Scalar) for each in value)
