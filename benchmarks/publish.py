"""Datasets a second: ``satudata publish`` to our portal, ``ckanapi load`` into plain CKAN.

Usage: ``bin/bench publish``, or ``python benchmarks/publish.py --ini CKAN.INI [--count 100]
[--processes 3]`` with ``SATUDATA_ADMIN_URL`` set. How both sites are made stands in
``lib/side_by_side.py``; each is served by one gunicorn worker.

Both bring the same files with as many processes, and end in the same: every dataset is indexed,
every file has its table in the DataStore. Ours scans each file, writes the ledger and makes the
tables by its worker, which runs beside; ``satudata publish`` reads every dataset back. Plain CKAN
brings no loader of tables: the rows are sent by ``datastore_create``, as its loaders do. ckanapi
lets no more than 3 processes work on a site that it does not know. Below stand the medians of
single calls: what bounds both.

``... people INI SITE`` is called by the benchmark itself: it makes who publishes.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path.pop(0)
sys.path.insert(0, str(Path(__file__).resolve().parent / "lib"))

import csv
import functools
import http.server
import json
import os
import random
import statistics
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg2
import side_by_side
import sqlalchemy as sa
from filling import FIELDS, THINGS

AGENCY, ROWS, SINGLE = "dinas-00", 200, 10
READY = "SELECT count(*) FROM satudata_version WHERE tabled ->> 'state' = 'ready'"
PUBLISH = "from ckanext.satudata_pontianak.commands import main; main()"


def people(ini: str, which: str) -> None:
    """Make a person who may publish, and print their token."""
    os.environ["CKAN_INI"] = ini
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from ckan.plugins import toolkit as tk

    with make_app(load_config(ini))._wsgi_app.test_request_context():
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

        def act(action: str, **params: Any) -> Any:
            return tk.get_action(action)({"ignore_auth": True, "user": site}, params)

        user = {"name": "penerbit", "email": "penerbit@contoh.example"}
        # Ids of datasets are taken from administrators alone, and ckanapi needs them.
        act("user_create", **user, password="kuda-baterai-jemuran", sysadmin=which == "plain")
        if which == "ours":
            duty = {"role": "editor", "nomor_sk": "SK/1/2026"}
            act("organization_member_create", id=AGENCY, username="penerbit", **duty)
        print("TOKEN", act("api_token_create", user="penerbit", name="benchmark")["token"])


def token(ini: Path, which: str) -> str:
    """Return the token of who publishes on a site."""
    command = [sys.executable, __file__, "people", str(ini), which]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("TOKEN "))


def write(folder: Path, count: int, address: str) -> None:
    """Write the files, and the list of them for both programs."""
    r = random.Random(20261202)
    listed, lines = [], []
    for n in range(count):
        with (folder / f"data-{n}.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["kecamatan", "tahun", "jumlah"])
            rows.writerows(
                ["Pontianak Kota", 2000 + i % 26, r.randint(1, 10**6)] for i in range(ROWS)
            )
        fields = {
            **FIELDS, "title": f"Jumlah {THINGS[n % len(THINGS)]} {n:05}", "notes": "Contoh.",
            "owner_org": AGENCY, "license_id": "cc-by",
            "maintainer_email": "data@contoh.pontianak.go.id", "name": f"{AGENCY}-data-{n:05}",
        }  # fmt: skip
        listed.append({**fields, "berkas": f"data-{n}.csv"})
        file = {
            "id": str(uuid.UUID(int=r.getrandbits(128))), "name": "Data", "format": "CSV",
            "url": f"{address}/data-{n}.csv", "url_type": "upload",
        }  # fmt: skip
        dataset = {**fields, "id": str(uuid.UUID(int=r.getrandbits(128))), "resources": [file]}
        lines.append(json.dumps(dataset) + "\n")
    (folder / "datasets.jsonl").write_text("".join(lines))
    with (folder / "daftar.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(listed[0]))
        table.writeheader()
        table.writerows(listed)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Gives out files and says nothing."""

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@contextmanager
def given_out(folder: Path) -> Iterator[str]:
    """Give out a folder over HTTP: from there ckanapi takes what it uploads."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def worker(ini: Path) -> Iterator[None]:
    """Run the worker of our portal."""
    ckan = str(Path(sys.executable).parent / "ckan")
    command = [ckan, "-c", str(ini), "jobs", "worker", "priority", "default", "bulk"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            yield
        finally:
            running.terminate()


def ours(address: str, ini: Path, key: str, folder: Path, processes: int, count: int) -> float:
    """Bring the list to our portal; return the seconds until all is there."""
    environment = {**os.environ, "SATUDATA_TOKEN": key}
    words = [str(folder / "daftar.csv"), "--url", address, "--workers", str(processes)]
    begun = time.monotonic()
    with worker(ini), psycopg2.connect(_database(ini)) as asked:
        asked.autocommit = True
        command = [sys.executable, "-c", PUBLISH, "publish", *words]
        subprocess.run(command, check=True, env=environment, stderr=subprocess.DEVNULL)
        sent = time.monotonic() - begun
        print(f"ours: all sent and read back after {sent:.1f} s", flush=True)
        with asked.cursor() as cursor:
            while True:
                cursor.execute(READY)
                if (cursor.fetchone() or [0])[0] >= count:
                    return time.monotonic() - begun
                time.sleep(0.2)


def plain(address: str, key: str, folder: Path, processes: int, count: int) -> float:
    """Load the same into plain CKAN; return the seconds until all is there."""
    from ckanapi import RemoteCKAN

    begun = time.monotonic()
    program = str(Path(sys.executable).parent / "ckanapi")
    command = [
        program, "load", "datasets", "-I", str(folder / "datasets.jsonl"), "-r", address,
        "-a", key, "-p", str(processes), "--upload-resources", "-q",
    ]  # fmt: skip
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(command, check=True, env={**os.environ, "PATH": path})
    print(f"plain: all sent after {time.monotonic() - begun:.1f} s", flush=True)
    lines = (folder / "datasets.jsonl").read_text().splitlines()

    def rows(line: str) -> None:
        dataset = json.loads(line)
        with (folder / Path(dataset["resources"][0]["url"]).name).open(newline="") as file:
            records = list(csv.DictReader(file))
        with RemoteCKAN(address, apikey=key) as site:
            given = {
                "resource_id": dataset["resources"][0]["id"],
                "records": records,
                "force": True,
            }
            site.call_action("datastore_create", given)

    with ThreadPoolExecutor(processes) as pool:
        assert len(list(pool.map(rows, lines))) == count
    return time.monotonic() - begun


def clear(given: Any) -> None:
    """Take the tables of both sites out of the DataStore, which they share with others."""
    base = given.ini.read_text().splitlines()
    store = next(line for line in base if line.startswith("ckan.datastore.write_url"))
    names: list[str] = []
    for which, query in (("kept", "SELECT '_satudata_' || id FROM satudata_version"),
                         ("plain", "SELECT id FROM resource")):  # fmt: skip
        with psycopg2.connect(_database(given.inis[which])) as asked, asked.cursor() as cursor:
            cursor.execute(query)
            names += [row[0] for row in cursor.fetchall()]
    with psycopg2.connect(store.partition("=")[2].strip()) as kept, kept.cursor() as cursor:
        for name in names:
            cursor.execute(f'DROP TABLE IF EXISTS "{name}"')


def _database(ini: Path) -> str:
    url = sa.make_url(_option(ini, "sqlalchemy.url")).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _option(ini: Path, name: str) -> str:
    return next(
        line.partition("=")[2].strip()
        for line in ini.read_text().splitlines()
        if line.startswith(name)
    )


def single(address: str, key: str, folder: Path, which: str) -> Iterator[str]:
    """Give the medians of single calls, by one process, one after another."""
    from ckanapi import RemoteCKAN

    times: dict[str, list[float]] = {}

    def timed(what: str, call: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        result = call()
        times.setdefault(what, []).append((time.perf_counter() - begun) * 1000)
        return result

    with RemoteCKAN(address, apikey=key) as site:
        for n in range(SINGLE):
            line = json.loads((folder / "datasets.jsonl").read_text().splitlines()[n])
            fields = {k: v for k, v in line.items() if k not in ("id", "resources")}
            fields["name"] += "-lagi"
            made = timed("package_create", lambda f=fields: site.call_action("package_create", f))
            about = {"package_id": made["id"], "name": "Data", "format": "CSV"}
            content = (folder / f"data-{n}.csv").read_bytes() + b"Pontianak Barat,2026,1\n"
            files = {"upload": (f"data-{n}.csv", content)}
            call = functools.partial(site.call_action, "resource_create", about, files=files)
            timed("resource_create", call)
            timed("package_show", lambda i=made["id"]: site.call_action("package_show", {"id": i}))
    for what, taken in times.items():
        yield f"| {which} | {what} | {statistics.median(taken):.0f} ms |"


def main() -> None:
    """Measure both."""
    given = side_by_side.options(__doc__ or "", datasets=4, rounds=1, more=("count", "processes"))
    given.agencies = min(given.agencies, given.datasets)
    count, processes = given.count or 100, given.processes or 3
    with tempfile.TemporaryDirectory() as name, given_out(Path(name)) as files:
        folder = Path(name)
        write(folder, count, files)
        with side_by_side.sites(given) as addresses:
            of_ours, of_plain = given.inis["kept"], given.inis["plain"]
            keys = {"ours": token(of_ours, "ours"), "plain": token(of_plain, "plain")}
            address = addresses["kept"]
            spent = ours(address, of_ours, keys["ours"], folder, processes, count)
            other = plain(addresses["plain"], keys["plain"], folder, processes, count)
            print("| | datasets | processes | seconds | datasets a second |\n|---|---|---|---|---|")
            for which, seconds in (("satudata publish", spent), ("ckanapi load", other)):
                speed = count / seconds
                print(f"| {which} | {count} | {processes} | {seconds:.1f} | {speed:.2f} |")
            print(f"ratio {other / spent:.2f}")
            print("| site | call | median |\n|---|---|---|")
            side_by_side.report(single(address, keys["ours"], folder, "ours"))
            side_by_side.report(single(addresses["plain"], keys["plain"], folder, "plain"))
            clear(given)


if __name__ == "__main__":
    if sys.argv[1:2] == ["people"]:
        people(*sys.argv[2:4])
    else:
        main()
