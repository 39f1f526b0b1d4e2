"""How long a round of the pulse takes, and how much of a core 500 apps every five minutes need.

    bin/bench pulse
    SATUDATA_PULSE_APPS="26 20" bin/bench pulse    fewer of both

Seventy apps with the faults of ``tests/apps_of_the_city.py``, each under its own name and address,
are looked at twice; then 500 that answer, over TLS. What is kept of a look is written into the
database, a transaction for each app. The apps run in a process of their own, so that the time of
the processor is that of the worker alone. Rows are made for this and taken away again.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path[0] = str(ROOT / "tests")

import sqlalchemy as sa  # noqa: E402

import ckan.plugins.toolkit as tk  # noqa: E402
from ckan import model  # noqa: E402

PREFIX = "ckanext.satudata_pontianak.pulse_"
FAILING, GOOD = map(int, os.environ.get("SATUDATA_PULSE_APPS", "70 500").split())
FIVE = dt.timedelta(minutes=5)


def serve(count: int, *, faults: bool) -> None:
    """Stand as so many apps until the input ends; say what was made, as JSON."""
    from apps_of_the_city import Apps

    apps = Apps()
    if faults:
        apps.fill(count)
    while len(apps.apps) < count:
        apps.add("good", tls="good")
    print(
        json.dumps(
            {
                "port": apps.names.port,
                "trusted": str(apps.trusted),
                "webs": [
                    [a.web, a.more.get("feed"), bool(a.more.get("consent"))] for a in apps.apps
                ],
            }
        ),
        flush=True,
    )
    sys.stdin.read()
    apps.close()


@contextmanager
def made(count: int, *, faults: bool) -> Iterator[list[Any]]:
    """Give so many apps that answer, and the settings by which they are found."""
    asked = [sys.executable, __file__, "serve", str(count), "faults" if faults else "good"]
    child = subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    try:
        told = json.loads(child.stdout.readline())  # type: ignore[union-attr]
        tk.config[PREFIX + "test_range"] = "127.70.0.0/16"
        tk.config[PREFIX + "resolver"] = f"127.0.0.1:{told['port']}"
        tk.config[PREFIX + "authorities"] = told["trusted"]
        yield told["webs"]
    finally:
        child.stdin.close()  # type: ignore[union-attr]
        child.wait()


def measure(name: str, count: int, *, faults: bool) -> None:
    """Look at so many apps twice and say what it took."""
    from ckanext.satudata_pontianak.jepin.pulse import rounds
    from ckanext.satudata_pontianak.jepin.records.pulse_model import TABLES, PulseTarget

    with made(count, faults=faults) as webs:
        ids = [str(uuid.uuid4()) for _ in webs]
        for id_, (web, feed, robot) in zip(ids, webs, strict=True):
            model.Session.add(model.Package(id=id_, name=f"ukur-{id_}", type="layanan"))
            model.Session.add(PulseTarget(package_id=id_, web=web, feed=feed, robot=robot))
        model.Session.commit()
        try:
            at = dt.datetime.now(dt.UTC)
            for number in (1, 2):
                begun, processor = time.monotonic(), time.process_time()
                ran = rounds.run(at + number * FIVE)
                took, used = time.monotonic() - begun, time.process_time() - processor
                share = 100 * used / FIVE.total_seconds()
                print(
                    f"{name}, round {number}: {ran.looked} apps, {ran.failed} fail, "
                    f"{took:.1f} s, {used:.1f} s of processor ({share:.1f} % of a core)"
                )
        finally:
            model.Session.rollback()
            for table in TABLES:
                model.Session.execute(sa.delete(table).where(table.package_id.in_(ids)))
            model.Session.execute(sa.delete(model.Package).where(model.Package.id.in_(ids)))
            model.Session.commit()


def main() -> None:
    """Measure both."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    application: Any = make_app(load_config(os.environ["CKAN_INI"]))
    with application._wsgi_app.test_request_context():
        measure("apps with faults", FAILING, faults=True)
        measure("apps that answer", GOOD, faults=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]), faults=sys.argv[3] == "faults")
    else:
        main()
