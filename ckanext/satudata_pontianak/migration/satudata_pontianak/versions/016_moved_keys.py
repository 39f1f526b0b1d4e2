"""Move what datasets and files hold under undeclared keys to where only operators read.

Revision ID: 016_moved_keys
Revises: 015_undeclared_types
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "016_moved_keys"
down_revision = "015_undeclared_types"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_moved_key",
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("resource_id", sa.Text),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", JSONB),
        sa.Column(
            "moved_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
    )
    op.execute("SELECT satudata_generation_watch()")
    # The declaration and the schema in force say what is declared; both are the operator's.

    from ckanext.satudata_pontianak.classification.records import job_queue, stale_index
    from ckanext.satudata_pontianak.classification.writes import moved_keys

    changed = moved_keys.ids(moved_keys.move(op.get_bind()))
    stale_index.mark(changed)
    if changed:
        job_queue.ask("reindex", changed, queue="priority")


def downgrade():
    op.drop_table("satudata_moved_key")
