"""Tables of accounts: devices that are known, second factors, and tokens that end.

No foreign keys to CKAN's own tables: a row of an account that is gone opens nothing.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ..clock import now


class Device(tk.BaseModel):
    """A browser on which somebody logged in; it is known by the digest of what its cookie holds."""

    __tablename__ = "satudata_device"

    digest: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.Text, primary_key=True, index=True)
    seen_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)


class Factor(tk.BaseModel):
    """A person's second factor. ``confirmed_at`` is empty until a code of it was typed."""

    __tablename__ = "satudata_second_factor"

    user_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    id: Mapped[str] = mapped_column(sa.Text, unique=True)
    secret: Mapped[str] = mapped_column(sa.Text)
    """Encrypted with the key of the site's file."""
    made_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The half minute of the last code that was taken: none of it or before is taken again."""


class RecoveryCode(tk.BaseModel):
    """A printed code, as a digest under the key of the site's file."""

    __tablename__ = "satudata_recovery_code"

    user_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    digest: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    used_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class TokenEnd(tk.BaseModel):
    """When a token of CKAN ends, should its account decide."""

    __tablename__ = "satudata_token_end"

    jti: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    ends_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
