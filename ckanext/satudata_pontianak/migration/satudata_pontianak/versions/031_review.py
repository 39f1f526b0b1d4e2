"""Management reviews and decisions, rights confirmed line by line, and controls that were audited.

Revision ID: 031_review
Revises: 030_destruction
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "031_review"
down_revision = "030_destruction"
branch_labels = None
depends_on = None

TABLES = ("review", "decision", "right", "check")
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_smki_review",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("paper", sa.Text, nullable=False),
        sa.Column("opinion", sa.Text, nullable=False),
        sa.Column("numbers", JSONB, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("held_by", sa.Text),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_smki_decision",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("review_id", sa.Text, nullable=False, index=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("task_id", sa.Text, nullable=False, index=True),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_smki_right",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, index=True),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("agency_id", sa.Text),
        sa.Column("said", JSONB, nullable=False),
        sa.Column("task_id", sa.Text, index=True),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", MOMENT, nullable=False),
    )
    op.create_table(
        "satudata_smki_check",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("control", sa.Text, nullable=False, index=True),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("found", JSONB, nullable=False),
        sa.Column("finding_id", sa.Text),
        sa.Column("checked_by", sa.Text),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    for name in reversed(TABLES):
        op.drop_table(f"satudata_smki_{name}")
