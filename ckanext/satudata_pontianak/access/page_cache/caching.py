"""Public pages are kept for those who come without a name, until anything is changed.

Every page that is kept belongs to a generation. Its first part stands in the database, where
triggers give it anew in the transaction of each change of anything that a page may show (see
migration 012); so a hold is felt by the very next request. Its second part is given anew when
the search index was changed, which follows a commit. Both are read before a page is made: what
is committed meanwhile makes another generation, under which that page is not found. Where a part
cannot be read, nothing is kept and nothing kept is given.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import flask
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

import ckan.plugins.toolkit as tk
from ckan import model, types
from ckan.lib import search
from ckan.lib.redis import connect_to_redis
from ckan.model import meta

from ... import config, days
from ...classification.records import reads, stale_index
from ...surface import cross_origin, rates
from ...surface.pages import Page, declared_of
from . import compression, page_store

SECONDS = 300  # a page that nothing has changed is made anew after this time all the same
LARGEST = 1024**2  # bytes of a page
RATES = tuple(name.lower() for name in (rates.POLICY, rates.LEFT))
RELATED = ("relationships_as_subject", "relationships_as_object")
_ASKED, _KEEP, _LIGHT = "satudata.keepable", "satudata.keep", "satudata.light"

CORE = {
    **dict.fromkeys(
        """
        home.index dataset.search dataset.read dataset.groups
        organization.index organization.read organization.about group.index group.read group.about
        """.split(),
        Page(kept=True, light=True),
    ),
    # They show views, which need scripts.
    "dataset_resource.read": Page(kept=True),
    "resource.read": Page(kept=True),
}
"""What we declare of CKAN's own pages; ours declare it at their routes."""
# "status_show" is what others watch a site by: however busy it is, they get an answer.
ACTIONS = frozenset(
    {"package_search", "package_show", "package_list", "organization_list", "status_show"}
)

_READ = sa.text("SELECT token::text FROM satudata_generation")
_WATCH = sa.text("SELECT satudata_generation_watch()")

StartResponse = Callable[..., Any]


def _index_key() -> str:
    return f"ckan:{tk.config['ckan.site_id']}:satudata:index_generation"


def generation() -> str | None:
    """Return what everything belongs to that is made from now on; ``None``: keep nothing."""
    try:
        engine = meta.engine
        if engine is None:
            return None
        # A connection of its own: what a request did not commit is no part of it.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            stored = connection.execute(_READ).scalar()
        redis: Any = connect_to_redis()
        indexed = redis.get(_index_key())
        if indexed is None:
            redis.set(_index_key(), uuid.uuid4().hex, nx=True)
            indexed = redis.get(_index_key())
    except Exception:  # noqa: BLE001 -- whatever went wrong: the page is made anew
        return None
    return f"{stored} {indexed.decode()}" if stored and indexed else None


def index_changed() -> None:
    """Give the second part of the generation anew: searches find something else now."""
    redis: Any = connect_to_redis()
    redis.set(_index_key(), uuid.uuid4().hex)


class WatchedIndex(search.PackageSearchIndex):
    """CKAN's index of datasets; tells when searches find something else."""

    def index_package(self, pkg_dict: Any, defer_commit: bool = False) -> None:
        """Index a dataset, without the names of those that it belongs to.

        Its reader may not know of them; and core breaks over what it looks for there.
        """
        if pkg_dict is not None:
            pkg_dict = {k: v for k, v in pkg_dict.items() if k not in RELATED}
        super().index_package(pkg_dict, defer_commit)
        index_changed()

    def delete_package(self, pkg_dict: dict[str, Any]) -> None:
        """Take a dataset out of the index."""
        super().delete_package(pkg_dict)
        index_changed()

    def clear(self) -> None:
        """Empty the index."""
        super().clear()
        index_changed()

    def commit(self) -> None:
        """Let searches find what was indexed; wait until they do, unlike core."""
        search.make_connection().commit(waitSearcher=True)
        index_changed()


def watch() -> None:
    """Let every table that there is now give the generation anew when it changes."""
    search._INDICES["package"] = WatchedIndex
    try:
        with model.ensure_engine().begin() as connection:
            connection.execute(_WATCH)
    except SQLAlchemyError:
        # Before the tables were made: there is no generation, and nothing is kept.
        return


def declared() -> Page:
    """Return what is declared of the page that is asked for."""
    endpoint = flask.request.endpoint or ""
    view = flask.current_app.view_functions.get(endpoint)
    return CORE.get(endpoint) or declared_of(view)


def light() -> bool:
    """Tell whether this page needs no scripts of forms: a public one, for who has no name."""
    if not flask.has_request_context():
        return False
    environ = flask.request.environ
    if _LIGHT not in environ:
        anonymous = not tk.current_user.is_authenticated
        environ[_LIGHT] = anonymous and declared().light
    return environ[_LIGHT]


def sessionless() -> bool:
    """Tell whether this page leaves the session alone: a form begins one, reading does not."""
    return flask.has_request_context() and not tk.current_user.is_authenticated


def _is_public() -> bool:
    if declared().kept:
        return True
    asked = flask.request.view_args or {}
    return flask.request.endpoint == "api.action" and asked.get("logic_function") in ACTIONS


