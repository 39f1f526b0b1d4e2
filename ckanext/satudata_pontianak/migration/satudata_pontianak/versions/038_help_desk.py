"""Questions to the help desk, their answers, and the texts of help that became of them.

Revision ID: 038_help_desk
Revises: 037_costs
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "038_help_desk"
down_revision = "037_costs"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("satudata_question", "satudata_help")


def upgrade():
    op.create_table(
        "satudata_question",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("page", sa.Text, index=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("named", JSONB, nullable=False),
        sa.Column("asked_by", sa.Text, index=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("risen", sa.Date),
        sa.Column("answer", sa.Text),
        sa.Column("answer_named", JSONB, nullable=False),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_for", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.Column("first_answered_at", MOMENT),
        sa.Column("ledger_entry", sa.BigInteger),
        sa.Column("answer_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_help",
        sa.Column("question_id", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("named", JSONB, nullable=False),
        sa.Column("accepted_by", sa.Text),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    for name in reversed(TABLES):
        op.drop_table(name)
