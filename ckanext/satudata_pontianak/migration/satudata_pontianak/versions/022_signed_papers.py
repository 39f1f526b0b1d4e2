"""Keep the signed papers of decisions: their number, their hash, and the cases they decide.

The bytes stand where those of decrees do.

Revision ID: 022_signed_papers
Revises: 021_confirmed_holds
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "022_signed_papers"
down_revision = "021_confirmed_holds"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_signed_paper",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("nomor", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, index=True),
        sa.Column("cases", JSONB, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("created_by", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.execute(
        "DELETE FROM satudata_decree_scan WHERE decree_id IN (SELECT id FROM satudata_signed_paper)"
    )
    op.drop_table("satudata_signed_paper")
