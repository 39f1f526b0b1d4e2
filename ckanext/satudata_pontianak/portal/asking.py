"""Actions as the person who is asking for a page; never with anybody else's rights."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types


def context() -> types.Context:
    """Return the context of the person who is asking."""
    user = tk.current_user
    found: types.Context = {"user": user.name if user else ""}
    if user and user.is_authenticated:
        found["auth_user_obj"] = user
    return found


def call(action: str, **params: Any) -> Any:
    """Call an action as the person who is asking."""
    return tk.get_action(action)(context(), params)


def logged_in() -> bool:
    """Tell whether the person who is asking gave a name."""
    return bool(tk.current_user and tk.current_user.is_authenticated)
