"""Tables of the pulse: what is asked of an app, what came back, which fault stands.

A fault is ended, never deleted; checks are deleted after the days of ``schemas/jepin/pulse.yaml``.
Of an answer no text is kept but words of our own list.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ...agencies.model import new_id, now

MOMENT = sa.DateTime(timezone=True)
SUSPECTED, OPEN, CLOSED = "suspected", "open", "closed"


class PulseTarget(tk.BaseModel):
    """The addresses of an app that the register names, and what its owner says of them.

    ``robot``: its owner agreed to requests under a search robot's name. ``from_entry``: ``web`` is
    the address of the app's entry, and follows it.
    """

    __tablename__ = "satudata_pulse_target"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    web: Mapped[str] = mapped_column(sa.Text)
    feed: Mapped[str | None] = mapped_column(sa.Text)
    sitemap: Mapped[str | None] = mapped_column(sa.Text)
    marker: Mapped[str | None] = mapped_column(sa.Text)
    store_day: Mapped[dt.date | None] = mapped_column(sa.Date)
    robot: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    maintenance_from: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    maintenance_until: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    from_entry: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    set_by: Mapped[str | None] = mapped_column(sa.Text)
    set_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)


class PulseAddress(tk.BaseModel):
    """Since when an app is asked under which address; ``None``: its entry had none to be asked.

    ``taken_out``: somebody took the app out, when its entry named this address.
    """

    __tablename__ = "satudata_pulse_address"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), index=True
    )
    web: Mapped[str | None] = mapped_column(sa.Text)
    since: Mapped[dt.datetime] = mapped_column(MOMENT)
    taken_out: Mapped[bool] = mapped_column(sa.Boolean, default=False)


class PulseStanding(tk.BaseModel):
    """What the public learns of an app; written when it changes, so that kept pages end then."""

    __tablename__ = "satudata_pulse_standing"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str | None] = mapped_column(sa.Text)
    since: Mapped[dt.datetime] = mapped_column(MOMENT)
    link: Mapped[bool] = mapped_column(sa.Boolean, default=True)


class PulseProgress(tk.BaseModel):
    """When an app was looked at last, its content and what robots see too.

    ``found``: what was found of the content then, since it is looked at more seldom.
    """

    __tablename__ = "satudata_pulse_progress"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    checked_at: Mapped[dt.datetime] = mapped_column(MOMENT, index=True)
    content_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    robot_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    found: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class PulseCheck(tk.BaseModel):
    """One look at an app, with its evidence."""

    __tablename__ = "satudata_pulse_check"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.ForeignKey("package.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime] = mapped_column(MOMENT, index=True)
    outcome: Mapped[str] = mapped_column(sa.Text)
    codes: Mapped[list[str]] = mapped_column(JSONB, default=list)
    ms: Mapped[int | None] = mapped_column(sa.Integer)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class PulseFault(tk.BaseModel):
    """A fault of an app: suspected, then an alarm, until the app has answered for long enough.

    ``owed_id``: the task of the agency that owns the app. ``task_id``: that of Walidata.
    """

    __tablename__ = "satudata_pulse_fault"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(sa.Text, default=SUSPECTED)
    codes: Mapped[list[str]] = mapped_column(JSONB, default=list)
    first_at: Mapped[dt.datetime] = mapped_column(MOMENT)
    last_at: Mapped[dt.datetime] = mapped_column(MOMENT)
    alarm_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    ok_since: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    closed_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    flaps: Mapped[int] = mapped_column(sa.Integer, default=0)
    told_at: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    due: Mapped[dt.date | None] = mapped_column(sa.Date)
    owed_id: Mapped[str | None] = mapped_column(sa.Text)
    task_id: Mapped[str | None] = mapped_column(sa.Text)
    incident_id: Mapped[str | None] = mapped_column(sa.Text)


class PulseDay(tk.BaseModel):
    """The checks of an app on a day of the city's calendar, counted."""

    __tablename__ = "satudata_pulse_day"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    answered: Mapped[int] = mapped_column(sa.Integer, default=0)
    failed: Mapped[int] = mapped_column(sa.Integer, default=0)
    ms_sum: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    ms_count: Mapped[int] = mapped_column(sa.Integer, default=0)
    ms_most: Mapped[int] = mapped_column(sa.Integer, default=0)


TABLES = (
    PulseTarget,
    PulseAddress,
    PulseStanding,
    PulseProgress,
    PulseCheck,
    PulseFault,
    PulseDay,
)
