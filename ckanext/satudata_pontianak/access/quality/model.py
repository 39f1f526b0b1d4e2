"""Tables of figures that do not agree: what agencies say, and those of two datasets."""

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


class SameFigure(tk.BaseModel):
    """A figure of a served version, and the same one of another dataset, with another number.

    Each pair stands twice, once from either side; the clock writes them and takes them away.
    ``place`` orders those of a version, the newest period first.
    """

    __tablename__ = "satudata_same_figure"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "row", "column", "other_version_id", "other_row"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    version_id: Mapped[str] = mapped_column(sa.Text)
    row: Mapped[int] = mapped_column(sa.Integer)
    column: Mapped[str] = mapped_column(sa.Text)
    found: Mapped[str] = mapped_column(sa.Text)
    other_version_id: Mapped[str] = mapped_column(sa.Text)
    other_row: Mapped[int] = mapped_column(sa.Integer)
    other_column: Mapped[str] = mapped_column(sa.Text)
    other: Mapped[str] = mapped_column(sa.Text)
    place: Mapped[int] = mapped_column(sa.Integer)
    since: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
