"""Sessions stand in Redis: whose they are, which there are, and how they end.

A browser has a random id; Redis has its SHA-256 as the name of a hash, so that whoever reads Redis
cannot take a session over. An answer writes only the fields that it changed, and only while the
session is there: one that is late neither brings an ended session back nor undoes what another
wrote, and it sets no cookie, so it cannot take a log-in away.

A session holds a digest of the account's password and mailbox as they were at the log-in. Whoever
changes either, by whichever road, ends every session of the account; :func:`keep` is for the one
that the change came from.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import flask
import flask_login
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import CallbackDict

import ckan.plugins.toolkit as tk
from ckan import model, types
from ckan.lib.redis import connect_to_redis

from .. import clock, config
from ..surface import cookies
from . import addresses

log = logging.getLogger(__name__)

USER, PROOF = "_user_id", "satudata_proof"
SINCE, SEEN, AGENT, ADDRESS = (f"satudata_{n}" for n in ("since", "seen", "agent", "address"))

GUEST_SECONDS = 2 * 60 * 60  # a form that somebody without a name has open
MOVED_SECONDS = 120  # for how long an answer may be late
TOUCH_SECONDS = 60  # last use is written no more often than this
_MOVED = "satudata_moved"
_LONGEST_AGENT = 300

# Write changed fields of a session, if it is still there.
_UPDATE = """
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then
  return 0
end
local sets = tonumber(ARGV[3])
for i = 1, sets do redis.call('HSET', KEYS[1], ARGV[2 + 2 * i], ARGV[3 + 2 * i]) end
for i = 4 + 2 * sets, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""
_json = TaggedJSONSerializer()


