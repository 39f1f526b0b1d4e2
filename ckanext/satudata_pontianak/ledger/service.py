"""Write a record of what happened, in the transaction of what it records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import flask
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from .canonical import canonical, digest, plain

SCHEMA = "satudata_ledger"

_metadata = sa.MetaData(schema=SCHEMA)
entry_table = sa.Table(
    "entry",
    _metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Text),
    sa.Column("dataset_id", sa.Text),
    sa.Column("case_id", sa.Text),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("body", JSONB, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)


@dataclass(frozen=True)
class Receipt:
    """The number and the hash of the entry that was written."""

    entry: int
    hash: str

    def as_dict(self) -> dict[str, Any]:
        """Return what the API gives."""
        return {"entry": self.entry, "hash": self.hash}


def _channel() -> tuple[str, str | None]:
    """Return by which door the act came, and from which address."""
    if flask.has_request_context():
        request = flask.request
        return ("api" if request.path.startswith("/api/") else "page"), request.remote_addr
    return "command", None


def append(
    session: Any,
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
) -> Receipt:
    """Write one entry with ``session`` and return its receipt; the caller commits.

    If the caller rolls back, the entry is gone with what it recorded: there is no record of
    what did not happen, and nothing happens without its record.

    :param event: what happened, e.g. ``"case.submit"``, ``"member.create"``.
    :param actor_id: id of the person; ``None`` for the system itself.
    :param duty: in which duty they acted.
    :param outcome: ``"ok"`` or ``"refused"``.
    :raises sqlalchemy.exc.ProgrammingError: the ledger's schema was not made
        (``ckan satudata init``); then the act itself fails as well.
    """
    door, origin = _channel()
    at = dt.datetime.now(dt.UTC)
    body = plain(
        {
            "at": at,
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
    text = canonical(body)
    text_hash = digest(text)
    statement = (
        sa.insert(entry_table)
        .values(
            at=at,
            event=event,
            actor_id=actor_id,
            dataset_id=dataset_id,
            case_id=case_id,
            outcome=outcome,
            body=body,
            text=text,
            hash=text_hash,
        )
        .returning(entry_table.c.id)
    )
    number = session.execute(statement).scalar_one()
    return Receipt(number, text_hash)
