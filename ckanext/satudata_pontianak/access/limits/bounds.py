"""Requests within their bounds: what is too long is refused before anything is done for it.

What stands before a body, and its size, are looked at before CKAN opens a session or a connection;
its fields before anybody is identified. A refusal needs neither: it is a page or a problem document
of its own, in the language of the address. Characters that neither PostgreSQL nor UTF-8 can hold
are refused there as well: no view meets them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from functools import wraps
from typing import Any

import flask
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import LimitedStream

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import clock, config
from ...classification.records import harvested
from ...classification.writes import keys
from ...msgids import N_
from ...surface import bounds
from ...surface.bounds import Refused
from ...surface.key_errors import told_under
from . import sent, short_answers

TITLES = {
    bounds.UNREADABLE: N_("The request cannot be read"),
    bounds.ADDRESS: N_("The address is too long"),
    bounds.BODY: N_("Too much was sent"),
    bounds.FIELD: N_("Something that was sent cannot be taken"),
    bounds.HEADERS: N_("The headers are too long"),
}
REASONS = {
    bounds.UNREADABLE: "Bad Request",
    bounds.ADDRESS: "URI Too Long",
    bounds.BODY: "Content Too Large",
    bounds.FIELD: "Unprocessable Content",
    bounds.HEADERS: "Request Header Fields Too Large",
}
StartResponse = Callable[..., Any]
_WALKED = "satudata_bounds_walked"
"""Said of a request whose fields were looked at, every one of them."""
_inside: ContextVar[bool] = ContextVar("satudata_bounded_call", default=False)


class BoundedRequests:
    """The WSGI application, for requests within their bounds."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        """Stand before everything that works for a request."""
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request that passes a bound; hand on every other."""
        try:
            bounds.head(
                environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""), _headers(environ)
            )
            _body(environ)
        except Refused as refusal:
            language, path = short_answers.split(environ.get("PATH_INFO", ""))
            body, kind = _told(refusal, language, path, environ.get("HTTP_ACCEPT", ""))
            status = f"{refusal.status} {REASONS[refusal.status]}"
            said = [
                ("Content-Type", kind),
                ("Content-Length", str(len(body))),
                *short_answers.said(),
            ]
            start_response(status, said)
            return [body]
        return self._app(environ, start_response)


