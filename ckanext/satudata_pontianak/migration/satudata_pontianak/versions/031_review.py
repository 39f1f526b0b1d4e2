"""Decisions of a management review, and lines of a rights review that were confirmed.

Revision ID: 031_review
Revises: 030_destruction
"""

from __future__ import annotations

from alembic import op

revision = "031_review"
down_revision = "030_destruction"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    pass