class Session(CallbackDict, SessionMixin):  # type: ignore[misc]
    """What one browser has open; ``handle`` is empty for one that is not stored yet."""

    def __init__(self, handle: str = "", stored: dict[str, str] | None = None) -> None:
        """Begin with what is stored, each field in JSON."""
        self.handle, self.stored = handle, stored or {}
        self.retired: list[str] = []
        self.mute = self.dead = False
        self.renewed = not handle
        self.modified = self.accessed = False

        def changed(_: Any) -> None:
            self.modified = self.accessed = True

        super().__init__({k: _json.loads(v) for k, v in self.stored.items()}, changed)

    def __getitem__(self, key: str) -> Any:
        self.accessed = True
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a field."""
        self.accessed = True
        return super().get(key, default)


@dataclass(frozen=True)
class Open:
    """A session of an account, as its person may see it."""

    handle: str
    since: dt.datetime
    seen: dt.datetime
    agent: str
    address: str
    current: bool


def _redis() -> Any:
    return connect_to_redis()


def _key(handle: str) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:satudata:session:{handle}"


def _index(user_id: str) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:satudata:sessions_of:{user_id}"


def _handle(sid: str) -> str:
    return hashlib.sha256(sid.encode()).hexdigest()


def _now() -> int:
    return int(clock.now().timestamp())


def proof(user: model.User) -> str:
    """Return a digest of what ends all sessions when it changes."""
    said = json.dumps([user.id, user.password, user.email])
    secret = str(tk.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"satudata session {said}".encode(), hashlib.sha256).hexdigest()


def _lives(session: Session) -> bool:
    """Tell whether a session that says who it is still may."""
    since, seen = session.get(SINCE), session.get(SEEN)
    if not isinstance(since, int) or not isinstance(seen, int):
        return False
    now = _now()
    if now - since > config.session_seconds() or now - seen > config.session_idle_seconds():
        return False
    user = model.Session.get(model.User, session[USER])
    if user is None or user.state != model.State.ACTIVE:
        return False
    return hmac.compare_digest(str(session.get(PROOF)), proof(user))


class Sessions(SessionInterface):
    """Opens and saves the sessions of an application."""

    def open_session(self, app: flask.Flask, request: flask.Request) -> Session:
        """Return the session of a request; a new one where there is none that still holds."""
        sid = request.cookies.get(cookies.name_of(cookies.SESSION, config.site_url()), "")
        if not sid:
            return Session()
        handle = _handle(sid)
        try:
            found = {k.decode(): v.decode() for k, v in _redis().hgetall(_key(handle)).items()}
            if not found:
                return _ended()
            if _MOVED in found:
                late = Session()
                late.mute = True
                return late
            session = Session(handle, found)
            if session.get(USER) is not None and not _lives(session):
                end(str(session[USER]), handle)
                return _ended()
        except (RedisError, SQLAlchemyError, ValueError):
            # What cannot be read admits nobody.
            log.exception("a session could not be read")
            return Session()
        session.accessed = False
        return session

    def regenerate(self, session: Session) -> None:
        """Give a session a new id; the old one is dead when the answer leaves."""
        if session.handle:
            session.retired.append(session.handle)
        session.handle, session.renewed, session.modified = "", True, True

    def save_session(
        self, app: flask.Flask, session: SessionMixin, response: flask.Response
    ) -> None:
        """Keep what the answer changed; set the cookie of a new session alone."""
        if not isinstance(session, Session):
            raise TypeError("the session of another interface")
        if session.accessed:
            response.vary.add("Cookie")
        if session.mute:
            return
        who = session.get(USER)
        before = session.stored.get(USER)
        if before is not None and who is None:
            session.clear()  # whoever logged out has no session any more
        if session.handle and who is not None and before != _json.dumps(who):
            self.regenerate(session)  # whoever logged in without asking for a new id
        name = cookies.name_of(cookies.SESSION, config.site_url())
        if not session:
            if session.handle or session.retired or session.dead:
                _drop([*session.retired, session.handle], before)
                how = cookies.attributes(cookies.SESSION, config.site_url())
                del how["max_age"]
                response.delete_cookie(name, **how)  # type: ignore[arg-type]
            return
        if session.renewed:
            sid = secrets.token_urlsafe(32)
            self._create(session, sid)
            how = cookies.attributes(cookies.SESSION, config.site_url())
            response.set_cookie(name, sid, **how)  # type: ignore[arg-type]
            response.headers["Cache-Control"] = "private, no-store"
        else:
            self._update(session)

    def _create(self, session: Session, sid: str) -> None:
        session.handle = _handle(sid)
        now, who = _now(), session.get(USER)
        session.setdefault("_fresh", False)
        if who is not None:
            session.setdefault(SINCE, now)
            session[SEEN] = now
            session[AGENT] = str(flask.request.user_agent)[:_LONGEST_AGENT]
            session[ADDRESS] = addresses.caller() or ""
        fields = {key: _json.dumps(value) for key, value in session.items()}
        with _redis().pipeline() as pipe:
            for old in session.retired:
                _move(pipe, old, session.stored.get(USER))
            pipe.hset(_key(session.handle), mapping=fields)
            pipe.expire(_key(session.handle), _lifetime(session))
            if who is not None:
                pipe.sadd(_index(str(who)), session.handle)
                pipe.expire(_index(str(who)), config.session_seconds())
            pipe.execute()

    def _update(self, session: Session) -> None:
        if session.get(USER) is not None and _now() - session[SEEN] > TOUCH_SECONDS:
            session[SEEN] = _now()
        if not session.modified:
            if session.get(USER) is None:
                _redis().expire(_key(session.handle), GUEST_SECONDS)
            return
        now = {key: _json.dumps(value) for key, value in session.items()}
        changed = {k: v for k, v in now.items() if session.stored.get(k) != v}
        gone = [k for k in session.stored if k not in now]
        if not changed and not gone:
            return
        pairs = [part for pair in changed.items() for part in pair]
        values = [_lifetime(session), _MOVED, len(changed), *pairs, *gone]
        _redis().eval(_UPDATE, 1, _key(session.handle), *values)


def _ended() -> Session:
    """Return an empty session in the place of one that ended: its cookie is taken back."""
    session = Session()
    session.dead = True
    return session


def _lifetime(session: Session) -> int:
    """Return how many seconds Redis keeps a session."""
    if session.get(USER) is None:
        return GUEST_SECONDS
    left = config.session_seconds() - (_now() - session[SINCE])
    return max(1, min(left, config.session_idle_seconds()))


def _move(pipe: Any, handle: str, user: str | None) -> None:
    """Empty a session, and leave word for late answers that another one took its place."""
    pipe.delete(_key(handle))
    pipe.hset(_key(handle), _MOVED, "1")
    pipe.expire(_key(handle), MOVED_SECONDS)
    if user is not None:
        pipe.srem(_index(str(_json.loads(user))), handle)


def _drop(handles: Iterable[str], user: str | None) -> None:
    with _redis().pipeline() as pipe:
        for handle in filter(None, handles):
            _move(pipe, handle, user)
        pipe.execute()


def current() -> str | None:
    """Return the handle of this request's session, if it has one that is stored."""
    session = flask.session if flask.has_request_context() else None
    return getattr(session, "handle", None) or None


