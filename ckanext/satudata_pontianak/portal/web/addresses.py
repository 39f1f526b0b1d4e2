"""Addresses that people try: with a slash too many, and those of CKAN that stand elsewhere here."""

from __future__ import annotations

from typing import Any

import flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

import ckan.plugins.toolkit as tk

# CKAN's address: what stands in its place for whoever has no name, and where on that page.
ELSEWHERE = {
    "home.about": ("satudata_portal.about", None),
    "group.index": ("satudata_portal.topics", None),
    "harvest.search": ("organization.index", None),
}
STATIC = "static"
REGISTER, HELP = "user.register", ("satudata_portal.help", "akun")

addresses = flask.Blueprint("satudata_addresses", __name__)


def _lead() -> Any:
    """Lead to the one address of what is asked for; nothing where it is asked for already."""
    request = flask.request
    if request.method not in ("GET", "HEAD"):
        return None
    if request.endpoint in (None, STATIC):  # CKAN looks for a file where nothing else answers
        return _without_slash()
    if tk.current_user.is_authenticated:
        return None
    if request.endpoint in ELSEWHERE:
        endpoint, anchor = ELSEWHERE[request.endpoint]
        return flask.redirect(tk.url_for(endpoint, _anchor=anchor), 308)
    if request.endpoint == REGISTER and not _may_register():
        return flask.redirect(tk.url_for(HELP[0], _anchor=HELP[1]), 302)
    return None


def _may_register() -> bool:
    try:
        tk.check_access("user_create", {"user": ""}, {})
    except tk.NotAuthorized:
        return False
    return True


def _without_slash() -> Any:
    """Lead to the address without the slash at its end, where there is one: on this very site."""
    request = flask.request
    path = "/" + request.path.strip("/")
    if not request.path.endswith("/") or "//" in request.path or path == "/":
        return None
    try:
        adapter = flask.current_app.url_map.bind("", path_info=path)
        found, _ = adapter.match(method=request.method)
    except (HTTPException, RequestRedirect):
        return None
    if found == STATIC:
        return None
    query = request.query_string.decode("ascii", "ignore")
    # The whole address is the site's own, whatever stands in the path.
    address = tk.url_for(path, qualified=True)
    return flask.redirect(f"{address}?{query}" if query else address, 308)


addresses.before_app_request(_lead)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint."""
    return [addresses]
