"""Who may call the actions of this room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ..agencies import registry
from .audit.reports import READERS


def _looks_after(context: types.Context) -> types.AuthResult:
    actor = registry.actor_from_context(context)
    if actor.active and any(actor.has(duty) for duty in READERS):
        return {"success": True}
    text = tk._("This report is for the internal auditor, Walidata, PPID and PPID's superior.")
    return {"success": False, "msg": text}


@tk.auth_sysadmins_check
def satudata_conformance(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever has the duty to look after the workflow; a sysadmin has none from being one."""
    return _looks_after(context)


@tk.auth_sysadmins_check
def satudata_evidence(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Whoever has the duty to look after the workflow."""
    return _looks_after(context)


@tk.auth_allow_anonymous_access
def satudata_transparency(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Everybody."""
    return {"success": True}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this room by name."""
    return {f.__name__: f for f in (satudata_conformance, satudata_transparency, satudata_evidence)}
