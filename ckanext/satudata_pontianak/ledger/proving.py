"""Heads and proofs over the ledger in the database."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, scoped_session

from .. import clock
from . import heads, merkle, reading, salted, signing
from .canonical import canonical
from .heads import Head, HeadError, SignedHead, Signer
from .tables import entry_table, head_table, node_table, plain_table
from .verify import Kind, Result, Verifier

_HEADS = 7_241_120_261_126
_ROWS = 5000
FORGET = "ledger.forget"
_entry = entry_table.c

Database = Session | scoped_session[Session]
Progress = Callable[[int], None]


class Broken(Exception):
    """The ledger is not intact; :attr:`result` says where. Nothing is signed over it."""

    def __init__(self, result: Result) -> None:
        """Say what was found."""
        super().__init__(f"{result.count} problems, the first: {result.problems[0]}")
        self.result = result


def published(
    session: Database, *, limit: int | None = None, keys: Iterable[str] | None = None
) -> list[SignedHead]:
    """Return the signed heads, the newest first, without those that are none.

    A head that cannot be read, whose signature is not its own, or that another key than the
    portal's signed is stepped over: :func:`verify` names it.

    :param keys: the public keys that may have signed (default: those of the site).
    """
    known = set(keys) if keys is not None else _keys()
    query = sa.select(head_table.c.signed).order_by(head_table.c.size.desc())
    found: list[SignedHead] = []
    for text in session.scalars(query):
        signed = _good(text, known)
        if signed is not None:
            found.append(signed)
            if limit is not None and len(found) == limit:
                break
    return found


def _keys() -> set[str] | None:
    """Return the site's public keys; ``None`` while there is none: any may have signed."""
    try:
        return signing.keys()
    except HeadError:
        return None


def _good(text: str, keys: Collection[str] | None) -> SignedHead | None:
    try:
        signed = heads.read_text(text)
        signed.check()
    except HeadError:
        return None
    return signed if keys is None or signed.key in keys else None


def last_head(session: Database) -> SignedHead | None:
    """Return the newest signed head."""
    found = published(session, limit=1)
    return found[0] if found else None


def head_of(session: Database, size: int) -> SignedHead | None:
    """Return the signed head over so many entries, if one was made."""
    text = session.scalar(sa.select(head_table.c.signed).where(head_table.c.size == size))
    return _good(text, _keys()) if text is not None else None


def size(session: Database) -> int:
    """Return how many entries there are: leaves are numbered without gaps."""
    return session.scalar(sa.select(sa.func.coalesce(sa.func.max(_entry.leaf), -1) + 1)) or 0


def _lines(session: Database, first: int, verifier: Verifier, *, columns: bool) -> Iterator[bytes]:
    """Give entries from position ``first`` on as lines; tell the verifier of wrong columns."""
    query = sa.select(entry_table).where(_entry.leaf >= first).order_by(_entry.id)
    connection = session.connection()
    rows = connection.execute(query, execution_options={"stream_results": True, "yield_per": _ROWS})
    for place, row in enumerate(rows, start=first):
        line = f"{row.id}\t{row.prev or ''}\t{row.hash}\t{row.text}\n"
        if columns and not _agree(row, place):
            verifier.problem(Kind.COLUMNS, row.id)
        yield line.encode("utf-8")


