"""What the API does with accounts beyond CKAN: take a lost second factor away."""

from __future__ import annotations

from typing import Any, TypedDict

import ckan.plugins.toolkit as tk
from ckan import model, types

from ..agencies import registry
from ..agencies.rules import break_glass
from ..ledger.service import append
from . import devices, factors, sessions, telling, token_ends


class FactorReset(TypedDict):
    """Whose second factor was taken away."""

    user: str
    reset: bool


def take_factor_away(user: model.User, actor: Any, **detail: Any) -> bool:
    """Take somebody's second factor away, record and tell it, end sessions and tokens; commit."""
    if not factors.remove(user.id):
        model.Session.rollback()
        return False
    append(
        model.Session,
        event="account.factor_reset",
        actor_id=getattr(actor, "id", None),
        actor_name=getattr(actor, "name", None),
        detail={"user": user.id, "user_name": user.name, "what": ["factor"], **detail},
    )
    telling.changed(user.id, telling.FACTOR_RESET)
    devices.forget(user.id)
    token_ends.end_all(user.id)
    model.Session.commit()
    sessions.end_all(user.id)
    return True


def satudata_second_factor_reset(context: types.Context, data_dict: dict[str, Any]) -> FactorReset:
    """Take away somebody's second factor, who lost their telephone and their printed codes.

    System administrators only, under emergency access without a dataset. It is recorded, the person
    is told, their sessions and tokens end, and with their next log-in they set up a new one.

    :param id: name or id of the account
    """
    tk.check_access("satudata_second_factor_reset", context, data_dict)
    actor = registry.actor_from_context(context)
    if not (actor.active and actor.sysadmin):
        raise tk.NotAuthorized(tk._("Second factors are reset by system administrators."))
    glass = break_glass.covering(actor, None)
    if glass is None:
        raise tk.NotAuthorized(
            tk._(
                "A second factor is reset under emergency access only: start it for "
                "the whole site first"
            )
        )
    asked = data_dict.get("id")
    user = model.User.get(asked) if isinstance(asked, str) and "\x00" not in asked else None
    if user is None:
        raise tk.ObjectNotFound(tk._("User not found"))
    if not take_factor_away(user, actor, break_glass=glass.id):
        raise tk.ValidationError({"id": [tk._("This account has no second factor.")]})
    return {"user": user.name, "reset": True}


def may_reset(context: types.Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever is signed in may ask; the action says who may."""
    return {"success": not registry.actor_from_context(context).anonymous}


def get_actions() -> dict[str, Any]:
    """The actions of this room."""
    return {"satudata_second_factor_reset": satudata_second_factor_reset}


def get_auth_functions() -> dict[str, Any]:
    """Who may call them."""
    return {"satudata_second_factor_reset": may_reset}
