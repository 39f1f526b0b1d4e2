"""Apps of the city: where each stands in its life, and its security facts.

Revision ID: 033_layanan
Revises: 032_pulse
"""

from __future__ import annotations

from alembic import op

revision = "033_layanan"
down_revision = "032_pulse"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    pass
