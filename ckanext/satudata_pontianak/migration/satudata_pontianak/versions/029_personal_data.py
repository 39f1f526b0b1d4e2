"""Requests of data subjects, and impact assessments (UU 27/2022 articles 32 and 34).

Revision ID: 029_personal_data
Revises: 028_sop_revisions
"""

from __future__ import annotations

from alembic import op

revision = "029_personal_data"
down_revision = "028_sop_revisions"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    pass
