"""Requests of data subjects, and impact assessments (UU 27/2022 articles 32 and 34).

Revision ID: 029_personal_data
Revises: 028_sop_revisions
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "029_personal_data"
down_revision = "028_sop_revisions"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_smki_subject_request",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("agenda", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.Text, index=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_entry", sa.BigInteger),
        sa.Column("identity", JSONB, nullable=False),
        sa.Column("identified_by", sa.Text),
        sa.Column("identified_at", MOMENT),
        sa.Column("identified_entry", sa.BigInteger),
        sa.Column("outcome", sa.Text),
        sa.Column("ground", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("letter", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_smki_assessment",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("kinds", JSONB, nullable=False),
        sa.Column("criteria", JSONB, nullable=False),
        sa.Column("known", JSONB, nullable=False),
        sa.Column("texts", JSONB, nullable=False),
        sa.Column("written_by", sa.Text),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("written_entry", sa.BigInteger),
        sa.Column("opinion", sa.Text),
        sa.Column("reasons", sa.Text),
        sa.Column("concluded_by", sa.Text),
        sa.Column("concluded_at", MOMENT),
        sa.Column("concluded_entry", sa.BigInteger),
    )
    op.create_index(
        "satudata_smki_assessment_waiting",
        "satudata_smki_assessment",
        ["package_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_smki_assessment")
    op.drop_table("satudata_smki_subject_request")
