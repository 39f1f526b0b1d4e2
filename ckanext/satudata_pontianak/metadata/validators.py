"""Validators of dataset fields: the glue; rules and their words are in :mod:`.formats`."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_title_to_name
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator

from . import codes, formats

MAX_NAME = 100


def explain(code: str) -> str:
    """Put a problem with a value into words that say how to repair it."""
    return tk._(formats.WORDS[code])


def _checked(rule: Callable[[str], str], value: Any) -> Any:
    if value is tk.missing or value is None or value == "":
        return value
    if not isinstance(value, str):
        value = str(value)
    try:
        return rule(value)
    except formats.Malformed as e:
        raise tk.Invalid(explain(e.code)) from e


def satudata_year_range(value: Any) -> Any:
    """Accept ``2024`` or ``2019-2023`` and store it in one way of writing."""
    return _checked(formats.stored_years, value)


def satudata_date(value: Any) -> Any:
    """Accept a day and store it as YYYY-MM-DD."""
    return _checked(formats.stored_date, value)


def satudata_agency_mailbox(value: Any) -> Any:
    """Accept the mailbox of an office of government only."""
    return _checked(formats.stored_mailbox, value)


def satudata_percent(value: Any) -> Any:
    """Accept a share between 0 and 100."""
    return _checked(formats.stored_percent, value)


def satudata_whole_number(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Accept a whole number between the bounds of the field."""
    smallest, largest = int(field["smallest"]), int(field["largest"])

    def rule(text: str) -> str:
        try:
            return formats.stored_number(text, smallest, largest)
        except formats.Malformed as e:
            if e.code != "number_bounds":
                raise
            text = tk._("Write a number from {smallest} to {largest}")
            raise tk.Invalid(text.format(smallest=smallest, largest=largest)) from e

    return lambda value: _checked(rule, value)


def satudata_code(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Accept a code of the list that the field names."""
    name = field["codes"]

    def validator(value: Any) -> Any:
        if value is tk.missing or not value:
            return value
        if codes.code_list(name).get(str(value)) is not None:
            return value
        if name == "wilayah":
            found = codes.find_region(str(value))
            if found is not None:
                return found.code
            raise tk.Invalid(
                tk._('"{value}" is not a region on the list. Give its code, such as 61.71').format(
                    value=value
                )
            )
        raise tk.Invalid(
            tk._(
                '"{value}" is not on the list of government affairs. Give a code such as 1.02'
            ).format(value=value)
        )

    return validator


def satudata_choice(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Accept one of the choices of the field, and say which there are."""
    allowed = [c["value"] for c in field["choices"]]

    def validator(value: Any) -> Any:
        if value is tk.missing or not value or value in allowed:
            return value
        raise tk.Invalid(
            tk._('"{value}" is not a choice here. Possible are: {choices}').format(
                value=value, choices=", ".join(allowed)
            )
        )

    return validator


satudata_code.is_a_scheming_validator = True  # type: ignore[attr-defined]
satudata_choice.is_a_scheming_validator = True  # type: ignore[attr-defined]
satudata_whole_number.is_a_scheming_validator = True  # type: ignore[attr-defined]


def satudata_owner_required(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse data of nobody: someone must answer for every dataset."""
    value = data.get(key)
    if value is tk.missing or not value:
        errors[key].append(tk._("Choose the agency that produces these data"))
        raise tk.StopOnError


def satudata_name_from_title(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make the address on the portal from the title when none was given."""
    value = data.get(key)
    title = data.get(("title",))
    if (value is not tk.missing and value) or not isinstance(title, str) or not title.strip():
        return
    package = context.get("package")
    if package is not None:
        data[key] = package.name
        return
    # Its ending is random, always: one that is given only where a name is taken tells that it is.
    stem = munge_title_to_name(title).strip("-_")[: MAX_NAME - 7].rstrip("-_") or "data"
    data[key] = f"{stem}-{secrets.token_hex(3)}"


def get_validators() -> dict[str, Any]:
    """The validators of this room."""
    return {
        "satudata_year_range": satudata_year_range,
        "satudata_date": satudata_date,
        "satudata_agency_mailbox": satudata_agency_mailbox,
        "satudata_percent": satudata_percent,
        "satudata_whole_number": satudata_whole_number,
        "satudata_code": satudata_code,
        "satudata_choice": satudata_choice,
        "satudata_owner_required": satudata_owner_required,
        "satudata_name_from_title": satudata_name_from_title,
    }
