"""The table of mails that are sent at once: what each is about, and whether the relay has it.

A row holds a kind and ids: never an address, and nothing of what the mail says.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from .model import now

WAITING, SENDING, SENT, MOOT, FAILED = "waiting sending sent moot failed".split()
"""``sending``: begun; whoever was stopped there sent it, or not. ``moot``: nobody needs it now."""


class Mail(tk.BaseModel):
    """One mail to one person."""

    __tablename__ = "satudata_mail"
    __table_args__ = (
        sa.Index(
            "satudata_mail_unsent",
            "id",
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.Text)
    request_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    """What it is about: a request, or what somebody asked to follow."""
    user_id: Mapped[str | None] = mapped_column(sa.Text)
    """For whom; without one, whoever asked by the request."""
    package_id: Mapped[str | None] = mapped_column(sa.Text)
    """Of an app: for the duty mailbox that its entry names."""
    language: Mapped[str | None] = mapped_column(sa.Text)
    """Of an account that asked for the mail itself; else what the mail is about knows it."""
    state: Mapped[str] = mapped_column(sa.Text, default=WAITING)
    tries: Mapped[int] = mapped_column(sa.Integer, default=0)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    tried_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
