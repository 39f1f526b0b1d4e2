"""Information-security management: roles by decree, tasks, how controls stand, registers, findings.

Revision ID: 026_smki
Revises: 025_masked_workbooks
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "026_smki"
down_revision = "025_masked_workbooks"
branch_labels = None
depends_on = None

TABLES = (
    "role",
    "task",
    "control",
    "control_change",
    "entry",
    "finding",
    "incident",
    "incident_step",
)
MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_smki_role",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False, index=True),
        sa.Column("user_id", sa.Text, nullable=False, index=True),
        sa.Column("nomor_sk", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date),
        sa.Column("created_by", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", MOMENT),
    )
    op.create_table(
        "satudata_smki_task",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, index=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened", sa.Date, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("escalated", sa.Date),
        sa.Column("done_by", sa.Text),
        sa.Column("done_role", sa.Text),
        sa.Column("done_at", MOMENT),
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
        sa.UniqueConstraint("kind", "period", name="satudata_smki_task_once"),
    )
    op.create_index(
        "satudata_smki_task_open",
        "satudata_smki_task",
        ["due"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "satudata_smki_control",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("said", JSONB, nullable=False),
    )
    op.create_table(
        "satudata_smki_control_change",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text, nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("said", JSONB, nullable=False),
        sa.Column("told", JSONB, nullable=False),
    )
    op.create_table(
        "satudata_smki_entry",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("register", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text, index=True),
        sa.Column("known", JSONB, nullable=False),
        sa.Column("written", JSONB, nullable=False),
        sa.Column("created_by", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text),
        sa.Column("changed_at", MOMENT),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index(
        "satudata_smki_entry_key",
        "satudata_smki_entry",
        ["register", "key"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )

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
    op.create_table(
        "satudata_smki_incident",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("personal", sa.Boolean, nullable=False),
        sa.Column("vital", sa.Boolean, nullable=False),
        sa.Column("known_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("reported_by", sa.Text, index=True),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("texts", JSONB, nullable=False),
        sa.Column("told", JSONB, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.Text),
    )
    op.create_table(
        "satudata_smki_incident_step",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("incident_id", sa.Text, nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("actor_id", sa.Text),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )


def downgrade():
    for name in reversed(TABLES):
        op.drop_table(f"satudata_smki_{name}")
