"""Our portal and plain CKAN side by side, with the same datasets: what other benchmarks measure.

Both sites run the same core, the same third-party plugins and a schema with the same fields,
each with one gunicorn worker, and hold the same datasets; in ours every one is decided as open.
Ours is served twice: as it is (``kept``), and with no page kept (``anew``), so that the cost of
making a page is seen beside what its second reader waits for.

``filling`` writes the datasets.

Makes two databases beside the one of the configuration and drops them afterwards; in Solr both
use sites of their own and empty them.

With ``--before FOLDER`` (or ``SATUDATA_BEFORE``) the portal of another checkout is served beside
them, with no page kept and with its own pages kept, on its own services (its ``bin/serve
--background`` has been run): the report then tells ours to before as well.
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
from collections.abc import Iterable, Iterator
from configparser import ConfigParser
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
import requests
import sqlalchemy as sa
import yaml

ROOT = Path(__file__).resolve().parents[2]
SITES = {"ours": "satudata_access_ours", "plain": "satudata_access_plain"}
SERVED = {"plain": "plain", "anew": "ours", "kept": "ours"}
EARLIER = {"anew before": "ours", "kept before": "ours"}
NO_PAGES_KEPT = "ckanext.satudata_pontianak.page_cache_mb = 0"
# Each checkout knows its own way to write: the name of its script, from its root.
FILLING = "benchmarks/lib/filling.py"
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


class Checkout(NamedTuple):
    """A checkout whose services run: the root of the code, and who may make databases there."""

    root: Path
    ini: Path
    admin: str

    @property
    def programs(self) -> Path:
        """Return where its ckan, python and gunicorn are."""
        own = self.root / ".run" / "venv" / "bin"
        return own if self.root != ROOT else Path(sys.executable).parent

    def run(self, program: str, *words: str, **more: Any) -> None:
        """Run one of its programs to its end, in its own folder: code is looked for there."""
        command = [str(self.programs / program), *words]
        subprocess.run(command, cwd=self.root, check=True, **more)


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def served(ini: Path, port: int, of: Checkout) -> Iterator[str]:
    """Serve a site of a checkout with one gunicorn worker; give its address."""
    gunicorn = str(of.programs / "gunicorn")
    (ini.parent / "portal_app.py").write_text(WSGI)
    command = [gunicorn, "--chdir", str(ini.parent), "-b", f"127.0.0.1:{port}"]
    environment = {**os.environ, "CKAN_INI": str(ini)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": (ini.parent / f"{ini.stem}.log").open("w")}
    worker = [*command, "-w", "1", "--timeout", "120", "portal_app:application"]
    with subprocess.Popen(worker, env=environment, cwd=of.root, **quiet) as process:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 180
        while True:
            try:
                requests.get(f"{address}/api/3/action/status_show", timeout=20)
                break
            except requests.RequestException:
                if time.monotonic() > until or process.poll() is not None:
                    print((ini.parent / f"{ini.stem}.log").read_text()[-3000:], file=sys.stderr)
                    raise
                time.sleep(0.5)
        try:
            yield address
        finally:
            process.terminate()


def options(text: str, *, datasets: int, rounds: int, more: Iterable[str] = ()) -> Namespace:
    """Read the words of a benchmark; ``more``: numbers that this one asks for as well."""
    words = ArgumentParser(description=text)
    words.add_argument("--ini", type=Path, default=os.environ.get("CKAN_INI"))
    words.add_argument("--datasets", type=int, default=datasets)
    words.add_argument("--agencies", type=int, default=30)
    words.add_argument("--rounds", type=int, default=rounds)
    words.add_argument("--before", type=Path, default=os.environ.get("SATUDATA_BEFORE"))
    for name in more:
        words.add_argument(f"--{name}", type=int)
    given = words.parse_args()
    if given.ini is None:
        words.error("say which configuration: --ini")
    return given


def administrator() -> str:
    """Return the address with which databases are made."""
    found = os.environ.get("SATUDATA_ADMIN_URL")
    return found or (Path(os.environ["SATUDATA_RUN_DIR"]) / "admin-url").read_text().strip()


def earlier(root: Path) -> Checkout:
    """Return the checkout that ours is compared with."""
    run = root / ".run"
    where = run / "admin-url"
    return Checkout(root.absolute(), run.absolute() / "ckan.ini", where.read_text().strip())


@contextmanager
def sites(given: Namespace) -> Iterator[dict[str, str]]:
    """Make the sites, serve them, give name → address, and take everything away again."""
    ours = Checkout(ROOT, Path(given.ini).absolute(), administrator())
    with ExitStack() as stack:
        addresses = stack.enter_context(_made(ours, SERVED, given))
        if given.before:
            more = stack.enter_context(_made(earlier(Path(given.before)), EARLIER, given))
            addresses = {**addresses, **more}
        yield addresses


@contextmanager
def _made(
    checkout: Checkout, served_as: dict[str, str], given: Namespace
) -> Iterator[dict[str, str]]:
    """Make the databases that the served sites need, fill them, serve the sites."""
    server = psycopg2.connect(checkout.admin)
    server.autocommit = True
    databases = {of: SITES[of] for of in served_as.values()}
    with tempfile.TemporaryDirectory() as name, server.cursor() as maker, ExitStack() as stack:
        folder = Path(name)
        inis = {n: folder / f"{n.replace(' ', '_')}.ini" for n in served_as}
        # For benchmarks that need more of a site than its address.
        given.inis = {**getattr(given, "inis", {}), **inis}
        ports = {n: free_port() for n in served_as}
        url, plugins = configured(checkout)
        try:
            for database in databases.values():
                maker.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
                maker.execute(f'CREATE DATABASE {database} OWNER "{url.username}"')
            for which, of in served_as.items():
                more = NO_PAGES_KEPT if which.startswith("anew") else ""
                if of == "plain":
                    more = _plain(plugins, folder)
                mine = url.set(database=SITES[of]).render_as_string(hide_password=False)
                inis[which].write_text(
                    INI.format(
                        base=checkout.ini, site=SITES[of], port=ports[which], url=mine,
                        storage=folder / of, more=more,
                    )
                )  # fmt: skip
            for of in databases:
                first = next(n for n, used in served_as.items() if used == of)
                _prepare(inis[first], of, checkout, given)
            yield {n: stack.enter_context(served(inis[n], ports[n], checkout)) for n in served_as}
        finally:
            stack.close()
            for of, database in databases.items():
                first = next(n for n, used in served_as.items() if used == of)
                checkout.run(
                    "python", FILLING, str(inis[first]), of, "0", "0", stderr=subprocess.DEVNULL
                )
                maker.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    server.close()


def configured(checkout: Checkout) -> tuple[sa.URL, str]:
    """Read the address of the database and the plugins out of a configuration."""
    words = ConfigParser(interpolation=None)
    words.read(checkout.ini)
    return sa.make_url(words["app:main"]["sqlalchemy.url"]), words["app:main"]["ckan.plugins"]


def _plain(plugins: str, folder: Path) -> str:
    """Return the lines that make plain CKAN of our configuration; one plugin needs the other."""
    ours = {"satudata_pontianak", "satudata_datastore"}
    kept = " ".join(p for p in plugins.split() if p not in ours)
    return (
        f"ckan.plugins = {kept}\n"
        f"scheming.dataset_schemas = file:{plain_schema(folder)}\n"
        "scheming.organization_schemas =\nscheming.presets = ckanext.scheming:presets.json"
    )


def _prepare(ini: Path, of: str, checkout: Checkout, given: Namespace) -> None:
    environment = {
        **os.environ, "SATUDATA_ADMIN_URL": checkout.admin.rsplit("/", 1)[0] + "/" + SITES[of],
    }  # fmt: skip
    steps = [["db", "init"], ["db", "upgrade"]] + ([["satudata", "init"]] if of == "ours" else [])
    for words in steps:
        checkout.run("ckan", "-c", str(ini), *words, env=environment, stdout=subprocess.DEVNULL)
    begun = time.monotonic()
    amounts = (str(given.datasets), str(given.agencies))
    checkout.run("python", FILLING, str(ini), of, *amounts, env=environment)
    print(f"{of} of {checkout.root.name}: filled in {time.monotonic() - begun:.0f} s", flush=True)


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
    compared = [("anew", "plain"), ("kept", "plain")]
    compared += [(n.split()[0], n) for n in addresses if n.endswith("before")]
    heads = [f"{one} to {other} | 95 %" for one, other in compared]
    yield f"| | n | {' | '.join([*addresses, *heads])} |"
    yield "|" + "---|" * (2 + len(addresses) + 2 * len(heads))
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
        told = [what, str(rounds)]
        told += [f"{statistics.median(times[which]):.1f} ms" for which in addresses]
        for one, other in compared:
            middle, low, high = ratio(times[one], times[other])
            told += [f"{middle:.2f}", f"{low:.2f}–{high:.2f}"]
        yield f"| {' | '.join(told)} |"


def report(lines: Iterator[str]) -> None:
    """Print the lines as they come, and the load of the machine."""
    for line in lines:
        print(line, flush=True)
    print("load:", " ".join(f"{part:.1f}" for part in os.getloadavg()), flush=True)
