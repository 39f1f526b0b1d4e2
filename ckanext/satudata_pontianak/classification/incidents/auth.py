"""Who may call the actions of incidents and notices. What they may do, the rules say."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

INCIDENTS = ("list", "show", "begin", "dismiss", "conclude")
NOTICES = ("list", "choose")


def _logged_in() -> Any:
    @tk.auth_sysadmins_check
    def allowed(context: types.Context, data_dict: Any) -> types.AuthResult:
        if context.get("user"):
            return {"success": True}
        return {"success": False, "msg": tk._("Log in first.")}

    return allowed


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of incidents and notices by name."""
    return {
        **{f"satudata_incident_{name}": _logged_in() for name in INCIDENTS},
        **{f"satudata_notice_{name}": _logged_in() for name in NOTICES},
    }
