"""Tables of delegations and of break-glass. Rows are ended, never deleted.

No foreign keys to CKAN's own tables: what somebody was allowed must survive their account.
"""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ..clock import now


def new_id() -> str:
    """Return a new random identifier."""
    return str(uuid.uuid4())


class DelegationRow(tk.BaseModel):
    """The duties of a body laid on a person for dated days, both included."""

    __tablename__ = "satudata_delegation"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(sa.Text, index=True)
    user_id: Mapped[str] = mapped_column(sa.Text, index=True)
    first_day: Mapped[dt.date] = mapped_column(sa.Date)
    last_day: Mapped[dt.date] = mapped_column(sa.Date)
    nomor_sk: Mapped[str] = mapped_column(sa.Text)
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    revoked_by: Mapped[str | None] = mapped_column(sa.Text)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class BreakGlassRow(tk.BaseModel):
    """A system administrator stands in for at most one duty, with a reason, until a moment."""

    __tablename__ = "satudata_break_glass"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(sa.Text, index=True)
    duty: Mapped[str | None] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text)
    dataset_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    since: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    until: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    ended_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(sa.Text)


class DecreeRow(tk.BaseModel):
    """A decree: its number, its day and what it decides; of one agency or of the whole city."""

    __tablename__ = "satudata_decree"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    nomor_sk: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.Text)
    day: Mapped[dt.date] = mapped_column(sa.Date)
    about: Mapped[str] = mapped_column(sa.Text)
    agency_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    sha256: Mapped[str | None] = mapped_column(sa.Text)
    size: Mapped[int | None] = mapped_column(sa.Integer)
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)


class DecreeScanRow(tk.BaseModel):
    """The bytes of a decree's scan: in the database, so that record and scan come together."""

    __tablename__ = "satudata_decree_scan"

    decree_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class ProposalRow(tk.BaseModel):
    """A membership that one person proposed and another one confirms or declines."""

    __tablename__ = "satudata_membership_proposal"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(sa.Text, index=True)
    user_id: Mapped[str] = mapped_column(sa.Text, index=True)
    role: Mapped[str] = mapped_column(sa.Text)
    nomor_sk: Mapped[str | None] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    proposed_by: Mapped[str] = mapped_column(sa.Text)
    proposed_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    until: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    decided_by: Mapped[str | None] = mapped_column(sa.Text)
    decided_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class EmergencyGainRow(tk.BaseModel):
    """What somebody got by emergency access and loses when that ends: a membership or a duty."""

    __tablename__ = "satudata_emergency_gain"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    break_glass_id: Mapped[str] = mapped_column(sa.Text, index=True)
    agency_id: Mapped[str] = mapped_column(sa.Text)
    user_id: Mapped[str] = mapped_column(sa.Text, index=True)
    before: Mapped[str | None] = mapped_column(sa.Text)
    after: Mapped[str | None] = mapped_column(sa.Text)
    delegation_id: Mapped[str | None] = mapped_column(sa.Text)
    made_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
