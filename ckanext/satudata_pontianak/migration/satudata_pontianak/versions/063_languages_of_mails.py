"""The language in which somebody asked, for the mails that they get.

Revision ID: 063_languages_of_mails
Revises: 062_same_figures
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "063_languages_of_mails"
down_revision = "062_same_figures"
branch_labels = None
depends_on = None

ASKED = ("satudata_follow", "satudata_request", "satudata_wish_voice", "satudata_reuse")


def upgrade():
    for table in ASKED:
        op.add_column(table, sa.Column("language", sa.Text, nullable=False, server_default="id"))
        op.alter_column(table, "language", server_default=None)
    op.add_column("satudata_mail", sa.Column("language", sa.Text))


def downgrade():
    op.drop_column("satudata_mail", "language")
    for table in reversed(ASKED):
        op.drop_column(table, "language")
