"""Table of the agreed data list (*Daftar Data*): what an agency owes by when, year by year."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...agencies.model import now
from ...classification.records.model import new_id


class AgreedData(tk.BaseModel):
    """A row of the list of a year; its dataset counts while it is the agency's own."""

    __tablename__ = "satudata_agreed_data"
    __table_args__ = (
        sa.UniqueConstraint("year", "code"),
        sa.Index("satudata_agreed_data_due", "due"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    year: Mapped[int] = mapped_column(sa.Integer)
    code: Mapped[str] = mapped_column(sa.Text)
    agency_id: Mapped[str] = mapped_column(sa.Text, index=True)
    title: Mapped[str] = mapped_column(sa.Text)
    frequency: Mapped[str] = mapped_column(sa.Text)
    due: Mapped[dt.date] = mapped_column(sa.Date)
    priority: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    package_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("package.id", ondelete="SET NULL"), index=True
    )
    brought_by: Mapped[str | None] = mapped_column(sa.Text)
    brought_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
