"""Document control of SOPs: revisions with the rows that were signed, and who read them.

The bytes of a signed paper stand where those of decrees do.

Revision ID: 028_sop_revisions
Revises: 026_smki
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "028_sop_revisions"
down_revision = "026_smki"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_sop_revision",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("rows", JSONB, nullable=False),
        sa.Column("drafted_by", sa.Text, nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("checked_by", sa.Text),
        sa.Column("checked_at", MOMENT),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", MOMENT),
        sa.Column("nomor", sa.Text),
        sa.Column("made", sa.Date),
        sa.Column("effective", sa.Date),
        sa.Column("office", sa.Text),
        sa.Column("person", sa.Text),
        sa.Column("nip", sa.Text),
        sa.Column("sha256", sa.Text),
        sa.Column("size", sa.Integer),
        sa.Column("reviewed_by", sa.Text),
        sa.Column("reviewed_at", MOMENT),
        sa.UniqueConstraint("name", "revision", name="satudata_sop_revision_number"),
    )
    op.create_index(
        "satudata_sop_revision_open",
        "satudata_sop_revision",
        ["name"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'checked')"),
    )
    op.create_table(
        "satudata_sop_reader",
        sa.Column("revision_id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.execute(
        "DELETE FROM satudata_decree_scan WHERE decree_id IN (SELECT id FROM satudata_sop_revision)"
    )
    op.drop_table("satudata_sop_reader")
    op.drop_table("satudata_sop_revision")
