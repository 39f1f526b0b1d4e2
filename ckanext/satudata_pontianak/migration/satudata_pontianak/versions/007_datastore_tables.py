"""Let a version say what became of its table in the DataStore.

Revision ID: 007_datastore_tables
Revises: 006_hold_grounds
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "007_datastore_tables"
down_revision = "006_hold_grounds"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_version", sa.Column("tabled", JSONB))


def downgrade():
    op.drop_column("satudata_version", "tabled")
