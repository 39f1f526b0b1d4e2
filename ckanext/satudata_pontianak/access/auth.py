"""Auth of the reading room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ..agencies import registry
from ..agencies.duties import Duty

MAY_ASK = (Duty.WALIDATA, Duty.PPID, Duty.PENGAWAS)


@tk.auth_allow_anonymous_access
def satudata_access_explain(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Everybody may ask about themselves; some duties about others."""
    if not (data_dict or {}).get("user"):
        return {"success": True}
    actor = registry.actor_from_context(context)
    if actor.sysadmin or any(actor.has(d) for d in MAY_ASK):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only Walidata, PPID, the supervisor and system administrators may ask this."),
    }


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this room by name."""
    return {"satudata_access_explain": satudata_access_explain}
