"""Datasets that hold the data of whoever asks, by a request of a data subject. Never deleted.

Revision ID: 058_subject_datasets
Revises: 057_series
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "058_subject_datasets"
down_revision = "057_series"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_smki_subject_dataset",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("added_by", sa.Text),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("request_id", "package_id", name="satudata_smki_subject_dataset_once"),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_smki_subject_dataset")
