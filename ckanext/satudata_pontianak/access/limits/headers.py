"""Every answer carries the headers that ``schemas/surface/headers.yaml`` declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import types

from ...surface import headers


def _https() -> bool:
    return str(tk.config["ckan.site_url"]).startswith("https:")


class Headed:
    """Adds what an answer does not say of itself, whoever made it: page, file, refusal, error."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        """Stand before an application."""
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer as the application does, with the headers."""

        def start(status: str, given: list[tuple[str, str]], *more: Any) -> Any:
            said = {name.lower() for name, _ in given}
            wanted = headers.of_answer(https=_https())
            added = [pair for pair in wanted if pair[0].lower() not in said]
            return start_response(status, [*given, *added], *more)

        return self.application(environ, start)


def _framed(response: flask.Response) -> flask.Response:
    if headers.may_be_framed(flask.request.endpoint):
        response.headers.update(headers.of_answer(https=_https(), framed=True))
    return response


def install(app: types.CKANApp) -> None:
    """Let every answer of the site carry the headers."""
    app.after_request(_framed)
    app.wsgi_app = Headed(app.wsgi_app)
