"""Keep memberships that wait for somebody else, and what ends with emergency access.

Revision ID: 018_membership_proposals
Revises: 017_decrees
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "018_membership_proposals"
down_revision = "017_decrees"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_membership_proposal",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("agency_id", sa.Text, nullable=False, index=True),
        sa.Column("user_id", sa.Text, nullable=False, index=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("nomor_sk", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
    )
    # The database says so too: one at a time.
    op.execute(
        "CREATE UNIQUE INDEX satudata_membership_proposal_open "
        "ON satudata_membership_proposal (agency_id, user_id) WHERE state = 'open'"
    )
    op.create_table(
        "satudata_emergency_gain",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("break_glass_id", sa.Text, nullable=False, index=True),
        sa.Column("agency_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False, index=True),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("delegation_id", sa.Text),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_emergency_gain")
    op.drop_table("satudata_membership_proposal")
