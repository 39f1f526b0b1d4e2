"""Who may call the actions of this room. What they then see or may do, policy and engine say."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types


@tk.auth_allow_anonymous_access
def satudata_classification_show(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Everybody may ask; each part is given only to who may see it."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_scan_show(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Everybody may ask; each part is given only to who may see it."""
    return {"success": True}


def satudata_classification_list(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may ask for their desks."""
    return {"success": bool(context.get("user"))}


@tk.auth_sysadmins_check
def satudata_classification_transition(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; the engine says who may take which step.

    A sysadmin has no duty from being sysadmin.
    """
    return {"success": bool(context.get("user"))}


@tk.auth_sysadmins_check
def satudata_finding_resolve(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; the rules say whose duty it is."""
    return {"success": bool(context.get("user"))}


@tk.auth_sysadmins_check
def satudata_mask_suggest(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; the rules say who may write the case and have the bytes."""
    return {"success": bool(context.get("user"))}


@tk.auth_sysadmins_check
def satudata_version_mask(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; the rules say who may write the case and have the bytes."""
    return {"success": bool(context.get("user"))}


@tk.auth_sysadmins_check
def satudata_hold_create(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; the rules say whose duty it is."""
    return {"success": bool(context.get("user"))}


@tk.auth_sysadmins_check
def satudata_hold_confirm(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; the rules say whose duty it is."""
    return {"success": bool(context.get("user"))}


@tk.auth_sysadmins_check
def satudata_hold_release(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; the rules say whose duty it is."""
    return {"success": bool(context.get("user"))}


@tk.auth_sysadmins_check
def satudata_older_versions_set(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; the rules say who decides."""
    return {"success": bool(context.get("user"))}


@tk.auth_sysadmins_check
def satudata_sealed_purge(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever is logged in may try; the rules say who confirms."""
    return {"success": bool(context.get("user"))}


@tk.auth_allow_anonymous_access
def satudata_workflow_show(context: types.Context, data_dict: Any) -> types.AuthResult:
    """The procedure is public (UU 14/2008 article 11 letter g)."""
    return {"success": True}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this room by name."""
    return {
        f.__name__: f
        for f in (
            satudata_classification_show,
            satudata_scan_show,
            satudata_classification_list,
            satudata_classification_transition,
            satudata_workflow_show,
            satudata_finding_resolve,
            satudata_mask_suggest,
            satudata_version_mask,
            satudata_hold_confirm,
            satudata_hold_create,
            satudata_hold_release,
            satudata_older_versions_set,
            satudata_sealed_purge,
        )
    }
