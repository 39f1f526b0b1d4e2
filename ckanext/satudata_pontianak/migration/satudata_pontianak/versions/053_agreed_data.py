"""The agreed data list of each year: what an agency owes, by when, and the dataset that fulfils it.

Revision ID: 053_agreed_data
Revises: 052_staged
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "053_agreed_data"
down_revision = "052_staged"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_agreed_data",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("agency_id", sa.Text, nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("frequency", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("priority", sa.Boolean, nullable=False),
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="SET NULL"),
            index=True,
        ),
        sa.Column("brought_by", sa.Text),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
        sa.UniqueConstraint("year", "code"),
    )
    op.create_index("satudata_agreed_data_due", "satudata_agreed_data", ["due"])
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_agreed_data")
