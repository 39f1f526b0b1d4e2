"""Table of the dictionary: what is said of a column of a dataset."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...clock import now
from ..records.model import new_id


class Variable(tk.BaseModel):
    """A column by its folded name, for all files of its dataset that have one of this name."""

    __tablename__ = "satudata_variable"
    __table_args__ = (sa.UniqueConstraint("package_id", "name"),)

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(sa.ForeignKey("package.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.Text)
    meaning: Mapped[str] = mapped_column(sa.Text, default="")
    unit: Mapped[str] = mapped_column(sa.Text, default="")
    type: Mapped[str] = mapped_column(sa.Text, default="")
    domain: Mapped[str] = mapped_column(sa.Text, default="")
    classification: Mapped[str] = mapped_column(sa.Text, default="")
    public: Mapped[str] = mapped_column(sa.Text, default="")
    """``ya``, or why not everybody may have it; empty where nobody said."""
    said_by: Mapped[str | None] = mapped_column(sa.Text)
    said_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
