"""Record what happened, in the transaction of what it records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from sqlalchemy.orm import Session, scoped_session

from .. import clock, config
from ..surface import addresses
from .canonical import plain
from .salted import split
from .tables import SCHEMA, entry_table
from .writing import Draft, Receipt, collect, waiting

__all__ = ["SCHEMA", "Receipt", "append", "draft", "entry_table", "pending"]


def _channel() -> tuple[str, str | None]:
    """Return by which door the act came, and from which address."""
    # CKAN's commands run within a request that nobody sent: it comes from no address.
    if flask.has_request_context() and "REMOTE_ADDR" in flask.request.environ:
        request = flask.request
        forwarded = request.headers.get("X-Forwarded-For")
        found = addresses.caller(request.remote_addr, forwarded, config.proxies())
        door = "api" if request.path.startswith("/api/") else "page"
        return door, str(found) if found is not None else request.remote_addr
    return "command", None


def draft(
    *,
    event: str,
    actor_id: str | None,
    actor_name: str | None = None,
    dataset_id: str | None = None,
    case_id: str | None = None,
    duty: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    outcome: str = "ok",
    detail: Mapping[str, Any] | None = None,
    channel: str | None = None,
    address: str | None = None,
) -> Draft:
    """Return an entry that waits to be written; see :func:`append` for the parameters."""
    door, origin = _channel()
    body = plain(
        {
            "at": clock.now(),
            "event": event,
            "actor": actor_id,
            "actor_name": actor_name,
            "duty": duty,
            "channel": channel or door,
            "address": address or origin,
            "dataset": dataset_id,
            "case": case_id,
            "before": before,
            "after": after,
            "outcome": outcome,
            "detail": detail,
        }
    )
    return Draft(*split(body))


def append(session: Any, **said: Any) -> Receipt:
    """Record something with ``session``: it is written when the session commits.

    If the caller rolls back, the entry is gone with what it recorded: there is no record of
    what did not happen, and nothing happens without its record. Names, addresses of machines and
    free text enter as salted digests (:mod:`.salted`); the values stand in a table beside.

    :param event: what happened, e.g. ``"case.submit"``, ``"member.create"``.
    :param actor_id: id of the person; ``None`` for the system itself.
    :param actor_name: the person's name, which can be erased.
    :param dataset_id: id of the dataset it is about.
    :param case_id: id of the case it belongs to.
    :param duty: in which duty they acted.
    :param before: what was, ``after`` what is; ``detail`` whatever else matters.
    :param outcome: ``"ok"`` or ``"refused"``.
    :param channel: by which door, ``address`` from where; default: those of the request.

    :returns: the receipt, which has number and hash once the session has committed.
    :raises TypeError: a value has no canonical form.

    Where the ledger was not set up (``ckan satudata init``), the commit fails, and the act with it.
    """
    real: Session = session.registry() if isinstance(session, scoped_session) else session
    return collect(real, draft(**said))


def pending(session: Any) -> list[dict[str, Any]]:
    """Return the entries that wait for the session's commit, as they will be written."""
    real: Session = session.registry() if isinstance(session, scoped_session) else session
    return [waits.body for waits in waiting(real)]
