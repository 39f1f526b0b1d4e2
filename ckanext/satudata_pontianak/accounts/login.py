"""Log-in by name and password: the same answer, after the same time, whatever is wrong.

A name that nobody has, a wrong password and too many tries cost one query and one derivation of a
password each. What is counted is said in ``schemas/surface/accounts.yaml``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import flask
import sqlalchemy as sa
from passlib.hash import pbkdf2_sha512  # type: ignore  # made when it is asked for
from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import captcha, signals
from ckan.views.user import next_page_or_default, regenerate_session, rotate_token

from ..classification.records import job_queue
from ..ledger import refusals
from ..surface.accounts import accounts
from . import addresses, devices, factor_gate, factors, limits, telling, token_ends

log = logging.getLogger(__name__)

DOOR = "login"
LONGEST_NAME = 255
TELL_SECONDS = 3600


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """Return a hash that no password has, to be compared with where there is no account."""
    return str(pbkdf2_sha512.hash("nobody's password"))


def _find(name: str) -> model.User | None:
    """Return the active account with this name or mailbox, with one query."""
    query = (
        sa.select(model.User)
        .where(
            model.User.state == model.State.ACTIVE,
            sa.or_(model.User.name == name, sa.func.lower(model.User.email) == name.lower()),
        )
        .order_by((model.User.name == name).desc())
        .limit(1)
    )
    return model.Session.scalars(query).first()


def _is_right(user: model.User | None, password: str) -> bool:
    """Compare a password, with the hash of nobody where there is no account."""
    if user is None or not user.password:
        pbkdf2_sha512.verify(password, _nobodys())
        return False
    with token_ends.kept(user.id):  # core writes an old hash anew: the password is the same
        return bool(user.validate_password(password))


def authenticate(identity: Mapping[str, Any]) -> model.User | None:
    """Return whose name and password these are, if they may be tried now; count what is wrong.

    :param identity: ``login`` and ``password``; ``check_captcha`` is false where CKAN asks somebody
        who is signed in for their old password.
    """
    try:
        return _authenticate(identity)
    except RedisError:
        log.exception("nobody can log in: tries are not counted")
        return None


def _authenticate(identity: Mapping[str, Any]) -> model.User | None:
    name, password = identity.get("login"), identity.get("password")
    if not isinstance(name, str) or not isinstance(password, str):
        return None
    longest = accounts().passwords.longest
    name, password = _cut(name, LONGEST_NAME), _cut(password, 4 * longest)
    user = _find(name)
    known = user.id if user is not None else f"nobody {name.lower()}"
    asked_again = identity.get("check_captcha") is False
    tries = accounts().tries
    device = devices.known_for(known)
    if asked_again:
        windows, count = tries.asked_again, limits.under("again", known)
    elif device is not None:
        windows, count = tries.device, limits.under("device", device, known)
    else:
        windows, count = tries.account, limits.under("account", known)
    address = None if asked_again or device else addresses.counted()
    place = limits.under("address", address) if address else None
    free = place is None or limits.has_room(tries.address, place)
    may = limits.take(windows, count) and free
    right = _is_right(user, password)
    if may and right and user is not None and _is_human(identity):
        limits.clear(windows, count)
        return user
    if place is not None:
        limits.count(tries.address, place)
    if not may:
        _tell(user, count)
    refusals.count(DOOR if may else f"{DOOR}.blocked")
    signals.failed_login.send(name)  # as core does: plugins listen
    log.info("a log-in was refused")
    return None


def _cut(text: str, longest: int) -> str:
    """Return a text as the database can be asked for it, of a length that costs nothing."""
    return text.replace("\x00", "")[:longest].encode("utf-8", "replace").decode()


def _is_human(identity: Mapping[str, Any]) -> bool:
    """Ask CKAN's captcha, where the site has one."""
    if identity.get("check_captcha", True) and tk.config.get("ckan.recaptcha.publickey"):
        try:
            captcha.check_recaptcha(tk.request)
        except captcha.CaptchaError:
            return False
    return True


def _tell(user: model.User | None, count: str) -> None:
    """Have the account's owner told, once an hour; for nobody's name the work is the same."""
    if not limits.once(count, TELL_SECONDS):
        return
    try:
        who = user.id if user is not None else ""
        title = "satudata account tries"
        job_queue.put(telling.tries, [who], title=title, queue="priority", again=3)
    except RedisError:
        log.exception("nobody was told of too many tries")


def attempt() -> Any:
    """Answer the form of log-in; ``None`` leaves the answer to CKAN's page.

    It is ours because CKAN's own lets in whoever is not ``None``, and because a device is
    remembered.
    """
    request = flask.request
    if request.method != "POST" or tk.current_user.is_authenticated:
        return None
    form = request.form
    user = authenticate({"login": form.get("login"), "password": form.get("password")})
    if user is None:
        tk.h.flash_error(
            tk._(
                "Log-in failed. Name or password is wrong, or it was tried too often: then wait, "
                "up to an hour, or ask for a new password."
            )
        )
        return flask.make_response(tk.render("user/login.html", {}))
    return enter(user, request.args.get("next", request.args.get("came_from")))


def enter(user: model.User, target: str | None) -> Any:
    """Open a session for somebody whose password was right, or ask for their second factor."""
    if not factors.is_needed(user):
        return open_session(user, target)
    regenerate_session()
    return factor_gate.wait(user, target)


def open_session(user: model.User, target: str | None) -> Any:
    """Open a session for somebody whose identity was shown, and lead them on."""
    devices.remember(user.id)
    regenerate_session()
    flask.session.pop(factor_gate.WAITING, None)
    tk.login_user(user)
    if factors.is_needed(user):
        factor_gate.mark(user.id)
    rotate_token()
    return next_page_or_default(target)


def local(target: str | None) -> str | None:
    """Return an address within this site, ``None`` for every other."""
    return target if target and tk.h.url_is_local(target) else None


def refused(door: str) -> None:
    """Count what was refused, in the ledger."""
    refusals.count(door)


def blocked(user_id: str) -> None:
    """Count a code that had to wait, and have the account's owner told."""
    refusals.count("login.blocked")
    _tell(model.User.get(user_id), limits.under("code", user_id))
