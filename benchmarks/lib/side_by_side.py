"""Our portal and plain CKAN side by side, with the same datasets: what other benchmarks measure.

Both sites run the same core, the same third-party plugins and a schema with the same fields,
each with one gunicorn worker, and hold the same datasets; in ours every one is decided as open.
Ours is served twice: as it is (``kept``), and with no page kept (``anew``), so that the cost of
making a page is seen beside what its second reader waits for.

Rows are written as the site itself would have them. CKAN indexes one dataset of each agency; the
documents of the others are copies of it with their own ids, names and titles.

Makes two databases beside the one of the configuration and drops them afterwards; in Solr both
use sites of their own and empty them.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import requests
import sqlalchemy as sa
import yaml

ROOT = Path(__file__).resolve().parents[2]
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
AXES = {"jenis_informasi": "berkala", "tingkat_keamanan": "biasa", "data_pribadi": "tidak_ada"}
FIELDS = {
    "urusan": "2.12",
    "jenis_data": "statistik",
    "konsep": "Penduduk",
    "definisi": "Orang yang tinggal di wilayah kota",
    "klasifikasi_penyajian": "Kecamatan",
    "ukuran": "Jumlah",
    "satuan": "Orang",
    "frekuensi_penerbitan": "bulanan",
    "tahun": "2026",
    "cakupan": "61.71",
    "level_penyajian": "kecamatan",
}
THINGS = "penduduk puskesmas sekolah jalan taman pasar air sampah pajak pelabuhan".split()
LARGE = 10 * 1024**2


def name_of(number: int) -> str:
    """Return the name of a dataset; the first one has a large file."""
    return f"dataset-{number:05}"


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


def content(number: int) -> bytes:
    """Return a file; the first one is large, the others are the same."""
    line = b"Pontianak Kota,2026,145200\n"
    return line * (LARGE // len(line)) if number == 0 else line * 40


# ------------------------------------------------------------------------------ filling


def fill(which: str, number: int, agencies: int) -> None:
    """Write the datasets of one site, as the site itself would have them, and index them."""
    from ckan import model
    from ckan.plugins import toolkit as tk

    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context: Any = {"ignore_auth": True, "user": site}
    more = {"sdi_role": ["produsen_data"], "nomor_sk": "SK/1/2026"} if which == "ours" else {}
    orgs = []
    for i in range(agencies):
        named = {"name": f"dinas-{i:02}", "title": f"Dinas {i:02}"}
        orgs.append(tk.get_action("organization_create")(context, {**named, **more})["id"])
    now = dt.datetime.now(dt.UTC)
    plain_now = now.replace(tzinfo=None)
    r = random.Random(20261124)
    packages, resources, ours = [], [], Ours(now)
    for i in range(number):
        package, resource = (str(uuid.UUID(int=r.getrandbits(128))) for _ in range(2))
        packages.append({
            "id": package, "name": name_of(i), "title": f"{title(i)} {i:05}",
            "notes": f"Data {title(i)} menurut kecamatan.", "type": "dataset", "state": "active",
            "private": False, "owner_org": orgs[i % agencies], "license_id": "cc-by",
            "maintainer_email": "data@contoh.example", "metadata_created": plain_now,
            "metadata_modified": plain_now, "creator_user_id": None,
            "extras": FIELDS if which == "ours" else {**FIELDS, **AXES},
        })  # fmt: skip
        resources.append({
            "id": resource, "package_id": package, "name": "Data", "url": "data.csv",
            "url_type": "upload", "format": "CSV", "position": 0, "state": "active",
            "size": len(content(i)), "created": plain_now,
        })  # fmt: skip
        if which == "ours":
            ours.decide(package, resource, i)
    big = content(0)
    if which == "plain":
        from ckan.lib import uploader

        keeper: Any = uploader.get_resource_uploader({"id": resources[0]["id"]})
        path = Path(keeper.get_path(resources[0]["id"]))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(big)
    for table, rows in ((model.Package, packages), (model.Resource, resources), *ours.rows()):
        for start in range(0, len(rows), 1000):
            model.Session.execute(sa.insert(table.__table__), rows[start : start + 1000])
    model.Session.commit()
    index(packages, resources, agencies)
    model.Session.execute(sa.text("ANALYZE"))
    model.Session.commit()


def title(number: int) -> str:
    """Return what a dataset is about."""
    return f"Jumlah {THINGS[number % len(THINGS)]}"


class Ours:
    """What decisions as open leave in our tables."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now
        self._stored: dict[bool, Any] = {}
        self._cases: list[dict[str, Any]] = []
        self._versions: list[dict[str, Any]] = []
        self._decisions: list[dict[str, Any]] = []
        self._pointers: list[dict[str, Any]] = []

    def decide(self, package: str, resource: str, number: int) -> None:
        """Decide a dataset with one file."""
        from ckanext.satudata_pontianak.classification import storage

        if (number == 0) not in self._stored:
            self._stored[number == 0] = storage.put(io.BytesIO(content(number)))
        stored = self._stored[number == 0]
        case, version, decision = (str(uuid.uuid4()) for _ in range(3))
        now = self._now
        self._cases.append({
            "id": case, "package_id": package, "kind": "classify", "reason": "new_dataset",
            "state": "decided", "opened_at": now, "entered_at": now, "ended_at": now,
            "proposal": AXES, "submitted_at": now,
        })  # fmt: skip
        self._versions.append({
            "id": version, "package_id": package, "resource_id": resource, "case_id": case,
            "state": "approved", "kind": "upload", "sha256": stored.sha256, "size": stored.size,
            "filename": "data.csv", "mimetype": "text/csv",
            "meta": {"name": "Data", "url": "data.csv", "url_type": "upload"},
        })  # fmt: skip
        self._decisions.append({"id": decision, "package_id": package, "case_id": case, **AXES})
        self._pointers.append({
            "resource_id": resource, "package_id": package, "version_id": version,
            "decision_id": decision,
        })  # fmt: skip

    def rows(self) -> list[tuple[Any, list[dict[str, Any]]]]:
        """Return the tables and their rows."""
        if not self._cases:
            return []
        from ckanext.satudata_pontianak.classification import model as ours

        return [
            (ours.Case, self._cases),
            (ours.Version, self._versions),
            (ours.Decision, self._decisions),
            (ours.Pointer, self._pointers),
        ]


