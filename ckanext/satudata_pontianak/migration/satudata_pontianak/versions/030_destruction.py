"""Destruction of what a retention schedule has ended, and the datasets of an incident.

Revision ID: 030_destruction
Revises: 029_personal_data
"""

from __future__ import annotations

from alembic import op

revision = "030_destruction"
down_revision = "029_personal_data"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    pass
