"""Tables of notices: what each person was told, whether it was mailed, which mails they want.

A notice holds a kind, ids and at most a number and a day: never a title, a reason or a finding.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from .model import now

WAITING, SENDING, SENT, UNWANTED = "waiting sending sent unwanted".split()
"""What became of a notice's mail. ``sending``: begun; whoever was stopped there sent it, or not."""


class Notice(tk.BaseModel):
    """Something that one person is told."""

    __tablename__ = "satudata_notice"
    __table_args__ = (
        # Telling the same again, by a clock that runs every hour, is no second notice.
        sa.UniqueConstraint("user_id", "about"),
        sa.Index("satudata_notice_unsent", "user_id", postgresql_where=sa.text("mail = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    about: Mapped[str] = mapped_column(sa.Text)
    package_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    case_id: Mapped[str | None] = mapped_column(sa.Text)
    request_id: Mapped[str | None] = mapped_column(sa.Text)
    incident_id: Mapped[str | None] = mapped_column(sa.Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    mail: Mapped[str] = mapped_column(sa.Text, default=WAITING)
    mailed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class NoticeChoice(tk.BaseModel):
    """A kind of notice that a person wants no mail of. The portal still shows it."""

    __tablename__ = "satudata_notice_choice"

    user_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.Text, primary_key=True)


TABLES = (Notice, NoticeChoice)
