"""Our portal and plain CKAN side by side, with the same datasets: what other benchmarks measure.

Both sites run the same core, the same third-party plugins and a schema with the same fields,
each with one gunicorn worker, and hold the same datasets; in ours every one is decided as open.
Ours is served twice: as it is (``kept``), and with no page kept (``anew``), so that the cost of
making a page is seen beside what its second reader waits for.

``filling`` writes the datasets.

Makes two databases beside the one of the configuration and drops them afterwards; in Solr both
use sites of their own and empty them.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg2
import requests
import sqlalchemy as sa
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILLING = str(Path(__file__).with_name("filling.py"))
CKAN = str(Path(sys.executable).parent / "ckan")
SITES = {"ours": "satudata_access_ours", "plain": "satudata_access_plain"}
SERVED = {"plain": "plain", "anew": "ours", "kept": "ours"}
INI = """[app:main]
use = config:{base}
ckan.site_id = {site}
ckan.site_url = http://127.0.0.1:{port}
sqlalchemy.url = {url}
ckan.storage_path = {storage}
{more}
"""
WSGI = """import os
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
"""


def plain_schema(folder: Path) -> Path:
    """Write a schema with the same fields and core's validators only."""
    source = yaml.safe_load((ROOT / "schemas" / "dataset.yaml").read_text("utf-8"))
    core = {"title", "name", "notes", "owner_org", "license_id", "tag_string"}
    fields = []
    for field in source["dataset_fields"]:
        kept = {"field_name": field["field_name"], "label": field.get("label", "")}
        if field["field_name"] not in core:
            kept["validators"] = "ignore_missing unicode_safe"
        fields.append(kept)
    resource = [
        {"field_name": f["field_name"], "label": f.get("label", "")}
        for f in source["resource_fields"]
    ]
    made = {**source, "dataset_fields": fields, "resource_fields": resource}
    path = folder / "polos.yaml"
    path.write_text(yaml.safe_dump(made))
    return path


