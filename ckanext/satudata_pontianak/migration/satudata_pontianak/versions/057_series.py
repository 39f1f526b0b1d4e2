"""Datasets that are members of a series.

Revision ID: 057_series
Revises: 056_next_files
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "057_series"
down_revision = "056_next_files"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_series_member",
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("series", sa.Text, nullable=False, index=True),
        sa.Column("said_by", sa.Text),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_series_member")
