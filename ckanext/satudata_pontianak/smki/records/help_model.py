"""Tables of the help desk: questions with their answers, and the texts of help that became of them.

``page``: what the portal calls the page at ``address``, whichever dataset it shows: a text of help
stands on each page of that name. ``named``: ids of the datasets that a text names; the text is for
who may know of all of them.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...agencies.model import new_id, now


class Question(tk.BaseModel):
    """A question to the help desk, of a duty and maybe of a page; and its answer."""

    __tablename__ = "satudata_question"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    topic: Mapped[str] = mapped_column(sa.Text)
    address: Mapped[str | None] = mapped_column(sa.Text)
    page: Mapped[str | None] = mapped_column(sa.Text, index=True)
    subject: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    named: Mapped[list[str]] = mapped_column(JSONB, default=list)
    asked_by: Mapped[str | None] = mapped_column(sa.Text, index=True)
    asked_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    due: Mapped[dt.date] = mapped_column(sa.Date)
    risen: Mapped[dt.date | None] = mapped_column(sa.Date)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answer_named: Mapped[list[str]] = mapped_column(JSONB, default=list)
    answered_by: Mapped[str | None] = mapped_column(sa.Text)
    answered_for: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    first_answered_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
    answer_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class HelpText(tk.BaseModel):
    """A text of help for everybody inside, made of an answer; one that was taken back stays."""

    __tablename__ = "satudata_help"

    question_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    topic: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    named: Mapped[list[str]] = mapped_column(JSONB, default=list)
    accepted_by: Mapped[str | None] = mapped_column(sa.Text)
    accepted_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    withdrawn_by: Mapped[str | None] = mapped_column(sa.Text)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
