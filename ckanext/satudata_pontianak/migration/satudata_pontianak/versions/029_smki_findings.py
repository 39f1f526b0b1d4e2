"""Findings of internal audits.

Revision ID: 029_smki_findings
Revises: 028_sop_revisions
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "029_smki_findings"
down_revision = "028_sop_revisions"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_smki_finding",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("control", sa.Text, nullable=False, index=True),
        sa.Column("grade", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("texts", JSONB, nullable=False),
        sa.Column("steps", JSONB, nullable=False),
        sa.Column("opened_by", sa.Text),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT),
        sa.Column("closed_at", MOMENT),
    )


def downgrade():
    op.drop_table("satudata_smki_finding")
