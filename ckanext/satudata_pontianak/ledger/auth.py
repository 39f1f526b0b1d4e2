"""Who may call the actions of this room: proofs are for everyone, entries for the auditor."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ..agencies import registry
from ..agencies.rules.duties import Duty


@tk.auth_sysadmins_check
def satudata_ledger_list(context: types.Context, data_dict: Any) -> types.AuthResult:
    """The auditor reads entries. A sysadmin is none from being sysadmin."""
    actor = registry.actor_from_context(context)
    if actor.active and actor.has(Duty.PENGAWAS):
        return {"success": True}
    return {"success": False, "msg": tk._("The ledger's entries are read by the auditor")}


@tk.auth_allow_anonymous_access
def satudata_ledger_head(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Everybody holds the city to its heads."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_ledger_verify(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Everybody may verify."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_ledger_proof(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Everybody gets proofs: they are hashes and show nothing of an entry."""
    return {"success": True}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this room."""
    functions = (
        satudata_ledger_list,
        satudata_ledger_head,
        satudata_ledger_verify,
        satudata_ledger_proof,
    )
    return {f.__name__: f for f in functions}
