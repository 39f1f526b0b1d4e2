"""Let a version that was made by masking keep its risk report.

Revision ID: 008_masked_versions
Revises: 007_datastore_tables
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "008_masked_versions"
down_revision = "007_datastore_tables"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_version", sa.Column("masked", JSONB))


def downgrade():
    op.drop_column("satudata_version", "masked")
