"""Tables of versions in CKAN's DataStore: made by our own job, before approval, never changed.

The values go by ``COPY`` into a staging table and from there, in the same transaction, into the
table of the version: it is there as a whole or not at all. Nothing here decides who may read it
(``access/tables/backend.py`` asks the policy), and nothing that fails here stops a decision.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from contextlib import closing
from dataclasses import replace
from typing import Any

import psycopg2
import sqlalchemy as sa
from psycopg2 import sql
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

import ckan.plugins.toolkit as tk
from ckan import model

from ... import config, days
from ...disclosure.limits import Limits
from ...disclosure.readers.base import ReadError
from ...disclosure.table_stream import TableStream, table_stream
from ...disclosure.tabular import TEXT, NamedColumn
from ...metadata import figures
from ...metadata import newest as periods
from ..records import job_queue, reads, stale_index
from ..records.model import Pointer, Version
from ..rules.axes import classification
from . import storage, table_questions, table_state
from .table_state import State, Tabled

log = logging.getLogger(__name__)

SEARCHED = 100_000  # characters of a row that can be searched; PostgreSQL takes a megabyte
VIEW = "datatables_view"
INDEXED_FROM = 10_000  # rows; a smaller table is sorted and searched as quickly without an index
INDEXED_COLUMNS = 40
KEPT_KINDS = ("upload", "link")  # what is not kept here has no table either


def load(version_id: str, *, again: bool = False) -> Tabled | None:
    """Make the table of a version, unless it is there; commits, and returns what is known.

    :param again: also try a file that failed before.
    """
    version = model.Session.get(Version, version_id, populate_existing=True)
    if version is None or not config.datastore_enabled() or not wants(version, again=again):
        return Tabled.of(version.tabled) if version is not None else None
    sha256, name = str(version.sha256), version.filename
    model.Session.commit()  # no transaction is held open while a large file is read
    limits = Limits(
        memory=config.scan_memory_mb() * 1024**2,
        cpu_seconds=config.scan_timeout(),
        wall_seconds=config.scan_timeout(),
    )
    try:
        with storage.local_path(sha256) as path, table_stream(path, name, limits) as stream:
            known = _make(version_id, stream)
    except ReadError as error:
        known = table_state.failed(error.reason.code)
    except FileNotFoundError:
        known = table_state.failed("bytes_missing")
    except (psycopg2.Error, SQLAlchemyError) as error:
        # The database's own words may quote the content, so only their kind is told.
        log.warning("the table of version %s failed: %s", version_id, type(error).__name__)
        known = table_state.failed("database")
    known = _with_questions(version_id, known) if known.state is State.READY else known
    statement = sa.update(Version).where(Version.id == version_id)
    model.Session.execute(statement.values(tabled=known.as_dict()))
    model.Session.commit()
    if table_state.is_ready(known.as_dict()) and known.rows >= INDEXED_FROM:
        _settle(version_id)
    _offer_view(version_id)
    if known.regions or known.newest:
        _index_told(version_id)
    return known


def _with_questions(version_id: str, known: Tabled) -> Tabled:
    """Return what is known of a table with its figures to look at.

    A table is there also where they cannot be read. One that is made again keeps its first day.
    """
    version = model.Session.get(Version, version_id, populate_existing=True)
    if version is None:
        return known
    try:
        with connect() as connection, connection.cursor() as cursor:
            found = table_questions.of_version(cursor, version)
    except psycopg2.Error as error:
        log.warning("nothing is asked of version %s: %s", version_id, type(error).__name__)
        return known
    if found is None:
        return known
    before = Tabled.of(version.tabled)
    since = before.asked_on if before is not None else None
    return replace(
        known,
        asked=found.asked,
        asked_on=since or days.today(),
        against=found.against,
        unknown=found.unknown,
    )


def _index_told(version_id: str) -> None:
    """Let searches find a served table by the regions and the newest period that its cells tell."""
    version = model.Session.get(Version, version_id, populate_existing=True)
    pointer = version and model.Session.get(Pointer, version.resource_id, populate_existing=True)
    if version is None or not pointer or pointer.version_id != version_id:
        return
    try:
        stale_index.rebuild(version.package_id)
    except Exception:  # Solr's client lets many kinds of errors through
        log.exception("the cells of version %s are not found until it is indexed", version_id)


def wants(version: Version, *, again: bool = False) -> bool:
    """Tell whether a table should be made of a version now."""
    if version.sealed or version.state not in ("waiting", "approved"):
        return False
    if version.sha256 is None or version.kind not in KEPT_KINDS:
        return False
    scan = reads.scans_of([version.id]).get(version.id)
    verdict, reason = (scan.verdict, scan.reason) if scan else (None, None)
    if not table_state.wants(version.tabled, verdict, reason, again=again):
        return False
    decision = reads.decision_in_force(version.package_id)
    level = decision.tingkat_keamanan if decision else None
    rules = classification()
    # Where the policy lets nobody read, there is no table either; an unknown level is closed.
    return level is None or (level in rules.levels and rules.levels[level].stores_files)


def connect() -> Any:
    """Connect to the DataStore's database with the right to write; closed by ``with``."""
    from ckanext.datastore.backend.postgres import get_write_engine

    return closing(get_write_engine().raw_connection())


