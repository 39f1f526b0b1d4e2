"""Tables of requests and grants. Rows are ended, never deleted.

No foreign keys to CKAN's own tables: what was asked and given must survive dataset and account.
The e-mail address of somebody without an account stands here and nowhere else; it is emptied
when it is not needed any more. The ledger never holds it, nor what a citizen wrote.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...metadata import naming
from .model import new_id, now


class AccessRequest(tk.BaseModel):
    """Somebody asks for data that are not open."""

    __tablename__ = "satudata_request"
    __table_args__ = (
        sa.Index(
            "satudata_request_one_running",
            "package_id",
            "user_id",
            unique=True,
            postgresql_where=sa.text(
                "user_id IS NOT NULL AND state IN ('open', 'consent', 'objection', 'execution')"
            ),
        ),
        sa.Index("satudata_request_state_due", "state", "due"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    state: Mapped[str] = mapped_column(sa.Text)
    road: Mapped[str] = mapped_column(sa.Text)
    user_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    agency_id: Mapped[str | None] = mapped_column(sa.Text)
    """The agency for which an official asks."""
    email: Mapped[str | None] = mapped_column(sa.Text, index=True)
    language: Mapped[str] = mapped_column(sa.Text, default=naming.language)
    """That of the page at which it was asked: what is written to them is written in it."""
    nonce: Mapped[str] = mapped_column(sa.Text, default=new_id)
    """What makes a link single-use: it changes when the link was used."""
    purpose: Mapped[str] = mapped_column(sa.Text)
    scope: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    until: Mapped[dt.date] = mapped_column(sa.Date)
    offer: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What the first of two people agreed to, and under which decision."""
    asked_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    entered_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    due: Mapped[dt.date | None] = mapped_column(sa.Date)
    extended: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    overdue_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    case_id: Mapped[str | None] = mapped_column(sa.Text)


class RequestStep(tk.BaseModel):
    """Something that somebody did in a request. Never changed, never deleted."""

    __tablename__ = "satudata_request_step"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    request_id: Mapped[str] = mapped_column(sa.Text, index=True)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    actor_id: Mapped[str | None] = mapped_column(sa.Text)
    duty: Mapped[str | None] = mapped_column(sa.Text)
    part: Mapped[str | None] = mapped_column(sa.Text)
    action: Mapped[str] = mapped_column(sa.Text)
    from_state: Mapped[str | None] = mapped_column(sa.Text)
    to_state: Mapped[str | None] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class AccessGrant(tk.BaseModel):
    """Data that one person may have until a day, under one decision."""

    __tablename__ = "satudata_grant"
    __table_args__ = (
        sa.Index(
            "satudata_grant_running", "package_id", postgresql_where=sa.text("ended_at IS NULL")
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    request_id: Mapped[str] = mapped_column(sa.Text, index=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    decision_id: Mapped[str] = mapped_column(sa.Text)
    user_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    """``None`` until somebody without an account has claimed it: it admits nobody."""
    agency_id: Mapped[str | None] = mapped_column(sa.Text)
    resources: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    last_day: Mapped[dt.date] = mapped_column(sa.Date)
    given_by: Mapped[list[str]] = mapped_column(JSONB)
    given_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    nonce: Mapped[str] = mapped_column(sa.Text, default=new_id)
    ended_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(sa.Text)
    ended_why: Mapped[str | None] = mapped_column(sa.Text)


TABLES = (AccessRequest, RequestStep, AccessGrant)
