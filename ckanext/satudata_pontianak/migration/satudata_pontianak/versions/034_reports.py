"""What citizens report of an app or a point, and what its owner answers.

Revision ID: 034_reports
Revises: 033_layanan
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "034_reports"
down_revision = "033_layanan"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_report",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("point", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("voices", sa.Integer, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_entry", sa.BigInteger),
    )
    op.create_index(
        "satudata_report_open",
        "satudata_report",
        ["package_id", "point", "kind"],
        unique=True,
        postgresql_where=sa.text("state <> 'ended'"),
    )
    op.create_table(
        "satudata_report_voice",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "report_id",
            sa.Text,
            sa.ForeignKey("satudata_report.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("code", sa.Text, nullable=False, unique=True),
        sa.Column("text", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("origin", sa.Text, index=True),
    )
    op.create_table(
        "satudata_app_lack",
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("lack", sa.Text, primary_key=True),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("told", sa.Date),
        sa.Column("answer", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", MOMENT),
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.drop_table("satudata_app_lack")
    op.drop_table("satudata_report_voice")
    op.drop_table("satudata_report")
