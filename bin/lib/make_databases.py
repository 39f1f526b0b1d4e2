"""Make the application's role and its databases; safe to run again.

Usage: SATUDATA_ADMIN_URL=... SATUDATA_DB_PASSWORD=... make_databases.py [--anew] DATABASE...

With --anew the databases are dropped first, whoever is connected.
"""

from __future__ import annotations

import os
import sys
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

ROLE = "satudata"


def main(databases: list[str], *, anew: bool) -> None:
    """Connect as the administrator of the cluster and make what is missing."""
    url = urlsplit(os.environ["SATUDATA_ADMIN_URL"])._replace(path="/postgres").geturl()
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,))
        verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
        cursor.execute(
            sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %s").format(
                verb, sql.Identifier(ROLE)
            ),
            (os.environ["SATUDATA_DB_PASSWORD"],),
        )
        for name in databases:
            if anew:
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                cursor.execute(drop.format(sql.Identifier(name)))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if cursor.fetchone():
                continue
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(ROLE)
                )
            )
            # Nobody but the owner and the administrator.
            cursor.execute(
                sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
            )
    connection.close()


if __name__ == "__main__":
    words = sys.argv[1:]
    main([word for word in words if word != "--anew"], anew="--anew" in words)
