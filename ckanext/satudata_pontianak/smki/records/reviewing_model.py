"""Tables of what looks back: reviews and what they decided, rights line by line, controls audited.

Rows are ended by newer ones, never deleted. What people write stands here; the ledger keeps that
it was written, and by whom.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...agencies.model import new_id, now


class SmkiReview(tk.BaseModel):
    """A management review that was held; ``numbers``: of its year, as they stood when it was."""

    __tablename__ = "satudata_smki_review"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    year: Mapped[int] = mapped_column(sa.Integer)
    day: Mapped[dt.date] = mapped_column(sa.Date)
    paper: Mapped[str] = mapped_column(sa.Text)
    opinion: Mapped[str] = mapped_column(sa.Text)
    numbers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    role: Mapped[str] = mapped_column(sa.Text)
    held_by: Mapped[str | None] = mapped_column(sa.Text)
    held_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class SmkiDecision(tk.BaseModel):
    """What a management review decided; its task says what became of it. Never changed."""

    __tablename__ = "satudata_smki_decision"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    review_id: Mapped[str] = mapped_column(sa.Text, index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    role: Mapped[str] = mapped_column(sa.Text)
    due: Mapped[dt.date] = mapped_column(sa.Date)
    task_id: Mapped[str] = mapped_column(sa.Text, index=True)
    decided_by: Mapped[str | None] = mapped_column(sa.Text)
    decided_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class SmkiRight(tk.BaseModel):
    """That somebody looked at a line of the rights, as it stood then. Never changed.

    ``key``: whose right to what it is; ``line``: a digest of all that the line said.
    """

    __tablename__ = "satudata_smki_right"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(sa.Text, index=True)
    line: Mapped[str] = mapped_column(sa.Text)
    verdict: Mapped[str] = mapped_column(sa.Text)
    person_id: Mapped[str] = mapped_column(sa.Text)
    agency_id: Mapped[str | None] = mapped_column(sa.Text)
    said: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    task_id: Mapped[str | None] = mapped_column(sa.Text, index=True)
    decided_by: Mapped[str | None] = mapped_column(sa.Text)
    decided_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)


class SmkiCheck(tk.BaseModel):
    """What whoever audits answered of a control in a period; the newest counts.

    ``found``: how the control stood then, by the portal's own evidence.
    """

    __tablename__ = "satudata_smki_check"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    period: Mapped[str] = mapped_column(sa.Text)
    control: Mapped[str] = mapped_column(sa.Text, index=True)
    verdict: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text)
    found: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    finding_id: Mapped[str | None] = mapped_column(sa.Text)
    checked_by: Mapped[str | None] = mapped_column(sa.Text)
    checked_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
