"""Keep on which ground a hold was lifted.

Revision ID: 006_hold_grounds
Revises: 005_requests
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "006_hold_grounds"
down_revision = "005_requests"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_hold", sa.Column("release_ground", sa.Text))


def downgrade():
    op.drop_column("satudata_hold", "release_ground")
