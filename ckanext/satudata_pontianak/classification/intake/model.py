"""Table of the files that wait for their author to make a dataset of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

from ..records.model import new_id, now

MOMENT = sa.DateTime(timezone=True)


class Staged(tk.BaseModel):
    """A staged file. Its bytes and what was read of them lie beside it, in ``shelf``."""

    __tablename__ = "satudata_staged"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(sa.Text, index=True)
    agency_id: Mapped[str] = mapped_column(sa.Text)
    filename: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """What was filled in and not sent yet: no axes, and nothing with a hard identifier."""
    recipe: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    dataset_id: Mapped[str | None] = mapped_column(sa.Text)
    """The dataset whose next file it is, ``None`` where one is to be made of it."""
    original_id: Mapped[str | None] = mapped_column(sa.Text)
    """Of that dataset the file whose place it takes."""
    created: Mapped[dt.datetime] = mapped_column(MOMENT, default=now)
    expires: Mapped[dt.datetime] = mapped_column(MOMENT, index=True)
    taken: Mapped[dt.datetime | None] = mapped_column(MOMENT)
    """Since when a dataset is being made of it."""
