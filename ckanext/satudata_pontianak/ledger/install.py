"""Make the ledger's schema over an administrator's connection.

The ledger lives in a PostgreSQL schema of its own, owned by a role of which the application
is no member: the application may read and add, and PostgreSQL refuses it to change or delete.
Triggers refuse the same to everybody else: whoever rules over the database has to switch them off.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from .. import clock
from . import codes
from .chain import ADOPTION, GENESIS, seal
from .heads_in_sql import FOLLOWING, FUNCTIONS
from .tables import INSERT, SCHEMA, entry_table, receipt_table

Database = Session | scoped_session[Session]

OWNER = "satudata_ledger_owner"
LOCK = 7_241_120_261_125
"""Number of the advisory lock under which entries are added, in this database."""

_AT_ONCE = 5000

APPEND_ONLY = ("entry", "head", "node", "receipt")

TABLES = (
    f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION {OWNER}",
    f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.entry (
        id bigint PRIMARY KEY,
        leaf bigint NOT NULL UNIQUE,
        at timestamptz NOT NULL,
        event text NOT NULL,
        actor_id text,
        dataset_id text,
        case_id text,
        outcome text NOT NULL,
        body jsonb NOT NULL,
        prev text,
        text text NOT NULL,
        hash text NOT NULL
    )""",
    f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.plain (
        entry bigint NOT NULL,
        path text NOT NULL,
        salt text NOT NULL,
        value text NOT NULL,
        person text,
        PRIMARY KEY (entry, path)
    )""",
    f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.head (
        size bigint PRIMARY KEY,
        at timestamptz NOT NULL,
        signed text NOT NULL,
        frontier text NOT NULL
    )""",
    f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.node (
        level integer NOT NULL,
        position bigint NOT NULL,
        hash text NOT NULL,
        PRIMARY KEY (level, position)
    )""",
    f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.receipt (
        code text PRIMARY KEY,
        entry bigint NOT NULL UNIQUE
    )""",
    f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.refusal (
        minute timestamptz NOT NULL,
        exit text NOT NULL,
        tries bigint NOT NULL,
        PRIMARY KEY (minute, exit)
    )""",
    f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.refusal_by (
        minute timestamptz NOT NULL,
        exit text NOT NULL,
        person text NOT NULL,
        tries bigint NOT NULL,
        PRIMARY KEY (minute, exit, person)
    )""",
)

# A schema that an older version made: entries without a chain, numbered by a sequence.
UPGRADE = (
    f"ALTER TABLE {SCHEMA}.entry ALTER COLUMN id DROP IDENTITY IF EXISTS",
    f"ALTER TABLE {SCHEMA}.entry ADD COLUMN leaf bigint UNIQUE",
    f"ALTER TABLE {SCHEMA}.entry ADD COLUMN prev text",
    f"""UPDATE {SCHEMA}.entry e SET leaf = o.place
        FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM {SCHEMA}.entry) o
        WHERE o.id = e.id""",  # noqa: S608 - constants only
    f"ALTER TABLE {SCHEMA}.entry ALTER COLUMN leaf SET NOT NULL",
)

# What an entry says in its text is what its columns say, whoever adds it: they are taken from the
# text. What does not follow the last entry is refused, so that no mistake makes a second chain.
LINK = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.link() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    SELECT e.id, e.leaf, e.hash INTO last FROM {SCHEMA}.entry e ORDER BY e.id DESC LIMIT 1;
    NEW.body := NEW.text::jsonb;
    NEW.at := (NEW.body->>'at')::timestamptz;
    NEW.event := NEW.body->>'event';
    NEW.actor_id := NEW.body->>'actor';
    NEW.dataset_id := NEW.body->>'dataset';
    NEW.case_id := NEW.body->>'case';
    NEW.outcome := NEW.body->>'outcome';
    IF NEW.id IS DISTINCT FROM coalesce(last.id, 0) + 1
        OR NEW.leaf IS DISTINCT FROM coalesce(last.leaf, -1) + 1
        OR NEW.prev IS DISTINCT FROM coalesce(last.hash, '{GENESIS}')
        OR (NEW.body->>'number')::bigint IS DISTINCT FROM NEW.id
        OR NEW.body->>'prev' IS DISTINCT FROM NEW.prev
        OR NEW.hash IS DISTINCT FROM encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex')
    THEN
        RAISE EXCEPTION 'entry % does not follow the ledger''s last entry', NEW.id;
    END IF;
    RETURN NEW;
