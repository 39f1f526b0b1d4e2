"""Table of photos that came with citizens' reports: pixels alone, until the report ends."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...classification.records.model import new_id, now


class ReportPhoto(tk.BaseModel):
    """A photo of one who reported something. Erased, not kept."""

    __tablename__ = "satudata_report_photo"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    report_id: Mapped[str] = mapped_column(
        sa.ForeignKey("satudata_report.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
