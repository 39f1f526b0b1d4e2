"""Data asked for that do not exist yet, reuses, and whether a page helped.

Revision ID: 041_public_requests
Revises: 040_follow
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "041_public_requests"
down_revision = "040_follow"
branch_labels = None
depends_on = None


MOMENT = sa.DateTime(timezone=True)
OPEN = "satudata_report_open"


def _one_open(*columns):
    op.drop_index(OPEN, "satudata_report")
    op.create_index(
        OPEN,
        "satudata_report",
        ["package_id", *columns, "point", "kind"],
        unique=True,
        postgresql_where=sa.text("state <> 'ended'"),
    )


def upgrade():
    op.add_column(
        "satudata_report", sa.Column("resource_id", sa.Text, nullable=False, server_default="")
    )
    _one_open("resource_id")
    op.create_table(
        "satudata_wish",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT),
        sa.Column("due", sa.Date),
        sa.Column("voices", sa.Integer, nullable=False),
        sa.Column("official", sa.Boolean, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_entry", sa.BigInteger),
        sa.Column("judged", sa.Boolean, nullable=False),
        sa.Column(
            "package_id", sa.Text, sa.ForeignKey("package.id", ondelete="SET NULL"), index=True
        ),
        sa.Column("into_id", sa.Text, sa.ForeignKey("satudata_wish.id")),
    )
    op.create_table(
        "satudata_wish_voice",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "wish_id",
            sa.Text,
            sa.ForeignKey("satudata_wish.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("email", sa.Text, nullable=False, index=True),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("asked", sa.Boolean, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("origin", sa.Text, index=True),
        sa.UniqueConstraint("wish_id", "email", name="satudata_wish_once"),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_wish_voice")
    op.drop_table("satudata_wish")
    op.execute("DELETE FROM satudata_report WHERE resource_id <> ''")
    _one_open()
    op.drop_column("satudata_report", "resource_id")
