"""Own sessions and tokens, and what ends them: their person, a new password, a new mailbox."""

from __future__ import annotations

import contextlib
import hmac
from typing import Annotated, Any, TypedDict

import flask

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer
from ckan.types import AuthResult, Context, DataDict

from ..agencies import registry
from ..agencies.actions import Next
from ..agencies.changes import account_actions
from ..agencies.changes.account_actions import PASSWORDS
from ..ledger.service import append
from ..msgids import N_
from . import browsers, login, sessions, telling, token_ends

OLD = "old_password"
LONGEST_HANDLE = 64

ASK_OLD = N_("A new password or e-mail address needs the password that holds now: give it as well.")
WRONG_OLD = N_("The password that holds now is another one. Nothing was changed.")
NO_SESSION = N_("There is no session of yours with this id; it may have ended.")
WHICH = N_("Say which session to end (id), or that all are to end (all: true).")


def _changes_access(user: model.User, data_dict: DataDict) -> bool:
    """Tell whether somebody else could come in afterwards."""
    if any(data_dict.get(key) for key in PASSWORDS):
        return True
    return bool(data_dict.get("email")) and data_dict["email"] != user.email


def _by_reset(context: Context, user: model.User, data_dict: DataDict) -> bool:
    """Tell whether this is the page of a link that was mailed, with the key of that link."""
    key = data_dict.get("reset_key")
    if not context.get("reset_password") or not isinstance(key, str) or not user.reset_key:
        return False
    return bool(mailer.verify_reset_link(user, key))


def _is_own(context: Context, user: model.User, data_dict: DataDict) -> bool:
    """Tell whether somebody changes their own account, and by no link that was mailed."""
    actor = registry.actor_from_context(context)
    own = not actor.anonymous and not context.get("ignore_auth") and actor.id == user.id
    return own and not _by_reset(context, user, data_dict)


def _ask_old(user: model.User, data_dict: DataDict) -> None:
    """Ask for the password that holds now of whoever changes the way in to their own account.

    :raises ValidationError: it was not given, or is another one.
    """
    old = data_dict.get(OLD)
    if not isinstance(old, str) or not old:
        raise tk.ValidationError({OLD: [tk._(ASK_OLD)]})
    if not _is_right(user, old):
        raise tk.ValidationError({OLD: [tk._(WRONG_OLD)]})


def _is_right(user: model.User, password: str) -> bool:
    """Compare a password under the limits of the log-in page: no place to guess for a guest."""
    if not flask.has_request_context():
        return bool(user.validate_password(password))  # a command, by whoever has the server
    identity = {"login": user.name, "password": password, "check_captcha": False}
    found = login.authenticate(identity)
    return found is not None and found.id == user.id


@tk.chained_action
def user_update(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Change an account; a new password or mailbox needs the old password and ends all sessions.

    Tokens stay where their own person changes it so; set by somebody else or by a link in a mail,
    it ends them as well.

    :param old_password: the password that holds now, where the caller changes password or e-mail
        address of their own account.
    """
    user = model.User.get(data_dict.get("id"))
    if user is None:
        return account_actions.user_update(original, context, data_dict)
    user_id, own = user.id, _is_own(context, user, data_dict)
    if own and _changes_access(user, data_dict):
        _ask_old(user, data_dict)
    before = sessions.proof(user)
    sent = {key: value for key, value in data_dict.items() if key != OLD}
    with token_ends.kept(user_id) if own else contextlib.nullcontext():
        result = account_actions.user_update(original, context, sent)
    changed = model.User.get(user_id)
    if changed is None or changed.state != model.State.ACTIVE:
        sessions.end_all(user_id)
    elif not hmac.compare_digest(before, sessions.proof(changed)):
        sessions.keep(changed)
        sessions.end_all(user_id, except_=sessions.current())
        if not own and not context.get("reset_password"):
            telling.changed(user_id, telling.ACCESS)
            model.Session.commit()
    return result


class OwnSession(TypedDict):
    """A session of the caller's own."""

    id: str
    since: str
    last_used: str
    browser: Annotated[str | None, "as it called itself"]
    system: str | None
    address: str | None
    current: Annotated[bool, "this very call came by it"]


class SessionsEnded(TypedDict):
    """How many sessions and tokens there were."""

    ended: int
    tokens: int


@tk.side_effect_free
def satudata_session_list(context: Context, data_dict: DataDict) -> list[OwnSession]:
    """Return the caller's own sessions, the last used first."""
    tk.check_access("satudata_session_list", context, data_dict)
    return [_shown(session) for session in sessions.list_of(_own_id(context))]


def _own_id(context: Context) -> str:
    """Return the id of whoever calls, whom the check of access let through.

    :raises NotAuthorized: it is nobody.
    """
    actor = registry.actor_from_context(context)
    if actor.id is None:
        raise tk.NotAuthorized
    return actor.id


def _shown(session: sessions.Open) -> OwnSession:
    browser = browsers.named(session.agent)
    return {
        "id": session.handle,
        "since": session.since.isoformat(),
        "last_used": session.seen.isoformat(),
        "browser": browser.name,
        "system": browser.system,
        "address": session.address,
        "current": session.current,
    }


def satudata_session_end(context: Context, data_dict: DataDict) -> SessionsEnded:
    """End one of the caller's own sessions, or all of them and with them the API tokens.

    :param id: id of the session, as ``satudata_session_list`` gives it.
    :param all: true: all sessions end, this one too, and every API token of the account.
    :param keep_tokens: with ``all``, true: programs go on with the tokens that they have.

    :raises ObjectNotFound: the caller has no such session.
    """
    tk.check_access("satudata_session_end", context, data_dict)
    actor, own_id = registry.actor_from_context(context), _own_id(context)
    handle, everywhere = data_dict.get("id"), data_dict.get("all")
    kept, tokens = data_dict.get("keep_tokens"), 0
    if everywhere in (True, "true") and handle is None and kept in (None, True, False, "true"):
        own = sessions.current()
        tokens = 0 if kept in (True, "true") else token_ends.end_all(own_id)
        ended = sessions.end_all(own_id)
        if own is not None:
            sessions.end_current()
    elif (
        isinstance(handle, str)
        and 0 < len(handle) <= LONGEST_HANDLE
        and everywhere is None
        and kept is None
    ):
        own = sessions.current()
        if not sessions.end(own_id, handle):
            raise tk.ObjectNotFound(tk._(NO_SESSION))
        ended = 1
        if handle == own:
            sessions.end_current()
    else:
        raise tk.ValidationError({"id": [tk._(WHICH)]})
    ends = {"account.sessions": ended, **({"account.tokens": tokens} if tokens else {})}
    for event, count in ends.items():
        append(
            model.Session,
            event=event,
            actor_id=actor.id,
            actor_name=actor.name,
            detail={"user": actor.id, "what": "end", "count": count},
        )
    model.Session.commit()
    return {"ended": ended, "tokens": tokens}


def _whoever_is_signed_in(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is signed in has their own sessions, and sees no others."""
    return {"success": bool(context.get("user"))}


def get_actions() -> dict[str, Any]:
    """The actions of this room."""
    return {
        "user_update": user_update,
        "satudata_session_list": satudata_session_list,
        "satudata_session_end": satudata_session_end,
    }


def get_auth_functions() -> dict[str, Any]:
    """The auth functions of this room."""
    names = ("satudata_session_list", "satudata_session_end")
    return dict.fromkeys(names, _whoever_is_signed_in)
