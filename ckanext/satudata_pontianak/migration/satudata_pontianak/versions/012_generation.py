"""Give public pages a generation that every change ends, in the transaction of the change.

Revision ID: 012_generation
Revises: 010_notices_incidents
"""

from __future__ import annotations

from alembic import op

revision = "012_generation"
down_revision = "010_notices_incidents"
branch_labels = None
depends_on = None

# The triggers are deferred: the one row is locked for the length of a commit only, and not while
# a file is scanned. A transaction gives one new token, however many rows it changes.
CHANGED = """
CREATE OR REPLACE FUNCTION satudata_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'user' THEN
    -- When somebody was here last stands on no page.
    IF to_jsonb(OLD) - 'last_active' = to_jsonb(NEW) - 'last_active' THEN
      RETURN NULL;
    END IF;
  END IF;
  IF current_setting('satudata.changed', true)
     IS DISTINCT FROM pg_current_xact_id()::text THEN
    BEGIN
      UPDATE satudata_generation SET token = gen_random_uuid();
      PERFORM set_config('satudata.changed', pg_current_xact_id()::text, true);
    EXCEPTION WHEN undefined_table THEN
      NULL;  -- without the table no page is kept
    END;
  END IF;
  RETURN NULL;
END $$
"""

# What is left out: tables that no public page shows, and that are written all the time.
WATCH = """
CREATE OR REPLACE FUNCTION satudata_generation_watch() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  found record;
  made integer := 0;
BEGIN
  FOR found IN
    SELECT c.relname FROM pg_class c
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
       AND pg_has_role(c.relowner, 'USAGE')
       AND c.relname NOT LIKE '%alembic_version'
       AND c.relname NOT IN ('satudata_generation', 'satudata_download_count', 'satudata_notice',
                             'satudata_notice_choice', 'api_token', 'tracking_raw')
       AND NOT EXISTS (SELECT FROM pg_trigger t
                        WHERE t.tgrelid = c.oid AND t.tgname = 'satudata_truncated')
  LOOP
    EXECUTE format(
      'CREATE CONSTRAINT TRIGGER satudata_changed AFTER INSERT OR UPDATE OR DELETE ON %I '
      'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION satudata_changed()',
      found.relname);
    EXECUTE format(
      'CREATE TRIGGER satudata_truncated AFTER TRUNCATE ON %I '
      'FOR EACH STATEMENT EXECUTE FUNCTION satudata_changed()', found.relname);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$
"""


def upgrade():
    op.execute("CREATE TABLE IF NOT EXISTS satudata_generation (token uuid NOT NULL)")
    op.execute("DELETE FROM satudata_generation")
    op.execute("INSERT INTO satudata_generation VALUES (gen_random_uuid())")
    op.execute(CHANGED)
    op.execute(WATCH)
    op.execute("SELECT satudata_generation_watch()")


def downgrade():
    op.execute("DROP FUNCTION IF EXISTS satudata_changed() CASCADE")
    op.execute("DROP FUNCTION IF EXISTS satudata_generation_watch()")
    op.execute("DROP TABLE IF EXISTS satudata_generation")
