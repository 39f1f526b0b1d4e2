"""Table of the datasets that their agency declared members of a series."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...clock import now


class Member(tk.BaseModel):
    """A dataset and the series it was declared to be of, by the name of its address."""

    __tablename__ = "satudata_series_member"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    series: Mapped[str] = mapped_column(sa.Text, index=True)
    said_by: Mapped[str | None] = mapped_column(sa.Text)
    said_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
