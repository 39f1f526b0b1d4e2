"""The table of what older things held under undeclared keys: read by who has the database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ... import clock

metadata = sa.MetaData()
table = sa.Table(
    "satudata_moved_key",
    metadata,
    sa.Column("package_id", sa.Text, index=True),
    sa.Column("group_id", sa.Text, index=True),
    sa.Column("resource_id", sa.Text),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("value", JSONB),
    sa.Column("moved_at", sa.DateTime(timezone=True), default=clock.now, nullable=False),
)
