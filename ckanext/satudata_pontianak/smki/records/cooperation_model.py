"""Tables of what agencies do with one another: tasks and their steps, the forum and its decisions.

``named``: ids of the datasets that a text names; the text is for who may know of all of them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...agencies.model import new_id, now


class AgencyTask(tk.BaseModel):
    """A task that one agency handed to another; never a case.

    ``set_due``: the day that the forum gave, before which no answer is late.
    ``security_task_id``: of the calendar of information security, what it is for.
    ``source``: what of the portal's opened it and closes it.
    """

    __tablename__ = "satudata_agency_task"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    sender_id: Mapped[str] = mapped_column(sa.Text, index=True)
    receiver_id: Mapped[str] = mapped_column(sa.Text, index=True)
    subject: Mapped[str] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text)
    named: Mapped[list[str]] = mapped_column(JSONB, default=list)
    state: Mapped[str] = mapped_column(sa.Text)
    due: Mapped[dt.date] = mapped_column(sa.Date)
    set_due: Mapped[dt.date | None] = mapped_column(sa.Date)
    security_task_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    source: Mapped[str | None] = mapped_column(sa.Text)
    handed_by: Mapped[str | None] = mapped_column(sa.Text)
    handed_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    changed_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    risen: Mapped[dt.date | None] = mapped_column(sa.Date)
    closed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class AgencyTaskStep(tk.BaseModel):
    """What was done with a task. Never changed."""

    __tablename__ = "satudata_agency_task_step"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    task_id: Mapped[str] = mapped_column(sa.Text, index=True)
    step: Mapped[str] = mapped_column(sa.Text)
    agency_id: Mapped[str | None] = mapped_column(sa.Text)
    receiver_id: Mapped[str | None] = mapped_column(sa.Text)
    text: Mapped[str] = mapped_column(sa.Text, default="")
    named: Mapped[list[str]] = mapped_column(JSONB, default=list)
    package_id: Mapped[str | None] = mapped_column(sa.Text)
    actor_id: Mapped[str | None] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class ForumMeeting(tk.BaseModel):
    """A meeting of the Forum Satu Data; ``agenda``: its items, as keys, as they stood then."""

    __tablename__ = "satudata_forum_meeting"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    day: Mapped[dt.date] = mapped_column(sa.Date)
    paper: Mapped[str] = mapped_column(sa.Text)
    minutes: Mapped[str] = mapped_column(sa.Text)
    named: Mapped[list[str]] = mapped_column(JSONB, default=list)
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    held_by: Mapped[str | None] = mapped_column(sa.Text)
    held_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class ForumDecision(tk.BaseModel):
    """What a meeting of the forum decided: a task of an agency, of a case it may settle."""

    __tablename__ = "satudata_forum_decision"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    meeting_id: Mapped[str] = mapped_column(sa.Text, index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    named: Mapped[list[str]] = mapped_column(JSONB, default=list)
    package_id: Mapped[str | None] = mapped_column(sa.Text)
    case_id: Mapped[str | None] = mapped_column(sa.Text)
    agency_id: Mapped[str] = mapped_column(sa.Text)
    due: Mapped[dt.date] = mapped_column(sa.Date)
    task_id: Mapped[str] = mapped_column(sa.Text, index=True)
    decided_by: Mapped[str | None] = mapped_column(sa.Text)
    decided_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class Practice(tk.BaseModel):
    """A tour that somebody takes, with its practice dataset: shown to nobody else, never a package.

    ``dataset``: its texts, axes and state, made up. ``step``: how many steps are done.
    """

    __tablename__ = "satudata_practice"
    __table_args__ = (sa.UniqueConstraint("user_id", "course"),)

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(sa.Text)
    course: Mapped[str] = mapped_column(sa.Text)
    step: Mapped[int] = mapped_column(sa.Integer, default=0)
    dataset: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    begun_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    tried: Mapped[int] = mapped_column(sa.Integer, default=0)
    passed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    right: Mapped[int | None] = mapped_column(sa.Integer)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
