"""Say of what was masked before this was kept whether it was made from a workbook.

Which file a version was made of is recorded with it; where that one is gone nothing is said, and
the portal tells that it is not recorded.

Revision ID: 025_masked_workbooks
Revises: 024_cases_by_their_end
"""

from __future__ import annotations

from alembic import op

revision = "025_masked_workbooks"
down_revision = "024_cases_by_their_end"
branch_labels = None
depends_on = None

FROM_SOURCE = """
UPDATE satudata_version AS made
   SET masked = made.masked || jsonb_build_object('workbook', coalesce(
           lower(substring(source.filename from '[.]([^.]+)$'))
               IN ('xlsx', 'xlsm', 'xlsb', 'xls', 'ods'), false))
  FROM satudata_version AS source
 WHERE jsonb_typeof(made.masked) = 'object'
   AND NOT made.masked ? 'workbook'
   AND source.id = made.masked #>> '{source,version}'
"""


def upgrade():
    op.execute(FROM_SOURCE)


def downgrade():
    """What was said of them is true whichever version of the portal reads it."""
