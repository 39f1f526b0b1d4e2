"""The dictionary of a dataset: what each column means, and whether everybody may have it.

Revision ID: 055_variables
Revises: 054_work_reports
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "055_variables"
down_revision = "054_work_reports"
branch_labels = None
depends_on = None

TEXTS = ("meaning", "unit", "type", "domain", "classification", "public")


def upgrade():
    op.create_table(
        "satudata_variable",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("name", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        sa.Column("said_by", sa.Text),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
        sa.UniqueConstraint("package_id", "name"),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_variable")