END $$"""  # noqa: S608 - constants only

REFUSE = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: it is only added to',
        TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME;
END $$"""

TRIGGERS = (
    LINK,
    REFUSE,
    f"DROP TRIGGER IF EXISTS link ON {SCHEMA}.entry",
    f"""CREATE TRIGGER link BEFORE INSERT ON {SCHEMA}.entry
        FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.link()""",
    *(
        statement
        for table in APPEND_ONLY
        for statement in (
            f"DROP TRIGGER IF EXISTS refuse ON {SCHEMA}.{table}",
            f"""CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {SCHEMA}.{table}
                FOR EACH STATEMENT EXECUTE FUNCTION {SCHEMA}.refuse()""",
        )
    ),
    *FOLLOWING,
    f"CREATE INDEX IF NOT EXISTS entry_dataset ON {SCHEMA}.entry (dataset_id)",
    # Whether a definition was kept already is asked at every step of a case.
    f"""CREATE INDEX IF NOT EXISTS entry_definition ON {SCHEMA}.entry
        ((body->'after'->>'workflow')) WHERE event = 'workflow.change'""",
    f"CREATE INDEX IF NOT EXISTS entry_event ON {SCHEMA}.entry (event, id)",
    f"CREATE INDEX IF NOT EXISTS entry_actor ON {SCHEMA}.entry (actor_id, id)",
    f"CREATE INDEX IF NOT EXISTS entry_hash ON {SCHEMA}.entry (hash)",
    f"CREATE INDEX IF NOT EXISTS plain_person ON {SCHEMA}.plain (person)",
)

OWNED = (
    *(f"ALTER TABLE {SCHEMA}.{name} OWNER TO {OWNER}" for name in (*APPEND_ONLY, "plain")),
    f"ALTER TABLE {SCHEMA}.refusal OWNER TO {OWNER}",
    f"ALTER TABLE {SCHEMA}.refusal_by OWNER TO {OWNER}",
    f"ALTER FUNCTION {SCHEMA}.link() OWNER TO {OWNER}",
    f"ALTER FUNCTION {SCHEMA}.refuse() OWNER TO {OWNER}",
    *(f"ALTER FUNCTION {SCHEMA}.{name} OWNER TO {OWNER}" for name in FUNCTIONS),
    f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC",
)

GRANTS = {
    "entry": "SELECT, INSERT",
    "head": "SELECT, INSERT",
    "node": "SELECT, INSERT",
    "receipt": "SELECT, INSERT",
    "plain": "SELECT, INSERT, DELETE",
    "refusal": "SELECT, INSERT, UPDATE, DELETE",
    "refusal_by": "SELECT, INSERT, UPDATE, DELETE",
}


