"""A session of somebody without a name is written once, with all that CKAN adds to it.

CKAN keeps a session in its cookie. It writes a new one when the page with a form is made, and once
more with the next answer, whatever that is. Where that next answer is late, it would come after
the log-in and put the session of before in its place: the person would be logged out again.
"""

from __future__ import annotations

import flask

import ckan.plugins.toolkit as tk
from ckan import types


def _complete(response: flask.Response) -> flask.Response:
    session = flask.session
    if session.modified and session and "_user_id" not in session:
        # As the session's interface and the log-in manager would, when it comes back.
        session.setdefault("_permanent", tk.config["SESSION_PERMANENT"])
        session.setdefault("_fresh", False)
    return response


def install(app: types.CKANApp) -> None:
    """Complete sessions before they are written."""
    app.after_request(_complete)
