"""Validation of what our actions take."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import ckan.plugins.toolkit as tk

from ..rules.refusals import readable


def dataset_id(data_dict: dict[str, Any]) -> str:
    """Return the id or name in ``id``.

    :raises ckan.plugins.toolkit.ValidationError: it is missing or not a text.
    """
    return text(data_dict, "id")


def text(data_dict: dict[str, Any], key: str) -> str:
    """Return a required text that a database can keep.

    :raises ckan.plugins.toolkit.ValidationError: it is missing or not such a text.
    """
    value = data_dict.get(key)
    if not isinstance(value, str) or not readable(value):
        raise tk.ValidationError({key: [tk._("Fill in this field.")]})
    return value.strip()


def reference(data_dict: dict[str, Any], key: str) -> str:
    """Return the number or id in a required parameter, as text.

    :raises ckan.plugins.toolkit.ValidationError: it is missing, or neither.
    """
    value = data_dict.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(data_dict, key)


def is_number(text: str) -> bool:
    """Tell whether a text is a number that the database can hold, in figures alone."""
    return text.isascii() and text.isdigit() and len(text) < len(str(2**63 - 1))


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


def flag(data_dict: dict[str, Any], key: str, *, default: bool) -> bool:
    """Return a yes or no, or ``default`` when not given.

    :raises ckan.plugins.toolkit.ValidationError: it is neither.
    """
    value = data_dict.get(key)
    if value in (None, ""):
        return default
    try:
        return tk.asbool(value)
    except ValueError:
        raise tk.ValidationError({key: [tk._("Answer true or false.")]}) from None


def line(data_dict: dict[str, Any], key: str) -> str:
    """Return an optional text; the empty text when not given.

    :raises ckan.plugins.toolkit.ValidationError: it is no text.
    """
    value = data_dict.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or "\x00" in value:
        raise tk.ValidationError({key: [tk._("A text is expected here.")]})
    return value.strip()


def choice(
    data_dict: dict[str, Any], key: str, known: Collection[str], unknown: str | None = None
) -> str:
    """Return an optional word out of ``known``; the empty text when not given.

    :raises ckan.plugins.toolkit.ValidationError: it is none of them.
    """
    value = line(data_dict, key)
    if value and value not in known:
        text = tk._("Choose one of: %(choices)s.") % {"choices": ", ".join(sorted(known))}
        raise tk.ValidationError({key: [unknown or text]})
    return value


def names(data_dict: dict[str, Any], key: str, most: int) -> list[str] | None:
    """Return an optional list of texts, at most so many; ``None`` when not given.

    :raises ckan.plugins.toolkit.ValidationError: it is no such list.
    """
    value = data_dict.get(key)
    if value is None or value == "":
        return None
    value = value.split() if isinstance(value, str) else value
    if not isinstance(value, list) or len(value) > most:
        text = tk._("Give a list of at most %(count)s names.") % {"count": most}
        raise tk.ValidationError({key: [text]})
    return [line({key: item}, key) for item in value]
