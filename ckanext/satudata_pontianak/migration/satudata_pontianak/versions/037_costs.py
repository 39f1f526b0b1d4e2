"""What an app or a dataset costs and how much it is used; tasks handed on for information security.

Revision ID: 037_costs
Revises: 036_cooperation
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "037_costs"
down_revision = "036_cooperation"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_cost",
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("budget_code", sa.Text),
        sa.Column("cost", sa.BigInteger),
        sa.Column("visits", sa.BigInteger),
        sa.Column("brought_by", sa.Text),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.add_column("satudata_agency_task", sa.Column("security_task_id", sa.Text, index=True))
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_column("satudata_agency_task", "security_task_id")
    op.drop_table("satudata_cost")
