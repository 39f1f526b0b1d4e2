"""Revisions of SOPs and who acknowledged them, as tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...smki.records.model import new_id, now


class SopRevision(tk.BaseModel):
    """A revision: the rows that were signed, who took which step, and the hash of the paper."""

    __tablename__ = "satudata_sop_revision"
    __table_args__ = (
        sa.UniqueConstraint("name", "revision", name="satudata_sop_revision_number"),
        sa.Index(
            "satudata_sop_revision_open",
            "name",
            unique=True,
            postgresql_where=sa.text("state IN ('draft', 'checked')"),
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(sa.Text)
    revision: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[str] = mapped_column(sa.Text)
    definition: Mapped[str] = mapped_column(sa.Text)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    drafted_by: Mapped[str] = mapped_column(sa.Text)
    drafted_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    checked_by: Mapped[str | None] = mapped_column(sa.Text)
    checked_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    approved_by: Mapped[str | None] = mapped_column(sa.Text)
    approved_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    nomor: Mapped[str | None] = mapped_column(sa.Text)
    made: Mapped[dt.date | None] = mapped_column(sa.Date)
    effective: Mapped[dt.date | None] = mapped_column(sa.Date)
    office: Mapped[str | None] = mapped_column(sa.Text)
    person: Mapped[str | None] = mapped_column(sa.Text)
    nip: Mapped[str | None] = mapped_column(sa.Text)
    sha256: Mapped[str | None] = mapped_column(sa.Text)
    size: Mapped[int | None] = mapped_column(sa.Integer)
    reviewed_by: Mapped[str | None] = mapped_column(sa.Text)
    reviewed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class SopReader(tk.BaseModel):
    """That somebody read a revision and says so."""

    __tablename__ = "satudata_sop_reader"

    revision_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
