"""From which earlier answer a resolution was carried to the next file.

Revision ID: 065_carried_resolution
Revises: 064_indicators
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "065_carried_resolution"
down_revision = "064_indicators"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_resolution", sa.Column("carried_from", sa.Text))


def downgrade():
    op.drop_column("satudata_resolution", "carried_from")
