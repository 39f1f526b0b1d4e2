"""Refusals that a program understands (RFC 9457), and how long an answer may be kept.

A program gets a problem document that says why and how to ask, never a page to log in. What
depends on who asks is kept by nobody; what is open is asked for again each time, so that a
hold or a new decision is felt from the next request on.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import flask
from werkzeug import exceptions
from werkzeug.wrappers import Response

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search.common import SearchQueryError

from ...msgids import N_
from ...surface import page_names
from . import registers

OPEN, CLOSED = "public, no-cache", "private, no-store"
MEDIA_TYPE = "application/problem+json"
REFUSALS = (401, 403, 404)
# Routes that programs call: what they give is data, not a page.
PROGRAMS = (
    "satudata_downloads.",
    "satudata_sheet.",
    "satudata_table_files.",
    "resource.download",
    "dataset_resource.download",
    "harvest_resource.download",
    "resource_proxy.",
    "datatablesview.",
    "datastore.dump",
    "file.",
    "dcat.",
    "croissant.",
    "dcat_json_interface.",
    "feeds.",
)
STATIC = ("static", "webassets.index")
TITLES = {
    401: N_("Sign in to use this"),
    403: N_("You may not have this"),
    404: N_("Not found"),
}
HOW = {
    401: N_("Send the API token of your account in the header Authorization."),
    403: N_(
        "Whoever needs it may ask the agency that produces the data, or PPID, and say for what "
        "purpose and until when."
    ),
    404: N_(
        "Check the address. What is not public is not found either by those who may not see it."
    ),
}


def told(problem: tk.ValidationError) -> str:
    """Return what is wrong with parameters in one line, each by its name as it was sent."""
    lines = []
    for name, texts in problem.error_dict.items():
        each = texts if isinstance(texts, list) else [texts]
        lines.append(f"{name}: {' '.join(str(text) for text in each)}")
    return " ".join(lines)


def wants_document() -> bool:
    """Tell whether whoever calls is a program: by what is called, or by what it accepts."""
    request = flask.request
    if request.path.startswith("/api/"):
        return True
    accepts = request.accept_mimetypes
    if "text/html" in accepts.values():
        return False
    if any("json" in value for value in accepts.values()):
        return True
    return (request.endpoint or "").startswith(PROGRAMS)


def document(status: int, detail: str | None = None) -> dict[str, Any]:
    """Return a problem document: what happened, why, and how to ask."""
    told = {
        "type": "about:blank",
        "title": tk._(TITLES[status]),
        "status": status,
        "detail": detail or tk._(TITLES[status]),
        "instance": flask.request.path,
        "how": tk._(HOW[status]),
    }
    return {**told, **_excluded()} if status == 403 else told


def about(dataset_id: str) -> None:
    """Say which dataset a refusal is about, whose metadata the caller may see."""
    if flask.has_request_context():
        flask.g.satudata_refused = dataset_id


def _excluded() -> dict[str, str]:
    """Return where everybody reads why a dataset is closed, until when and how to object."""
    dataset_id = flask.g.get("satudata_refused")
    item = registers.item_of_dataset(dataset_id) if dataset_id else None
    if item is None:
        return {}
    return {"excluded": tk.url_for(page_names.endpoint("excluded"), item_id=item, qualified=True)}


def _detail(body: dict[str, Any]) -> str | None:
    error = body.get("error")
    message = error.get("message") if isinstance(error, dict) else None
    if not isinstance(message, str):
        return None
    # Core names whoever asks; of somebody without a name a gap is left.
    return tk._("Log in first, or send the token of an account.") if "  " in message else message


def register(app: Any) -> None:
    """Answer refusals by what they are, and programs without drawing a page.

    What a page of core lets through (not authorized, not found, not valid) is no error 500.
    """
    for refusal, answer in (
        (tk.NotAuthorized, exceptions.Forbidden),
        (tk.ObjectNotFound, exceptions.NotFound),
        (tk.ValidationError, exceptions.BadRequest),
        (SearchQueryError, exceptions.BadRequest),
    ):
        if refusal not in app.error_handler_spec[None][None]:  # a room says it in its own words
            app.register_error_handler(refusal, partial(_refuse, answer))
    app.teardown_request(let_go)
    for status in REFUSALS:
        (page,) = app.error_handler_spec[None][status].values()
        app.register_error_handler(status, partial(_page_or_document, page))


def _page_or_document(page: Any, error: exceptions.HTTPException) -> Any:
    """Return core's page to a person, a problem document to a program."""
    if not wants_document():
        return page(error)
    # Core keeps what a refusal says for the page that it draws; none is drawn here, and the next
    # page is not to tell it.
    flask.session.pop("_flashes", None)
    status = error.code or 404
    own = error.description if error.description != type(error).description else None
    said = json.dumps(document(status, own))
    return Response(said, status=status, content_type=MEDIA_TYPE)


def _refuse(answer: Any, error: Any) -> Any:
    said = None if isinstance(error, tk.ValidationError) else getattr(error, "message", None)
    if isinstance(error, SearchQueryError):
        said = str(error)
    refusal = answer(description=said) if said else answer()
    return flask.current_app.handle_http_exception(refusal)


def let_go(error: BaseException | None) -> None:
    """Take back what a session that broke had begun: the next request of this thread begins anew.

    Core lets go of it with an answer; where the page that tells of an error breaks too, there is
    none, and whoever came next was told of an error that was not theirs.
    """
    if error is not None:
        model.Session.rollback()


def after_request(response: Response) -> Response:
    """Turn a refusal into a problem document for programs; say how long an answer is kept."""
    if flask.request.endpoint in STATIC:
        return response
    if response.status_code in REFUSALS and response.mimetype == "application/json":
        _extend(response)
    _cache(response)
    return response


def _extend(response: Response) -> None:
    """Make the API's refusal a problem document; its own envelope stays for CKAN's clients."""
    body = response.get_json(silent=True)
    if isinstance(body, dict) and "success" in body:
        detail = _detail(body)
        told = document(response.status_code, detail)
        if detail is not None:
            body["error"]["message"] = detail
        response.set_data(json.dumps({**body, **told}))
        response.headers["Content-Type"] = MEDIA_TYPE


def _cache(response: Response) -> None:
    """Nothing that depends on who asks is kept; a refusal is not kept either."""
    said = response.headers.get("Cache-Control", "")
    is_open = said.startswith(OPEN)
    signed_in = isinstance(tk.current_user, model.User)
    if response.status_code in REFUSALS or (not is_open and (signed_in or "no-store" in said)):
        # Without this, core would call the answer public as well.
        flask.request.environ["__no_cache__"] = True
        response.headers["Cache-Control"] = CLOSED
        response.headers.pop("ETag", None)
    elif not is_open:
        response.headers["Cache-Control"] = OPEN
