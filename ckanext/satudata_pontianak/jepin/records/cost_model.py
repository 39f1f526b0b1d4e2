"""Table of what apps and datasets cost in a year: of each the line that was brought last."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...agencies.model import now
from ..rules.costs import Line


class Cost(tk.BaseModel):
    """What somebody said of an app or dataset in a year; rupiah."""

    __tablename__ = "satudata_cost"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    year: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    budget_code: Mapped[str | None] = mapped_column(sa.Text)
    cost: Mapped[int | None] = mapped_column(sa.BigInteger)
    visits: Mapped[int | None] = mapped_column(sa.BigInteger)
    brought_by: Mapped[str | None] = mapped_column(sa.Text)
    brought_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)

    @property
    def line(self) -> Line:
        """What it says."""
        return Line(self.budget_code, self.cost, self.visits)
