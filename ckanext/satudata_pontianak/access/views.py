"""Downloads: the approved bytes to whoever may have them, waiting bytes to who checks them."""

from __future__ import annotations

import mimetypes
from typing import Any

import flask
from werkzeug.wrappers import Response

import ckan.plugins.toolkit as tk
from ckan import model

from ..agencies import registry
from ..agencies.rules.duties import Actor
from ..classification.records import dataset_types, reads
from ..classification.records.model import Pointer, Version
from ..classification.rules import past
from ..classification.rules.policy import (
    Answer,
    Channel,
    Facts,
    VersionFacts,
    as_governed,
    decide,
)
from ..classification.versions import fetching, history, storage
from ..ledger import refusals
from . import catalogue_views
from .hidden import same_answer
from .page_cache import caching
from .reading import activities, counting, explain, problems, record
from .versions import showing

downloads = flask.Blueprint("satudata_downloads", __name__)
SENT = (200, 206)


def _not_found() -> Any:
    """Answer as for an unknown name."""
    return tk.abort(404, tk._("Resource not found"))


def _asked(version: Version, pointer: Pointer | None) -> VersionFacts:
    """Return what the policy is asked of a version, that of an older one read now."""
    if version.state == past.SUPERSEDED:
        return history.of_version(version)
    return reads.version_facts(version, pointer)


def admitted(
    version: Version, facts: Facts, pointer: Pointer | None, door: str = "download"
) -> tuple[Answer, bool]:
    """Return the policy's answer for the bytes of a version, and whether they are open data.

    Whoever may not have them gets the answer for an unknown name, or that they are closed.
    """
    actor = registry.current_actor()
    asked = _asked(version, pointer)
    answer = decide(actor, facts, Channel.DATA, asked)
    if not answer and asked.past is not None:
        return _not_found()  # of an older version nothing is told
    if not answer:
        known = decide(actor, facts, Channel.METADATA) and (
            asked.approved or decide(actor, facts, Channel.METADATA, asked)
        )
        reason = explain.reason(answer).text(tk._)
        refusals.note(actor, door, dataset_id=version.package_id, problem=reason)
        if not known:
            return _not_found()
        problems.about(version.package_id)
        return tk.abort(403, reason)
    given = asked.approved or asked.past is not None
    is_open = given and facts.decision is not None and "everyone" in answer.readers
    return answer, is_open


LOOKED_AT = ("waiting", "approved")


def found_version(
    version_id: str, states: tuple[str, ...] = LOOKED_AT
) -> tuple[Version, Facts, Pointer | None]:
    """Return a version that waits or was approved, or answer as for an unknown one.

    :param states: those of a version that is looked for.
    """
    found = model.Session.get(Version, version_id)
    if found is None or found.state not in states:
        return _not_found()
    facts, served = _served(found.package_id, found.resource_id)
    return found, as_governed(facts), served[0] if served else None


def _called(actor: Actor, version: Version) -> str:
    """Return the name of a file; of an older one, that may have been corrected since, another."""
    if version.state != past.SUPERSEDED:
        return version.filename
    package = model.Package.get(version.package_id)
    name = str(package.name if package else version.package_id)
    return showing.download_name(actor, version.package_id, name, version.id)


def _serve(version: Version, facts: Facts, pointer: Pointer | None) -> Response:
    """Send the bytes of a version if the policy admits the caller; record non-open reads."""
    actor = registry.current_actor()
    answer, is_open = admitted(version, facts, pointer)
    if version.sha256 is None:
        return _not_found()
    stream = None
    if version.kind != fetching.EXTERNAL:
        try:
            stream = storage.open_file(version.sha256)
        except FileNotFoundError:
            return _not_found()
    # Whoever asks for the heading alone (HEAD) has read nothing of it.
    sent = flask.request.method != "HEAD"
    if sent and not is_open:
        what = {"version": version.id, "sha256": version.sha256}
        if flask.request.headers.get("Range"):
            what["part"] = "range"  # who asks for one byte has not looked at the file
        record.record(actor, answer, version.package_id, what)
    if stream is None:
        response = tk.redirect_to(str(fetching.source_of(version)))
        response.headers["Cache-Control"] = problems.CLOSED
        if sent and is_open:
            counting.count(version.id)
        return response
    response = flask.send_file(
        stream,
        mimetype=version.mimetype
        or mimetypes.guess_type(version.filename)[0]
        or "application/octet-stream",
        as_attachment=True,
        download_name=_called(actor, version),
        etag=version.sha256,
        conditional=False,
        last_modified=version.created,
    )
    if version.size is not None:
        response.content_length = version.size
    response.make_conditional(
        flask.request.environ, accept_ranges=True, complete_length=version.size
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Open data may be kept but must be asked for again, so that a hold is felt at once.
    response.headers["Cache-Control"] = problems.OPEN if is_open else problems.CLOSED
    if not is_open:
        response.headers.pop("ETag", None)
    elif sent and response.status_code in SENT:
        counting.count(version.id)
    return response


def download(id: str, resource_id: str, filename: str | None = None) -> Any:
    """Serve a resource: the approved version, or for who checks it the one that waits."""
    resource = model.Resource.get(resource_id)
    package = model.Package.get(id)
    if (
        resource is None
        or package is None
        or resource.package_id != package.id
        or resource.state != "active"
    ):
        return _not_found()
    if not dataset_types.is_governed(package.type):
        from ckan.views.resource import download as core_download

        return core_download(package.type, id, resource_id, filename)
    dataset_id, resource_id = package.id, resource.id
    facts, found = _served(dataset_id, resource_id)
    if found is not None:
        return _serve(found[1], facts, found[0])
    waiting = [v for v in reads.waiting_versions([dataset_id]) if v.resource_id == resource_id]
    if not waiting:
        return _not_found()
    return _serve(waiting[-1], facts, None)


def _served(dataset_id: str, resource_id: str) -> tuple[Facts, tuple[Pointer, Version] | None]:
    """Return what the policy asks for, and the version that is served under it."""
    return reads.settled(
        dataset_id,
        lambda: reads.pointers_of([dataset_id]).get(resource_id),
        forget=model.Session.rollback,
    )


def before_core() -> Any:
    """Stand before core's own download, which every type of dataset has a route for."""
    endpoint = flask.request.endpoint or ""
    named = flask.request.view_args or {}
    if not endpoint.endswith("resource.download") or "resource_id" not in named:
        return None
    package = model.Package.get(named.get("id"))
    if package is None or not dataset_types.is_governed(package.type):
        return None
    return download(named["id"], named["resource_id"], named.get("filename"))


def version(version_id: str) -> Any:
    """Serve one version by its id, for the case page."""
    return _serve(*found_version(version_id, (*LOOKED_AT, past.SUPERSEDED)))


downloads.add_url_rule("/dataset/<id>/resource/<resource_id>/download", view_func=download)
# In their order: nothing is asked about a dataset before it is known whether it may be known.
downloads.before_app_request(caching.begin)
downloads.before_app_request(same_answer.before_view)
downloads.before_app_request(catalogue_views.before_view)
downloads.before_app_request(activities.before_view)
downloads.before_app_request(before_core)
# The last that is added runs first.
downloads.after_app_request(problems.after_request)
downloads.after_app_request(same_answer.after_request)
downloads.add_url_rule(
    "/dataset/<id>/resource/<resource_id>/download/<filename>", view_func=download
)
downloads.add_url_rule("/satudata/versi/<version_id>/unduh", view_func=version)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this room."""
    return [downloads]
