"""Tables of incidents. Rows are ended, never deleted; steps are never changed.

No foreign keys to CKAN's own tables: what happened must survive dataset and account. What PPID
writes about an incident stands here; the ledger keeps that it was written, and by whom.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from .model import new_id, now


class Incident(tk.BaseModel):
    """Data came to people who may not have them, or may have."""

    __tablename__ = "satudata_incident"
    __table_args__ = (
        sa.Index(
            "satudata_incident_one_open",
            "package_id",
            "ground",
            unique=True,
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index("satudata_incident_due", "due_at", postgresql_where=sa.text("state = 'open'")),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    state: Mapped[str] = mapped_column(sa.Text, default="open")
    ground: Mapped[str] = mapped_column(sa.Text)
    vital: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    versions: Mapped[list[str]] = mapped_column(JSONB, default=list)
    kinds: Mapped[list[str]] = mapped_column(JSONB, default=list)
    hold_id: Mapped[str | None] = mapped_column(sa.Text)
    begun_by: Mapped[str | None] = mapped_column(sa.Text)
    detected_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    known_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    due_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    ended_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(sa.Text)


class IncidentStep(tk.BaseModel):
    """Something that was done in an incident. Never changed, never deleted."""

    __tablename__ = "satudata_incident_step"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    incident_id: Mapped[str] = mapped_column(sa.Text, index=True)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    actor_id: Mapped[str | None] = mapped_column(sa.Text)
    action: Mapped[str] = mapped_column(sa.Text)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class DownloadCount(tk.BaseModel):
    """How often a version of open data was sent in an hour, to whom under a name of the day.

    ``count`` is how often anything of it went out; ``downloads`` is how often of these it was
    taken, and not only shown as a part of a page.

    ``client`` is an HMAC of the address and the version under a key that exists for a day: no
    address can be had from it, nor one client followed from day to day or file to file.
    """

    __tablename__ = "satudata_download_count"

    version_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    hour: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), primary_key=True)
    client: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    count: Mapped[int] = mapped_column(sa.Integer, default=1)
    downloads: Mapped[int] = mapped_column(sa.Integer, default=1)


TABLES = (Incident, IncidentStep, DownloadCount)
