"""Tables of what data the public asks for, and the mailboxes of those who ask for it.

A mailbox stands here until it is not needed any more, and is shown to nobody.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...classification.records.model import new_id, now
from ...metadata import naming
from ..rules.wish_rules import UNCONFIRMED

MOMENT = sa.DateTime(timezone=True)


class Wish(tk.BaseModel):
    """Data that somebody asks for. ``accepted_at``: since when it stands in the public list."""

    __tablename__ = "satudata_wish"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    state: Mapped[str] = mapped_column(sa.Text, default=UNCONFIRMED, index=True)
    title: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    asked_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    accepted_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    due: Mapped[dt.date | None] = mapped_column(sa.Date)
    voices: Mapped[int] = mapped_column(sa.Integer, default=0)
    official: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    outcome: Mapped[str | None] = mapped_column(sa.Text)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answered_by: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    answered_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
    judged: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    package_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("package.id", ondelete="SET NULL"), index=True
    )
    into_id: Mapped[str | None] = mapped_column(sa.ForeignKey("satudata_wish.id"))


class WishVoice(tk.BaseModel):
    """A mailbox that asks for it. ``asked``: it asked first; the others support it."""

    __tablename__ = "satudata_wish_voice"
    __table_args__ = (sa.UniqueConstraint("wish_id", "email", name="satudata_wish_once"),)

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    wish_id: Mapped[str] = mapped_column(
        sa.ForeignKey("satudata_wish.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str] = mapped_column(sa.Text, index=True)
    language: Mapped[str] = mapped_column(sa.Text, default=naming.language)
    """That of the page at which it was asked: what is written to them is written in it."""
    nonce: Mapped[str] = mapped_column(sa.Text, default=new_id)
    asked: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
