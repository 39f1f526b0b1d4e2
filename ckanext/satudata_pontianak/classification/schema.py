"""Validation of what our actions take."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def dataset_id(data_dict: dict[str, Any]) -> str:
    """Return the id or name in ``id``.

    :raises ckan.plugins.toolkit.ValidationError: it is missing or not a text.
    """
    return text(data_dict, "id")


def text(data_dict: dict[str, Any], key: str) -> str:
    """Return a required text.

    :raises ckan.plugins.toolkit.ValidationError: it is missing or not a text.
    """
    value = data_dict.get(key)
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise tk.ValidationError({key: [tk._("Fill in this field.")]})
    return value.strip()


def number(data_dict: dict[str, Any], key: str, default: int, low: int, high: int) -> int:
    """Return a whole number between ``low`` and ``high``, or ``default`` when not given.

    :raises ckan.plugins.toolkit.ValidationError: it is not a whole number in that range.
    """
    value = data_dict.get(key)
    if value in (None, ""):
        return default
    try:
        result = int(str(value))
    except ValueError:
        result = low - 1
    if not low <= result <= high:
        message = tk._("Give a whole number from %(low)s to %(high)s.")
        raise tk.ValidationError({key: [message % {"low": low, "high": high}]})
    return result
