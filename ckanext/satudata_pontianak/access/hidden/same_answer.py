"""What somebody may not know of answers as an unknown name does, through every door.

Before any view runs, what the request names is looked up (:mod:`.knowing`). Whatever stands for
nothing that the caller may know of is put in the place of a random name that nobody has, of the
same length: of what is not there as of what is there unseen. So it is core's own answer for an
unknown name, made by the same code with the same work. The caller's own words are put back into
the answer.
"""

from __future__ import annotations

import json
from typing import Any

import flask
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.records.reads_of_many import Page
from ...ledger import attempts, refusals
from ...surface import references
from ...surface.references import Kind, Named, Place, Places
from ..limits import sent
from . import knowing

_KEY = "satudata_stand_ins"
SHORTEST = 6
"""A shorter stand-in may be a word of the page: it is left as it is."""
ANY_ACTION = {key: (Place("any"),) for key in ("id", "resource_id", "package_id")}
"""What an action that is not declared, one of another plugin, may name."""


def before_view() -> None:
    """Exchange what the caller may not know of, before anything is asked about it."""
    request = flask.request
    takes = _takes()
    if not takes:
        return
    parts = _parts()
    found = {one for part in parts.values() for one in references.named(part, takes)}
    named = {one for one in found if references.looked_up(one)}
    if not named:
        return
    actor = registry.current_actor()
    called = request.endpoint == "api.action" and (request.view_args or {}).get("logic_function")
    answer = knowing.look_up(
        actor, named, nobody=bool(called) and actor.anonymous, whole=called == "package_show"
    )
    flask.g.satudata_known = answer.datasets
    flask.g.satudata_page = answer.page
    unknown = answer.unknown
    if not unknown:
        return
    _note(unknown, answer.unseen)
    stand_ins = {text: references.stand_in(text) for text in {one.text for one in unknown}}
    flask.g.setdefault(_KEY, {}).update(stand_ins)

    def by(text: str, kind: Kind) -> str:
        return stand_ins[text] if Named(text, kind) in unknown else text

    for part, value in parts.items():
        _put(request, part, references.exchanged(value, takes, by))


def _note(unknown: set[Named], unseen: dict[str, str]) -> None:
    """Note what a known person tried; it costs the same whether there is such a thing."""
    request = flask.request
    actor, door = registry.current_actor(), request.endpoint or ""
    if door == "api.action":
        door = (request.view_args or {}).get("logic_function", "")
    fetches = door.endswith(("download", "dump")) or door.startswith("satudata_downloads.")
    if actor.anonymous or not (fetches or door in refusals.WATCHED):
        return
    about = next((unseen[one.text] for one in unknown if one.text in unseen), None)
    attempts.note(actor, door, about)


def id_of(id_or_name: Any) -> Any:
    """Return the id of a dataset that the request was found to name; else what was given."""
    known = flask.g.get("satudata_known") if flask.has_request_context() else None
    return (
        known.get(id_or_name, id_or_name) if known and isinstance(id_or_name, str) else id_or_name
    )


def page_of(actor: Actor, dataset_id: str) -> Page | None:
    """Return what was read of a dataset with the look-up, where that was all of it."""
    read = flask.g.get("satudata_page") if flask.has_request_context() else None
    return read if read and actor.anonymous and dataset_id in read.facts else None


def _takes() -> Places:
    """Return which parameters of the running request name something."""
    request = flask.request
    actions, routes = references.places()
    if request.endpoint == "api.action":
        return actions.get((request.view_args or {}).get("logic_function", ""), ANY_ACTION)
    return routes.get(request.endpoint or "", {})


def _parts() -> dict[str, Any]:
    """Return the parts of a request, each in the shape that its reader makes of it."""
    request = flask.request
    parts: dict[str, Any] = {
        "view_args": dict(request.view_args or {}) if request.endpoint != "api.action" else {},
        "args": request.args.to_dict(flat=False),
    }
    if request.method in ("POST", "PUT", "PATCH"):
        key = sent.json_of_form() if request.endpoint == "api.action" else None
        if key is not None:
            parts["key"] = key
        elif request.form:
            parts["form"] = request.form.to_dict(flat=False)
        elif request.endpoint == "api.action" and request.is_json:
            parts["json"] = request.get_json(silent=True)
    return {part: value for part, value in parts.items() if value}


def _put(request: Any, part: str, value: Any) -> None:
    """Put what was exchanged where the request's reader looks for it."""
    if part == "view_args":
        request.view_args = value
    elif part == "json":
        # The parsed body is kept by the request: what reads it next gets this one.
        body = request.get_json(silent=True)
        if isinstance(body, dict):
            body.clear()
            body.update(value)
    elif part == "key":
        (old,) = request.form.values()
        request.form = ImmutableMultiDict([(json.dumps(value), old)])
    else:
        pairs = [(key, each) for key, values in value.items() for each in values]
        setattr(request, part, ImmutableMultiDict(pairs))


def after_request(response: Response) -> Response:
    """Put the caller's own words back, where the answer repeats them."""
    stand_ins = flask.g.pop(_KEY, None)
    if not stand_ins or response.direct_passthrough or response.is_streamed:
        return response
    own = [(made, text) for text, made in stand_ins.items() if len(made) >= SHORTEST]
    text = response.get_data(as_text=True)
    changed = _restored(text, own)
    if changed != text:
        response.set_data(changed)
    for name, value in list(response.headers):
        if name in ("Location", "Link") and _restored(value, own) != value:
            response.headers[name] = _restored(value, own)
    return response


def _restored(text: str, own: list[tuple[str, str]]) -> str:
    for made, asked in own:
        text = text.replace(made, asked)
    return text