def install(admin_url: str, application_role: str) -> int:
    """Make the schema and its tables, and give the application what it may. Repeatable.

    Entries of an older version, which have no chain, are taken into it: they keep number, text and
    hash, become the first leaves of the tree, and the first entry of the chain covers all of them.

    :param admin_url: connection of a PostgreSQL superuser to the site's database.
    :param application_role: the role with which CKAN connects.
    :returns: how many older entries were taken into the chain.
    :raises sqlalchemy.exc.SQLAlchemyError: the connection or a statement failed; nothing changed.
    """
    engine = sa.create_engine(admin_url)
    try:
        with engine.begin() as connection:
            quote = connection.dialect.identifier_preparer.quote
            role = quote(application_role)
            connection.execute(sa.text(MADE_ONCE))
            _run(connection, TABLES)
            connection.execute(sa.text(f"LOCK TABLE {SCHEMA}.entry IN EXCLUSIVE MODE"))
            if not _has_chain(connection):
                _run(connection, UPGRADE)
            _run(connection, TRIGGERS)
            _run(connection, OWNED)
            everything = f"ALL TABLES IN SCHEMA {SCHEMA}"
            _run(connection, [f"REVOKE ALL ON {everything} FROM PUBLIC, {role}"])
            _run(connection, [f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}"])
            _run(connection, [f"GRANT {g} ON {SCHEMA}.{t} TO {role}" for t, g in GRANTS.items()])
            adopted = _adopt(connection)
            _give_codes(connection)
            return adopted
    finally:
        engine.dispose()


# A role belongs to all databases of a server, and another of them may be made at the same time.
MADE_ONCE = f"""
    DO $$ BEGIN
        CREATE ROLE {OWNER} NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$
"""


def _run(connection: sa.Connection, statements: tuple[str, ...] | list[str]) -> None:
    for statement in statements:
        connection.execute(sa.text(statement.replace(":", r"\:")))


def _has_chain(connection: sa.Connection) -> bool:
    query = (
        "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(:table)"
        " AND attname = 'leaf' AND NOT attisdropped"
    )
    found = connection.execute(sa.text(query), {"table": f"{SCHEMA}.entry"})
    return found.scalar() is not None


def _adopt(connection: sa.Connection) -> int:
    """Write the first entry of the chain over entries that have none; return how many."""
    columns = entry_table.c
    if connection.execute(sa.select(columns.id).where(columns.prev.is_not(None)).limit(1)).scalar():
        return 0
    over, count, last = hashlib.sha256(), 0, None
    query = sa.select(columns.id, columns.leaf, columns.hash).order_by(columns.id)
    options = {"stream_results": True, "yield_per": 5000}
    rows = connection.execute(query, execution_options=options)
    for row in rows:
        over.update(row.hash.encode("ascii") + b"\n")
        count, last = count + 1, row
    if last is None:
        return 0
    body = {
        "at": clock.now(),
        "event": ADOPTION,
        "actor": None,
        "channel": "command",
        "outcome": "ok",
        "detail": {"count": count, "digest": over.hexdigest()},
    }
    row = seal(body, last.id + 1, last.hash)
    connection.execute(INSERT, [{**asdict(row), "leaf": last.leaf + 1}])
    return count


def _give_codes(connection: sa.Connection) -> None:
    """Give a code to each entry of a version that gave none."""
    entry, receipt = entry_table.c, receipt_table.c
    missing = (
        sa.select(entry.id)
        .outerjoin(receipt_table, receipt.entry == entry.id)
        .where(receipt.entry.is_(None))
        .order_by(entry.id)
        .limit(_AT_ONCE)
    )
    while numbers := connection.scalars(missing).all():
        rows = [{"code": codes.new(), "entry": number} for number in numbers]
        connection.execute(sa.insert(receipt_table), rows)


def installed(session: Database) -> bool:
    """Tell whether the application may read and add, and the chain is there."""
    row = session.execute(
        sa.text(
            "SELECT coalesce(to_regclass(:table) IS NOT NULL"
            " AND has_table_privilege(to_regclass(:table), 'INSERT')"
            " AND has_table_privilege(to_regclass(:table), 'SELECT')"
            " AND EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(:table)"
            " AND tgname = 'link'), false)"
        ),
        {"table": f"{SCHEMA}.entry"},
    )
    return bool(row.scalar())


def is_current(session: Database) -> bool:
    """Tell whether the schema is that of this version: heads and subtrees are checked by it."""
    row = session.execute(
        sa.text(
            "SELECT 2 = (SELECT count(*) FROM pg_trigger WHERE tgname = 'follow'"
            " AND tgenabled <> 'D' AND tgrelid IN (to_regclass(:head), to_regclass(:node)))"
            " AND to_regclass(:refusals) IS NOT NULL AND to_regclass(:receipts) IS NOT NULL"
        ),
        {
            "head": f"{SCHEMA}.head",
            "node": f"{SCHEMA}.node",
            "refusals": f"{SCHEMA}.refusal_by",
            "receipts": f"{SCHEMA}.receipt",
        },
    )
    return bool(row.scalar())


def protected(session: Database) -> bool:
    """Tell whether PostgreSQL refuses to change or delete entries, to the application and others.

    ``False`` also while a trigger is switched off.
    """
    row = session.execute(
        sa.text(
            "SELECT NOT (has_table_privilege(:table, 'UPDATE')"
            " OR has_table_privilege(:table, 'DELETE')"
            " OR has_table_privilege(:table, 'TRUNCATE'))"
            " AND 2 = (SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(:table)"
            " AND tgname IN ('link', 'refuse') AND tgenabled <> 'D')"
        ),
        {"table": f"{SCHEMA}.entry"},
    )
    return bool(row.scalar())
