"""What a run of the clock costs for information security, with 10,000 datasets.

Usage: ``bin/bench clock``, or ``python benchmarks/clock.py --ini CKAN.INI [--datasets 10000]`` with
``SATUDATA_ADMIN_URL`` set. Makes a database of its own beside the one of the configuration and
drops it afterwards; in Solr it uses a site of its own and empties it.

Every part of a run and every page of registers is tried three times: *first* on a site without a
line, *again* with nothing to do, *changed* after one dataset in a hundred was renamed to another
agency. Told are seconds, statements, and how many ``package_show`` of plain datasets take as long.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path.pop(0)
sys.path.insert(0, str(Path(__file__).resolve().parent / "lib"))

import filling
import psycopg2
import side_by_side
import sqlalchemy as sa

SITE = "satudata_clock"
CKAN = str(Path(sys.executable).parent / "ckan")
READER = "pengelola"


def timed(work: Callable[[], Any]) -> tuple[float, int]:
    """Return the seconds that some work takes, and its statements."""
    from ckan import model

    counted = 0

    def count(*_: Any) -> None:
        nonlocal counted
        counted += 1

    model.Session.remove()
    sa.event.listen(model.meta.engine, "before_cursor_execute", count)
    began = time.perf_counter()
    try:
        work()
    finally:
        sa.event.remove(model.meta.engine, "before_cursor_execute", count)
    return time.perf_counter() - began, counted


def works(reader: str) -> dict[str, Callable[[], Any]]:
    """Return what is tried: the parts of a run by name, then what a reader asks for."""
    from ckan.plugins import toolkit as tk

    from ckanext.satudata_pontianak.portal.smki.probes import probes
    from ckanext.satudata_pontianak.smki import clock
    from ckanext.satudata_pontianak.smki.rules.registers import registers

    def asked(action: str, **params: Any) -> Callable[[], Any]:
        return lambda: tk.get_action(action)({"user": reader}, params)

    found: dict[str, Callable[[], Any]] = {
        name: (lambda part=part: list(part())) for name, part in clock.parts(probes).items()
    }
    for name in ("satudata_smki_board", "satudata_smki_register_list"):
        found[name] = asked(name)
    for name in registers().registers:
        found[f"page of {name}"] = asked("satudata_smki_entry_list", register=name, limit=50)
    return found


def change() -> None:
    """Give one dataset in a hundred to another agency."""
    from ckan import model

    model.Session.execute(
        sa.text(
            "UPDATE package p SET owner_org = (SELECT id FROM \"group\" WHERE type = 'organization'"
            " AND id <> p.owner_org ORDER BY id LIMIT 1) WHERE right(name, 2) = '07'"
        )
    )
    model.Session.commit()


def keeper() -> str:
    """Make who reads all registers: a sysadmin would see no more than their duties show."""
    from ckan import model
    from ckan.plugins import toolkit as tk

    context: Any = {
        "ignore_auth": True,
        "user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"],
    }
    person = {"name": READER, "email": "pengelola@contoh.example", "password": str(uuid.uuid4())}
    made = tk.get_action("user_create")(dict(context), person)
    office = {
        "name": "diskominfo", "title": "Diskominfo", "nomor_sk": "SK/1/2026",
        "sdi_role": ["walidata", "produsen_data"],
        "users": [{"name": READER, "capacity": "admin"}],
    }  # fmt: skip
    tk.get_action("organization_create")(dict(context), office)
    model.Session.commit()
    return made["name"]


def measure(datasets: int, agencies: int) -> Iterator[str]:
    """Fill the site, try everything, give the lines of the report."""
    from ckan.plugins import toolkit as tk

    began = time.perf_counter()
    filling.fill("ours", datasets, agencies)
    yield f"{datasets} datasets filled in in {time.perf_counter() - began:.0f} s"
    reader = keeper()
    show: Any = tk.get_action("package_show")
    names = [filling.name_of(i) for i in range(1, min(datasets, 60))]
    shows = [timed(lambda name=name: show({"user": reader}, {"id": name})) for name in names]
    one = statistics.median(took for took, _ in shows)
    yield f"one package_show: {1000 * one:.1f} ms"
    tried = works(reader)
    rows: dict[str, list[str]] = {name: [] for name in tried}
    for turn in ("first", "again", "changed"):
        if turn == "changed":
            change()
        for name, work in tried.items():
            took, statements = timed(work)
            rows[name].append(f"{took:.2f} s, {statements} statements, {took / one:.0f} shows")
    yield "| | first | again | one in a hundred changed |"
    yield "|---|---|---|---|"
    for name, said in rows.items():
        yield f"| {name} | {' | '.join(said)} |"
    yield f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"


def run(ini: Path, datasets: int, agencies: int) -> None:
    """Measure on the site of a configuration; runs in a process of its own."""
    os.environ["CKAN_INI"] = str(ini)
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from ckan.lib import search

    application: Any = make_app(load_config(str(ini)))
    try:
        with application._wsgi_app.test_request_context():
            side_by_side.report(measure(datasets, agencies))
    finally:
        search.clear_all()


def main() -> None:
    """Make the database, measure in it, drop it."""
    given = side_by_side.options(__doc__ or "", datasets=10000, rounds=1)
    admin = side_by_side.administrator()
    url, _ = side_by_side.configured(side_by_side.Checkout(side_by_side.ROOT, given.ini, admin))
    mine = url.set(database=SITE).render_as_string(hide_password=False)
    server = psycopg2.connect(admin)
    server.autocommit = True
    with tempfile.TemporaryDirectory() as folder, server.cursor() as maker:
        ini, base = Path(folder) / "ckan.ini", Path(given.ini).absolute()
        ini.write_text(
            side_by_side.INI.format(
                base=base, site=SITE, port=side_by_side.free_port(), url=mine,
                storage=Path(folder) / "storage", more="",
            )
        )  # fmt: skip
        environment = {**os.environ, "SATUDATA_ADMIN_URL": f"{admin.rsplit('/', 1)[0]}/{SITE}"}
        try:
            maker.execute(f"DROP DATABASE IF EXISTS {SITE} WITH (FORCE)")
            maker.execute(f'CREATE DATABASE {SITE} OWNER "{url.username}"')
            for words in (["db", "init"], ["db", "upgrade"], ["satudata", "init"]):
                command = [CKAN, "-c", str(ini), *words]
                subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
            run(ini, given.datasets, given.agencies)
        finally:
            maker.execute(f"DROP DATABASE IF EXISTS {SITE} WITH (FORCE)")
    server.close()


if __name__ == "__main__":
    main()
