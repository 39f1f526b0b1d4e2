"""Add resolutions of findings, and what a case is to change beside its classification.

Revision ID: 002_side_roads
Revises: 001_cases
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "002_side_roads"
down_revision = "001_cases"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "satudata_case",
        sa.Column("changes", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    )
    op.add_column("satudata_case", sa.Column("accepted_by", sa.Text))
    op.create_table(
        "satudata_resolution",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("table_name", sa.Text, nullable=False),
        sa.Column("column_name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("resolution", sa.Text, nullable=False),
        sa.Column("ground", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("resolved_by", sa.Text),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("sha256", "table_name", "column_name", "kind"),
    )
    op.create_index("satudata_resolution_package", "satudata_resolution", ["package_id"])


def downgrade():
    op.drop_table("satudata_resolution")
    op.drop_column("satudata_case", "accepted_by")
    op.drop_column("satudata_case", "changes")
