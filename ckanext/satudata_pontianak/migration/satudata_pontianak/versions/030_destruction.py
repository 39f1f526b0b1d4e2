"""Destruction of what a retention schedule has ended, and the datasets of an incident.

Revision ID: 030_destruction
Revises: 029_personal_data
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "030_destruction"
down_revision = "029_personal_data"
branch_labels = None
depends_on = None


MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_smki_destruction",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("files", JSONB, nullable=False),
        sa.Column("served", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("begins", sa.Date, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("assessment", sa.Text, nullable=False),
        sa.Column("witnesses", JSONB, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_as", sa.Text, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("nomor", sa.Text),
        sa.Column("day", sa.Date),
        sa.Column("sha256", sa.Text),
        sa.Column("size", sa.Integer),
        sa.Column("reason", sa.Text),
        sa.Column("concluded_by", sa.Text),
        sa.Column("concluded_as", sa.Text),
        sa.Column("concluded_at", MOMENT),
        sa.Column("versions", JSONB, nullable=False),
        sa.Column("steps", JSONB, nullable=False),
        sa.Column("stopped", JSONB, nullable=False),
        sa.Column("found", JSONB, nullable=False),
        sa.Column("looked_at", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_index(
        "satudata_smki_destruction_one",
        "satudata_smki_destruction",
        ["package_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'approved')"),
    )
    op.create_table(
        "satudata_smki_incident_dataset",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("incident_id", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("added_by", sa.Text),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_by", sa.Text),
        sa.Column("removed_at", MOMENT),
    )
    op.create_index(
        "satudata_smki_incident_dataset_once",
        "satudata_smki_incident_dataset",
        ["incident_id", "package_id"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.execute(
        "DELETE FROM satudata_decree_scan"
        " WHERE decree_id IN (SELECT id FROM satudata_smki_destruction)"
    )
    op.drop_table("satudata_smki_incident_dataset")
    op.drop_table("satudata_smki_destruction")
