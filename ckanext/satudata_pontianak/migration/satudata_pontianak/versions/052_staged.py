"""Files that wait for their author to make a dataset of them, and recipes of tidy tables.

Revision ID: 052_staged
Revises: 051_downloads
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "052_staged"
down_revision = "051_downloads"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WATCH = "SELECT pg_get_functiondef('satudata_generation_watch'::regproc)"
LEFT_OUT = "'satudata_staged'"


def upgrade():
    op.create_table(
        "satudata_staged",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, nullable=False, index=True),
        sa.Column("agency_id", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("fields", postgresql.JSONB, nullable=False),
        sa.Column("recipe", postgresql.JSONB),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("expires", MOMENT, nullable=False, index=True),
        sa.Column("taken", MOMENT),
    )
    op.add_column("satudata_version", sa.Column("tidied", postgresql.JSONB))
    # No page that is kept shows them.
    definition = op.get_bind().scalar(sa.text(WATCH))
    op.execute(sa.text(definition.replace("'api_token'", f"'api_token', {LEFT_OUT}")))
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    definition = op.get_bind().scalar(sa.text(WATCH))
    op.execute(sa.text(definition.replace(f"'api_token', {LEFT_OUT}", "'api_token'")))
    op.drop_column("satudata_version", "tidied")
    op.drop_table("satudata_staged")
