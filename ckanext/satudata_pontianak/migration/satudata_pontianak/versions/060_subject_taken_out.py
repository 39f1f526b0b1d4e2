"""Datasets of a request of a data subject that are taken out again. Never deleted.

Revision ID: 060_subject_taken_out
Revises: 059_figure_answers
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "060_subject_taken_out"
down_revision = "059_figure_answers"
branch_labels = None
depends_on = None

TABLE = "satudata_smki_subject_dataset"
ONCE = "satudata_smki_subject_dataset_once"


def upgrade():
    op.add_column(TABLE, sa.Column("removed_by", sa.Text))
    op.add_column(TABLE, sa.Column("removed_at", sa.DateTime(timezone=True)))
    op.drop_constraint(ONCE, TABLE)
    op.create_index(
        ONCE,
        TABLE,
        ["request_id", "package_id"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def downgrade():
    op.drop_index(ONCE, TABLE)
    op.create_unique_constraint(ONCE, TABLE, ["request_id", "package_id"])
    op.drop_column(TABLE, "removed_at")
    op.drop_column(TABLE, "removed_by")