# ------------------------------------------------------------------------------ serving


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def served(ini: Path, port: int) -> Iterator[str]:
    """Serve a site with one gunicorn worker; give its address."""
    gunicorn = str(Path(sys.executable).parent / "gunicorn")
    (ini.parent / "portal_app.py").write_text(WSGI)
    command = [gunicorn, "--chdir", str(ini.parent), "-b", f"127.0.0.1:{port}"]
    environment = {**os.environ, "CKAN_INI": str(ini)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    worker = [*command, "-w", "1", "--timeout", "120", "portal_app:application"]
    with subprocess.Popen(worker, env=environment, **quiet) as process:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 180
        while True:
            try:
                requests.get(f"{address}/api/3/action/status_show", timeout=20)
                break
            except requests.RequestException:
                if time.monotonic() > until or process.poll() is not None:
                    raise
                time.sleep(0.5)
        try:
            yield address
        finally:
            process.terminate()


def options(text: str, *, datasets: int, rounds: int) -> Namespace:
    """Read the words of a benchmark."""
    words = ArgumentParser(description=text)
    words.add_argument("--ini", type=Path, default=os.environ.get("CKAN_INI"))
    words.add_argument("--datasets", type=int, default=datasets)
    words.add_argument("--agencies", type=int, default=30)
    words.add_argument("--rounds", type=int, default=rounds)
    given = words.parse_args()
    if given.ini is None:
        words.error("say which configuration: --ini")
    return given


def administrator() -> str:
    """Return the address with which databases are made."""
    found = os.environ.get("SATUDATA_ADMIN_URL")
    return found or (Path(os.environ["SATUDATA_RUN_DIR"]) / "admin-url").read_text().strip()


@contextmanager
def sites(given: Namespace) -> Iterator[dict[str, str]]:
    """Make both sites, serve them, give name → address, and take everything away again."""
    from ckan.cli import load_config

    admin = administrator()
    config = load_config(str(given.ini))
    url, base = sa.make_url(config["sqlalchemy.url"]), Path(given.ini).absolute()
    plugins = [p for p in str(config["ckan.plugins"]).split() if p != "satudata_pontianak"]
    # Our second plugin needs the first one.
    plugins = [p for p in plugins if p != "satudata_datastore"]
    server = psycopg2.connect(admin)
    server.autocommit = True
    inis: dict[str, Path] = {}
    ports: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as name, server.cursor() as maker:
        folder = Path(name)
        more = {
            "plain": f"ckan.plugins = {' '.join(plugins)}\n"
            f"scheming.dataset_schemas = file:{plain_schema(folder)}\n"
            "scheming.organization_schemas =\nscheming.presets = ckanext.scheming:presets.json",
            "anew": "ckanext.satudata_pontianak.page_cache_mb = 0",
            "kept": "",
        }
        try:
            for database in SITES.values():
                maker.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
                maker.execute(f'CREATE DATABASE {database} OWNER "{url.username}"')
            for which, of in SERVED.items():
                inis[which], ports[which] = folder / f"{which}.ini", free_port()
                mine = url.set(database=SITES[of]).render_as_string(hide_password=False)
                inis[which].write_text(
                    INI.format(
                        base=base, site=SITES[of], port=ports[which], url=mine,
                        storage=folder / of, more=more[which],
                    )
                )  # fmt: skip
            for which in ("plain", "kept"):
                _prepare(inis[which], SERVED[which], admin, given)
            with ExitStack() as stack:
                yield {n: stack.enter_context(served(inis[n], ports[n])) for n in SERVED}
        finally:
            for which in ("plain", "kept"):
                own = [sys.executable, FILLING, str(inis[which]), SERVED[which], "0", "0"]
                subprocess.run(own, check=False, stderr=subprocess.DEVNULL)
            for database in SITES.values():
                maker.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    server.close()


def _prepare(ini: Path, of: str, admin: str, given: Namespace) -> None:
    environment = {
        **os.environ, "SATUDATA_ADMIN_URL": admin.rsplit("/", 1)[0] + "/" + SITES[of],
    }  # fmt: skip
    steps = [["db", "init"], ["db", "upgrade"]] + ([["satudata", "init"]] if of == "ours" else [])
    for words in steps:
        command = [CKAN, "-c", str(ini), *words]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    begun = time.monotonic()
    own = [sys.executable, FILLING, str(ini), of, str(given.datasets), str(given.agencies)]
    subprocess.run(own, check=True, env=environment)
    print(f"{of}: filled in {time.monotonic() - begun:.0f} s", flush=True)


# ---------------------------------------------------------------------------- measuring


def ratio(ours: list[float], plain: list[float]) -> tuple[float, float, float]:
    """Return the ratio of the medians with its 95 % interval (bootstrap, 2,000 samples)."""
    r = random.Random(1)
    samples = sorted(
        statistics.median(r.choices(ours, k=len(ours)))
        / statistics.median(r.choices(plain, k=len(plain)))
        for _ in range(2000)
    )
    middle = statistics.median(ours) / statistics.median(plain)
    return middle, samples[50], samples[1949]


def measure(
    addresses: dict[str, str], questions: dict[str, list[str]], rounds: int
) -> Iterator[str]:
    """Ask all by turns, the first by lot; give the lines of the report.

    Args:
        addresses: name → address of each site.
        questions: what is measured → the paths that are asked for, one after another.
        rounds: how often each is asked.
    """
    yield "| | n | plain | anew | ratio | 95 % | kept | ratio | 95 % |"
    yield "|---|---|---|---|---|---|---|---|---|"
    sessions = {name: requests.Session() for name in addresses}
    r = random.Random(2)
    for what, paths in questions.items():
        times: dict[str, list[float]] = {name: [] for name in addresses}
        for turn in range(rounds + 3):
            path = paths[turn % len(paths)]
            for site in r.sample(sorted(addresses), len(addresses)):
                start = time.perf_counter()
                answer = sessions[site].get(addresses[site] + path, timeout=120)
                spent = (time.perf_counter() - start) * 1000
                if answer.status_code != requests.codes.ok or not answer.content:
                    raise SystemExit(f"{site} answered {answer.status_code} to {path}")
                # Nobody comes twice with a session: it would be answered anew.
                sessions[site].cookies.clear()
                if turn >= 3:
                    times[site].append(spent)
        told = f"| {what} | {rounds} | {statistics.median(times['plain']):.1f} ms "
        for which in ("anew", "kept"):
            middle, low, high = ratio(times[which], times["plain"])
            told += f"| {statistics.median(times[which]):.1f} ms | {middle:.2f} "
            told += f"| {low:.2f}–{high:.2f} "
        yield told + "|"


def report(lines: Iterator[str]) -> None:
    """Print the lines as they come, and the load of the machine."""
    for line in lines:
        print(line, flush=True)
    print("load:", " ".join(f"{part:.1f}" for part in os.getloadavg()), flush=True)
