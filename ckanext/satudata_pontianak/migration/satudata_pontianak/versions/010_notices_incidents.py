"""Make the tables of notices, of incidents, and of downloads of open data.

Revision ID: 010_notices_incidents
Revises: 009_rules_of_resolutions
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "010_notices_incidents"
down_revision = "009_rules_of_resolutions"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_notice",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text, index=True),
        sa.Column("case_id", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("incident_id", sa.Text),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("mail", sa.Text, nullable=False),
        sa.Column("mailed_at", MOMENT),
        sa.UniqueConstraint("user_id", "about"),
    )
    op.create_index(
        "satudata_notice_unsent",
        "satudata_notice",
        ["user_id"],
        postgresql_where=sa.text("mail = 'waiting'"),
    )
    op.create_table(
        "satudata_notice_choice",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
    )
    op.create_table(
        "satudata_incident",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("vital", sa.Boolean, nullable=False),
        sa.Column("versions", JSONB, nullable=False),
        sa.Column("kinds", JSONB, nullable=False),
        sa.Column("hold_id", sa.Text),
        sa.Column("begun_by", sa.Text),
        sa.Column("detected_at", MOMENT, nullable=False),
        sa.Column("known_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.Text),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "satudata_incident_one_open",
        "satudata_incident",
        ["package_id", "ground"],
        unique=True,
        postgresql_where=is_open,
    )
    op.create_index(
        "satudata_incident_due", "satudata_incident", ["due_at"], postgresql_where=is_open
    )
    op.create_table(
        "satudata_incident_step",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("incident_id", sa.Text, nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Text),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_download_count",
        sa.Column("version_id", sa.Text, primary_key=True),
        sa.Column("hour", MOMENT, primary_key=True),
        sa.Column("client", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )


def downgrade():
    for name in (
        "satudata_download_count",
        "satudata_incident_step",
        "satudata_incident",
        "satudata_notice_choice",
        "satudata_notice",
    ):
        op.drop_table(name)
