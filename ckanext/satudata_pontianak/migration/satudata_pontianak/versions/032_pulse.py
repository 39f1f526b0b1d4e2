"""What was asked of each app, what came back, and which fault stands.

Revision ID: 032_pulse
Revises: 031_review
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "032_pulse"
down_revision = "031_review"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("target", "standing", "progress", "check", "fault", "day")
WATCH = "SELECT pg_get_functiondef('satudata_generation_watch'::regproc)"
LEFT_OUT = ", ".join(f"'satudata_pulse_{name}'" for name in ("progress", "check", "fault", "day"))


def _package(**more):
    of = sa.ForeignKey("package.id", ondelete="CASCADE")
    return sa.Column("package_id", sa.Text, of, nullable=False, **more)


def upgrade():
    op.create_table(
        "satudata_pulse_target",
        _package(primary_key=True),
        sa.Column("web", sa.Text, nullable=False),
        sa.Column("feed", sa.Text),
        sa.Column("sitemap", sa.Text),
        sa.Column("marker", sa.Text),
        sa.Column("store_day", sa.Date),
        sa.Column("robot", sa.Boolean, nullable=False),
        sa.Column("maintenance_from", MOMENT),
        sa.Column("maintenance_until", MOMENT),
        sa.Column("set_by", sa.Text),
        sa.Column("set_at", MOMENT, nullable=False),
    )
    op.create_table(
        "satudata_pulse_standing",
        _package(primary_key=True),
        sa.Column("word", sa.Text),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("link", sa.Boolean, nullable=False),
    )
    op.create_table(
        "satudata_pulse_progress",
        _package(primary_key=True),
        sa.Column("checked_at", MOMENT, nullable=False, index=True),
        sa.Column("content_at", MOMENT),
        sa.Column("robot_at", MOMENT),
        sa.Column("found", JSONB, nullable=False),
    )
    op.create_table(
        "satudata_pulse_check",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _package(),
        sa.Column("at", MOMENT, nullable=False, index=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("codes", JSONB, nullable=False),
        sa.Column("ms", sa.Integer),
        sa.Column("evidence", JSONB, nullable=False),
    )
    op.create_index("satudata_pulse_check_of", "satudata_pulse_check", ["package_id", "at"])
    op.create_table(
        "satudata_pulse_fault",
        sa.Column("id", sa.Text, primary_key=True),
        _package(index=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("codes", JSONB, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("alarm_at", MOMENT),
        sa.Column("ok_since", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("flaps", sa.Integer, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("due", sa.Date),
        sa.Column("task_id", sa.Text),
        sa.Column("incident_id", sa.Text),
    )
    op.create_index(
        "satudata_pulse_fault_one",
        "satudata_pulse_fault",
        ["package_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('suspected', 'open')"),
    )
    op.create_table(
        "satudata_pulse_day",
        _package(primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("ms_sum", sa.BigInteger, nullable=False),
        sa.Column("ms_count", sa.Integer, nullable=False),
        sa.Column("ms_most", sa.Integer, nullable=False),
    )
    # Written with every check, and shown on no public page that is kept.
    definition = op.get_bind().scalar(sa.text(WATCH))
    op.execute(sa.text(definition.replace("'api_token'", f"'api_token', {LEFT_OUT}")))
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    definition = op.get_bind().scalar(sa.text(WATCH))
    op.execute(sa.text(definition.replace(f"'api_token', {LEFT_OUT}", "'api_token'")))
    for name in reversed(TABLES):
        op.drop_table(f"satudata_pulse_{name}")
