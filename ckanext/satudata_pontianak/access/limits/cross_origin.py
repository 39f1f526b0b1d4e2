"""Scripts of other sites read what everybody is answered, and nothing that is somebody's own."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import types

from ...surface import cross_origin

REFUSED = {"Cache-Control": "no-store"}


def said(endpoint: str | None, method: str, environ: dict[str, Any]) -> cross_origin.Pairs:
    """Return what an answer says of other sites, nothing where they may not read it."""
    readable = cross_origin.is_readable(endpoint, method)
    return cross_origin.of_answer() if readable and _is_nobody(environ) else ()


def _is_nobody(environ: dict[str, Any]) -> bool:
    return cross_origin.is_nobody(environ, str(tk.config.get("apitoken_header_name") or ""))


def _preflight() -> flask.Response | None:
    """Answer a browser that asks whether a page may read; to write it is given no permission."""
    request = flask.request
    wanted = request.headers.get("Access-Control-Request-Method", "")
    if request.method != "OPTIONS" or request.endpoint is None:
        return None
    if not cross_origin.is_readable(request.endpoint, wanted):
        return flask.Response(status=204, headers=REFUSED) if wanted else None
    answer = flask.Response(status=204, headers=list(cross_origin.of_preflight()))
    answer.headers["Allow"] = ", ".join((*cross_origin.rules().methods, "OPTIONS"))
    return answer


def _say(response: flask.Response) -> flask.Response:
    request = flask.request
    if request.method == "OPTIONS" and response.status_code == 204:
        wanted = request.headers.get("Access-Control-Request-Method", "")
        readable = cross_origin.is_readable(request.endpoint, wanted)
        pairs = cross_origin.of_preflight() if readable else ()
    else:
        pairs = said(request.endpoint, request.method, request.environ)
    # What CKAN's own options say of other sites holds for writing and for tokens too.
    for name, _ in list(response.headers):
        if name.lower().startswith(cross_origin.PREFIX):
            response.headers.pop(name, None)
    response.headers.extend(pairs)
    return response


def install(app: types.CKANApp) -> None:
    """Let answers say what other sites may read of them, after CKAN's own word."""
    cross_origin.rules()
    app.before_request(_preflight)
    # Those that come first in the list are called last.
    app.after_request_funcs.setdefault(None, []).insert(0, _say)
