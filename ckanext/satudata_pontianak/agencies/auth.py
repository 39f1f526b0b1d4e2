"""Authorization of agencies: the register is kept by system administrators."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from . import registry, words
from .rules import delegation


def organization_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Nobody but a system administrator opens an agency (core lets those pass before us)."""
    return {"success": False, "msg": words.no_new_agencies()}


def organization_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """Nobody but a system administrator closes an agency."""
    return {"success": False, "msg": words.no_new_agencies()}


@tk.auth_sysadmins_check
def satudata_delegation_create(context: Context, data_dict: DataDict) -> AuthResult:
    """A system administrator, or an admin of the body that holds the duty; never a delegate."""
    actor = registry.actor_from_context(context)
    if actor.active and actor.sysadmin:
        return {"success": True}
    asked = data_dict.get("organization")
    body = registry.agency(asked.strip()) if isinstance(asked, str) else None
    if body is not None and delegation.may_delegate(actor, body):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._(
            "Duties are delegated by an admin of the body that holds them, or by a system "
            "administrator, with a decree number"
        ),
    }


satudata_delegation_revoke = satudata_delegation_create


def satudata_delegation_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is logged in may ask; the action gives each what is theirs to see."""
    return {"success": bool(context.get("user"))}


def satudata_break_glass(context: Context, data_dict: DataDict) -> AuthResult:
    """Nobody but a system administrator breaks the glass (core lets those pass before us)."""
    return {
        "success": False,
        "msg": tk._("Emergency access is for system administrators, with a reason and an end"),
    }


def get_auth_functions() -> dict[str, Any]:
    """The auth functions of this room."""
    return {
        "organization_create": organization_create,
        "organization_delete": organization_delete,
        "satudata_delegation_create": satudata_delegation_create,
        "satudata_delegation_revoke": satudata_delegation_revoke,
        "satudata_delegation_list": satudata_delegation_list,
        "satudata_break_glass_start": satudata_break_glass,
        "satudata_break_glass_end": satudata_break_glass,
    }
