"""Know devices, keep second factors, and let tokens of accounts that decide end.

Revision ID: 014_accounts
Revises: 013_plots
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "014_accounts"
down_revision = "013_plots"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("device", "second_factor", "recovery_code", "token_end")


def upgrade():
    op.create_table(
        "satudata_device",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True, index=True),
        sa.Column("seen_at", MOMENT, nullable=False),
    )
    op.create_table(
        "satudata_second_factor",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("last_step", sa.BigInteger),
    )
    op.create_table(
        "satudata_recovery_code",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("used_at", MOMENT),
    )
    op.create_table(
        "satudata_token_end",
        sa.Column("jti", sa.Text, primary_key=True),
        sa.Column("ends_at", MOMENT, nullable=False),
    )
    # No page shows them, and a log-in ends no page that is kept.
    watch = "SELECT pg_get_functiondef('satudata_generation_watch'::regproc)"
    left_out = ", ".join(f"'satudata_{name}'" for name in TABLES)
    definition = op.get_bind().scalar(sa.text(watch))
    op.execute(sa.text(definition.replace("'api_token'", f"'api_token', {left_out}")))
    # Tokens that are there already were made without a second factor: where their account
    # decides, they open it for thirty more days.
    op.execute(
        "INSERT INTO satudata_token_end (jti, ends_at)"
        " SELECT id, now() + interval '30 days' FROM api_token"
    )


def downgrade():
    for name in TABLES:
        op.drop_table(f"satudata_{name}")