def list_of(user_id: str) -> list[Open]:
    """Return the sessions of an account that still hold, the last used first."""
    handles = sorted(h.decode() for h in _redis().smembers(_index(user_id)))
    with _redis().pipeline() as pipe:
        for handle in handles:
            pipe.hgetall(_key(handle))
        rows = pipe.execute()
    found, own = [], current()
    for handle, row in zip(handles, rows, strict=True):
        session = Session(handle, {k.decode(): v.decode() for k, v in row.items()})
        if session.get(USER) == user_id and _lives(session):
            found.append(
                Open(
                    handle=handle,
                    since=dt.datetime.fromtimestamp(session[SINCE], dt.UTC),
                    seen=dt.datetime.fromtimestamp(session[SEEN], dt.UTC),
                    agent=str(session.get(AGENT, "")),
                    address=str(session.get(ADDRESS, "")),
                    current=handle == own,
                )
            )
    return sorted(found, key=lambda item: item.seen, reverse=True)


def end(user_id: str, handle: str) -> bool:
    """End one session of an account; tell whether there was one."""
    if not _redis().srem(_index(user_id), handle):
        return False
    _drop([handle], None)
    return True


def end_all(user_id: str, except_: str | None = None) -> int:
    """End every session of an account but one; return how many there were."""
    handles = [h.decode() for h in _redis().smembers(_index(user_id))]
    return sum(end(user_id, handle) for handle in handles if handle != except_)


def renew() -> None:
    """Give this request's session a new id, because it may do more or other things from now on."""
    session = flask.session._get_current_object()  # type: ignore[attr-defined]
    if isinstance(session, Session) and session.get(USER) is not None:
        flask.current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]


def keep(user: model.User) -> None:
    """Keep this request's session, under a new id, after its person changed what ends all others.

    The caller has checked who it is, and calls :func:`end_all` beside.
    """
    if not flask.has_request_context():
        return
    session = flask.session
    if session.get(USER) == user.id:
        session[PROOF] = proof(user)
        renew()


def end_current() -> None:
    """End this request's session; the id in the browser is worth nothing afterwards."""
    flask.session.clear()


def _logged_in(sender: Any, user: model.User, **_: Any) -> None:
    flask.session[PROOF] = proof(user)
    flask.session.pop(SINCE, None)
    # No cookie outlives the session, whatever the form asked for.
    flask.session.pop("_remember", None)
    flask.session.pop("_remember_seconds", None)


def _deleted(sender: Any, data_dict: Any = None, **_: Any) -> None:
    """End the sessions of an account that was deleted, so that none wakes up with it."""
    reference = data_dict.get("id") if isinstance(data_dict, dict) else None
    user = model.User.get(reference) if isinstance(reference, str) else None
    if user is not None:
        end_all(user.id)


class DeclaredCookies:
    """The WSGI application, to which undeclared cookies neither come in nor go out."""

    def __init__(self, app: Any) -> None:
        """Stand before an application."""
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request without what the site does not read."""
        allowed = cookies.names(config.site_url())
        if "HTTP_COOKIE" in environ:
            left = cookies.kept(environ["HTTP_COOKIE"], allowed)
            environ["HTTP_COOKIE"] = left
            if not left:
                del environ["HTTP_COOKIE"]

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            kept = [
                (name, value)
                for name, value in headers
                if name.lower() != "set-cookie" or cookies.is_declared(value, allowed)
            ]
            return start_response(status, kept, *more)

        return self._app(environ, start)


def install(app: types.CKANApp) -> None:
    """Let an application keep its sessions here."""
    app.session_interface = Sessions()
    flask_login.user_logged_in.connect(_logged_in)
    tk.signals.action_succeeded.connect(_deleted, sender="user_delete")
    app.wsgi_app = DeclaredCookies(app.wsgi_app)