def begin() -> None:
    """Let a page of metadata, asked for by somebody without a name, read facts once."""
    if _ASKED in flask.request.environ and light() and declared().kept:
        reads.remember()


def _mark(response: flask.Response) -> flask.Response:
    """Say that an answer may be kept; the session was looked at by the caller of this."""
    environ = flask.request.environ
    if (
        _ASKED in environ
        and response.status_code == 200
        and _is_public()
        and not tk.current_user.is_authenticated
        and not flask.g.get("satudata_private")
        and not response.is_streamed
        and not response.direct_passthrough
    ):
        environ[_KEEP] = True
    return response


class PublicPages:
    """The WSGI application, with its public pages kept and packed."""

    def __init__(self, app: Callable[..., Iterable[bytes]], megabytes: int) -> None:
        """Keep at most so many megabytes; none: only pack."""
        self._app = app
        limit = megabytes * 1024**2
        self._store = page_store.Store(limit, SECONDS, time.monotonic) if limit else None

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is kept, or ask the application and keep its answer."""
        key = page_store.key_of(environ, days.today().isoformat())
        if key is None:
            return self._app(environ, start_response)
        current = generation() if self._store else None
        if self._store and current:
            kept = self._store.get(current, key)
            if kept is not None:
                return _give(kept, environ, start_response)
        environ[_ASKED] = True
        said: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            said[:] = [status, headers, more]
            return said.append  # nothing of Flask writes this way

        answer = self._app(environ, remember)
        status, headers, more = said[:3]
        names = {name.lower(): value for name, value in headers}
        if more or not _packable(names):
            start_response(status, headers, *more)
            return answer
        body = _joined(answer)
        closed = "no-store" in names.get("cache-control", "")
        if closed or not environ.get(_KEEP) or len(body) > LARGEST:
            return _pack(status, headers, body, environ, start_response)
        own = ("content-length", "etag", "vary", "cache-control")
        # What is left of a rate is nobody else's, and what is kept is not counted.
        counted = [pair for pair in headers if pair[0].lower() in RATES]
        made = page_store.Kept(page_store.without(headers, *own, *RATES), body, {}, once=True)
        if self._store and current and _settled():
            self._store.put(current, key, replace(made, packed={}, once=False))
        return _give(made, environ, start_response, counted)


def _settled() -> bool:
    """Tell whether searches leave nothing out for a change that may yet be taken back."""
    try:
        return not stale_index.queries()
    except Exception:  # noqa: BLE001 -- whatever went wrong: the page is not kept
        return False


def _packable(headers: dict[str, str]) -> bool:
    """Tell whether an answer to somebody without a name is short text without a secret."""
    if "set-cookie" in headers or "content-encoding" in headers or "content-range" in headers:
        return False
    if "content-disposition" in headers or not headers.get("content-length", "").isdigit():
        return False
    short = int(headers["content-length"]) <= compression.LONGEST
    return short and compression.is_text(headers.get("content-type", ""))


def _joined(answer: Iterable[bytes]) -> bytes:
    try:
        return b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()


def _give(
    kept: page_store.Kept,
    environ: dict[str, Any],
    start_response: StartResponse,
    more: Iterable[tuple[str, str]] = (),
) -> Iterable[bytes]:
    """Answer with a kept page, or say that the reader has it already."""
    encoding = compression.chosen(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if len(kept.body) < compression.SHORTEST:
        encoding = compression.PLAIN
    tag = kept.tag(encoding)
    # "no-cache": a browser may keep it, and asks each time whether it still holds.
    headers = [("ETag", tag), ("Cache-Control", "no-cache"), ("Vary", page_store.VARY), *more]
    if tag in environ.get("HTTP_IF_NONE_MATCH", ""):
        cross = [p for p in kept.headers if p[0].lower().startswith(cross_origin.PREFIX)]
        start_response("304 NOT MODIFIED", [*headers, *cross])
        return [b""]
    body = kept.encoded(encoding)
    headers += [*kept.headers, ("Content-Length", str(len(body)))]
    if encoding != compression.PLAIN:
        headers.append(("Content-Encoding", encoding))
    start_response("200 OK", headers)
    return [body]


def _pack(
    status: str,
    headers: list[tuple[str, str]],
    body: bytes,
    environ: dict[str, Any],
    start_response: StartResponse,
) -> Iterable[bytes]:
    encoding = compression.chosen(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if encoding == compression.PLAIN or len(body) < compression.SHORTEST:
        start_response(status, headers)
        return [body]
    packed = compression.pack(body, encoding, once=True)
    others = page_store.without(headers, "content-length")
    # A tag names bytes; it is a weak one where they were packed.
    tagged = [(n, f"W/{v}" if n.lower() == "etag" and v.startswith('"') else v) for n, v in others]
    more = [("Content-Encoding", encoding), ("Content-Length", str(len(packed)))]
    start_response(status, [*tagged, *more, ("Vary", "Accept-Encoding")])
    return [packed]


def register(app: types.CKANApp) -> None:
    """Keep and pack the public pages of an application."""
    watch()
    app.after_request(_mark)
    app.wsgi_app = PublicPages(app.wsgi_app, config.page_cache_mb())
