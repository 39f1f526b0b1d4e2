"""One unbroken chain, whatever writes, rolls back or rules over the database."""

from __future__ import annotations

import itertools
import os
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from ckan import model

from ckanext.satudata_pontianak.ledger import install, proving, reading, signing
from ckanext.satudata_pontianak.ledger.canonical import canonical, digest
from ckanext.satudata_pontianak.ledger.reading import codes_of
from ckanext.satudata_pontianak.ledger.service import append, entry_table
from ckanext.satudata_pontianak.ledger.tables import plain_table
from ckanext.satudata_pontianak.ledger.verify import Kind

EVENTS = {"event": "test.write", "actor_id": None}
_c = entry_table.c


def rows(event: str = "test.write") -> list:
    model.Session.rollback()
    query = sa.select(entry_table).where(_c.event == event).order_by(_c.id)
    return list(model.Session.execute(query))


def last() -> int:
    return model.Session.scalar(sa.select(sa.func.max(_c.id))) or 0


def test_eight_writers_make_one_chain(city) -> None:
    start, failed = last(), []
    model.Session.rollback()
    engine = model.Session.get_bind()
    ready = threading.Barrier(8)

    def write(name: int) -> None:
        try:
            ready.wait()
            for turn in range(25):
                with Session(engine) as session:
                    receipts = [append(session, **EVENTS, detail={"code": f"{name}"})]
                    receipts.append(append(session, **EVENTS, detail={"code": f"{turn}"}))
                    session.commit()
                    assert receipts[1].entry == receipts[0].entry + 1
        except Exception as problem:  # noqa: BLE001 - told below, on the test's own thread
            failed.append(problem)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failed
    found = [row for row in rows() if row.id > start]
    assert [row.id for row in found] == list(range(start + 1, start + 401))
    assert all(a.hash == b.prev for a, b in itertools.pairwise(found))


def test_what_is_rolled_back_leaves_no_entry_and_the_rest_stays(city) -> None:
    start = last()
    session = model.Session
    kept = append(session, **EVENTS, detail={"code": "kept"})
    with session.begin_nested():
        inner = append(session, **EVENTS, detail={"code": "inner"})
        lost = session.begin_nested()
        append(session, **EVENTS, detail={"code": "lost"})
        with session.begin_nested():
            append(session, **EVENTS, detail={"code": "lost with it"})
        lost.rollback()
    with pytest.raises(RuntimeError, match="before its transaction commits"):
        kept.as_dict()
    session.commit()
    assert (kept.entry, inner.entry) == (start + 1, start + 2)
    assert last() == start + 2
    append(session, **EVENTS)
    session.rollback()
    append(session, **EVENTS)
    session.close()
    session.commit()
    assert last() == start + 2


def test_the_lock_is_not_held_before_the_commit(city) -> None:
    append(model.Session, **EVENTS)
    model.Session.execute(sa.text("SELECT 1"))
    with Session(model.Session.get_bind()) as other:
        other.execute(sa.text("SET LOCAL lock_timeout = '1s'"))
        receipt = append(other, **EVENTS)
        other.commit()
    model.Session.commit()
    assert [row.id for row in rows()][-2:] == [receipt.entry, receipt.entry + 1]


def test_postgresql_refuses_what_does_not_follow(city) -> None:
    append(model.Session, **EVENTS)
    model.Session.commit()
    row = rows()[-1]
    columns = {"id": row.id + 1, "leaf": row.leaf + 1, "prev": row.hash, "text": row.text}
    with pytest.raises(sa.exc.InternalError, match="does not follow"):
        model.Session.execute(sa.insert(entry_table).values(**columns, hash=row.hash))
    model.Session.rollback()


