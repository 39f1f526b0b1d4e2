"""Let editors choose how the table of a resource is drawn.

Revision ID: 013_plots
Revises: 012_generation
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "013_plots"
down_revision = "012_generation"
branch_labels = None
depends_on = None


def upgrade():
    texts = ("kind", "measure", "along", "by", "title")
    op.create_table(
        "satudata_plot",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in texts),
        sa.Column("chosen_by", sa.Text, nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade():
    op.drop_table("satudata_plot")
