"""Which version of a resource is served, resolved once for a request, and to whom.

The pointer stands in the main database and tables in another: there is no transaction across
them. So a request resolves the pointer once and stays with that version to its end; its table is
never changed, and outlives the version by some days.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

import flask
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.records import dataset_types, reads
from ...classification.records.model import Pointer, Version
from ...classification.rules.policy import Answer, Channel, Facts, VersionFacts, decide
from ...classification.versions import table_state
from . import counting, explain, problems
from . import record as reading

_KEY = "satudata_served"
_pinned: ContextVar[dict[str, Served] | None] = ContextVar("satudata_pinned", default=None)


@dataclass(frozen=True)
class Served:
    """A resource of a governed dataset, and the version of it that is served, if any.

    ``admitted``: this request asked the policy already and recorded the read.
    """

    resource_id: str
    facts: Facts
    version_id: str | None = None
    sha256: str | None = None
    sealed: bool = False
    filename: str = ""
    tabled: dict[str, Any] | None = None
    admitted: bool = False

    @property
    def table(self) -> str | None:
        """Return the name of the version's table, ``None`` where it has none."""
        if self.version_id is None or not table_state.is_ready(self.tabled):
            return None
        return table_state.table_of(self.version_id)

    @property
    def rows(self) -> int:
        """Return the number of rows of the table."""
        return int((self.tabled or {}).get("rows") or 0)

    def answer(self, actor: Actor) -> Answer:
        """Ask the policy whether this person may have the data."""
        if self.version_id is None:
            return Answer(False, "undecided")
        return decide(
            actor,
            self.facts,
            Channel.DATA,
            VersionFacts(True, sealed=self.sealed, resource_id=self.resource_id),
        )

    @property
    def is_open(self) -> bool:
        """Tell whether everybody may have the data."""
        answer = self.answer(Actor(None, None))
        return bool(answer) and "everyone" in answer.readers and self.facts.decision is not None


def _pins() -> dict[str, Served]:
    pinned = _pinned.get()
    if pinned is not None:
        return pinned
    if flask.has_request_context():
        if _KEY not in flask.g:
            setattr(flask.g, _KEY, {})
        return getattr(flask.g, _KEY)
    return {}


def served(resource_id: str | None) -> Served | None:
    """Return what is served of a governed resource; ``None`` where core's own rules hold.

    Within a request every call gives the same version.
    """
    if not resource_id or not isinstance(resource_id, str):
        return None
    pins = _pins()
    if resource_id in pins:
        return pins[resource_id]
    found = _read(resource_id)
    if found is not None:
        pins[resource_id] = found
    return found


@contextlib.contextmanager
def pinned(*items: Served) -> Iterator[None]:
    """Stay with these versions, also where the request is over and its answer still streams."""
    token = _pinned.set({**_pins(), **{item.resource_id: item for item in items}})
    try:
        yield
    finally:
        _pinned.reset(token)


_ROW = sa.select(Version.id, Version.sha256, Version.sealed, Version.filename, Version.tabled).join(
    Pointer, Pointer.version_id == Version.id
)
_RESOURCE = (
    sa.select(model.Resource.package_id, model.Resource.state, model.Package.type)
    .join(model.Package, model.Package.id == model.Resource.package_id)
    .execution_options(populate_existing=True)
)


def _read(resource_id: str) -> Served | None:
    row = model.Session.execute(_RESOURCE.where(model.Resource.id == resource_id)).first()
    if row is None or not dataset_types.is_governed(row.type):
        return None
    query = _ROW.where(Pointer.resource_id == resource_id)
    facts, version = reads.settled(row.package_id, lambda: model.Session.execute(query).first())
    if version is None or row.state != "active":
        return Served(resource_id, facts)
    return Served(
        resource_id,
        facts,
        version.id,
        version.sha256,
        bool(version.sealed),
        version.filename,
        version.tabled,
    )


def unknown() -> tk.ObjectNotFound:
    """Return the answer for an unknown id; the caller raises it."""
    return tk.ObjectNotFound(tk._("Resource not found"))


def admit(actor: Actor, found: Served) -> None:
    """Ask the policy for the data; where it admits, answers of this request are kept nowhere.

    :raises ckan.plugins.toolkit.ObjectNotFound: nothing is served, or they may not know of it.
    :raises ckan.plugins.toolkit.NotAuthorized: with the policy's reason.
    """
    if found.admitted:
        return
    answer = found.answer(actor)
    if not answer:
        if found.version_id is None or not decide(actor, found.facts, Channel.METADATA):
            raise unknown()
        problems.about(found.facts.dataset_id)
        raise tk.NotAuthorized(explain.reason(answer).text(tk._))
    if not found.is_open:
        keep_private()


def record(actor: Actor, found: Served, *, shown: bool = False) -> None:
    """Write the read of what is not open into the ledger, once a request; count what is open.

    :param shown: only what a page shows of it, such as a picture (:func:`.counting.count`).
    """
    if found.admitted:
        return
    if found.is_open:
        counting.count(str(found.version_id), shown=shown)
        return
    what = {"version": found.version_id, "sha256": found.sha256}
    reading.record(actor, found.answer(actor), found.facts.dataset_id, what, by="datastore")


def admitted(found: Served) -> Served:
    """Return it as asked for and recorded."""
    return replace(found, admitted=True)


def actor_of(context: types.Context) -> Actor:
    """Return the actor of an action call."""
    return registry.actor_from_context(context)


def keep_private() -> None:
    """Let no cache keep the answer of this request."""
    if not flask.has_request_context() or flask.g.get("satudata_private"):
        return
    flask.g.satudata_private = True
    flask.request.environ["__no_cache__"] = True

    @flask.after_this_request
    def mark(response: flask.Response) -> flask.Response:
        response.headers["Cache-Control"] = problems.CLOSED
        response.headers.pop("ETag", None)
        return response
