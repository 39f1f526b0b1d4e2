"""Keep mails until the relay has them.

Revision ID: 019_mails
Revises: 018_membership_proposals
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "019_mails"
down_revision = "018_membership_proposals"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "satudata_mail",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, index=True),
        sa.Column("user_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "satudata_mail_unsent",
        "satudata_mail",
        ["id"],
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_mail")
