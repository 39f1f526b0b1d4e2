"""Tables of statistical activities, of the datasets that come from them, and of indicators."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...classification.records.model import new_id
from ...clock import now


class Activity(tk.BaseModel):
    """An activity of an agency: its title, and whatever else is said of it."""

    __tablename__ = "satudata_statistical_activity"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    agency_id: Mapped[str] = mapped_column(sa.Text, index=True)
    title: Mapped[str] = mapped_column(sa.Text)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    said_by: Mapped[str | None] = mapped_column(sa.Text)
    said_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class ActivityDataset(tk.BaseModel):
    """A dataset and the activity that it comes from; it counts while both are of one agency."""

    __tablename__ = "satudata_statistical_dataset"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    activity_id: Mapped[str] = mapped_column(
        sa.ForeignKey("satudata_statistical_activity.id", ondelete="CASCADE"), index=True
    )
    said_by: Mapped[str | None] = mapped_column(sa.Text)
    said_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class Indicator(tk.BaseModel):
    """An indicator of a dataset: its name, and whatever else is said of it."""

    __tablename__ = "satudata_indicator"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(sa.Text)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    begun_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    said_by: Mapped[str | None] = mapped_column(sa.Text)
    said_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
