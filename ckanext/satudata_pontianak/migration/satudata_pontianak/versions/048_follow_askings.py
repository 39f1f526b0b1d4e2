"""How often an address asks to follow something, counted apart from what is followed.

Revision ID: 048_follow_askings
Revises: 045_reuses
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "048_follow_askings"
down_revision = "045_reuses"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_follow_asking",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("origin", sa.Text, nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.execute(
        "INSERT INTO satudata_follow_asking (origin, at)"
        " SELECT origin, asked_at FROM satudata_follow WHERE origin IS NOT NULL"
    )
    op.drop_column("satudata_follow", "origin")
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.add_column("satudata_follow", sa.Column("origin", sa.Text))
    op.create_index("ix_satudata_follow_origin", "satudata_follow", ["origin"])
    op.drop_table("satudata_follow_asking")
