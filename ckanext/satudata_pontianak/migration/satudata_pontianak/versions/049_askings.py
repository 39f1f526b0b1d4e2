"""How often is asked in a day, for all that may be asked for; and what ends no page that is kept.

Revision ID: 049_askings
Revises: 048_follow_askings
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "049_askings"
down_revision = "048_follow_askings"
branch_labels = None
depends_on = None

WATCH = "SELECT pg_get_functiondef('satudata_generation_watch'::regproc)"
UNSHOWN = ("satudata_asking", "satudata_mail", "satudata_reuse_dataset")
LEFT_OUT = ", ".join(f"'{table}'" for table in UNSHOWN)
ASKED = (
    ("satudata_request", "request", "asked_at"),
    ("satudata_wish_voice", "wish", "at"),
    ("satudata_reuse", "reuse", "proposed_at"),
)
TRIGGERS = ("satudata_changed", "satudata_removed", "satudata_truncated")


def upgrade():
    op.create_table(
        "satudata_asking",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("whose", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("satudata_asking_whose", "satudata_asking", ["whose", "what", "at"])
    into = "INSERT INTO satudata_asking (what, whose, at)"
    op.execute(f"{into} SELECT 'follow', origin, at FROM satudata_follow_asking")
    op.drop_table("satudata_follow_asking")
    for table, what, at in ASKED:
        op.execute(
            f"{into} SELECT '{what}', origin, {at} FROM {table}"
            f" WHERE origin IS NOT NULL AND {at} > now() - interval '1 day'"
        )
        op.execute(f"ALTER TABLE {table} DROP COLUMN origin")
    # No page that is kept shows them, and strangers write them.
    definition = op.get_bind().scalar(sa.text(WATCH))
    op.execute(sa.text(definition.replace("'api_token'", f"'api_token', {LEFT_OUT}")))
    for table in ("satudata_mail", "satudata_reuse_dataset"):
        _unwatch(table)
    # Of works a page shows those that a person accepted.
    _unwatch("satudata_reuse")
    for name, act, when in (
        ("satudata_changed", "UPDATE", "OLD.state = 'public' OR NEW.state = 'public'"),
        ("satudata_removed", "DELETE", "OLD.state = 'public'"),
    ):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {name} AFTER {act} ON satudata_reuse"
            f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({when})"
            " EXECUTE FUNCTION satudata_changed()"
        )
    op.execute(
        "CREATE TRIGGER satudata_truncated AFTER TRUNCATE ON satudata_reuse"
        " FOR EACH STATEMENT EXECUTE FUNCTION satudata_changed()"
    )


def _unwatch(table):
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def downgrade():
    for table, what, _ in ASKED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN origin text")
        if what != "request":
            op.create_index(f"ix_{table}_origin", table, ["origin"])
    op.create_index("satudata_request_origin", "satudata_request", ["origin", "asked_at"])
    op.create_table(
        "satudata_follow_asking",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("origin", sa.Text, nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.drop_table("satudata_asking")
    _unwatch("satudata_reuse")
    definition = op.get_bind().scalar(sa.text(WATCH))
    op.execute(sa.text(definition.replace(f"'api_token', {LEFT_OUT}", "'api_token'")))
    op.execute("SELECT satudata_generation_watch()")
