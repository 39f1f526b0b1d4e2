"""Readings that cost much, as often as an address may ask for them, and only some at once.

What is counted lies in Redis, for all processes. Without Redis nobody is counted, and what costs
much is refused to who would be; everything else is answered.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import flask
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import HTTPException

import ckan.plugins.toolkit as tk
from ckan import types

from ... import clock
from ...accounts import addresses
from ...msgids import N_
from ...surface import rates
from . import cross_origin, short_answers

log = logging.getLogger(__name__)
TITLES = {429: N_("Too many requests from your address"), 503: N_("The portal is busy")}
DETAILS = {
    429: N_(
        "This portal answers so many requests of this kind from one address. Try again in"
        " %(seconds)s seconds. Who needs all data may download whole files instead."
    ),
    503: N_("Others are asking for much at this moment. Try again in %(seconds)s seconds."),
}
_HELD = "satudata_place"
_TOLD = "satudata_rates_told"
_TAKEN = "satudata.place"


@cache
def _limiter(address: str) -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(
        RedisStorage(address, wrap_exceptions=True, socket_timeout=2, socket_connect_timeout=2)
    )


@cache
def _places() -> rates.Places:
    return rates.Places(rates.rates().at_once, rates.rates().waiting)


def ask(kind: rates.Kind) -> flask.Response | None:
    """Count a reading and take a place for it; return the refusal, where there is one."""
    counted = addresses.counted()
    if counted is None or getattr(flask.g, _HELD, None) is not None:
        return None
    place = flask.request.environ.pop(_TAKEN, None)
    if place is not None:
        setattr(flask.g, _HELD, place)
    known = tk.current_user.is_authenticated
    if not known or kind.named:
        setattr(flask.g, _TOLD, [(rates.POLICY, kind.policy())])
        wait = _counted(kind, str(tk.current_user.id) if known else counted)
        if wait is not None:
            return _refusal(*wait)
    if place is None:
        place = _places().take(rates.rates().patience_seconds)
        if place is None:
            return _refusal(503, rates.rates().wait_seconds)
        setattr(flask.g, _HELD, place)
    return None


def admit(name: str) -> None:
    """Count a reading of a kind, where it turns out to cost much; end the request if refused."""
    if not flask.has_request_context():
        return
    refusal = ask(rates.kind(name))
    if refusal is not None:
        flask.abort(refusal)


def _counted(kind: rates.Kind, address: str) -> tuple[int, int] | None:
    """Count a reading; return the code of a refusal and the seconds to wait, if there is one."""
    names = (str(tk.config["ckan.site_id"]), kind.name, address)
    left_of: list[str] = []
    try:
        limiter = _limiter(str(tk.config["ckan.redis.url"]))
        for item in kind.items():
            taken = limiter.hit(item, *names)
            reset, left = limiter.get_window_stats(item, *names)
            seconds = max(1, math.ceil(reset - clock.system().timestamp()))
            left_of.append(kind.left(item, left if taken else 0, seconds))
            if not taken:
                return 429, seconds
    except StorageError as problem:
        log.warning("costly readings are refused: %s", type(problem.__cause__ or problem).__name__)
        return 503, 10
    finally:
        if left_of:
            getattr(flask.g, _TOLD).append((rates.LEFT, ", ".join(left_of)))
    return None


def _refusal(status: int, seconds: int) -> flask.Response:
    request = flask.request
    language = str(request.environ.get("CKAN_LANG") or tk.config["ckan.locale_default"])
    accepted = request.headers.get("Accept", "")
    body, kind = _told(status, seconds, language, request.path, accepted)
    response = flask.Response(body, status, short_answers.said(), content_type=kind)
    response.headers["Retry-After"] = str(seconds)
    return response


def _told(status: int, seconds: int, language: str, path: str, accepted: str) -> tuple[bytes, str]:
    _ = short_answers.catalogue(language)
    return short_answers.written(
        status,
        _(TITLES[status]),
        _(DETAILS[status]) % {"seconds": seconds},
        language=language,
        path=path,
        accepted=accepted,
        errors={"__type": "Too Many Requests" if status == 429 else "Busy"},
    )


def _begin() -> flask.Response | None:
    request = flask.request
    action = (request.view_args or {}).get("logic_function")
    kind = rates.kind_of(request.endpoint, action if request.endpoint == "api.action" else None)
    return ask(kind) if kind is not None and request.method != "OPTIONS" else None


class _Held:
    """The body of an answer, which holds a place until it was sent."""

    def __init__(self, body: Iterable[Any], place: rates.Place) -> None:
        self._body, self._place = body, place

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self._body
        finally:
            self._place.give()

    def close(self) -> None:
        self._place.give()
        close = getattr(self._body, "close", None)
        if close is not None:
            close()


def _end(response: flask.Response) -> flask.Response:
    response.headers.update(getattr(flask.g, _TOLD, ()))
    place = getattr(flask.g, _HELD, None)
    if place is not None and response.is_streamed:
        # Rows are read while they are sent.
        response.response = _Held(response.response, place)
        setattr(flask.g, _HELD, None)
    return response


def _leave(_error: BaseException | None) -> None:
    place = getattr(flask.g, _HELD, None)
    if place is not None:
        place.give()


class FreePlaces:
    """The WSGI application, in which what costs much has a place.

    It is waited for before a session or a connection is opened, and whoever gets none is told so
    there: else fifty of them would keep everybody else waiting by being refused.
    """

    def __init__(self, app: types.CKANApp) -> None:
        """Stand before the application, behind the pages that are kept."""
        self._app = app
        self._inner: Callable[..., Iterable[bytes]] = app.wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Take a place for a reading that costs much, or refuse it."""
        if addresses.counted_in(environ) is None:
            return self._inner(environ, start_response)
        language, path = short_answers.split(environ.get("PATH_INFO", ""))
        method = environ.get("REQUEST_METHOD", "GET")
        endpoint = _endpoint_at(self._app, path, method)
        if endpoint is None or method == "OPTIONS":
            return self._inner(environ, start_response)
        place = _places().take(rates.rates().patience_seconds)
        if place is not None:
            environ[_TAKEN] = place
            try:
                return self._inner(environ, start_response)
            finally:
                # Something else ended the request before it was counted.
                if environ.pop(_TAKEN, None) is not None:
                    place.give()
        seconds = rates.rates().wait_seconds
        body, kind = _told(503, seconds, language, path, environ.get("HTTP_ACCEPT", ""))
        said = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        said += [("Retry-After", str(seconds)), *short_answers.said()]
        said += cross_origin.said(endpoint, method, environ)
        start_response("503 Service Unavailable", said)
        return [body]


def _endpoint_at(app: types.CKANApp, path: str, method: str) -> str | None:
    """Return the endpoint of a request that costs much, by its path, before it is taken in."""
    try:
        found, said = app.url_map.bind("", path_info=path, default_method=method).match()
    except HTTPException:
        return None
    kind = rates.kind_of(found, said.get("logic_function") if found == "api.action" else None)
    return found if kind is not None else None


def register(app: types.CKANApp) -> None:
    """Count what costs much."""
    rates.rates()
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_leave)


def register_places(app: types.CKANApp) -> None:
    """Take places before a session is opened, behind the pages that are kept."""
    app.wsgi_app = FreePlaces(app)
