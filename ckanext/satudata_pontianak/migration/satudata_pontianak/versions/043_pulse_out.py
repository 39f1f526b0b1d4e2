"""Who was taken out of the pulse by hand, and what the entry named then.

Revision ID: 043_pulse_out
Revises: 042_app_menu
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "043_pulse_out"
down_revision = "042_app_menu"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "satudata_pulse_address",
        sa.Column("taken_out", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def downgrade():
    op.execute("DELETE FROM satudata_pulse_address WHERE taken_out")
    op.drop_column("satudata_pulse_address", "taken_out")
