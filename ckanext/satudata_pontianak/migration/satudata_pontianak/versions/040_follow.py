"""Who follows a dataset, an agency, a topic, a region or a search.

Revision ID: 040_follow
Revises: 039_pulse_owed
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "040_follow"
down_revision = "039_pulse_owed"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_follower",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, unique=True),
        sa.Column("email", sa.Text, unique=True),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("told_from", MOMENT, nullable=False),
        sa.Column("told_until", MOMENT, nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (email IS NULL)", name="satudata_follower_one"),
    )
    op.create_table(
        "satudata_follow",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "follower_id",
            sa.Text,
            sa.ForeignKey("satudata_follower.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("origin", sa.Text, index=True),
        sa.UniqueConstraint("follower_id", "kind", "target", name="satudata_follow_once"),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_follow")
    op.drop_table("satudata_follower")
