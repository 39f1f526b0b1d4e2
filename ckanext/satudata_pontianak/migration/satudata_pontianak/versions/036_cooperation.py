"""Tasks handed to another agency, the forum, training, help and costs.

Revision ID: 036_cooperation
Revises: 035_points
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "036_cooperation"
down_revision = "035_points"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "satudata_agency_task",
    "satudata_agency_task_step",
    "satudata_forum_meeting",
    "satudata_forum_decision",
    "satudata_practice",
)


def _numbered():
    return [
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
    ]


def upgrade():
    op.create_table(
        "satudata_agency_task",
        *_numbered(),
        sa.Column("sender_id", sa.Text, nullable=False, index=True),
        sa.Column("receiver_id", sa.Text, nullable=False, index=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("named", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("set_due", sa.Date),
        sa.Column("handed_by", sa.Text),
        sa.Column("handed_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("risen", sa.Date),
        sa.Column("closed_at", MOMENT),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_agency_task_step",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("task_id", sa.Text, nullable=False, index=True),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("agency_id", sa.Text),
        sa.Column("receiver_id", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("named", JSONB, nullable=False),
        sa.Column("package_id", sa.Text),
        sa.Column("actor_id", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_forum_meeting",
        *_numbered(),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("paper", sa.Text, nullable=False),
        sa.Column("minutes", sa.Text, nullable=False),
        sa.Column("named", JSONB, nullable=False),
        sa.Column("agenda", JSONB, nullable=False),
        sa.Column("held_by", sa.Text),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_forum_decision",
        *_numbered(),
        sa.Column("meeting_id", sa.Text, nullable=False, index=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("named", JSONB, nullable=False),
        sa.Column("package_id", sa.Text),
        sa.Column("case_id", sa.Text),
        sa.Column("agency_id", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("task_id", sa.Text, nullable=False, index=True),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_practice",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("course", sa.Text, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("dataset", JSONB, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("tried", sa.Integer, nullable=False),
        sa.Column("passed_at", MOMENT),
        sa.Column("right", sa.Integer),
        sa.Column("ledger_entry", sa.BigInteger),
        sa.UniqueConstraint("user_id", "course"),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    for name in reversed(TABLES):
        op.drop_table(name)
