"""Tokens and passwords of somebody else: only under break-glass, and recorded.

Whoever has somebody's token or password acts as that person, and every exclusion of the workflow
is by person. A changed e-mail address is the way to a new password, so it counts the same.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ...ledger.service import append
from .. import gate, registry
from ..actions import Next
from ..rules import break_glass

PASSWORDS = ("password", "password1", "password2", "password_hash")


def _for_another(context: Context, user: model.User | None) -> bool:
    """Does a person, and not the site itself, act on an account that is not theirs?"""
    actor = registry.actor_from_context(context)
    if user is None or actor.anonymous or context.get("ignore_auth"):
        return False
    return actor.id != user.id


def _record(context: Context, user: model.User, event: str, what: list[str]) -> None:
    """Record the act on somebody else's account under the break-glass that runs, or refuse it.

    :raises NotAuthorized: none runs on the whole site.
    """
    actor = registry.actor_from_context(context)
    glass = break_glass.covering(actor, None)
    if glass is None:
        raise tk.NotAuthorized(
            tk._(
                "A token, a password or an e-mail address of somebody else is set under emergency "
                "access only: start it for the whole site first"
            )
        )
    append(
        model.Session,
        event=event,
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"user": user.id, "user_name": user.name, "what": what, "break_glass": glass.id},
    )


@tk.chained_action
def api_token_create(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Make a token for oneself; for somebody else only under break-glass."""
    user = model.User.get(data_dict.get("user"))
    if user is None or not _for_another(context, user):
        return original(context, data_dict)
    tk.check_access("api_token_create", context, data_dict)
    with gate.together():
        _record(context, user, "account.token", ["token"])
        return original(context, data_dict)


def user_update(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Change an account; password and e-mail address of somebody else only under break-glass.

    What chains it stands in the room of accounts, which asks for one's own password before.
    """
    user = model.User.get(data_dict.get("id"))
    if user is None or not _for_another(context, user):
        return original(context, data_dict)
    tk.check_access("user_update", context, data_dict)
    what = ["password"] if any(data_dict.get(key) for key in PASSWORDS) else []
    if data_dict.get("email") and data_dict["email"] != user.email:
        what.append("email")
    if not what:
        return original(context, data_dict)
    with gate.together():
        _record(context, user, "account.access", what)
        return original(context, data_dict)


def get_actions() -> dict[str, Any]:
    """The actions on accounts."""
    return {"api_token_create": api_token_create}
