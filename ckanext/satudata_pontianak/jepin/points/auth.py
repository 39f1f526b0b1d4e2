"""Who may call the actions on points. What they then may do, the policy says."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types


@tk.auth_allow_anonymous_access
def satudata_point_profile_list(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Everybody may ask: only open data are told."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_point_list(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Everybody may ask: only open data are told."""
    return {"success": True}


def satudata_point_stale_list(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may ask: each reads what they look after."""
    return {"success": bool(context.get("user"))}


def satudata_point_write(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; the policy says who keeps the dataset."""
    return {"success": bool(context.get("user"))}


def get_auth_functions() -> dict[str, Any]:
    """Return the functions of this module by name."""
    return {
        f.__name__: f
        for f in (
            satudata_point_profile_list,
            satudata_point_list,
            satudata_point_stale_list,
            satudata_point_write,
        )
    }
