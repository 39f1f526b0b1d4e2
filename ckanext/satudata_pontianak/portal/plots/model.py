"""What an editor chose for the picture of a resource."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ... import clock


class Plot(tk.BaseModel):
    """A choice for one resource; a resource without one is drawn by the rules."""

    __tablename__ = "satudata_plot"

    resource_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    kind: Mapped[str] = mapped_column(sa.Text, default="")
    measure: Mapped[str] = mapped_column(sa.Text, default="")
    along: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[str] = mapped_column(sa.Text, default="")
    title: Mapped[str] = mapped_column(sa.Text, default="")
    chosen_by: Mapped[str] = mapped_column(sa.Text)
    chosen_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=clock.now)
