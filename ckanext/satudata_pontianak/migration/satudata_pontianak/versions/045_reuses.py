"""What people made of the data, and whether the page of a dataset helped.

Revision ID: 045_reuses
Revises: 043_pulse_out
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "045_reuses"
down_revision = "043_pulse_out"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WATCH = "SELECT pg_get_functiondef('satudata_generation_watch'::regproc)"
LEFT_OUT = "'satudata_helped'"


def _package():
    of = sa.ForeignKey("package.id", ondelete="CASCADE")
    return sa.Column("package_id", sa.Text, of, primary_key=True)


def upgrade():
    op.create_table(
        "satudata_reuse",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("maker", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("picture", sa.LargeBinary),
        sa.Column("pictured", sa.Boolean, nullable=False),
        sa.Column("names", sa.Integer, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("accepted_at", MOMENT),
        sa.Column("answer", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_entry", sa.BigInteger),
        sa.Column("user_id", sa.Text, index=True),
        sa.Column("email", sa.Text, index=True),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, index=True),
    )
    op.create_table(
        "satudata_reuse_dataset",
        sa.Column(
            "reuse_id",
            sa.Text,
            sa.ForeignKey("satudata_reuse.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        _package(),
        sa.Column("listed", sa.Boolean, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False),
    )
    op.create_index(
        "ix_satudata_reuse_dataset_package_id", "satudata_reuse_dataset", ["package_id"]
    )
    op.create_table(
        "satudata_helped",
        _package(),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("yes", sa.Integer, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
    )
    # Written by whoever reads, and shown on no page that is kept.
    definition = op.get_bind().scalar(sa.text(WATCH))
    op.execute(sa.text(definition.replace("'api_token'", f"'api_token', {LEFT_OUT}")))
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    definition = op.get_bind().scalar(sa.text(WATCH))
    op.execute(sa.text(definition.replace(f"'api_token', {LEFT_OUT}", "'api_token'")))
    op.drop_table("satudata_helped")
    op.drop_table("satudata_reuse_dataset")
    op.drop_table("satudata_reuse")
