"""Tables of the register of apps: where each stands in its life, its links, its security facts.

No foreign keys to CKAN's own tables. Steps are added, never changed. Security facts stand here and
nowhere else: never in the package, the index, the history or an export.
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
PARENT, DATA_IN, DATA_OUT = "parent", "data_in", "data_out"


class AppLife(tk.BaseModel):
    """Where an app stands. One without a row is being entered."""

    __tablename__ = "satudata_app_life"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str] = mapped_column(sa.Text, index=True)
    since: Mapped[dt.date] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(sa.Text)
    successor_id: Mapped[str | None] = mapped_column(sa.Text)


class AppStep(tk.BaseModel):
    """A step that was taken in the life of an app."""

    __tablename__ = "satudata_app_step"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), index=True
    )
    step: Mapped[str] = mapped_column(sa.Text)
    before: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    day: Mapped[dt.date] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(sa.Text)
    successor_id: Mapped[str | None] = mapped_column(sa.Text)
    actor_id: Mapped[str | None] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)


class AppLink(tk.BaseModel):
    """What an app has to do with another entry: the app it belongs to, data it takes and gives."""

    __tablename__ = "satudata_app_link"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    target_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_by: Mapped[str | None] = mapped_column(sa.Text)
    added_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)


class AppMenu(tk.BaseModel):
    """Which row of the menu of the city's app an entry came from, by the menu's own number."""

    __tablename__ = "satudata_app_menu"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    menu_id: Mapped[str] = mapped_column(sa.Text, index=True)


class AppSecurity(tk.BaseModel):
    """The security facts of an app, by the fields of ``schemas/jepin/security.yaml``."""

    __tablename__ = "satudata_app_security"

    package_id: Mapped[str] = mapped_column(
        sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True
    )
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    changed_by: Mapped[str | None] = mapped_column(sa.Text)
    changed_at: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    ledger_entry: Mapped[int | None] = mapped_column(sa.BigInteger)
