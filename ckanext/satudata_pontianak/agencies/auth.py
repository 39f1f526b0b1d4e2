"""Authorization of agencies: the register is kept by system administrators."""

from __future__ import annotations

from typing import Any

from ckan.types import AuthResult, Context, DataDict

from . import words


def organization_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Nobody but a system administrator opens an agency (core lets those pass before us)."""
    return {"success": False, "msg": words.no_new_agencies()}


def organization_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """Nobody but a system administrator closes an agency."""
    return {"success": False, "msg": words.no_new_agencies()}


def get_auth_functions() -> dict[str, Any]:
    """The auth functions of this room."""
    return {
        "organization_create": organization_create,
        "organization_delete": organization_delete,
    }
