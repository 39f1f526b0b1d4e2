"""Forms that core's pages can read: one that no page of this site sends is refused, never a 500.

Core takes some fields for granted, and breaks where a hand-made form leaves them out or says two
things of one place. Which fields these are is declared in ``schemas/surface/methods.yaml``.
"""

from __future__ import annotations

import flask
from werkzeug import exceptions

import ckan.lib.navl.dictization_functions as dict_fns
import ckan.plugins.toolkit as tk
from ckan import types
from ckan.logic import parse_params, tuplize_dict

from ..msgids import N_
from ..surface import methods

INCOMPLETE = N_(
    "Nothing was changed: the form is incomplete (%(fields)s). Load the page anew, fill it in and "
    "send it once more."
)


def check() -> None:
    """Refuse a form that core's page cannot read.

    :raises werkzeug.exceptions.BadRequest: naming the fields.
    """
    request = flask.request
    endpoint = request.endpoint
    if request.method in methods.SAFE or endpoint is None or not methods.is_form(endpoint):
        return
    missing = methods.missing(endpoint, request.form)
    if not missing and not _is_readable():
        missing = [name for name in request.form if "__" in name][:1] or ["?"]
    if missing:
        told = ", ".join(name[:60] for name in missing)
        raise exceptions.BadRequest(description=tk._(INCOMPLETE) % {"fields": told})


def _is_readable() -> bool:
    try:
        dict_fns.unflatten(tuplize_dict(parse_params(flask.request.form)))
        dict_fns.unflatten(tuplize_dict(parse_params(flask.request.files)))
    except (dict_fns.DataError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return False
    return True


def install(app: types.CKANApp) -> None:
    """Look at forms before every page does, and after it was asked whether they are meant."""
    app.before_request(check)
