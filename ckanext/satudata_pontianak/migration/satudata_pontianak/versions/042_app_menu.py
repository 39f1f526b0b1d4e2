"""Which row of the menu of the city's app an entry came from.

Revision ID: 042_app_menu
Revises: 041_public_requests
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "042_app_menu"
down_revision = "041_public_requests"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_app_menu",
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("menu_id", sa.Text, nullable=False, index=True),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_app_menu")
