"""Template helpers of the room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ..rules.axes import AXES, classification
from ..rules.definition import workflow


def satudata_axis_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """Return the values of the axis that a schema field is named after."""
    axis = field["field_name"]
    if axis not in AXES:
        return []
    return [
        {"value": value, "label": tk._(item["label"])}
        for value, item in classification().axes[axis]["values"].items()
    ]


def satudata_axis_label(axis: str, value: str | None) -> str:
    """Return the label of a value in the reader's language."""
    return tk._(classification().label(axis, value)) if value else ""


def satudata_state_label(state: str) -> str:
    """Return the label of a case's state in the reader's language."""
    known = workflow().states.get(state)
    return tk._(known.label) if known else state


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this room by name."""
    return {
        f.__name__: f for f in (satudata_axis_choices, satudata_axis_label, satudata_state_label)
    }
