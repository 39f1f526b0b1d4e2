"""Close what is of a type that does not exist here, or is in a type that may not hold it.

Nothing is deleted: core's own lists ask for these columns. What was closed is written into the
ledger by ``ckan satudata init`` and by the next start of the site.

Revision ID: 015_undeclared_types
Revises: 014_accounts
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ckan.common import config

revision = "015_undeclared_types"
down_revision = "014_accounts"
branch_labels = None
depends_on = None

OPTION = "ckanext.satudata_pontianak.governed_types"
DATASETS = sa.text(
    "UPDATE package SET private = true WHERE private IS DISTINCT FROM true"
    " AND coalesce(nullif(type, ''), 'dataset') NOT IN :known"
).bindparams(sa.bindparam("known", expanding=True))
GROUPS = """
UPDATE "group" SET state = 'deleted' WHERE state = 'active'
   AND type <> CASE WHEN is_organization THEN 'organization' ELSE 'group' END
"""
FILES = """
UPDATE resource SET state = 'deleted' WHERE state = 'active'
   AND package_id IN (SELECT id FROM package WHERE type = 'harvest')
"""


def upgrade():
    chosen = config.get(OPTION)
    governed = ["dataset"] if chosen is None else chosen
    governed = governed.split() if isinstance(governed, str) else list(governed)
    if not governed:
        return  # an old portal is being taken over: it stays as it is until that is done
    op.get_bind().execute(DATASETS, {"known": sorted({"dataset", "harvest", *governed})})
    op.execute(GROUPS)
    op.execute(FILES)


def downgrade():
    """Leave it closed: nobody knows any more what was open."""