def index(packages: list[Any], resources: list[Any], agencies: int) -> None:
    """Index one dataset of each agency by CKAN, and copies of its document for the others."""
    import pysolr

    from ckan.lib import search
    from ckan.lib.search.common import make_connection

    taken = range(min(agencies, len(packages)))
    sent: dict[str, dict[str, Any]] = {}
    add = pysolr.Solr.add

    def noted(self: Any, docs: list[dict[str, Any]], *args: Any, **more: Any) -> Any:
        sent.update((document["id"], document) for document in docs)
        return add(self, docs, *args, **more)

    pysolr.Solr.add = noted
    search.rebuild(package_ids=[packages[i]["id"] for i in taken])
    pysolr.Solr.add = add
    solr = make_connection()
    patterns = [sent[packages[i]["id"]] for i in taken]
    documents: list[dict[str, Any]] = []
    for i in range(len(taken), len(packages)):
        like = i % agencies
        pairs = [
            (packages[like]["id"], packages[i]["id"]),
            (resources[like]["id"], resources[i]["id"]),
            (name_of(like), name_of(i)),
            (packages[like]["title"], packages[i]["title"]),
            (packages[like]["notes"], packages[i]["notes"]),
        ]
        document = {k: _other(v, pairs) for k, v in patterns[like].items()}
        document["index_id"] = uuid.uuid4().hex
        documents.append(document)
        if len(documents) == 1000 or i == len(packages) - 1:
            solr.add(documents, commit=False)
            documents = []
    solr.commit()


def _other(value: Any, pairs: list[tuple[str, str]]) -> Any:
    if isinstance(value, list):
        return [_other(item, pairs) for item in value]
    if isinstance(value, str):
        for old, new in pairs:
            value = value.replace(old, new)
    return value


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
                own = [sys.executable, __file__, str(inis[which]), SERVED[which], "0", "0"]
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
    own = [sys.executable, __file__, str(ini), of, str(given.datasets), str(given.agencies)]
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


def child(ini: str, of: str, number: int, agencies: int) -> None:
    """Fill, or empty the index of, one site; runs in a process of its own."""
    os.environ["CKAN_INI"] = ini
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from ckan.lib import search

    application = make_app(load_config(ini))
    with application._wsgi_app.test_request_context():
        if number:
            fill(of, number, agencies)
        else:
            search.clear_all()


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    child(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
