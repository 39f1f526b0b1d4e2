"""Photos that come with a citizen's report of a point, until the report ends.

Revision ID: 035_points
Revises: 034_reports
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "035_points"
down_revision = "034_reports"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_report_photo",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "report_id",
            sa.Text,
            sa.ForeignKey("satudata_report.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_report_photo")
