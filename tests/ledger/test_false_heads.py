"""What is no head of the entries is refused; a stranger's head is named and passed by."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from ckan import model

from ckanext.satudata_pontianak.ledger import heads, merkle, proving, signing
from ckanext.satudata_pontianak.ledger.canonical import canonical
from ckanext.satudata_pontianak.ledger.heads import Head, Signer
from ckanext.satudata_pontianak.ledger.service import append
from ckanext.satudata_pontianak.ledger.tables import entry_table, head_table, node_table
from ckanext.satudata_pontianak.ledger.verify import Kind

pytestmark = pytest.mark.usefixtures("city")
ENTRY = {"event": "test.write", "actor_id": None}


def write(count: int = 1) -> None:
    for _ in range(count):
        append(model.Session, **ENTRY)
    model.Session.commit()


def row_of(signed: heads.SignedHead, frontier: str) -> dict:
    """The row that somebody with the application's password would add."""
    return {
        "size": signed.head.size,
        "at": dt.datetime.fromisoformat(signed.head.at),
        "signed": canonical(signed.as_dict()),
        "frontier": frontier,
    }


def true_row(key: Signer) -> dict:
    """A head that is right in all but who signed it."""
    tree = proving.tree(model.Session)
    query = sa.select(entry_table.c.hash).order_by(entry_table.c.leaf)
    front = merkle.Frontier()
    for text in model.Session.scalars(query):
        front.add(merkle.leaf(text))
    last = model.Session.execute(
        sa.select(entry_table.c.id, entry_table.c.hash).order_by(entry_table.c.id.desc()).limit(1)
    ).one()
    moment = heads.moment(dt.datetime.now(dt.UTC))
    head = Head("http://test", tree.count, last.id, last.hash, front.root(), moment)
    return row_of(key.sign(head), " ".join(node.hex() for node in front.nodes))


def add(row: dict) -> None:
    model.Session.execute(sa.insert(head_table).values(**row))
    model.Session.commit()


def forged(row: dict, key: Signer, **values) -> dict:
    head = heads.read_text(row["signed"]).head
    signed = key.sign(replace(head, **values))
    return {**row_of(signed, row["frontier"])}


@pytest.fixture
def stranger(tmp_path, superuser) -> Iterator[Signer]:
    """A key that is not the portal's; what it signed is taken out again."""
    key = Signer.make(tmp_path / "stranger.pem")
    yield key
    model.Session.rollback()
    mine = head_table.c.signed.contains(key.key, autoescape=True)
    superuser.execute(sa.delete(head_table).where(mine))
    superuser.commit()


def test_a_head_that_is_not_of_the_entries_is_refused(sign, stranger) -> None:
    write(3)
    sign()
    write(3)
    row = true_row(stranger)
    size, said = row["size"], json.loads(row["signed"])
    wrong = [
        {**row, "signed": "no JSON"},
        {**row, "signed": "{}"},
        {**row, "signed": canonical({**said, "key": "AAAA"})},
        {**row, "signed": canonical({**said, "signature": "AAAA"})},
        {**row, "frontier": ""},
        {**row, "frontier": "0" * 64},
        {**row, "size": size + 1},
        {**row, "at": row["at"] - dt.timedelta(days=1)},
        forged(row, stranger, root="0" * 64),
        forged(row, stranger, hash="0" * 64),
        forged(row, stranger, entry=1),
        forged(row, stranger, size=size + 1),
        forged(row, stranger, size=1),
    ]
    for false in wrong:
        with pytest.raises(sa.exc.DBAPIError):
            add(false)
        model.Session.rollback()
    old = proving.last_head(model.Session)
    assert old is not None
    assert old.head.size == size - 3


def test_a_subtree_that_is_not_of_the_entries_is_refused() -> None:
    write(1)
    size = proving.size(model.Session)
    for level, position in ((8, size >> 8), (8, 0), (16, 0), (1, 0), (8, -1)):
        row = {"level": level, "position": position, "hash": "0" * 64}
        with pytest.raises(sa.exc.DBAPIError, match=r"is not that of|duplicate key"):
            model.Session.execute(sa.insert(node_table).values(**row))
        model.Session.rollback()


def test_heads_over_many_subtrees_are_taken(sign) -> None:
    write(600)
    signed = sign()
    assert signed.head.size == proving.size(model.Session)
    assert signed.head.root == proving.tree(model.Session).range_root(0, signed.head.size).hex()


def test_a_strangers_head_is_named_and_passed_by(sign, signer, stranger, app) -> None:
    write(2)
    first = sign()
    write(2)
    add(true_row(stranger))
    false = model.Session.scalar(sa.select(sa.func.max(head_table.c.size)))
    assert proving.last_head(model.Session) == first
    for form in ("json", "csv", "atom"):
        got = app.get(f"/satudata/buku-catatan/kepala.{form}")
        assert got.status_code == 200
        assert first.signature in got.body
        assert stranger.key not in got.body
    assert app.get("/satudata/buku-catatan").status_code == 200
    assert app.get("/satudata/buku-catatan/kunci.pem").body == heads.pem(signer.key).decode()
    answer = app.get("/api/action/satudata_ledger_head").json["result"]
    assert answer["head"]["size"] == first.head.size
    asked = app.get(f"/api/action/satudata_ledger_head?size={false}", status=404)
    assert asked.json["success"] is False
    for call in ("satudata_ledger_verify", "satudata_ledger_proof?from=1"):
        assert app.get(f"/api/action/{call}").status_code == 200
    result = proving.verify(model.Session, signing.keys())
    assert (Kind.KEY, first.head.entry + 2) in {(p.kind, p.entry) for p in result.problems}
    # The next head goes on from the portal's own.
    write(1)
    last = sign()
    assert last.head.size == false + 1
    assert proving.last_head(model.Session) == last


def test_what_is_no_head_at_all_is_passed_by(sign, signer, superuser) -> None:
    write(1)
    first = sign()
    model.Session.rollback()
    with Session(superuser) as session:
        for step, text in enumerate(("no JSON", "{}", "[]", canonical({"head": None}))):
            row = {"size": first.head.size + 1 + step, "at": dt.datetime.now(dt.UTC)}
            values = {**row, "signed": text, "frontier": ""}
            session.execute(sa.insert(head_table).values(**values))
        assert proving.last_head(session) == first
        assert proving.published(session)[0] == first
        result = proving.verify(session, signing.keys())
        assert sum(p.kind is Kind.KEY for p in result.problems) >= 4
        session.rollback()
