"""What was asked of each app, what came back, and which fault stands.

Revision ID: 032_pulse
Revises: 031_review
"""

from __future__ import annotations

from alembic import op

revision = "032_pulse"
down_revision = "031_review"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    pass
