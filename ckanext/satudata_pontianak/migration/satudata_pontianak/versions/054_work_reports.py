"""Reports of citizens may be of a work that was made of the data.

Revision ID: 054_work_reports
Revises: 053_agreed_data
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "054_work_reports"
down_revision = "053_agreed_data"
branch_labels = None
depends_on = None

REPORT, ONE, OPEN = "satudata_report", "satudata_report_of_one", "satudata_report_open_work"


def upgrade():
    op.alter_column(REPORT, "package_id", nullable=True)
    op.add_column(
        REPORT,
        sa.Column(
            "reuse_id", sa.Text, sa.ForeignKey("satudata_reuse.id", ondelete="CASCADE"), index=True
        ),
    )
    op.create_check_constraint(ONE, REPORT, "num_nonnulls(package_id, reuse_id) = 1")
    op.create_index(
        OPEN,
        REPORT,
        ["reuse_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state <> 'ended'"),
    )


def downgrade():
    op.execute("DELETE FROM satudata_report WHERE reuse_id IS NOT NULL")
    op.drop_index(OPEN, REPORT)
    op.drop_constraint(ONE, REPORT)
    op.drop_column(REPORT, "reuse_id")
    op.alter_column(REPORT, "package_id", nullable=False)
