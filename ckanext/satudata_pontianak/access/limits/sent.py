"""What core reads of a request: one reading for all that look at it before a view does.

Whoever reads otherwise than ``ckan.views.api`` looks at something else than what is done.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import flask
from werkzeug.datastructures import MultiDict

_BY_BODY = ("POST", "PUT", "PATCH")


def json_name() -> str | None:
    """Return the name of a form's only field where core takes it for JSON, as ``curl -d`` sends.

    Core looks at one value of each name: the same name twice is still the only one.
    """
    request = flask.request
    if request.method not in _BY_BODY or len(request.form) != 1:
        return None
    ((name, value),) = request.form.items()
    return name if value in ("", "1") else None


def json_of_form() -> Any:
    """Return that JSON; ``None`` where there is none, or it cannot be read."""
    name = json_name()
    try:
        return None if name is None else json.loads(name)
    except (ValueError, RecursionError):
        return None


def of_call() -> Iterator[dict[str, Any]]:
    """Give what an action of the running request may be called with.

    Core reads the address, a form or JSON, by what the action is: all that is there counts.
    """
    request = flask.request
    if request.args:
        yield _mixed(request.args)
    if request.method in _BY_BODY:
        if request.form:
            found = json_of_form()
            yield found if isinstance(found, dict) else _mixed(request.form)
        elif request.is_json:
            found = request.get_json(silent=True)
            if isinstance(found, dict):
                yield found


def _mixed(values: MultiDict[str, Any]) -> dict[str, Any]:
    """Return fields as core does: a list where a name came more than once."""
    return {k: v[0] if len(v) == 1 else v for k, v in values.to_dict(flat=False).items()}
