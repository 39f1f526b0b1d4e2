"""Who may call the actions of requests and grants. What they may do, the rules say."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types


def everyone() -> Any:
    """Return an auth function that lets everybody call: the action says what they get."""

    @tk.auth_sysadmins_check
    @tk.auth_allow_anonymous_access
    def allowed(context: types.Context, data_dict: Any) -> types.AuthResult:
        return {"success": True}

    return allowed


def logged_in() -> Any:
    """Return an auth function that lets everybody call who has an account."""

    @tk.auth_sysadmins_check
    def allowed(context: types.Context, data_dict: Any) -> types.AuthResult:
        if context.get("user"):
            return {"success": True}
        return {"success": False, "msg": tk._("Log in first.")}

    return allowed


def may_update(context: types.Context, dataset_id: str) -> bool:
    """Tell whether the caller may change a dataset, as the form of core asks."""
    try:
        tk.check_access("package_update", tk.fresh_context(context), {"id": dataset_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


# Whoever has no account asks, confirms and follows their request by signed links.
EVERYONE = ("create", "confirm", "show", "object", "withdraw")
ANSWERERS = ("list", "decide", "extend", "send_back", "reopen")
GRANTS = ("list", "revoke", "claim")


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of requests and grants by name."""
    return {
        **{f"satudata_access_request_{name}": everyone() for name in EVERYONE},
        **{f"satudata_access_request_{name}": logged_in() for name in ANSWERERS},
        **{f"satudata_access_grant_{name}": logged_in() for name in GRANTS},
    }
