"""Tables of personal data: requests of data subjects, impact assessments. Never deleted.

Of whoever asks nothing stands here: the letter is found by its agenda number.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from .model import new_id, now

RECEIVED, IDENTIFIED, ANSWERED = "received", "identified", "answered"
WAITING, CONCLUDED, REPLACED = "waiting", "concluded", "replaced"
MOMENT = sa.DateTime(timezone=True)


class SubjectRequest(tk.BaseModel):
    """A request of a data subject, from its receipt to its answer.

    ``identity``: how it was shown who asks, and which office examined it.
    """

    __tablename__ = "satudata_smki_subject_request"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    kind: Mapped[str] = mapped_column(sa.Text)
    channel: Mapped[str] = mapped_column(sa.Text)
    agenda: Mapped[str] = mapped_column(sa.Text)
    package_id: Mapped[str | None] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text, default=RECEIVED)
    received_at: Mapped[dt.datetime] = mapped_column(MOMENT)
    due_at: Mapped[dt.datetime] = mapped_column(MOMENT)
    recorded_by: Mapped[str | None] = mapped_column(sa.Text, index=True)
    recorded_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    recorded_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
    identity: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    identified_by: Mapped[str | None] = mapped_column(sa.Text)
    identified_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    identified_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
    outcome: Mapped[str | None] = mapped_column(sa.Text)
    ground: Mapped[str | None] = mapped_column(sa.Text)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    letter: Mapped[str | None] = mapped_column(sa.Text)
    answered_by: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    answered_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class SubjectDataset(tk.BaseModel):
    """That a dataset was found to hold data of whoever asks; which data, never.

    Who took it out again is kept as well.
    """

    __tablename__ = "satudata_smki_subject_dataset"
    __table_args__ = (
        sa.Index(
            "satudata_smki_subject_dataset_once",
            "request_id",
            "package_id",
            unique=True,
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    request_id: Mapped[str] = mapped_column(sa.Text)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    added_by: Mapped[str | None] = mapped_column(sa.Text)
    added_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    removed_by: Mapped[str | None] = mapped_column(sa.Text)
    removed_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)


class Assessment(tk.BaseModel):
    """An impact assessment of a dataset: what a person wrote, and who concluded it.

    ``kinds``: the kinds of personal data that it is about; ``known``: what the portal knew, in
    codes and numbers. It has no number: gaps would count datasets.
    """

    __tablename__ = "satudata_smki_assessment"
    __table_args__ = (
        sa.Index(
            "satudata_smki_assessment_waiting",
            "package_id",
            unique=True,
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    state: Mapped[str] = mapped_column(sa.Text, default=WAITING)
    kinds: Mapped[list[str]] = mapped_column(JSONB, default=list)
    criteria: Mapped[list[str]] = mapped_column(JSONB, default=list)
    known: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    written_by: Mapped[str | None] = mapped_column(sa.Text)
    written_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    written_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
    opinion: Mapped[str | None] = mapped_column(sa.Text)
    reasons: Mapped[str | None] = mapped_column(sa.Text)
    concluded_by: Mapped[str | None] = mapped_column(sa.Text)
    concluded_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    concluded_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
