"""Keep with a case how it stands to others, and with a step what it was decided on.

Revision ID: 004_queue
Revises: 003_delegation_break_glass
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "004_queue"
down_revision = "003_delegation_break_glass"
branch_labels = None
depends_on = None

OPEN = sa.text("state NOT IN ('decided', 'withdrawn')")


def upgrade():
    # Open cases of before are "pending" until something happens in them: they stand in a
    # group of their own, and nothing is said of them that was not looked at.
    op.add_column(
        "satudata_case",
        sa.Column("scan_verdict", sa.Text, nullable=False, server_default="pending"),
    )
    op.add_column(
        "satudata_case",
        sa.Column("likeness", sa.Text, nullable=False, server_default="changed"),
    )
    op.create_index(
        "satudata_case_queue",
        "satudata_case",
        ["due", "entered_at", "id"],
        postgresql_where=OPEN,
    )
    op.add_column("satudata_step", sa.Column("evidence", sa.Text))


def downgrade():
    op.drop_column("satudata_step", "evidence")
    op.drop_index("satudata_case_queue", "satudata_case")
    op.drop_column("satudata_case", "likeness")
    op.drop_column("satudata_case", "scan_verdict")
