"""The same figure in two datasets, with two numbers.

Revision ID: 062_same_figures
Revises: 061_statistical_activities
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "062_same_figures"
down_revision = "061_statistical_activities"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_same_figure",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("column", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("other_version_id", sa.Text, nullable=False),
        sa.Column("other_row", sa.Integer, nullable=False),
        sa.Column("other_column", sa.Text, nullable=False),
        sa.Column("other", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("version_id", "row", "column", "other_version_id", "other_row"),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_same_figure")
