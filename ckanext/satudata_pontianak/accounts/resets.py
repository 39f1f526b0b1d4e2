"""Links to a new password: few mails, one answer for everybody, and each link once, for an hour.

A mail leaves by a worker, so that a known mailbox takes no longer than an unknown one. A link works
only while Redis holds a digest of its key, which is there for mails and invitations that were just
sent, and gone when it was used.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import logging
from typing import Any

import flask
import sqlalchemy as sa
from redis.exceptions import RedisError

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model, types
from ckan.lib import mailer, signals
from ckan.lib.redis import connect_to_redis

from .. import clock
from ..classification.notices import outbox, tongues
from ..classification.notices.definition import notice_rules
from ..classification.notices.tongues import Tongue
from ..classification.records import job_queue
from ..classification.records.mail_model import Mail
from ..ledger import refusals
from ..ledger.service import append
from ..metadata import naming
from ..surface.accounts import accounts
from . import addresses, devices, limits, sessions, telling

log = logging.getLogger(__name__)

KIND = "account_reset"
ASK, PERFORM = "user.request_reset", "user.perform_reset"
MINUTE, DAY = 60, 24 * 60 * 60
LONGEST = 255
CLAIM_SECONDS = 60


def _key(user_id: str) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:satudata:reset:{user_id}"


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest().encode()


def hold(user: model.User, seconds: int) -> None:
    """Let the link that was just made for a person work for so long."""
    connect_to_redis().set(_key(user.id), _digest(user.reset_key or ""), ex=seconds)


def send(user_id: str, language: str | None = None) -> None:
    """Mail somebody a link to a new password. A job; nobody's id sends nothing.

    What the relay does not take waits in the outbox: the clock tries it again for an hour.

    :param language: that of the page at which it was asked for.
    :raises MailNotSentError: the mail was not taken.
    """
    user = model.User.get(user_id) if user_id else None
    if user is None:
        return
    if not outbox.waits(user.id, KIND):  # a job that is tried again brings no second mail
        outbox.put(KIND, user_id=user.id, language=language)
        model.Session.commit()
    if not outbox.send_to(user.id, KIND):
        raise outbox.MailNotSentError(KIND)


def _letter(mail: Mail) -> outbox.Letter | None:
    """Return the mail with a link of its own; ``None`` when whoever asked has asked anew by now."""
    user = model.User.get(mail.user_id)
    minutes = accounts().resets.link_minutes
    late = mail.at + dt.timedelta(minutes=minutes) < clock.now()
    if late or user is None or not user.email or user.state == model.State.DELETED:
        return None
    # Core's own mail is made by a template, which needs a page that somebody asked for.
    mailer.create_reset_key(user)
    user = model.User.get(mail.user_id)
    if user is None:
        return None
    hold(user, minutes * MINUTE)
    for plugin in p.PluginImplementations(p.INotifier):
        if plugin.notify_about_topic(False, "request_password_reset", {"user": user}):
            return None
    text = _text(user, tongues.of(mail.language))
    return outbox.Letter(user.fullname or user.name, str(user.email), *text)


outbox.MAKERS[KIND] = _letter


def _text(user: model.User, tongue: Tongue) -> tuple[str, str]:
    site, say = str(tk.config.get("ckan.site_title") or ""), tongue.say
    spec = notice_rules().mails[KIND]
    minutes = {"minutes": accounts().resets.link_minutes}
    link = tongue.url(PERFORM, id=user.id, key=user.reset_key or "")
    parts = [say(spec.text) % minutes, link, site]
    return f"[{site}] {say(spec.subject)}", "\n\n".join(parts) + "\n"


def _asked() -> Any:
    """Take the form that asks for a link: the same answer whoever it is about."""
    try:
        tk.check_access("request_reset", {"user": tk.current_user.name}, {})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Unauthorized to request reset password."))
    name = flask.request.form.get("user", "").replace("\x00", "").strip()[:LONGEST]
    if not name:
        tk.h.flash_error(tk._("Email is required"))
        return tk.redirect_to(ASK)
    name = name.encode("utf-8", "replace").decode()
    query = sa.select(model.User.id).where(
        model.User.state != model.State.DELETED,
        sa.or_(model.User.name == name, sa.func.lower(model.User.email) == name.lower()),
    )
    found = model.Session.scalars(query.order_by(model.User.id).limit(1)).first()
    rules, address = accounts().resets, addresses.counted()
    place = limits.under("reset", address) if address else None
    try:
        may = place is None or limits.take(rules.address, place)
        may = limits.take(rules.mailbox, limits.under("mailbox", found or name.lower())) and may
        if may:
            title = "satudata mail password"
            asked = [found or "", naming.language()]
            job_queue.put(send, asked, title=title, queue="priority", again=3)
        else:
            refusals.count("reset")
    except RedisError:
        log.exception("a link to a new password was not sent")
    tk.h.flash_success(
        tk._(
            "If there is such an account, a link is on its way to its e-mail address. If none "
            "comes within a quarter of an hour, look into the spam folder, or ask again."
        )
    )
    return tk.redirect_to(tk.config["ckan.user_reset_landing_page"])


def _is_good(user: model.User | None, key: str) -> bool:
    if user is None or not user.reset_key or user.state == model.State.DELETED:
        return False
    held = connect_to_redis().get(_key(user.id))
    same = hmac.compare_digest(key.encode("utf-8", "replace"), user.reset_key.encode())
    return isinstance(held, bytes) and hmac.compare_digest(held, _digest(key)) and same


def _perform() -> Any:
    """Let CKAN's page be seen behind a good link only; whatever is wrong has the same answer."""
    asked = str((flask.request.view_args or {}).get("id", ""))[:LONGEST].replace("\x00", "")
    key = flask.request.args.get("key", "").strip()[:LONGEST]
    try:
        user = model.User.get(asked)
        if not _is_good(user, key) or user is None:
            return _invalid()
        if flask.request.method != "POST":
            return None
        claim = f"reset:{_digest(key).decode()}"
        if not limits.once(claim, CLAIM_SECONDS):
            return _invalid()
    except RedisError:
        log.exception("no link to a new password can be used")
        return _invalid()
    user_id, before = user.id, user.password

    @flask.after_this_request
    def used(response: flask.Response) -> flask.Response:
        row = model.Session.get(model.User, user_id, populate_existing=True)
        if row is None or row.password == before:
            limits.again(claim)  # what was typed was refused: the link is still good
            return response
        connect_to_redis().delete(_key(user_id))
        _done(row)
        return response

    return None


