"""Record decrees: number, day, what they decide, and the scan.

Revision ID: 017_decrees
Revises: 016_moved_keys
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "017_decrees"
down_revision = "016_moved_keys"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_decree",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("nomor_sk", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("agency_id", sa.Text, index=True),
        sa.Column("sha256", sa.Text),
        sa.Column("size", sa.Integer),
        sa.Column("created_by", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    # Offices count their decrees by themselves: a number is one of an agency, or of the city.
    op.execute(
        "CREATE UNIQUE INDEX satudata_decree_key ON satudata_decree (key, coalesce(agency_id, ''))"
    )
    op.create_table(
        "satudata_decree_scan",
        sa.Column("decree_id", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_decree_scan")
    op.drop_table("satudata_decree")
