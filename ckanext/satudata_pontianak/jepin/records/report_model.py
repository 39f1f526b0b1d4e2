"""Tables of citizens' reports: what was reported, and each who reported it.

Of whoever reports nothing stands here but what they wrote, a digest of the code that they were
given, and for a day a keyed digest of their address.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...classification.records.model import new_id, now

OPEN, KNOWN, ENDED = "open", "known", "ended"
MOMENT = sa.DateTime(timezone=True)


class Report(tk.BaseModel):
    """What is reported of one thing, by however many, until its owner ends it with an answer.

    It is of a package or of a work (``reuse_id``). ``resource_id``: a file of the package,
    ``point``: a point of it; empty for the whole.
    """

    __tablename__ = "satudata_report"
    __table_args__ = (
        sa.Index(
            "satudata_report_open",
            "package_id",
            "resource_id",
            "point",
            "kind",
            unique=True,
            postgresql_where=sa.text("state <> 'ended'"),
        ),
        sa.Index(
            "satudata_report_open_work",
            "reuse_id",
            "kind",
            unique=True,
            postgresql_where=sa.text("state <> 'ended'"),
        ),
        sa.CheckConstraint("num_nonnulls(package_id, reuse_id) = 1", name="satudata_report_of_one"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), unique=True)
    package_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), index=True
    )
    reuse_id: Mapped[str | None] = mapped_column(
        sa.ForeignKey("satudata_reuse.id", ondelete="CASCADE"), index=True
    )
    resource_id: Mapped[str] = mapped_column(sa.Text, default="")
    point: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text, default=OPEN)
    first_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    last_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    due: Mapped[dt.date] = mapped_column(sa.Date)
    voices: Mapped[int] = mapped_column(sa.Integer, default=0)
    outcome: Mapped[str | None] = mapped_column(sa.Text)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answered_by: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    answered_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class ReportVoice(tk.BaseModel):
    """One who reported it. ``code``: SHA-256 of the code by which they follow it."""

    __tablename__ = "satudata_report_voice"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    report_id: Mapped[str] = mapped_column(
        sa.ForeignKey("satudata_report.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(sa.Text, unique=True)
    text: Mapped[str | None] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    origin: Mapped[str | None] = mapped_column(sa.Text, index=True)
