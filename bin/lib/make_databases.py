"""Make the roles of the application and their databases; safe to run again.

Usage: SATUDATA_ADMIN_URL=... SATUDATA_DB_PASSWORD=... SATUDATA_DATASTORE_PASSWORD=...
       SATUDATA_READER_PASSWORD=... make_databases.py [--anew] DATABASE...

Each database gets a second one beside it, DATABASE_datastore, for CKAN's DataStore: one role
writes it, another may only read. With --anew the databases are dropped first, whoever is
connected.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

ROLE = "satudata"
WRITER = "satudata_datastore"
READER = "satudata_reader"
PASSWORDS = {
    ROLE: "SATUDATA_DB_PASSWORD",
    WRITER: "SATUDATA_DATASTORE_PASSWORD",
    READER: "SATUDATA_READER_PASSWORD",
}


def connect(database: str) -> Any:
    """Connect to a database as the administrator of the cluster."""
    url = urlsplit(os.environ["SATUDATA_ADMIN_URL"])._replace(path=f"/{database}").geturl()
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def make_role(cursor: Any, role: str) -> None:
    """Make a role that may log in and nothing else, with the password of the environment."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
    cursor.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %s").format(
            verb, sql.Identifier(role)
        ),
        (os.environ[PASSWORDS[role]],),
    )


def make_database(cursor: Any, name: str, owner: str, *, anew: bool) -> bool:
    """Make a database that nobody but its owner may enter; tell whether it is new."""
    if anew:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        cursor.execute(drop.format(sql.Identifier(name)))
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
    if cursor.fetchone():
        return False
    cursor.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
            sql.Identifier(name), sql.Identifier(owner)
        )
    )
    # Nobody but the owner and the administrator.
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    return True


def permissions(main: str, datastore: str) -> str:
    """Return what ``ckan datastore set-permissions`` prints, without psql's own command."""
    spec = importlib.util.find_spec("ckanext.datastore")
    if spec is None or spec.origin is None:
        sys.exit("CKAN is not installed here.")
    template = Path(spec.origin).with_name("set_permissions.sql").read_text("utf-8")
    words = {
        "maindb": main,
        "datastoredb": datastore,
        "mainuser": ROLE,
        "writeuser": WRITER,
        "readuser": READER,
    }
    text = template.format(**{key: f'"{value}"' for key, value in words.items()})
    return "\n".join(line for line in text.splitlines() if not line.startswith("\\connect"))


def main(databases: list[str], *, anew: bool) -> None:
    """Make what is missing."""
    connection = connect("postgres")
    new = []
    with connection.cursor() as cursor:
        for role in PASSWORDS:
            make_role(cursor, role)
        for name in databases:
            make_database(cursor, name, ROLE, anew=anew)
            if make_database(cursor, f"{name}_datastore", WRITER, anew=anew):
                new.append(name)
    connection.close()
    for name in new:
        connection = connect(f"{name}_datastore")
        with connection.cursor() as cursor:
            cursor.execute(permissions(name, f"{name}_datastore"))
        connection.close()


if __name__ == "__main__":
    words = sys.argv[1:]
    main([word for word in words if word != "--anew"], anew="--anew" in words)
