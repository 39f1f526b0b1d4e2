"""Tell open cases by their end and not by names of states, which the workflow's file gives.

Revision ID: 024_cases_by_their_end
Revises: 023_removal_papers
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "024_cases_by_their_end"
down_revision = "023_removal_papers"
branch_labels = None
depends_on = None

INDICES = (
    ("satudata_case_one_open", ["package_id"], True),
    ("satudata_case_queue", ["due", "entered_at", "id"], False),
)


def upgrade():
    op.execute(
        "UPDATE satudata_case SET ended_at = entered_at"
        " WHERE ended_at IS NULL AND state IN ('decided', 'withdrawn')"
    )
    _anew("ended_at IS NULL")


def downgrade():
    _anew("state NOT IN ('decided', 'withdrawn')")


def _anew(condition: str) -> None:
    for name, columns, unique in INDICES:
        op.drop_index(name, "satudata_case")
        op.create_index(
            name, "satudata_case", columns, unique=unique, postgresql_where=sa.text(condition)
        )