def _make(version_id: str, stream: TableStream) -> Tabled:
    """Copy the rows and make the table, in one transaction of the DataStore's database."""
    name, columns = table_state.table_of(version_id), stream.columns
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,))
        cursor.execute("SELECT to_regclass(%s)", (f'public."{name}"',))
        if cursor.fetchone()[0] is not None:
            # It was made already, and the word of it was lost on the way.
            return _known(connection, cursor, name)
        staged = [sql.Identifier(f"c{i}") for i in range(len(columns))]
        listed = sql.SQL(", ").join(staged)
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE staging (_id serial, {}) ON COMMIT DROP").format(
                sql.SQL(", ").join(sql.SQL("{} text").format(c) for c in staged)
            )
        )
        cursor.copy_expert(
            sql.SQL("COPY staging ({0}) FROM STDIN WITH (FORMAT csv, FORCE_NULL ({0}))")
            .format(listed)
            .as_string(cursor),
            stream.rows,
        )
        types, rows = stream.summary()
        if cursor.rowcount != rows:
            raise ReadError("bad_output")
        typed = _fill(cursor, name, columns, types)
        cursor.execute(
            sql.SQL("CREATE INDEX ON {} USING gin (_full_text)").format(sql.Identifier(name))
        )
        if rows >= INDEXED_FROM:
            _index(cursor, name, columns, types if typed else [TEXT] * len(columns))
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))
        headings = [(column.name, column.label) for column in columns]
        newest, regions = _newest(cursor, name, headings), _regions(cursor, name, headings)
        connection.commit()
        return Tabled(State.READY, rows, len(columns), typed, newest=newest, regions=regions)


def _fill(cursor: Any, name: str, columns: list[NamedColumn], types: list[str]) -> bool:
    """Make the table with its types; with text columns where a value does not fit after all.

    :returns: whether the types were kept.
    """
    cursor.execute("SAVEPOINT typed")
    try:
        _fill_as(cursor, name, columns, types)
    except psycopg2.DataError:
        cursor.execute("ROLLBACK TO SAVEPOINT typed")
        _fill_as(cursor, name, columns, [TEXT] * len(columns))
        return False
    return True


def _fill_as(cursor: Any, name: str, columns: list[NamedColumn], types: list[str]) -> None:
    table = sql.Identifier(name)
    names = [sql.Identifier(column.name) for column in columns]
    kinds = [sql.SQL(kind) for kind in types]  # ours, from a fixed list
    staged = [sql.Identifier(f"c{i}") for i in range(len(columns))]
    cursor.execute(
        sql.SQL("CREATE TABLE {} (_id integer PRIMARY KEY, _full_text tsvector, {})").format(
            table,
            sql.SQL(", ").join(
                sql.SQL("{} {}").format(n, k) for n, k in zip(names, kinds, strict=True)
            ),
        )
    )
    cursor.execute(
        sql.SQL(
            "INSERT INTO {} (_id, _full_text, {}) SELECT _id, to_tsvector({}::regconfig,"
            " left(array_to_string(ARRAY[{}], ' '), {})), {} FROM staging ORDER BY _id"
        ).format(
            table,
            sql.SQL(", ").join(names),
            sql.Literal(str(tk.config["ckan.datastore.default_fts_lang"])),
            sql.SQL(", ").join(staged),
            sql.Literal(SEARCHED),
            sql.SQL(", ").join(
                sql.SQL("{}::{}").format(c, k) for c, k in zip(staged, kinds, strict=True)
            ),
        )
    )
    for column in columns:
        if column.label == column.name:
            continue
        # The form in which CKAN keeps a column's dictionary; the blank says which.
        note = " " + json.dumps({"_info": {"label": column.label}}, ensure_ascii=False)
        cursor.execute(
            sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(
                table, sql.Identifier(column.name), sql.Literal(note)
            )
        )


def _newest(cursor: Any, name: str, columns: list[tuple[str, str]]) -> dt.date | None:
    """Return the last day of the newest period in the rows, where columns tell it.

    :param columns: name and heading of each.
    """
    told = set(periods.columns([label for _, label in columns]))
    chosen = [(column, label) for column, label in columns if label in told]
    if not chosen:
        return None
    listed = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(c)) for c, _ in chosen)
    cursor.execute(
        sql.SQL("SELECT DISTINCT {} FROM {} LIMIT {}").format(
            listed, sql.Identifier(name), sql.Literal(periods.MOST_PERIODS + 1)
        )
    )
    rows = cursor.fetchall()
    if len(rows) > periods.MOST_PERIODS:
        return None
    return periods.newest([label for _, label in chosen], rows, days.today())