def _done(user: model.User) -> None:
    """End what was open, forget devices, record it and tell the person; commit."""
    append(
        model.Session,
        event="account.password",
        actor_id=user.id,
        actor_name=user.name,
        detail={"user": user.id, "what": ["password"]},
    )
    telling.changed(user.id, telling.PASSWORD)
    devices.forget(user.id)
    model.Session.commit()
    sessions.end_all(user.id)
    limits.clear(accounts().tries.account, limits.under("account", user.id))


def _invalid() -> Any:
    text = tk._("This link is not valid any more. Ask for a new one on the log-in page.")
    shown = {"title": tk._("This is not possible"), "text": text, "button": None, "refused": True}
    response = flask.make_response(tk.render("satudata/note.html", shown), 403)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def guard() -> Any:
    """Stand before CKAN's pages of new passwords."""
    if flask.request.endpoint == ASK and flask.request.method == "POST":
        return _asked()
    if flask.request.endpoint == PERFORM:
        return _perform()
    return None


def _invited(_sender: Any, result: Any = None, **_more: Any) -> None:
    """Let the link of an invitation work for some days."""
    user = model.User.get(result["id"]) if isinstance(result, dict) and "id" in result else None
    if user is not None and user.reset_key:
        hold(user, accounts().resets.invitation_days * DAY)


def install(app: types.CKANApp) -> None:
    """Guard the pages, and hear of invitations."""
    app.before_request(guard)
    signals.action_succeeded.connect(_invited, sender="user_invite")
