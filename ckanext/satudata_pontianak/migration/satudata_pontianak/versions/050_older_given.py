"""Whether a decision lets older versions go on being given: no, until a person says so.

Revision ID: 050_older_given
Revises: 049_askings
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "050_older_given"
down_revision = "049_askings"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "satudata_decision",
        sa.Column("older_given", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade():
    op.drop_column("satudata_decision", "older_given")
