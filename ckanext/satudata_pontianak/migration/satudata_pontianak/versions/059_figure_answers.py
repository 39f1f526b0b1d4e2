"""What an agency says of a figure that does not agree with others.

Revision ID: 059_figure_answers
Revises: 058_subject_datasets
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "059_figure_answers"
down_revision = "058_subject_datasets"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_figure_answer",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("figure", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
        sa.UniqueConstraint("version_id", "figure"),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_figure_answer")
