"""What somebody may not know of answers as an unknown name does, through every door.

Core's refusals differ: 403 with the name of what it refuses, 404 for what is not there. Where a
refused request named something that the caller may not know of, it is asked again with a name
that nobody has, and that answer is given, with the caller's own name put back into it. What was
not refused costs nothing. Asking again keeps nothing: where it would (a new dataset under a name
that somebody else's hidden one has), the first answer stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

import flask
import sqlalchemy as sa
from sqlalchemy import event
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

import ckan.plugins as p
from ckan import model

from ..agencies import registry
from ..agencies.duties import Actor
from ..classification import repository
from ..classification.model import Version
from ..classification.policy import Channel, decide
from .auth import may_see_resource

REFUSED = (400, 403, 404, 409)
MOST = 200  # strings of a request that are looked at
_AGAIN = "satudata_again"


def after_request(response: Response) -> Response:
    """Answer a refused request that named something hidden as if it named nothing."""
    request = flask.request
    if (
        response.status_code not in REFUSED
        or request.endpoint not in flask.current_app.view_functions
        or flask.g.get(_AGAIN)
    ):
        return response
    # What was refused may have left its transaction broken; nothing of it is to be kept.
    model.Session.rollback()
    hidden = _hidden(_strings())
    if not hidden:
        return response
    flask.g.satudata_again = True
    stand_ins = {name: str(uuid4()) for name in hidden}
    _rename(stand_ins)
    again = _ask_again()
    if again is None:
        model.Session.rollback()
        return response
    return _as_asked(again, stand_ins)


def _strings() -> set[str]:
    """Return the strings of a request that may name something."""
    request = flask.request
    found: list[str] = []
    values: list[Any] = [
        request.view_args or {},
        request.args.to_dict(flat=False),
        request.form.to_dict(flat=False),
        request.get_json(silent=True) if request.is_json else None,
    ]
    while values and len(found) < MOST:
        value = values.pop()
        if isinstance(value, str) and 0 < len(value) <= 100:
            # No name has other characters, and the database would not take all of them.
            if value.isascii() and value.isprintable():
                found.append(value)
        elif isinstance(value, Mapping):
            values.extend(value.values())
        elif isinstance(value, list):
            values.extend(value[:MOST])
    return set(found)


def _hidden(names: set[str]) -> set[str]:
    """Return which of these name something that the caller may not know of."""
    if not names:
        return set()
    actor = registry.current_actor()
    named = _datasets_of(names)
    facts = repository.facts_for(named.values())
    hidden = {
        name
        for name, dataset_id in named.items()
        if dataset_id in facts and not decide(actor, facts[dataset_id], Channel.EXISTS)
    }
    return hidden | _hidden_resources(actor, names - hidden)


def _datasets_of(names: Iterable[str]) -> dict[str, str]:
    """Return name → id of the dataset that it names, or to which what it names belongs."""
    wanted = list(names)
    package, resource, view = model.Package, model.Resource, model.ResourceView
    queries = [
        sa.select(package.id, package.id).where(package.id.in_(wanted)),
        sa.select(package.name, package.id).where(package.name.in_(wanted)),
        sa.select(resource.id, resource.package_id).where(resource.id.in_(wanted)),
        sa.select(view.id, resource.package_id)
        .join(resource, resource.id == view.resource_id)
        .where(view.id.in_(wanted)),
        sa.select(Version.id, Version.package_id).where(Version.id.in_(wanted)),
    ]
    if p.plugin_loaded("activity"):
        from ckanext.activity.model.activity import Activity

        queries.append(sa.select(Activity.id, Activity.object_id).where(Activity.id.in_(wanted)))
    rows = model.Session.execute(sa.union_all(*queries))
    return {row[0]: row[1] for row in rows if row[1]}


def _hidden_resources(actor: Actor, names: set[str]) -> set[str]:
    """Return the ids of files that wait unseen in a dataset that the caller knows."""
    query = sa.select(model.Resource).where(model.Resource.id.in_(list(names)))
    return {r.id for r in model.Session.scalars(query) if not may_see_resource(actor, r)}


def _rename(stand_ins: Mapping[str, str]) -> None:
    """Put names that nobody has into the request."""

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return stand_ins.get(value, value)
        if isinstance(value, dict):
            return {key: renamed(inner) for key, inner in value.items()}
        return [renamed(inner) for inner in value] if isinstance(value, list) else value

    request = flask.request
    body = request.get_json(silent=True) if request.is_json else None
    if isinstance(body, dict):
        # The parsed body is kept by the request: what reads it next gets this one.
        changed = renamed(body)
        body.clear()
        body.update(changed)
    request.view_args = renamed(dict(request.view_args or {}))
    for part in ("args", "form"):
        pairs = [(k, renamed(v)) for k, v in getattr(request, part).items(multi=True)]
        setattr(request, part, ImmutableMultiDict(pairs))


def _ask_again() -> Response | None:
    """Return what the request with other names gives; ``None`` where it would change something."""
    app = flask.current_app
    try:
        # The guards that stand before a view are asked again as well.
        answer: Any = app.preprocess_request()
        if answer is None:
            flask.g.satudata_kept = _NOTHING
            answer = app.dispatch_request()
    except Exception as refusal:  # noqa: BLE001 -- as Flask does with whatever a view raises
        answer = None if _tried() else app.handle_user_exception(refusal)
    finally:
        tried = _tried()
        flask.g.pop("satudata_kept", None)
    return None if tried or answer is None else app.make_response(answer)


_NOTHING, _TRIED = "nothing", "tried"


class _Kept(Exception):
    """Something would have been kept."""


def _tried() -> bool:
    return flask.g.get("satudata_kept") == _TRIED


@event.listens_for(model.Session, "before_commit", insert=True)
def _keep_nothing(session: Any) -> None:
    """Stop a commit while a request is asked again; before core's listener, which indexes."""
    if session.in_nested_transaction() or not flask.has_request_context():
        return
    if flask.g.get("satudata_kept"):
        flask.g.satudata_kept = _TRIED
        raise _Kept


def _as_asked(response: Response, stand_ins: Mapping[str, str]) -> Response:
    """Put the caller's own names back, where the answer repeats them."""
    if response.direct_passthrough:
        return response
    text = response.get_data(as_text=True)
    for name, stand_in in stand_ins.items():
        text = text.replace(stand_in, name)
    response.set_data(text)
    return response