def _agree(row: Any, place: int) -> bool:
    """Tell whether the columns say what the text says."""
    try:
        body = json.loads(row.text)
        at = dt.datetime.fromisoformat(body["at"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    said = (body["event"], body.get("actor"), body.get("dataset"), body.get("case"))
    stored = (row.event, row.actor_id, row.dataset_id, row.case_id)
    return (
        said == stored
        and row.at == at
        and row.outcome == body.get("outcome")
        and row.body == body
        and row.leaf == place
    )


def _fed(
    session: Database, first: int, verifier: Verifier, progress: Progress | None, *, columns: bool
) -> None:
    done = first

    def counted() -> Iterator[bytes]:
        nonlocal done
        for line in _lines(session, first, verifier, columns=columns):
            yield line
            done += 1
            if progress is not None and done % 100_000 == 0:
                progress(done)

    verifier.feed(counted())


def make_head(
    session: Database,
    signer: Signer,
    ledger: str,
    *,
    now: dt.datetime | None = None,
    progress: Progress | None = None,
) -> SignedHead | None:
    """Verify what came since the last head, sign a new one and keep it; the caller commits.

    :param ledger: whose ledger it is; the address of the site.
    :returns: the new head; the last one where nothing came since; ``None`` for an empty ledger.
    :raises Broken: what came since is not one chain, or does not begin at the last head.
    :raises HeadError: the front that was kept with the last head is not its own.
    """
    session.execute(sa.text(f"SELECT pg_advisory_xact_lock({_HEADS})"))
    last, before = _newest(session, {signer.key, *(_keys() or ())})
    nodes: list[dict[str, Any]] = []
    verifier = Verifier(
        full=lambda level, place, node: nodes.append(
            {"level": level, "position": place, "hash": node.hex()}
        )
    )
    if last is not None and before is not None:
        front = merkle.Frontier(last.size, [bytes.fromhex(n) for n in last.frontier.split()])
        if front.root() != before.head.root:
            raise HeadError("the front that was kept with the last head is not its own")
        verifier.resume(before.head, front)
    _fed(session, last.size if last else 0, verifier, progress, columns=True)
    front = verifier.front
    result = verifier.result()
    if not result.ok:
        raise Broken(result)
    top = session.scalar(sa.select(sa.func.coalesce(sa.func.max(head_table.c.size), 0))) or 0
    if result.size <= max(top, last.size if last else 0):
        return before
    moment = (now or clock.now()).replace(microsecond=0)
    head = Head(
        ledger, result.size, result.last, result.last_hash, result.root, heads.moment(moment)
    )
    signed = signer.sign(head)
    if nodes:
        # Somebody may have added them with a head that was stepped over; they were checked then.
        session.execute(postgresql.insert(node_table).on_conflict_do_nothing(), nodes)
    session.execute(
        sa.insert(head_table).values(
            size=head.size,
            at=moment,
            signed=canonical(signed.as_dict()),
            frontier=" ".join(node.hex() for node in front.nodes),
        )
    )
    return signed


def _newest(session: Database, keys: Collection[str]) -> tuple[Any, SignedHead | None]:
    """Return the row of the newest head that a key of the site signed, and that head."""
    for row in session.execute(sa.select(head_table).order_by(head_table.c.size.desc())):
        signed = _good(row.signed, keys)
        if signed is not None and signed.head.size == row.size:
            return row, signed
    return None, None


def verify(
    session: Database,
    keys: Iterable[str],
    others: Iterable[SignedHead] = (),
    *,
    progress: Progress | None = None,
) -> Result:
    """Verify the whole ledger against every head that is kept, and against others.

    :param keys: the public keys that may have signed.
    :param others: heads that somebody kept elsewhere.
    """
    known, good, bad = set(keys), [], []
    kept = session.execute(sa.select(head_table.c.size, head_table.c.signed)).all()
    for covered, text in [*kept, *((s.head.size, canonical(s.as_dict())) for s in others)]:
        signed = _good(text, known)
        if signed is None or signed.head.size != covered:
            bad.append(covered)
        else:
            good.append(signed)
    verifier = Verifier(good)
    for covered in bad:
        number = session.scalar(sa.select(_entry.id).where(_entry.leaf == covered - 1))
        verifier.problem(Kind.KEY, number or covered)
    _fed(session, 0, verifier, progress, columns=True)
    _check_beside(session, verifier)
    _check_erased(session, verifier)
    return verifier.result()


def _check_beside(session: Database, verifier: Verifier) -> None:
    """Check the values beside the entries against the digests that stand at their places."""
    place = sa.func.string_to_array(sa.func.substr(plain_table.c.path, 2), "/")
    mark = sa.func.array_append(place, salted.MARK)
    query = (
        sa.select(
            plain_table,
            _entry.body.op("#>>")(mark).label("said"),
            sa.case((plain_table.c.path.contains("~"), _entry.text)).label("text"),
        )
        .outerjoin(entry_table, _entry.id == plain_table.c.entry)
        .order_by(plain_table.c.entry)
    )
    options = {"stream_results": True, "yield_per": _ROWS}
    for row in session.connection().execute(query, execution_options=options):
        try:
            made = salted.digest(row.salt, row.value)
            said = row.said if row.text is None else salted.said_at(json.loads(row.text), row.path)
        except (ValueError, RecursionError):
            made, said = "", None
        if said != made:
            verifier.problem(Kind.BESIDE, row.entry)


def _check_erased(session: Database, verifier: Verifier) -> None:
    """Name the entries beside which a value is gone that no later entry says was forgotten."""
    opening = '{"salted":"'
    without = sa.func.replace(_entry.text, opening, "")
    there = sa.func.count(plain_table.c.path)
    query = (
        sa.select(_entry.id, _entry.body, sa.func.array_agg(plain_table.c.path).label("paths"))
        .outerjoin(plain_table, plain_table.c.entry == _entry.id)
        .group_by(_entry.id)
        .having((sa.func.length(_entry.text) - sa.func.length(without)) != there * len(opening))
        .order_by(_entry.id)
    )
    options = {"stream_results": True, "yield_per": _ROWS}
    rows = None
    for row in session.connection().execute(query, execution_options=options):
        rows = _forgotten(session) if rows is None else rows
        people, numbers = rows
        gone = [d for d in salted.digests(row.body) if d[0] not in set(row.paths)]
        if any(
            numbers.get(row.id, 0) < row.id and people.get(person or "", 0) < row.id
            for _path, person in gone
        ):
            verifier.problem(Kind.ERASED, row.id)


def _forgotten(session: Database) -> tuple[dict[str, int], dict[int, int]]:
    """Return whom and which entries were forgotten, each with the last entry that says so."""
    query = sa.select(_entry.id, _entry.body).where(_entry.event == FORGET).order_by(_entry.id)
    found = session.execute(query).all()
    beside = reading.values_of(session, [row.id for row in found])
    people: dict[str, int] = {}
    numbers: dict[int, int] = {}
    for row in found:
        detail = salted.restored(row.body, beside.get(row.id, {})).get("detail") or {}
        if isinstance(detail.get("person"), str):
            people[detail["person"]] = row.id
        if isinstance(detail.get("entry"), int):
            numbers[detail["entry"]] = row.id
    return people, numbers


def verify_recent(session: Database, limit: int) -> tuple[Result, SignedHead | None]:
    """Verify what came since the last head, at most ``limit`` entries; return that head as well."""
    signed = last_head(session)
    verifier = Verifier(tree=False)
    first = 0
    if signed is not None:
        verifier.resume(signed.head, merkle.Frontier())
        first = signed.head.size
    lines = _lines(session, first, verifier, columns=True)
    verifier.feed(line for line, _ in zip(lines, range(limit), strict=False))
    return verifier.result(), signed


def tree(session: Database) -> merkle.Tree:
    """Return the tree over the entries; subtrees that were kept with heads are not computed."""

    def leaves(first: int, count: int) -> Sequence[bytes]:
        query = (
            sa.select(_entry.hash)
            .where(_entry.leaf >= first, _entry.leaf < first + count)
            .order_by(_entry.leaf)
        )
        found = [merkle.leaf(text) for text in session.scalars(query)]
        if len(found) != count:
            raise ValueError("entries are missing")
        return found

    def kept(level: int, first: int, count: int) -> Sequence[bytes]:
        node = node_table.c
        query = (
            sa.select(node.hash)
            .where(node.level == level, node.position >= first, node.position < first + count)
            .order_by(node.position)
        )
        return [bytes.fromhex(text) for text in session.scalars(query)]

    return merkle.Tree(size(session), leaves, kept)


def export(
    session: Database, signed: SignedHead, write: Callable[[bytes], Any], progress: Progress | None
) -> Result:
    """Write the entries that a head covers, one a line, and the head as the last line.

    The caller must have verified them or check the result: what is written is what is verified.
    """
    verifier = Verifier([signed])
    done = 0

    def lines() -> Iterator[bytes]:
        nonlocal done
        for line in _lines(session, 0, verifier, columns=False):
            if done == signed.head.size:
                return
            write(line)
            done += 1
            if progress is not None and done % 100_000 == 0:
                progress(done)
            yield line

    verifier.feed(lines())
    result = verifier.result()
    write(signed.line().encode("utf-8"))
    return result
