"""Which addresses an app had, what its agency owes while it does not open, and mails of it.

Revision ID: 039_pulse_owed
Revises: 038_help_desk
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "039_pulse_owed"
down_revision = "038_help_desk"
branch_labels = None
depends_on = None

NEW = (
    ("satudata_pulse_target", sa.Column("from_entry", sa.Boolean)),
    ("satudata_pulse_fault", sa.Column("owed_id", sa.Text)),
    ("satudata_agency_task", sa.Column("source", sa.Text)),
    ("satudata_mail", sa.Column("package_id", sa.Text)),
)


def upgrade():
    # What this run wrote waits for its triggers, and a table does not change meanwhile.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table, column in NEW:
        op.add_column(table, column)
    op.execute(
        "UPDATE satudata_pulse_target SET from_entry = COALESCE("
        " web = split_part(btrim(package.url), '#', 1), false)"
        " FROM package WHERE package.id = package_id"
    )
    op.alter_column("satudata_pulse_target", "from_entry", nullable=False)
    op.create_table(
        "satudata_pulse_address",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column(
            "package_id",
            sa.Text,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("web", sa.Text),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(
        "INSERT INTO satudata_pulse_address (package_id, web, since)"
        " SELECT package_id, web, set_at FROM satudata_pulse_target"
    )
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.drop_table("satudata_pulse_address")
    for table, column in reversed(NEW):
        op.drop_column(table, column.name)