def test_the_trigger_refuses_the_superuser_as_well(city, superuser) -> None:
    superuser.execute(sa.text("SET session_replication_role = DEFAULT"))
    for statement in (
        "UPDATE satudata_ledger.entry SET outcome = 'ok'",
        "DELETE FROM satudata_ledger.entry WHERE false",
        "TRUNCATE satudata_ledger.entry",
        "DELETE FROM satudata_ledger.head",
        "UPDATE satudata_ledger.node SET hash = ''",
    ):
        with pytest.raises(sa.exc.InternalError, match="is refused"), superuser.begin_nested():
            superuser.execute(sa.text(statement))


TAMPERINGS = {
    "UPDATE satudata_ledger.entry SET text = replace(text, 'test.write', 'test.wrote')"
    " WHERE id = :row": (Kind.CHANGED, 0),
    "UPDATE satudata_ledger.entry SET event = 'test.wrote' WHERE id = :row": (Kind.COLUMNS, 0),
    "UPDATE satudata_ledger.entry SET at = at - interval '1 day' WHERE id = :row": (
        Kind.COLUMNS,
        0,
    ),
    "DELETE FROM satudata_ledger.entry WHERE id = :row": (Kind.MISSING, 1),
    "UPDATE satudata_ledger.entry e SET prev = o.prev, text = o.text, hash = o.hash"
    " FROM satudata_ledger.entry o WHERE e.id IN (:row, :row + 1) AND o.id = 2 * :row + 1 - e.id": (
        Kind.MISPLACED,
        0,
    ),
    "UPDATE satudata_ledger.plain SET value = '\"siti\"' WHERE entry = :row": (Kind.BESIDE, 0),
    "UPDATE satudata_ledger.plain SET path = '/else' WHERE entry = :row": (Kind.BESIDE, 0),
    "DELETE FROM satudata_ledger.plain WHERE entry = :row": (Kind.ERASED, 0),
    "WITH gone AS (DELETE FROM satudata_ledger.plain WHERE entry = :row + 1 RETURNING *)"
    " INSERT INTO satudata_ledger.plain SELECT entry, '/x', salt, value, person FROM gone": (
        Kind.BESIDE,
        1,
    ),
    "DELETE FROM satudata_ledger.entry WHERE id > :row": (Kind.SHORT, None),
    "UPDATE satudata_ledger.head SET signed = replace(signed, 'http://test', 'http://tess')"
    " WHERE size = (SELECT max(size) FROM satudata_ledger.head)": (Kind.KEY, None),
}


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_what_a_superuser_changes_is_named(city, sign, signer, superuser, statement) -> None:
    for _ in range(3):
        append(model.Session, **EVENTS, actor_name="budi")
    model.Session.commit()
    row = last() - 1
    signed = sign()
    keys = {signer.key, *(s.key for s in proving.published(model.Session))}
    model.Session.rollback()
    with Session(superuser) as session:
        session.execute(sa.text(statement), {"row": row})
        result = proving.verify(session, keys)
        kind, behind = TAMPERINGS[statement]
        named = {problem.kind: problem.entry for problem in reversed(result.problems)}
        assert kind in named
        assert named[kind] == (signed.head.entry if behind is None else row + behind)


def test_nothing_is_signed_over_a_broken_chain(city, sign, signer, superuser) -> None:
    sign()
    append(model.Session, **EVENTS)
    append(model.Session, **EVENTS)
    model.Session.commit()
    row = last() - 1
    model.Session.rollback()
    with Session(superuser) as session:
        session.execute(sa.text("DELETE FROM satudata_ledger.entry WHERE id = :row"), {"row": row})
        with pytest.raises(proving.Broken) as broken:
            proving.make_head(session, signer, "http://test")
    assert broken.value.result.problems[0].entry == row + 1


