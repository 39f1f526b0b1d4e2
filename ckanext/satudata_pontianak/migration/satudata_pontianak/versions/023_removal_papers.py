"""Keep the signed papers of removals beside those of decisions: the case that each is of.

Revision ID: 023_removal_papers
Revises: 022_signed_papers
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "023_removal_papers"
down_revision = "022_signed_papers"
branch_labels = None
depends_on = None

TABLE = "satudata_signed_paper"


def upgrade():
    op.add_column(TABLE, sa.Column("removal", sa.Text))
    op.create_index("ix_satudata_signed_paper_removal", TABLE, ["removal"])


def downgrade():
    op.execute(
        "DELETE FROM satudata_decree_scan WHERE decree_id IN "
        "(SELECT id FROM satudata_signed_paper WHERE removal IS NOT NULL)"
    )
    op.execute("DELETE FROM satudata_signed_paper WHERE removal IS NOT NULL")
    op.drop_index("ix_satudata_signed_paper_removal", TABLE)
    op.drop_column(TABLE, "removal")