def _regions(cursor: Any, name: str, columns: list[tuple[str, str]]) -> tuple[str, ...]:
    """Return the codes of the regions that the cells of the columns of regions name.

    :param columns: name and heading of each.
    """
    found: set[str] = set()
    for column, label in columns:
        if not figures.names_regions(label):
            continue
        cursor.execute(
            sql.SQL("SELECT DISTINCT {}::text FROM {} WHERE {} IS NOT NULL LIMIT {}").format(
                sql.Identifier(column), sql.Identifier(name), sql.Identifier(column),
                sql.Literal(figures.MOST_REGIONS),
            )
        )  # fmt: skip
        found.update(figures.regions_of(label, (row[0] for row in cursor.fetchall())))
    return tuple(sorted(found))


def _index(cursor: Any, name: str, columns: list[NamedColumn], types: list[str]) -> None:
    """Index the columns of a large table: each by its order, and texts by their words.

    The number of the row follows the value, so that an order by both is read from the index.
    """
    words = sql.SQL("CREATE INDEX ON {} USING gin (to_tsvector('simple', {}))")
    order = sql.SQL("CREATE INDEX ON {} ({}, _id)")
    for column, kind in list(zip(columns, types, strict=True))[:INDEXED_COLUMNS]:
        for statement in (order, *([words] if kind == TEXT else [])):
            cursor.execute("SAVEPOINT indexed")
            try:
                cursor.execute(statement.format(sql.Identifier(name), sql.Identifier(column.name)))
            except (psycopg2.OperationalError, psycopg2.DataError):
                # A value is too long for an index: this column is sorted without one.
                cursor.execute("ROLLBACK TO SAVEPOINT indexed")


def _settle(version_id: str) -> None:
    """Let an index of a large table answer alone: what it holds is marked as seen by everybody."""
    statement = sql.SQL("VACUUM {}").format(sql.Identifier(table_state.table_of(version_id)))
    with connect() as connection:
        connection.driver_connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        except psycopg2.Error as error:
            log.warning("the table of version %s was not tidied: %s", version_id, error.pgcode)
        finally:
            connection.driver_connection.autocommit = False


def _known(connection: Any, cursor: Any, name: str) -> Tabled:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
    rows = cursor.fetchone()[0]
    cursor.execute(
        "SELECT count(*), bool_or(data_type <> 'text') FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND left(column_name, 1) <> '_'",
        (name,),
    )
    columns, typed = cursor.fetchone()
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND left(column_name, 1) <> '_'",
        (name,),
    )
    headings = [(row[0], row[0]) for row in cursor.fetchall()]
    newest, regions = _newest(cursor, name, headings), _regions(cursor, name, headings)
    connection.commit()
    return Tabled(State.READY, rows, columns, bool(typed), newest=newest, regions=regions)


def _offer_view(version_id: str) -> None:
    """Give a served table CKAN's view of tables, where the site shows it by default."""
    version = model.Session.get(Version, version_id, populate_existing=True)
    if version is None or not table_state.is_ready(version.tabled):
        return
    pointer = model.Session.get(Pointer, version.resource_id, populate_existing=True)
    views = tk.config.get("ckan.views.default_views") or []
    if pointer is None or pointer.version_id != version_id or VIEW not in views:
        return
    known = sa.select(model.ResourceView.id).where(
        model.ResourceView.resource_id == version.resource_id,
        model.ResourceView.view_type == VIEW,
    )
    if model.Session.execute(known.limit(1)).first() is not None:
        return
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    try:
        tk.get_action("resource_view_create")(
            {"user": user["name"], "ignore_auth": True},
            {"resource_id": version.resource_id, "view_type": VIEW, "title": tk._("Table")},
        )
    except (tk.ValidationError, tk.ObjectNotFound):
        log.exception("no view of the table of version %s", version_id)


# ---------------------------------------------------------------------------------- when


def enqueue(version_ids: list[str]) -> None:
    """Ask the worker for tables, each once; where there is no DataStore nothing happens."""
    if not config.datastore_enabled():
        return
    timeout = config.scan_timeout() * 2 + 60
    for version_id in version_ids:
        _once(f"satudata-table-{version_id}", "load_table", version_id, "default", timeout)


def _once(job_id: str, name: str, about: str, queue: str, timeout: int) -> None:
    """Ask the worker, unless it was asked already; nobody's step fails when it cannot be asked."""
    try:
        job_queue.ask(name, about, queue=queue, timeout=timeout, once=job_id)
    except RedisError:
        log.exception("no table now; ckan satudata datastore --rebuild makes what is missing")


def follow(package_id: str) -> None:
    """After a step: ask for the tables that its files lack, and drop what is served no more."""
    if not config.datastore_enabled():
        return
    query = sa.select(Version).where(Version.package_id == package_id)
    versions = list(model.Session.scalars(query))
    served = {v.id for _, v in reads.pointers_of([package_id]).values()}
    enqueue([v.id for v in versions if (v.state == "waiting" or v.id in served) and wants(v)])
    for version in versions:
        if version.id in served and table_state.is_ready(version.tabled):
            _offer_view(version.id)
    if any(
        table_state.is_ready(v.tabled) and v.id not in served and v.state != "waiting"
        for v in versions
    ):
        _once(f"satudata-tidy-{package_id}", "tidy_tables", package_id, "priority", 600)
