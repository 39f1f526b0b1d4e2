"""Destructions of data: proposed, approved or refused, carried out in steps, and looked at after.

Rows of a dataset take no number: gaps would count (:func:`.model.no_number`).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...agencies.model import new_id, now

PROPOSED, APPROVED, REFUSED, DONE = "proposed", "approved", "refused", "done"
RUNS = (PROPOSED, APPROVED)
BEGUN = "begun"
"""The step that only writes down what goes."""


class SmkiDestruction(tk.BaseModel):
    """The destruction of one dataset's data, or of some of its files.

    ``files``: ids of the files that go; of the whole dataset they are known once it is carried out.
    ``served``: of those, the ones that were given.
    ``versions``: id, hash and file of each version whose bytes went. ``steps``: place → when it was
    cleared. ``stopped``: what held it back when it was tried last. ``found``: place → how much
    was still there when it was looked at last.
    """

    __tablename__ = "satudata_smki_destruction"
    __table_args__ = (
        sa.Index(
            "satudata_smki_destruction_one",
            "package_id",
            unique=True,
            postgresql_where=sa.text("state IN ('proposed', 'approved')"),
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(sa.Text, index=True)
    whole: Mapped[bool] = mapped_column(sa.Boolean)
    files: Mapped[list[str]] = mapped_column(JSONB, default=list)
    served: Mapped[list[str]] = mapped_column(JSONB, default=list)
    state: Mapped[str] = mapped_column(sa.Text, default=PROPOSED)
    code: Mapped[str] = mapped_column(sa.Text)
    begins: Mapped[dt.date] = mapped_column(sa.Date)
    due: Mapped[dt.date] = mapped_column(sa.Date)
    assessment: Mapped[str] = mapped_column(sa.Text)
    witnesses: Mapped[list[str]] = mapped_column(JSONB, default=list)
    proposed_by: Mapped[str] = mapped_column(sa.Text)
    proposed_as: Mapped[str] = mapped_column(sa.Text)
    proposed_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    nomor: Mapped[str | None] = mapped_column(sa.Text)
    day: Mapped[dt.date | None] = mapped_column(sa.Date)
    sha256: Mapped[str | None] = mapped_column(sa.Text)
    size: Mapped[int | None] = mapped_column(sa.Integer)
    reason: Mapped[str | None] = mapped_column(sa.Text)
    concluded_by: Mapped[str | None] = mapped_column(sa.Text)
    concluded_as: Mapped[str | None] = mapped_column(sa.Text)
    concluded_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    versions: Mapped[list[list[Any]]] = mapped_column(JSONB, default=list)
    steps: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    stopped: Mapped[list[str]] = mapped_column(JSONB, default=list)
    found: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    looked_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    done_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)

    @property
    def untouched(self) -> bool:
        """Was no place cleared yet?"""
        return self.looked_at is None and not {*self.steps} - {BEGUN}
