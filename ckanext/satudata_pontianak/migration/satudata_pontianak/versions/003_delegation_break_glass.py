"""Make the tables of delegations and of break-glass.

Revision ID: 003_delegation_break_glass
Revises: 002_side_roads
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "003_delegation_break_glass"
down_revision = "002_side_roads"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_delegation",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("agency_id", sa.Text, nullable=False, index=True),
        sa.Column("user_id", sa.Text, nullable=False, index=True),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("nomor_sk", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoked_at", MOMENT),
    )
    op.create_table(
        "satudata_break_glass",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False, index=True),
        sa.Column("duty", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("dataset_id", sa.Text, index=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.Text),
    )


def downgrade():
    op.drop_table("satudata_break_glass")
    op.drop_table("satudata_delegation")
