"""Indicators of datasets, each with its formula, unit and interpretation.

Revision ID: 064_indicators
Revises: 063_languages_of_mails
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "064_indicators"
down_revision = "063_languages_of_mails"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_indicator",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("told", JSONB, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.Text),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_indicator")