def test_a_person_is_forgotten_and_the_chain_holds(city, sign, signer) -> None:
    user = city.person("dilupakan")
    said = {"actor_id": user["id"], "actor_name": user["name"]}
    append(model.Session, event="test.write", **said, address="203.0.113.9", detail={"why": "x y"})
    model.Session.commit()
    number = last()
    (entry,) = reading.entries(model.Session, reading.Wanted(), after=number - 1)
    assert entry["said"]["actor_name"] == user["name"]
    assert (entry["said"]["address"], entry["said"]["detail"]["why"]) == ("203.0.113.9", "x y")
    assert user["name"] not in entry["text"]
    signed = sign()
    assert reading.forget(model.Session, user["id"]) >= 3
    model.Session.commit()
    unsaid = proving.verify(model.Session, signing.keys())
    assert (Kind.ERASED, number) in {(p.kind, p.entry) for p in unsaid.problems}
    done = {"person": user["id"], "entry": None, "count": 3}
    append(model.Session, event="ledger.forget", actor_id=None, detail=done)
    model.Session.commit()
    entry, _forgotten = reading.entries(model.Session, reading.Wanted(), after=number - 1)
    assert set(entry["said"]["actor_name"]) == {"salted"}
    assert not model.Session.execute(
        sa.select(plain_table.c.value).where(plain_table.c.person == user["id"])
    ).all()
    keys = {signer.key, *(s.key for s in proving.published(model.Session))}
    result = proving.verify(model.Session, keys, [signed])
    assert result.ok
    assert result.covered == signed.head.size


OLD = """
CREATE TABLE satudata_ledger.entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL,
    event text NOT NULL, actor_id text, dataset_id text, case_id text, outcome text NOT NULL,
    body jsonb NOT NULL, text text NOT NULL, hash text NOT NULL)"""


def test_an_older_ledger_is_taken_into_the_chain(city, signer) -> None:
    admin = sa.make_url(os.environ["SATUDATA_ADMIN_URL"])
    engine = sa.create_engine(admin, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("DROP DATABASE IF EXISTS satudata_old"))
        connection.execute(sa.text("CREATE DATABASE satudata_old"))
    engine.dispose()
    old = admin.set(database="satudata_old")
    role = model.Session.get_bind().url.username  # type: ignore[union-attr]
    engine = sa.create_engine(old)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA satudata_ledger"))
        connection.execute(sa.text(OLD))
        for number in (1, 2, 3, 4):
            connection.execute(_OLD_ENTRY, old_entry(number))
        connection.execute(sa.text("DELETE FROM satudata_ledger.entry WHERE id = 2"))
    url = old.render_as_string(hide_password=False)
    assert install.install(url, role) == 3
    assert install.install(url, role) == 0
    with Session(engine) as session:
        append(session, **EVENTS)
        session.commit()
        found = session.execute(sa.select(entry_table).order_by(_c.id)).all()
        assert [(r.id, r.leaf, r.prev is None) for r in found] == [
            (1, 0, True),
            (3, 1, True),
            (4, 2, True),
            (5, 3, False),
            (6, 4, False),
        ]
        assert found[3].event == "ledger.adopt"
        # Each has its receipt, those as well that were written before there were any.
        assert len(codes_of(session, [1, 3, 4, 5, 6])) == 5
        signed = proving.make_head(session, signer, "http://test")
        session.commit()
        assert signed is not None
        assert proving.verify(session, {signer.key}).ok
        session.execute(sa.text("SET session_replication_role = replica"))
        session.execute(sa.text("DELETE FROM satudata_ledger.entry WHERE id = 3"))
        kinds = {p.kind for p in proving.verify(session, {signer.key}).problems}
        assert Kind.ADOPTED in kinds
        session.rollback()
    engine.dispose()


def old_entry(number: int) -> dict:
    body = {
        "at": "2026-11-20T08:00:00+00:00",
        "event": "test.old",
        "outcome": "ok",
        "actor": f"{number}",
        "actor_name": "budi",
    }
    text = canonical(body)
    return {"actor": f"{number}", "body": text, "text": text, "hash": digest(text)}


_OLD_ENTRY = sa.text(
    "INSERT INTO satudata_ledger.entry (at, event, actor_id, outcome, body, text, hash) VALUES"
    " ('2026-11-20T08:00:00+00:00', 'test.old', :actor, 'ok', cast(:body AS jsonb), :text, :hash)"
)
