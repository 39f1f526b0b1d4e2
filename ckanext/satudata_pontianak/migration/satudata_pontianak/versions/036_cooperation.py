"""Tasks handed to another agency, the forum, training, help and costs.

Revision ID: 036_cooperation
Revises: 035_points
"""

from __future__ import annotations

from alembic import op

revision = "036_cooperation"
down_revision = "035_points"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    pass
