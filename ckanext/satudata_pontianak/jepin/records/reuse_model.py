"""Tables of what people made of the data. Who proposed it is shown to nobody."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...classification.records.model import new_id, now
from ...metadata import naming
from ..rules.reuse_rules import UNCONFIRMED

MOMENT = sa.DateTime(timezone=True)


class Reuse(tk.BaseModel):
    """A work. ``names``: how many datasets its words named when it was accepted."""

    __tablename__ = "satudata_reuse"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    state: Mapped[str] = mapped_column(sa.Text, default=UNCONFIRMED, index=True)
    title: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    url: Mapped[str] = mapped_column(sa.Text)
    maker: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    picture: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    pictured: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    names: Mapped[int] = mapped_column(sa.Integer, default=0)
    proposed_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    due: Mapped[dt.date | None] = mapped_column(sa.Date)
    accepted_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answered_by: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    answered_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
    user_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    email: Mapped[str | None] = mapped_column(sa.Text, index=True)
    language: Mapped[str] = mapped_column(sa.Text, default=naming.language)
    """That of the page at which it was asked: what is written to them is written in it."""
    nonce: Mapped[str] = mapped_column(sa.Text, default=new_id)


class ReuseDataset(tk.BaseModel):
    """A dataset of a work: ``listed`` by who proposed it, ``named`` in its words."""

    __tablename__ = "satudata_reuse_dataset"

    reuse_id: Mapped[str] = mapped_column(
        sa.ForeignKey("satudata_reuse.id", ondelete="CASCADE"), primary_key=True
    )
    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    listed: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    named: Mapped[bool] = mapped_column(sa.Boolean, default=False)
