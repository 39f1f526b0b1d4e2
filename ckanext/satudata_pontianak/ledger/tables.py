"""The tables of the ledger, in a PostgreSQL schema of their own. ``install.py`` makes them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "satudata_ledger"

_metadata = sa.MetaData(schema=SCHEMA)

entry_table = sa.Table(
    "entry",
    _metadata,
    # The number that receipts name. It is given under a lock, so there are no gaps.
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    # Position in the tree, from 0: the same less one, unless an older version left gaps.
    sa.Column("leaf", sa.BigInteger, nullable=False),
    # These repeat what the text says; PostgreSQL itself takes them out of it.
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Text),
    sa.Column("dataset_id", sa.Text),
    sa.Column("case_id", sa.Text),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("body", JSONB, nullable=False),
    # Hash of the entry before; NULL for what is older than the chain.
    sa.Column("prev", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

plain_table = sa.Table(
    "plain",
    _metadata,
    sa.Column("entry", sa.BigInteger, primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("salt", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("person", sa.Text),
)

head_table = sa.Table(
    "head",
    _metadata,
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    # The signed head as it is published, canonical JSON.
    sa.Column("signed", sa.Text, nullable=False),
    # Roots of the full subtrees, hexadecimal, separated by spaces: the next head begins there.
    sa.Column("frontier", sa.Text, nullable=False),
)

node_table = sa.Table(
    "node",
    _metadata,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.Text, nullable=False),
)

# The short code of each entry, by which people name it; never changed, as entries are not.
receipt_table = sa.Table(
    "receipt",
    _metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("entry", sa.BigInteger, nullable=False, unique=True),
)

refusal_table = sa.Table(
    "refusal",
    _metadata,
    sa.Column("minute", sa.DateTime(timezone=True), primary_key=True),
    sa.Column("exit", sa.Text, primary_key=True),
    sa.Column("tries", sa.BigInteger, nullable=False),
)

# Those of people who are known: the first of a minute is an entry, the others are counted here.
person_refusal_table = sa.Table(
    "refusal_by",
    _metadata,
    sa.Column("minute", sa.DateTime(timezone=True), primary_key=True),
    sa.Column("exit", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("tries", sa.BigInteger, nullable=False),
)

# The other columns are taken out of the text by PostgreSQL.
INSERT = sa.text(
    "INSERT INTO satudata_ledger.entry (id, leaf, prev, text, hash)"
    " VALUES (:number, :leaf, :prev, :text, :hash)"
)
