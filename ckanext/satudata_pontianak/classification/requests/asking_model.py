"""Table of who asked for something today. It is shown to nobody."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ..records.model import now


class Asking(tk.BaseModel):
    """That something was asked for: by an account, or a keyed digest of an address; for a day."""

    __tablename__ = "satudata_asking"
    __table_args__ = (sa.Index("satudata_asking_whose", "whose", "what", "at"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    what: Mapped[str] = mapped_column(sa.Text)
    whose: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
