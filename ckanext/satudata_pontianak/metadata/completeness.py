"""What a dataset still lacks before it can be submitted.

Pure: works on the field definitions of ``schemas/dataset.yaml``. Producers hand over data, standard
and metadata together (Perpres 39/2019, article 32 and 33), so the marked fields must be filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MARK = "required_for_submission"


@dataclass(frozen=True)
class FieldProblem:
    """A field that is needed and empty. The label is an English msgid."""

    field: str
    label: str


def is_empty(value: object, empty_values: Iterable[str] = ()) -> bool:
    """Does this value say nothing? Blanks do not, and neither do the schema's empty values."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip() or value in set(empty_values)
    if isinstance(value, (list, tuple, set, dict)):
        return not value
    return False


def missing(
    schema_fields: Iterable[Mapping[str, Any]], dataset: Mapping[str, Any]
) -> list[FieldProblem]:
    """List the empty fields that submission needs, in the order of the form."""
    return [
        FieldProblem(f["field_name"], f.get("label") or f["field_name"])
        for f in schema_fields
        if f.get(MARK) and is_empty(dataset.get(f["field_name"]), f.get("empty_values", ()))
    ]


def share(schema_fields: Iterable[Mapping[str, Any]], dataset: Mapping[str, Any]) -> float:
    """How much of what submission needs is there, from 0 to 1."""
    needed = [f for f in schema_fields if f.get(MARK)]
    if not needed:
        return 1.0
    return (len(needed) - len(missing(needed, dataset))) / len(needed)
