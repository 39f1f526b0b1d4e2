"""Move free fields of groups and agencies that nobody declared to where only operators read.

Revision ID: 020_moved_keys_of_groups
Revises: 019_mails
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "020_moved_keys_of_groups"
down_revision = "019_mails"
branch_labels = None
depends_on = None


def upgrade():
    # What earlier steps of the same run wrote waits for its triggers, and a table does not change
    # meanwhile.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.alter_column("satudata_moved_key", "package_id", nullable=True)
    op.add_column("satudata_moved_key", sa.Column("group_id", sa.Text))
    op.create_index("ix_satudata_moved_key_group_id", "satudata_moved_key", ["group_id"])
    from ckanext.satudata_pontianak.classification.writes import moved_keys

    moved_keys.move_of_groups(op.get_bind())


def downgrade():
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.drop_index("ix_satudata_moved_key_group_id", "satudata_moved_key")
    op.drop_column("satudata_moved_key", "group_id")
    op.execute("DELETE FROM satudata_moved_key WHERE package_id IS NULL")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.alter_column("satudata_moved_key", "package_id", nullable=False)
