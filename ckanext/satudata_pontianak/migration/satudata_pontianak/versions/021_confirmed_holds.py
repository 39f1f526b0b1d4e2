"""Keep who confirmed a hold. Holds of before need nobody's word any more.

Revision ID: 021_confirmed_holds
Revises: 020_moved_keys_of_groups
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "021_confirmed_holds"
down_revision = "020_moved_keys_of_groups"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("satudata_hold", sa.Column("confirmed_by", sa.Text))
    op.add_column("satudata_hold", sa.Column("confirmed_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE satudata_hold SET confirmed_at = placed_at")


def downgrade():
    op.drop_column("satudata_hold", "confirmed_at")
    op.drop_column("satudata_hold", "confirmed_by")
