"""Staged files that are the next of a dataset that is there.

Revision ID: 056_next_files
Revises: 055_variables
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "056_next_files"
down_revision = "055_variables"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_staged", sa.Column("dataset_id", sa.Text))
    op.add_column("satudata_staged", sa.Column("original_id", sa.Text))


def downgrade():
    op.drop_column("satudata_staged", "original_id")
    op.drop_column("satudata_staged", "dataset_id")
