"""Make the tables of cases, steps, versions, scans, decisions, pointers and holds.

Revision ID: 001_cases
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "001_cases"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "satudata_case",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_by", sa.Text),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("ended_at", MOMENT),
        sa.Column("proposal", JSONB, nullable=False),
        sa.Column("pending", JSONB, nullable=False),
        sa.Column("evidence", JSONB),
        sa.Column("assessment", JSONB),
        sa.Column("wait_submit", JSONB),
    )
    op.create_index(
        "satudata_case_one_open",
        "satudata_case",
        ["package_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('decided', 'withdrawn')"),
    )
    op.create_index("satudata_case_state_due", "satudata_case", ["state", "due"])
    op.create_table(
        "satudata_step",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("case_id", sa.Text, nullable=False, index=True),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Text),
        sa.Column("duty", sa.Text),
        sa.Column("part", sa.Text),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("ledger_entry", sa.BigInteger),
    )
    op.create_table(
        "satudata_version",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Text, nullable=False, index=True),
        sa.Column("case_id", sa.Text, index=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, index=True),
        sa.Column("size", sa.BigInteger),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("mimetype", sa.Text),
        sa.Column("meta", JSONB, nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("uploaded_by", sa.Text),
        sa.Column("created", MOMENT, nullable=False),
    )
    op.create_index("satudata_version_package_state", "satudata_version", ["package_id", "state"])
    op.create_table(
        "satudata_scan",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version_id", sa.Text, nullable=False, index=True),
        sa.Column("ruleset", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("report", JSONB, nullable=False),
        sa.Column("finished", MOMENT, nullable=False),
        sa.UniqueConstraint("version_id", "ruleset"),
    )
    op.create_table(
        "satudata_decision",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("case_id", sa.Text, nullable=False, index=True),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.Column("jenis_informasi", sa.Text, nullable=False),
        sa.Column("tingkat_keamanan", sa.Text, nullable=False),
        sa.Column("data_pribadi", sa.Text, nullable=False),
        sa.Column("nomor", sa.Text),
        sa.Column("mulai", sa.Date),
        sa.Column("akhir", sa.Date),
        sa.Column("tanggal_reviu", sa.Date),
        sa.Column("recipients", JSONB, nullable=False),
        sa.Column("all_agencies", sa.Boolean, nullable=False),
        sa.Column("basis", JSONB, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", MOMENT, nullable=False),
    )
    op.create_index(
        "satudata_decision_one_in_force",
        "satudata_decision",
        ["package_id"],
        unique=True,
        postgresql_where=sa.text("in_force"),
    )
    op.create_table(
        "satudata_decision_version",
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text),
    )
    op.create_table(
        "satudata_pointer",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False, index=True),
        sa.Column("version_id", sa.Text, nullable=False),
        sa.Column("decision_id", sa.Text, nullable=False),
    )
    op.create_table(
        "satudata_hold",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_by", sa.Text),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("released_by", sa.Text),
        sa.Column("released_at", MOMENT),
        sa.Column("release_reason", sa.Text),
    )
    op.create_index(
        "satudata_hold_active",
        "satudata_hold",
        ["package_id"],
        postgresql_where=sa.text("released_at IS NULL"),
    )


def downgrade():
    for table in (
        "satudata_hold",
        "satudata_pointer",
        "satudata_decision_version",
        "satudata_decision",
        "satudata_scan",
        "satudata_version",
        "satudata_step",
        "satudata_case",
    ):
        op.drop_table(table)
