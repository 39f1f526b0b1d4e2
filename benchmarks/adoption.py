"""Time and memory of taking over a portal with ``ckan satudata adopt``, killed twice on its way.

Usage: ``python benchmarks/adoption.py --ini TEST.INI [--datasets 2000] [--rows 500]``, with
``SATUDATA_ADMIN_URL`` set as ``bin/test --up`` writes it. Makes a database of its own beside the
one of the tests and drops it afterwards. Every dataset has one table as a file in CKAN's own
storage; one in ten is a link, one in twenty private, one in fifty holds made-up NIK.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import psycopg2

DATABASE = "satudata_adoption"
CKAN = str(Path(sys.executable).parent / "ckan")
INI = """[app:main]
use = config:{base}
sqlalchemy.url = {url}
ckan.storage_path = {storage}
ckanext.satudata_pontianak.governed_types =
"""
INSERT_PACKAGE = """INSERT INTO package
    (id, name, title, type, state, owner_org, private, metadata_created, metadata_modified, extras)
    VALUES (%s, %s, %s, 'dataset', 'active', %s, %s, now(), now(), '{}')"""
INSERT_RESOURCE = """INSERT INTO resource
    (id, package_id, url, url_type, name, format, position, state, created, last_modified)
    VALUES (%s, %s, %s, %s, 'Data', 'CSV', 0, 'active', now(), now())"""

TWICE = """SELECT count(*) FROM (SELECT package_id FROM satudata_case GROUP BY 1
    HAVING count(*) > 1) AS twice"""
UNSCANNED = """SELECT count(*) FROM satudata_version v
    LEFT JOIN satudata_scan s ON s.version_id = v.id WHERE s.id IS NULL"""


def table(r: random.Random, rows: int, with_nik: bool) -> bytes:
    lines = ["kecamatan,penduduk,luas,nik" if with_nik else "kecamatan,penduduk,luas"]
    for _ in range(rows):
        line = f"Kecamatan {r.randint(1, 6)},{r.randint(1, 10**6)},{r.random():.4f}"
        if with_nik:
            line += f",617101{r.randint(1, 28):02}{r.randint(1, 12):02}90{r.randint(1, 9999):04}"
        lines.append(line)
    return "\n".join(lines).encode()


def generate(database: psycopg2.extensions.cursor, storage: Path, number: int, rows: int) -> None:
    r = random.Random(20261124)
    for i in range(number):
        package, resource = str(uuid.UUID(int=r.getrandbits(128))), str(uuid.uuid4())
        link = i % 10 == 9
        database.execute(
            INSERT_PACKAGE,
            (package, f"dataset-{i:05}", f"Dataset {i}", "agency", i % 20 == 19),
        )
        url = f"https://contoh.id/{i}.csv" if link else f"data-{i}.csv"
        database.execute(INSERT_RESOURCE, (resource, package, url, "" if link else "upload"))
        if not link:
            path = storage / "resources" / resource[:3] / resource[3:6] / resource[6:]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(table(r, rows, i % 50 == 25))


def adopt(ini: Path, kill_after: float | None) -> tuple[float, int, bytes]:
    """Run the command; return seconds, peak memory in MB of it, and what it printed."""
    start = time.perf_counter()
    command = [CKAN, "-c", str(ini), "satudata", "adopt", "--user", "operator", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        if kill_after is not None:
            try:
                child.wait(kill_after)
            except subprocess.TimeoutExpired:
                os.kill(child.pid, signal.SIGKILL)
        printed = child.stdout.read() if child.stdout else b""
        _, _, usage = os.wait4(child.pid, 0) if child.returncode is None else (0, 0, None)
    return time.perf_counter() - start, usage.ru_maxrss // 1024 if usage else 0, printed


def count(database: psycopg2.extensions.cursor, query: str) -> int:
    database.execute(query)
    return database.fetchone()[0]  # type: ignore[index]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ini", type=Path, required=True)
    options.add_argument("--datasets", type=int, default=2000)
    options.add_argument("--rows", type=int, default=500)
    options.add_argument("--kill-after", type=float, nargs=2, default=(30, 30))
    given = options.parse_args()
    admin = os.environ["SATUDATA_ADMIN_URL"]
    ours = admin.rsplit("/", 1)[0] + "/" + DATABASE
    place = ours.rsplit("@", 1)[1]
    server = psycopg2.connect(admin)
    server.autocommit = True
    with tempfile.TemporaryDirectory() as folder, server.cursor() as maker:
        maker.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        maker.execute(f"CREATE DATABASE {DATABASE} OWNER satudata")
        ini, storage = Path(folder) / "ckan.ini", Path(folder) / "storage"
        url = f"postgresql://satudata:satudata@{place}"
        ini.write_text(INI.format(base=given.ini.absolute(), url=url, storage=storage))
        environment = {**os.environ, "SATUDATA_ADMIN_URL": ours}
        for words in (
            ["db", "init"],
            ["satudata", "init"],
            ["user", "add", "operator", "email=operator@contoh.id", "password=not-a-secret-1"],
        ):
            subprocess.run([CKAN, "-c", str(ini), *words], check=True, env=environment,
                           stdout=subprocess.DEVNULL)  # fmt: skip
        with psycopg2.connect(ours) as connection, connection.cursor() as database:
            database.execute(
                'INSERT INTO "group" (id, name, title, type, state, is_organization, created)'
                " VALUES ('agency', 'agency', 'Agency', 'organization', 'active', true, now())"
            )
            start = time.perf_counter()
            generate(database, storage, given.datasets, given.rows)
            connection.commit()
            print(f"generated {given.datasets} in {time.perf_counter() - start:.0f} s", flush=True)
            printed = b""
            for limit in (*given.kill_after, None):
                seconds, memory, printed = adopt(ini, limit)
                connection.rollback()
                done = count(database, "SELECT count(*) FROM satudata_case")
                print(f"after {seconds:.0f} s: {done} cases, peak {memory} MB", flush=True)
            print(json.loads(printed.splitlines()[-1]), flush=True)
            for query in (TWICE, UNSCANNED):
                assert count(database, query) == 0, query
            seconds, memory, printed = adopt(ini, None)
            left = json.loads(printed.splitlines()[-1])["total"]
            print(f"once more: {seconds:.0f} s, {left} to do", flush=True)
        maker.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    server.close()


if __name__ == "__main__":
    main()
