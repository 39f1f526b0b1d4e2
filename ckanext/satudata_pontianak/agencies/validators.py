"""Validators of the organization schema."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk

CODE = re.compile(r"^[0-9A-Za-z]{1,8}([.\-][0-9A-Za-z]{1,8}){0,9}$")


def satudata_agency_code(value: Any) -> Any:
    """Accept groups of letters and digits with dots, as planning systems write agency codes."""
    if value is tk.missing or not value:
        return value
    text = str(value).strip()
    if CODE.match(text) is None:
        raise tk.Invalid(tk._("Write the code with dots between its parts, such as 1.02.0.00"))
    return text


def get_validators() -> dict[str, Any]:
    """The validators of this room."""
    return {"satudata_agency_code": satudata_agency_code}
