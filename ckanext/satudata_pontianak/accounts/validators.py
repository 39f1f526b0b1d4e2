"""The validator of passwords, under the name that CKAN's own schemas ask for."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ..surface.accounts import accounts
from . import passwords


def user_password_validator(key: Any, data: Any, errors: Any, context: Any) -> None:
    """Refuse a new password that is short, common or like the user's own name.

    CKAN asks it by this name in every schema in which a password is set. What is stored already
    is not looked at.
    """
    value = data[key]
    if value is tk.missing or value == "":
        return
    where = errors[("password",)]
    if not isinstance(value, str):
        where.append(tk._("Passwords must be strings"))
        return
    own = [data.get((name,)) for name in ("name", "fullname", "email")]
    user = context.get("user_obj")
    if user is not None:
        own += [user.name, user.email]
    known = [text for text in own if isinstance(text, str)]
    for objection in passwords.objections(value, known, accounts().passwords):
        said = objection.text(tk._)
        if said not in where:
            where.append(said)


def get_validators() -> dict[str, Any]:
    """Return the validators of this room."""
    return {"user_password_validator": user_password_validator}
