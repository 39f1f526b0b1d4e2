"""Points of the infrastructure: wifi, cameras, posts, beds.

Revision ID: 035_points
Revises: 034_reports
"""

from __future__ import annotations

from alembic import op

revision = "035_points"
down_revision = "034_reports"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    pass
