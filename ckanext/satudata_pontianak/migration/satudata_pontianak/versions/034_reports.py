"""What citizens report of an app or a point, and what its owner answers.

Revision ID: 034_reports
Revises: 033_layanan
"""

from __future__ import annotations

from alembic import op

revision = "034_reports"
down_revision = "033_layanan"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    pass
