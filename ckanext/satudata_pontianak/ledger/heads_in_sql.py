"""What PostgreSQL checks of a head and of a kept subtree before it takes one, as SQL.

A subtree is computed from the entries, or from the subtrees below it, and a head is held against
the entries that it says it covers: their count, number and hash of the last one, the front of the
tree and its root (RFC 9162, as in :mod:`.merkle`). The application may add both, so whoever has
its password could; what is wrong in any of this is refused. Whose key signed cannot be seen here:
a head that another key signed is taken, and named and stepped over by whoever reads heads.
"""

from __future__ import annotations

from .merkle import STEP
from .tables import SCHEMA

FUNCTIONS = (
    "fold(bytea[])",
    "subtree(integer, bigint)",
    "follow_node()",
    "follow_head()",
)

_BODY = "LANGUAGE plpgsql SET search_path = pg_catalog AS $$"

# The root over nodes that stand side by side; their number is a power of two.
FOLD = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.fold(nodes bytea[]) RETURNS bytea IMMUTABLE {_BODY}
DECLARE
    above bytea[];
BEGIN
    WHILE cardinality(nodes) > 1 LOOP
        above := ARRAY[]::bytea[];
        FOR n IN 1 .. cardinality(nodes) / 2 LOOP
            above := above || sha256('\\x01'::bytea || nodes[2 * n - 1] || nodes[2 * n]);
        END LOOP;
        nodes := above;
    END LOOP;
    RETURN nodes[1];
END $$"""

# The root over 2^level entries from position * 2^level on: from the entries, or from the largest
# kept subtrees below. NULL where some of them are not there.
SUBTREE = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.subtree(level integer, place bigint) RETURNS bytea {_BODY}
DECLARE
    step integer := least((level - 1) / {STEP} * {STEP}, level);
    many bigint;
    found bytea[];
BEGIN
    IF level <= {STEP} THEN
        many := 1::bigint << level;
        SELECT array_agg(sha256('\\x00'::bytea || decode(e.hash, 'hex')) ORDER BY e.leaf)
            INTO found FROM {SCHEMA}.entry e
            WHERE e.leaf >= place * many AND e.leaf < (place + 1) * many;
    ELSE
        many := 1::bigint << (level - step);
        SELECT array_agg(decode(n.hash, 'hex') ORDER BY n.position) INTO found
            FROM {SCHEMA}.node n WHERE n.level = step
            AND n.position >= place * many AND n.position < (place + 1) * many;
    END IF;
    IF coalesce(cardinality(found), 0) <> many THEN
        RETURN NULL;
    END IF;
    RETURN {SCHEMA}.fold(found);
END $$"""  # noqa: S608 - constants only

NODE = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.follow_node() RETURNS trigger {_BODY}
BEGIN
    IF NEW.level NOT BETWEEN {STEP} AND 48 OR NEW.level % {STEP} <> 0
        OR NEW.position NOT BETWEEN 0 AND (1::bigint << 48)
        OR encode({SCHEMA}.subtree(NEW.level, NEW.position), 'hex') IS DISTINCT FROM NEW.hash
    THEN
        RAISE EXCEPTION 'subtree %, % is not that of the entries', NEW.level, NEW.position;
    END IF;
    RETURN NEW;
END $$"""

HEAD = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.follow_head() RETURNS trigger {_BODY}
DECLARE
    said jsonb := NEW.signed::jsonb;
    head jsonb := said->'head';
    last record;
    front bytea[] := ARRAY[]::bytea[];
    told text := '';
    root bytea;
    place bigint := 0;
BEGIN
    SELECT e.id, e.hash INTO last FROM {SCHEMA}.entry e WHERE e.leaf = NEW.size - 1;
    IF last IS NULL OR NEW.size <= coalesce((SELECT max(h.size) FROM {SCHEMA}.head h), 0)
        OR jsonb_typeof(head->'size') IS DISTINCT FROM 'number'
        OR jsonb_typeof(head->'entry') IS DISTINCT FROM 'number'
        OR jsonb_typeof(head->'ledger') IS DISTINCT FROM 'string'
        OR (head->>'size')::numeric IS DISTINCT FROM NEW.size
        OR (head->>'entry')::numeric IS DISTINCT FROM last.id
        OR head->>'hash' IS DISTINCT FROM last.hash
        OR (head->>'at')::timestamptz IS DISTINCT FROM NEW.at
        OR length(decode(said->>'key', 'base64')) IS DISTINCT FROM 32
        OR length(decode(said->>'signature', 'base64')) IS DISTINCT FROM 64
    THEN
        RAISE EXCEPTION 'head % is not of these entries', NEW.size;
    END IF;
    FOR bit IN REVERSE 48 .. 0 LOOP
        IF (NEW.size >> bit) & 1 = 1 THEN
            front := front || coalesce({SCHEMA}.subtree(bit, place >> bit), ''::bytea);
            place := place + (1::bigint << bit);
        END IF;
    END LOOP;
    FOR n IN REVERSE cardinality(front) .. 1 LOOP
        told := encode(front[n], 'hex') || CASE WHEN told = '' THEN '' ELSE ' ' || told END;
        root := CASE WHEN root IS NULL THEN front[n]
            ELSE sha256('\\x01'::bytea || front[n] || root) END;
    END LOOP;
    IF told IS DISTINCT FROM NEW.frontier OR encode(root, 'hex') IS DISTINCT FROM head->>'root' THEN
        RAISE EXCEPTION 'head % has another root than these entries', NEW.size;
    END IF;
    RETURN NEW;
END $$"""  # noqa: S608 - constants only

FOLLOWING = (
    FOLD,
    SUBTREE,
    NODE,
    HEAD,
    *(
        statement
        for table in ("node", "head")
        for statement in (
            f"DROP TRIGGER IF EXISTS follow ON {SCHEMA}.{table}",
            f"""CREATE TRIGGER follow BEFORE INSERT ON {SCHEMA}.{table}
                FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.follow_{table}()""",
        )
    ),
)
