"""Table of what apps lack, and since when; a row goes when the lack does."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk


class AppLack(tk.BaseModel):
    """Something that an app lacks. ``told``: the day on which its owner was told."""

    __tablename__ = "satudata_app_lack"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    lack: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    since: Mapped[dt.date] = mapped_column(sa.Date)
    told: Mapped[dt.date | None] = mapped_column(sa.Date)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answered_by: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
