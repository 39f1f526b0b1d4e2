"""Statistical activities of agencies, and the datasets that come from them.

Revision ID: 061_statistical_activities
Revises: 060_subject_taken_out
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "061_statistical_activities"
down_revision = "060_subject_taken_out"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_statistical_activity",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("agency_id", sa.Text, nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("told", JSONB, nullable=False),
        sa.Column("said_by", sa.Text),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_statistical_dataset",
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "activity_id",
            sa.Text,
            sa.ForeignKey("satudata_statistical_activity.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("said_by", sa.Text),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_statistical_dataset")
    op.drop_table("satudata_statistical_activity")
