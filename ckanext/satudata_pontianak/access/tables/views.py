"""Pages and downloads of the DataStore and of its table view, with the policy before them.

They stand on CKAN's own addresses: CKAN asks our plugin first, since it is loaded first. Behind
the policy's answer CKAN's own functions do the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import flask

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import registry
from ..reading import problems, serving
from ..reading.serving import Served
from .actions import VERSIONS_ONLY

datastore = flask.Blueprint("satudata_datastore", __name__)

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}
"""What kind of file each form of a table is."""


def _admitted(resource_id: str) -> Served | None:
    """Return what is served, asked for and allowed; ``None`` where core's rules hold.

    Answers 403 with the policy's reason, or 404 as for an unknown id.
    """
    found = serving.served(resource_id)
    if found is None:
        return None
    try:
        serving.admit(registry.current_actor(), found)
    except tk.NotAuthorized as problem:
        serving.keep_private()
        tk.abort(403, str(problem))
    except tk.ObjectNotFound:
        tk.abort(404, tk._("DataStore resource not found"))
    return found


def dump(resource_id: str) -> Any:
    """Give all rows of the version that is served when the request comes, to its last page.

    CKAN gives them page by page after the view has returned; all pages stay with the version, and
    with the policy's answer, of the beginning.
    """
    found = _admitted(resource_id)
    if found is None:
        return _dumped(resource_id)
    etag = _etag(found)
    if found.is_open and flask.request.if_none_match.contains(etag):
        return _open(flask.Response(status=304), etag)
    held = serving.admitted(found)
    with serving.pinned(held):
        response = _dumped(resource_id)
    serving.record(registry.current_actor(), found)
    response.response = _stream(response.response, held)
    return _open(response, etag) if found.is_open else response


def _dumped(resource_id: str) -> Any:
    """Let CKAN give the rows; what it cannot read of the question is answered 400 and says why."""
    from ckanext.datastore import blueprint as core

    form = flask.request.args.get("format", "csv")
    if form not in core.DUMP_FORMATS:
        text = tk._("There is no such format. Choose one of: %(known)s.")
        tk.abort(400, text % {"known": ", ".join(core.DUMP_FORMATS)})
    try:
        response = core.dump(resource_id)
    except tk.ValidationError as problem:
        return tk.abort(400, problems.told(problem))
    # Core calls every form a stream of bytes.
    response.headers["Content-Type"] = TYPES.get(form, response.headers["Content-Type"])
    return response


def _etag(found: Served) -> str:
    """Return a name for these rows in this form: they change with the version only."""
    asked = f"{found.version_id}?{flask.request.query_string.decode('latin-1')}"
    return hashlib.sha256(asked.encode()).hexdigest()[:32]


def _open(response: Any, etag: str) -> Any:
    """Let caches keep it, if they ask again each time, so that a hold is felt at once."""

    @flask.after_this_request
    def mark(response: flask.Response) -> flask.Response:
        response.headers["Cache-Control"] = problems.OPEN
        response.set_etag(etag)
        return response

    return response


def _stream(blocks: Iterable[Any], held: Served) -> Iterator[Any]:
    """Give block by block, each made with the version of the beginning."""
    remaining = iter(blocks)
    try:
        while True:
            with serving.pinned(held):
                block = next(remaining, None)
            if block is None:
                return
            yield block
    finally:
        if not flask.has_app_context():
            # The request is over: nobody else ends the transaction that CKAN's checks began.
            model.Session.rollback()


def dictionary(id: str, resource_id: str) -> Any:
    """Show the columns where the file is shown: they come with its bytes and are not edited."""
    from ckanext.datastore import blueprint as core

    found = _admitted(resource_id)
    if found is None:
        return core.DictionaryView.as_view("dictionary")(id=id, resource_id=resource_id)
    package = model.Package.get(id)
    if package is None or package.id != found.facts.dataset_id:
        return tk.abort(404, tk._("Resource not found"))
    if flask.request.method == "POST":
        return tk.abort(403, tk._(VERSIONS_ONLY))
    address = f"{package.type}_resource.read"
    return tk.redirect_to(address, id=package.name, resource_id=resource_id)


def api_info(resource_id: str) -> Any:
    """Show how to call the API for a file, to who may have its data."""
    from ckanext.datastore import blueprint as core

    _admitted(resource_id)
    return core.api_info(resource_id)


def _of_view(name: str) -> Callable[[str], Any]:
    """Wrap a page of the table view: its view belongs to a file, whose data it shows."""

    def page(resource_view_id: str) -> Any:
        from ckanext.datatablesview import blueprint as core

        view = model.ResourceView.get(resource_view_id)
        if view is None:
            return tk.abort(404, tk._("Resource view not found"))
        _admitted(str(view.resource_id))
        try:
            return getattr(core, name)(resource_view_id)
        except tk.ObjectNotFound:
            return tk.abort(404, tk._("Resource view not found"))
        except tk.NotAuthorized as problem:
            return tk.abort(403, str(problem))

    return page


datastore.add_url_rule("/datastore/dump/<resource_id>", view_func=dump)
datastore.add_url_rule("/datastore/api_info/<resource_id>", view_func=api_info)
datastore.add_url_rule(
    "/dataset/<id>/dictionary/<resource_id>", view_func=dictionary, methods=["GET", "POST"]
)
tables = flask.Blueprint("satudata_datatables", __name__)
for _name in ("ajax", "filtered_download"):
    tables.add_url_rule(
        f"/datatables/{_name.replace('_', '-')}/<resource_view_id>",
        endpoint=_name,
        view_func=_of_view(_name),
        methods=["POST"],
    )


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of the plugins that are loaded."""
    found = [datastore] if p.plugin_loaded("datastore") else []
    return [*found, *([tables] if p.plugin_loaded("datatables_view") else [])]