def _headers(environ: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_") or name == "CONTENT_TYPE":
            yield name, value


def _body(environ: dict[str, Any]) -> None:
    """Check a body by what it says of itself, and let nobody read past its bound."""
    chunked = "HTTP_TRANSFER_ENCODING" in environ
    length = str(environ.get("CONTENT_LENGTH") or "")
    if not chunked and length in ("", "0"):
        return
    form = environ.get("CONTENT_TYPE", "").casefold().startswith("multipart/")
    most = bounds.largest_body(
        short_answers.split(environ.get("PATH_INFO", ""))[1],
        form_with_files=form,
        known=bool(environ.get("HTTP_COOKIE") or environ.get("HTTP_AUTHORIZATION"))
        or f"HTTP_{str(tk.config['apitoken_header_name']).upper().replace('-', '_')}" in environ,
        upload=config.max_upload_bytes(),
    )
    if length and (not length.isdigit() or int(length) > most):
        raise Refused(bounds.BODY, "body", most=most)
    stream = environ["wsgi.input"]
    if chunked:
        stream = LimitedStream(stream, most, is_max=True)
        environ["wsgi.input"] = stream
    if form:
        return
    try:
        data = stream.read() if chunked else stream.read(int(length))
    except RequestEntityTooLarge:
        raise Refused(bounds.BODY, "body", most=most) from None
    fields = bounds.bounds().shape.fields
    if "json" not in environ.get("CONTENT_TYPE", "") and data.count(b"&") >= fields:
        raise Refused(bounds.BODY, "fields", most=fields)
    bounds.text_of_json(data)
    environ["wsgi.input"] = io.BytesIO(data)


def _check() -> flask.Response | None:
    """Check the fields of a request: of its address, of a form, of JSON."""
    request = flask.request
    walk = bounds.Walk()
    try:
        if request.args:
            walk.fields(request.args.lists())
        if request.method in ("GET", "HEAD", "OPTIONS"):
            pass
        elif "json" in request.mimetype:
            walk.value(request.get_json(silent=True))
        elif request.content_length or "Transfer-Encoding" in request.headers:
            _form(walk)
    except Refused as refusal:
        return _answer(refusal)
    except RequestEntityTooLarge:
        return _answer(Refused(bounds.BODY, "fields", most=bounds.bounds().shape.fields))
    flask.g.setdefault(_WALKED, True)
    return None


def _form(walk: bounds.Walk) -> None:
    request = flask.request
    name = sent.json_name()
    found = None
    if name is not None and name.lstrip()[:1] == "{":
        bounds.text_of_json(name.encode("utf-8", "replace"))
        found = sent.json_of_form()
    if isinstance(found, dict):
        walk.value(found)
    else:
        walk.fields(request.form.lists())
    most = bounds.bounds().shape
    if len(request.files) > most.fields:
        raise Refused(bounds.BODY, "fields", most=most.fields)
    for name, file in request.files.items(multi=True):
        filename = file.filename or ""
        bounds.check_signs(filename, name)
        if len(filename) > most.filename:
            given = len(filename)
            raise Refused(
                bounds.FIELD, "text", field=bounds.shown(name), given=given, most=most.filename
            )


def _answer(refusal: Refused) -> flask.Response:
    # Core reckons the time of every answer from this, which it sets a moment later.
    flask.g.setdefault("__timer", clock.system().timestamp())
    environ = flask.request.environ
    # The language was taken off the address already.
    language = str(environ.get("CKAN_LANG") or tk.config["ckan.locale_default"])
    body, kind = _told(refusal, language, flask.request.path, environ.get("HTTP_ACCEPT", ""))
    return flask.Response(body, refusal.status, short_answers.said(), content_type=kind)


def _told(refusal: Refused, language: str, path: str, accepted: str) -> tuple[bytes, str]:
    _ = short_answers.catalogue(language)
    detail = refusal.message.text(_)
    errors: dict[str, Any] = {"__type": "Validation Error"}
    if refusal.field:
        errors[refusal.field] = [detail]
    return short_answers.written(
        refusal.status,
        _(TITLES[refusal.status]),
        detail,
        language=language,
        path=path[: bounds.SHOWN_NAME],
        accepted=accepted,
        errors=errors,
    )


def held(actions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the actions, those that change something held to the same bounds.

    A harvest, ``ckanapi load`` on the server, a job and a command call them without a request. Of
    a call within a call nothing is asked: what is stored already may be longer.
    """
    free = bounds.bounds().unbounded
    return {
        name: action
        if getattr(action, "side_effect_free", False) or name in free
        else _held(action)
        for name, action in actions.items()
    }


def _held(action: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(action)
    def called(*args: Any, **more: Any) -> Any:
        if _inside.get() or (flask.has_app_context() and flask.g.get(_WALKED)):
            return action(*args, **more)
        context: Any = args[-2] if len(args) > 1 else more.get("context") or {}
        _check_call(context, args[-1] if args else more.get("data_dict"))
        token = _inside.set(True)
        try:
            return action(*args, **more)
        finally:
            _inside.reset(token)

    return called


def _check_call(context: types.Context, data: Any) -> None:
    """Refuse what passes a bound; of a harvested record what is not declared is dropped first.

    :raises ckan.plugins.toolkit.ValidationError: naming the field.
    """
    wrong = _passed(data)
    if wrong and isinstance(data, dict) and harvested.brings(context, data.get("id")):
        keys.dataset(context, data, data.get("type"))
        wrong = _passed(data)
        if wrong:
            # The harvester told its record already of a dataset that is not made now.
            model.Session.rollback()
    if wrong is None:
        return
    field = wrong.field or "message"
    raise tk.ValidationError({field: told_under(field, [wrong.message.text(tk._)])})


def _passed(data: Any) -> Refused | None:
    """Return the first bound that something passes."""
    try:
        bounds.Walk().value(data)
    except Refused as refusal:
        return refusal
    return None


def register(app: types.CKANApp) -> None:
    """Refuse what passes a bound, before every other part of the site."""
    bounds.bounds()
    shape = bounds.bounds().shape
    app.config["MAX_FORM_PARTS"] = shape.fields
    app.config["MAX_FORM_MEMORY_SIZE"] = max(kind.bytes for kind in bounds.bounds().bodies)
    app.before_request_funcs.setdefault(None, []).insert(0, _check)
    app.wsgi_app = BoundedRequests(app.wsgi_app)
