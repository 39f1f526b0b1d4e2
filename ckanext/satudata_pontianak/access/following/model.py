"""Tables of who follows what. Of a mailbox nothing stands here but its address."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...classification.records.model import new_id, now
from ...metadata import naming

MOMENT = sa.DateTime(timezone=True)


class Follower(tk.BaseModel):
    """An account or a mailbox, and of which time it was told last."""

    __tablename__ = "satudata_follower"
    __table_args__ = (
        sa.CheckConstraint("(user_id IS NULL) <> (email IS NULL)", name="satudata_follower_one"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    user_id: Mapped[str | None] = mapped_column(sa.Text, unique=True)
    email: Mapped[str | None] = mapped_column(sa.Text, unique=True)
    nonce: Mapped[str] = mapped_column(sa.Text, default=new_id)
    told_from: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    """From here to ``told_until`` reaches the mail that was written last."""
    told_until: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)


class Follow(tk.BaseModel):
    """What somebody follows; by a mailbox only once its link was confirmed."""

    __tablename__ = "satudata_follow"
    __table_args__ = (
        sa.UniqueConstraint("follower_id", "kind", "target", name="satudata_follow_once"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    follower_id: Mapped[str] = mapped_column(
        sa.ForeignKey("satudata_follower.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(sa.Text)
    target: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.Text, default=naming.language)
    """That of the page at which it was asked: what is written to them is written in it."""
    nonce: Mapped[str] = mapped_column(sa.Text, default=new_id)
    asked_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
