"""Table of whether the page of a dataset helped: numbers of a day, and of nobody."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk


class Helped(tk.BaseModel):
    """How often the page of a dataset helped on a day, and how often it did not."""

    __tablename__ = "satudata_helped"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    yes: Mapped[int] = mapped_column(sa.Integer, default=0)
    no: Mapped[int] = mapped_column(sa.Integer, default=0)
