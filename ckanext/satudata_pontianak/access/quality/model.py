"""Table of what agencies say of figures that do not agree."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...classification.records.model import new_id
from ...clock import now


class FigureAnswer(tk.BaseModel):
    """The answer for one figure of one version: of the next version it is asked anew."""

    __tablename__ = "satudata_figure_answer"
    __table_args__ = (sa.UniqueConstraint("version_id", "figure"),)

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(sa.ForeignKey("package.id", ondelete="CASCADE"))
    version_id: Mapped[str] = mapped_column(sa.Text)
    figure: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
