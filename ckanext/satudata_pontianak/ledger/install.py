"""Make the ledger's schema over an administrator's connection.

The ledger lives in a PostgreSQL schema of its own, owned by a role of which the application
is no member: the application may read and add, and PostgreSQL refuses it to change or delete.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from .service import SCHEMA

OWNER = "satudata_ledger_owner"

STATEMENTS = (
    f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION {OWNER}",
    f"""CREATE TABLE IF NOT EXISTS {SCHEMA}.entry (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        event text NOT NULL,
        actor_id text,
        dataset_id text,
        case_id text,
        outcome text NOT NULL,
        body jsonb NOT NULL,
        text text NOT NULL,
        hash text NOT NULL
    )""",
    f"ALTER TABLE {SCHEMA}.entry OWNER TO {OWNER}",
    f"CREATE INDEX IF NOT EXISTS entry_dataset ON {SCHEMA}.entry (dataset_id)",
    # Whether a definition was kept already is asked at every step of a case.
    f"""CREATE INDEX IF NOT EXISTS entry_definition ON {SCHEMA}.entry
        ((body->'after'->>'workflow')) WHERE event = 'workflow.change'""",
)


def install(admin_url: str, application_role: str) -> None:
    """Make schema and table, and give the application USAGE, SELECT and INSERT. Repeatable.

    :param admin_url: connection of a PostgreSQL superuser to the site's database.
    :param application_role: the role with which CKAN connects.
    :raises sqlalchemy.exc.SQLAlchemyError: the connection or a statement failed.
    """
    engine = sa.create_engine(admin_url)
    try:
        with engine.begin() as connection:
            quote = connection.dialect.identifier_preparer.quote
            role = quote(application_role)
            exists = connection.execute(
                sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": OWNER}
            ).scalar()
            if not exists:
                connection.execute(sa.text(f"CREATE ROLE {OWNER} NOLOGIN"))
            for statement in STATEMENTS:
                connection.execute(sa.text(statement))
            for statement in (
                f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC",
                f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC, {role}",
                f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}",
                f"GRANT SELECT, INSERT ON {SCHEMA}.entry TO {role}",
            ):
                connection.execute(sa.text(statement))
    finally:
        engine.dispose()


def installed(session: Session | scoped_session[Session]) -> bool:
    """Tell whether the application may read and add, and may not change or delete."""
    row = session.execute(
        sa.text(
            "SELECT to_regclass(:table) IS NOT NULL"
            " AND has_table_privilege(:table, 'INSERT')"
            " AND has_table_privilege(:table, 'SELECT')"
        ),
        {"table": f"{SCHEMA}.entry"},
    )
    return bool(row.scalar())


def protected(session: Session | scoped_session[Session]) -> bool:
    """Tell whether PostgreSQL refuses the application to change or delete entries."""
    row = session.execute(
        sa.text(
            "SELECT NOT (has_table_privilege(:table, 'UPDATE')"
            " OR has_table_privilege(:table, 'DELETE')"
            " OR has_table_privilege(:table, 'TRUNCATE'))"
        ),
        {"table": f"{SCHEMA}.entry"},
    )
    return bool(row.scalar())
