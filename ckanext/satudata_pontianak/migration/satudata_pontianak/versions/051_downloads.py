"""How often a version was downloaded, beside how often anything of it went out.

Rows of before keep one number for both: pictures of pages were not told apart.

Revision ID: 051_downloads
Revises: 050_older_given
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "051_downloads"
down_revision = "050_older_given"
branch_labels = None
depends_on = None

TABLE = "satudata_download_count"


def upgrade():
    op.add_column(TABLE, sa.Column("downloads", sa.Integer, nullable=False, server_default="0"))
    op.execute(f"UPDATE {TABLE} SET downloads = count")


def downgrade():
    op.drop_column(TABLE, "downloads")
