"""Bind what people said of findings to the rule; keep which ruleset is enforced, and what is tried.

What was said before takes the ruleset of the scan that it was said of.

Revision ID: 009_rules_of_resolutions
Revises: 008_masked_versions
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "009_rules_of_resolutions"
down_revision = "008_masked_versions"
branch_labels = None
depends_on = None

SAID_UNDER = """
    UPDATE satudata_resolution r SET ruleset = coalesce(
        (SELECT s.ruleset FROM satudata_scan s JOIN satudata_version v ON v.id = s.version_id
          WHERE v.sha256 = r.sha256
          ORDER BY s.finished <= r.resolved_at DESC, s.finished DESC LIMIT 1), '')
"""
ENFORCED = """
    INSERT INTO satudata_ruleset (ruleset, begun_at, enforced_at)
    SELECT s.ruleset, now(), now() FROM satudata_scan s ORDER BY s.finished DESC LIMIT 1
"""


def upgrade():
    for name in ("ruleset", "rule"):
        column = sa.Column(name, sa.Text, nullable=False, server_default="")
        op.add_column("satudata_resolution", column)
    op.execute(SAID_UNDER)
    op.execute("UPDATE satudata_resolution SET rule = ruleset")
    op.create_table(
        "satudata_ruleset",
        sa.Column("ruleset", sa.Text, primary_key=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enforced_at", sa.DateTime(timezone=True)),
        sa.Column("enforced_by", sa.Text),
    )
    op.execute(ENFORCED)
    op.create_table(
        "satudata_trial",
        sa.Column("ruleset", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, primary_key=True),
        sa.Column("files", sa.Integer, nullable=False),
        sa.Column("consequence", sa.Text, nullable=False),
        sa.Column("kinds", JSONB, nullable=False),
        sa.Column("opens_case", sa.Boolean, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
    )


def downgrade():
    for name in ("satudata_trial", "satudata_ruleset"):
        op.drop_table(name)
    for name in ("rule", "ruleset"):
        op.drop_column("satudata_resolution", name)
