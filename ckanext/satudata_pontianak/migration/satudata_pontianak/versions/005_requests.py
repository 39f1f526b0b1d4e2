"""Make the tables of requests for access and of grants.

Revision ID: 005_requests
Revises: 004_queue
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "005_requests"
down_revision = "004_queue"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_request",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("road", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, index=True),
        sa.Column("agency_id", sa.Text),
        sa.Column("email", sa.Text, index=True),
        sa.Column("origin", sa.Text),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("scope", JSONB),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("offer", JSONB),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("extended", sa.Boolean, nullable=False),
        sa.Column("overdue_at", MOMENT),
        sa.Column("case_id", sa.Text),
    )
    op.create_index(
        "satudata_request_one_running",
        "satudata_request",
        ["package_id", "user_id"],
        unique=True,
        postgresql_where=sa.text(
            "user_id IS NOT NULL AND state IN ('open', 'consent', 'objection', 'execution')"
        ),
    )
    op.create_index("satudata_request_state_due", "satudata_request", ["state", "due"])
    op.create_index("satudata_request_origin", "satudata_request", ["origin", "asked_at"])
    op.create_table(
        "satudata_request_step",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("request_id", sa.Text, nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Text),
        sa.Column("duty", sa.Text),
        sa.Column("part", sa.Text),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_grant",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("request_id", sa.Text, nullable=False, index=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("decision_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, index=True),
        sa.Column("agency_id", sa.Text),
        sa.Column("resources", JSONB),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("given_by", JSONB, nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_why", sa.Text),
    )
    op.create_index(
        "satudata_grant_running",
        "satudata_grant",
        ["package_id"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade():
    op.drop_table("satudata_grant")
    op.drop_table("satudata_request_step")
    op.drop_table("satudata_request")
