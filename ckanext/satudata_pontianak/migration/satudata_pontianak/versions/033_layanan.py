"""Apps of the city: where each stands in its life, its links, and its security facts.

Revision ID: 033_layanan
Revises: 032_pulse
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "033_layanan"
down_revision = "032_pulse"
branch_labels = None
depends_on = None

TABLES = ("life", "step", "link", "security")
MOMENT = sa.DateTime(timezone=True)


def _package():
    """Let rows go with what they are of."""
    return sa.ForeignKey("package.id", ondelete="CASCADE")


def upgrade():
    op.create_table(
        "satudata_app_life",
        sa.Column("package_id", sa.Text, _package(), primary_key=True),
        sa.Column("state", sa.Text, nullable=False, index=True),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("successor_id", sa.Text),
    )
    op.create_table(
        "satudata_app_step",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, _package(), nullable=False, index=True),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("successor_id", sa.Text),
        sa.Column("actor_id", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_app_link",
        sa.Column("package_id", sa.Text, _package(), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("target_id", sa.Text, _package(), primary_key=True, index=True),
        sa.Column("added_by", sa.Text),
        sa.Column("added_at", MOMENT, nullable=False),
    )
    op.create_table(
        "satudata_app_security",
        sa.Column("package_id", sa.Text, _package(), primary_key=True),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("changed_by", sa.Text),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    for name in reversed(TABLES):
        op.drop_table(f"satudata_app_{name}")
