"""The ledger: verifying a million entries, what an entry costs a transaction, eight writers.

Usage: ``bin/bench ledger``, or ``python benchmarks/ledger.py [--entries 1000000]`` with
``SATUDATA_ADMIN_URL`` set. Makes a database of its own and drops it afterwards; the export with
the entries is a temporary file (0.7 GB for a million).
"""

from __future__ import annotations

import sys

# Beside this file, "import queue" would find benchmarks/queue.py instead of Python's own module.
sys.path.pop(0)

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ckanext.satudata_pontianak.ledger import heads, install, merkle, proving
from ckanext.satudata_pontianak.ledger.chain import GENESIS, seal
from ckanext.satudata_pontianak.ledger.exported import verify_file
from ckanext.satudata_pontianak.ledger.heads import Head, SignedHead, Signer
from ckanext.satudata_pontianak.ledger.service import append, draft
from ckanext.satudata_pontianak.ledger.verify import verify

DATABASE = "satudata_ledger_bench"
WRITERS = 8
SECONDS = 10
AT = "2026-11-24T08:00:00+07:00"


def said() -> dict:
    """Return what a step of a case records."""
    return {
        "event": "case.approve",
        "actor_id": str(uuid.uuid4()),
        "actor_name": "walidata",
        "dataset_id": str(uuid.uuid4()),
        "case_id": str(uuid.uuid4()),
        "duty": "walidata",
        "before": {"state": "verification", "proposal": {"tingkat_keamanan": "biasa"}},
        "after": {"state": "decided", "proposal": {"tingkat_keamanan": "biasa"}},
        "detail": {"fields": {"catatan": "Sudah sesuai"}, "evidence": "a" * 64},
        "address": "192.0.2.10",
    }


def write_export(path: Path, count: int, signer: Signer) -> SignedHead:
    """Write an export of so many entries."""
    body, prev, front = draft(**said()).body, GENESIS, merkle.Frontier()
    with path.open("w", encoding="utf-8") as target:
        for number in range(1, count + 1):
            row = seal(body, number, prev)
            prev = row.hash
            front.add(merkle.leaf(prev))
            target.write(row.line())
        signed = signer.sign(Head("bench", count, count, prev, front.root(), AT))
        target.write(signed.line())
    return signed


def entries_of(path: Path) -> Iterator[bytes]:
    """Give the lines of an export without its head."""
    with path.open("rb") as source:
        for line in source:
            if not line.startswith(b"head"):
                yield line


def told(what: str, seconds: float, count: int) -> None:
    """Print a measurement."""
    each = seconds / count * 1e6
    print(f"| {what} | {seconds:.1f} s | {each:.2f} µs |", flush=True)


def verifying(count: int, folder: Path) -> None:
    """Measure what verifying an export takes, in processor time of one core."""
    signer = Signer.make(folder / "key.pem")
    path = folder / "ledger.txt"
    started = time.process_time()
    signed = write_export(path, count, signer)
    told("writing the export", time.process_time() - started, count)
    started = time.process_time()
    result = verify(entries_of(path), [signed], tree=False)
    told("chain, every text hashed", time.process_time() - started, count)
    assert result.ok
    assert result.covered == count
    started = time.process_time()
    *_, (_head, last) = verify_file(path)
    told("chain, tree and head (`satudata ledger verify`)", time.process_time() - started, count)
    assert not isinstance(last, int)
    assert last.ok
    heads.read(signed.as_dict()).check()
    size = path.stat().st_size / count
    print(f"\n{size:.0f} bytes an entry.\n")


def writer(url: str, until: float, counts: multiprocessing.Queue) -> None:
    """Append one entry a transaction until the time is over."""
    engine = sa.create_engine(url)
    done = 0
    with Session(engine) as session:
        while time.time() < until:
            append(session, **said())
            session.commit()
            done += 1
    counts.put(done)


def transactions(session: Session, *, recorded: bool) -> list[float]:
    """Return how long transactions with one row take, with and without an entry."""
    taken = []
    for turn in range(500):
        session.execute(sa.text("INSERT INTO something VALUES (:n)"), {"n": turn})
        started = time.perf_counter()
        if recorded:
            append(session, **said())
        session.commit()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def writing(admin: sa.URL) -> None:
    """Measure appends in a database of its own."""
    server = sa.create_engine(admin, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {DATABASE}"))
        connection.execute(sa.text(f"CREATE DATABASE {DATABASE}"))
    url = admin.set(database=DATABASE).render_as_string(hide_password=False)
    engine = sa.create_engine(url)
    try:
        install.install(url, admin.username or "postgres")
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE something (n integer)"))
            settings = connection.execute(sa.text("SHOW fsync")).scalar()
        with Session(engine) as session:
            transactions(session, recorded=True)
            plain = statistics.median(transactions(session, recorded=False))
            with_entry = statistics.median(transactions(session, recorded=True))
        print(f"A commit without an entry {plain:.2f} ms, with one {with_entry:.2f} ms (fsync")
        print(f"{settings}): an entry costs a transaction {with_entry - plain:.2f} ms.\n")
        counts: multiprocessing.Queue = multiprocessing.Queue()
        started = time.time()
        for number in (1, WRITERS):
            until = time.time() + SECONDS
            started = time.time()
            writers = [
                multiprocessing.Process(target=writer, args=(url, until, counts))
                for _ in range(number)
            ]
            for process in writers:
                process.start()
            done = sum(counts.get() for _ in writers)
            for process in writers:
                process.join()
            print(f"{number} writers: {done / (time.time() - started):.0f} appends a second.")
        with Session(engine) as session:
            signer = Signer.make(Path(tempfile.mkdtemp()) / "key.pem")
            started = time.perf_counter()
            signed = proving.make_head(session, signer, "bench")
            session.commit()
            assert signed is not None
            count = signed.head.size
            seconds = time.perf_counter() - started
            print(f"A head over {count} new entries, verified and signed: {seconds:.1f} s.")
            started = time.perf_counter()
            tree = proving.tree(session)
            for place in range(0, count, max(1, count // 50)):
                merkle.inclusion(tree, place, count)
            print(f"An inclusion proof: {(time.perf_counter() - started) / 50 * 1000:.1f} ms.")
            assert proving.verify(session, {signer.key}).ok
    finally:
        engine.dispose()
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))
        server.dispose()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    asked = parser.parse_args()
    print(f"{asked.entries} entries\n\n| | processor time | an entry |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        verifying(asked.entries, Path(folder))
    writing(sa.make_url(os.environ["SATUDATA_ADMIN_URL"]))


if __name__ == "__main__":
    main()
