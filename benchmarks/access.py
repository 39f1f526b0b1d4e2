"""What guarding every exit costs: the same portal with our extension, and plain CKAN without it.

Usage: ``bin/bench access``, or ``python benchmarks/access.py --ini CKAN.INI [--rounds 60]`` with
``SATUDATA_ADMIN_URL`` set. Makes two databases beside the one of the configuration and drops
them afterwards; in Solr both use sites of their own and empty them.

Both sites run the same core, the same third-party plugins and a schema with the same fields,
each with one gunicorn worker, and hold the same datasets; in ours every one is decided as open.
The same question goes to both by turns over HTTP, the first by lot. Told are the medians, and the
ratio of the medians with its 95 % interval (bootstrap, 2,000 samples). The target is 1.10.
"""

from __future__ import annotations

import sys

# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path.pop(0)

import argparse
import datetime as dt
import io
import os
import random
import socket
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import requests
import sqlalchemy as sa
import yaml

HERE = Path(__file__).resolve().parent
CKAN = str(Path(sys.executable).parent / "ckan")
SITES = {"ours": "satudata_access_ours", "plain": "satudata_access_plain"}
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
LARGE = 10 * 1024**2
BIG = "dataset-00000"


def plain_schema(folder: Path) -> Path:
    """Write a schema with the same fields and core's validators only."""
    source = yaml.safe_load((HERE.parent / "schemas" / "dataset.yaml").read_text("utf-8"))
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
    """Return a file; the first one is large."""
    line = f"Pontianak Kota,{number},145200\n".encode()
    return line * (LARGE // len(line)) if number == 0 else line * 40


def fill(which: str, number: int) -> None:
    """Write the datasets of one site, as the site itself would have them, and index them."""
    from ckan import model
    from ckan.lib import search, uploader
    from ckan.plugins import toolkit as tk

    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context: Any = {"ignore_auth": True, "user": site}
    more = {"sdi_role": ["produsen_data"], "nomor_sk": "SK/1/2026"} if which == "ours" else {}
    org = tk.get_action("organization_create")(context, {"name": "dinas", "title": "Dinas", **more})
    now = dt.datetime.now(dt.UTC)
    r = random.Random(20261124)
    ids = []
    for i in range(number):
        package, resource = (str(uuid.UUID(int=r.getrandbits(128))) for _ in range(2))
        ids.append(package)
        values = {"title": f"Dataset {i:05}", "notes": "Contoh.", "type": "dataset"}
        model.Session.execute(
            sa.insert(model.Package).values(
                id=package, name=f"dataset-{i:05}", **values, state="active", private=False,
                owner_org=org["id"], maintainer_email="data@contoh.example", license_id="cc-by",
                extras=FIELDS if which == "ours" else {**FIELDS, **AXES},
                metadata_created=now.replace(tzinfo=None),
                metadata_modified=now.replace(tzinfo=None),
            )
        )  # fmt: skip
        data = content(i)
        model.Session.execute(
            sa.insert(model.Resource).values(
                id=resource, package_id=package, name="Data", url="data.csv", url_type="upload",
                format="CSV", position=0, state="active", size=len(data),
            )
        )  # fmt: skip
        if which == "ours":
            decide(package, resource, data, now)
        else:
            keeper: Any = uploader.get_resource_uploader({"id": resource})
            path = Path(keeper.get_path(resource))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    model.Session.commit()
    search.rebuild(package_ids=ids)
    search.commit()
    if which == "ours":
        # As after every step of a case: the index now knows the decision.
        from ckanext.satudata_pontianak.classification import stepping

        for dataset_id in ids:
            stepping.reindex(dataset_id)


def decide(package: str, resource: str, data: bytes, now: dt.datetime) -> None:
    """Write what a decision as open leaves in our tables."""
    from ckan import model

    from ckanext.satudata_pontianak.classification import model as ours
    from ckanext.satudata_pontianak.classification import storage

    stored = storage.put(io.BytesIO(data))
    case, version, decision = (str(uuid.uuid4()) for _ in range(3))
    rows: list[Any] = [
        ours.Case(
            id=case, package_id=package, kind="classify", reason="new_dataset", state="decided",
            opened_at=now, entered_at=now, ended_at=now, proposal=AXES, submitted_at=now,
        ),
        ours.Version(
            id=version, package_id=package, resource_id=resource, case_id=case, state="approved",
            kind="upload", sha256=stored.sha256, size=stored.size, filename="data.csv",
            mimetype="text/csv", meta={"name": "Data", "url": "data.csv", "url_type": "upload"},
        ),
        ours.Decision(id=decision, package_id=package, case_id=case, **AXES),
        ours.Pointer(
            resource_id=resource, package_id=package, version_id=version, decision_id=decision
        ),
    ]  # fmt: skip
    model.Session.add_all(rows)
    model.Session.flush()


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
        until = time.monotonic() + 120
        while True:
            try:
                requests.get(f"{address}/api/3/action/status_show", timeout=10)
                break
            except requests.RequestException:
                if time.monotonic() > until or process.poll() is not None:
                    raise
                time.sleep(0.5)
        yield address
        process.terminate()


def ratio(ours: list[float], plain: list[float]) -> tuple[float, float, float]:
    """Return the ratio of the medians with its 95 % interval."""
    r = random.Random(1)
    samples = sorted(
        statistics.median(r.choices(ours, k=len(ours)))
        / statistics.median(r.choices(plain, k=len(plain)))
        for _ in range(2000)
    )
    middle = statistics.median(ours) / statistics.median(plain)
    return middle, samples[50], samples[1949]


def measure(sites: dict[str, str], rounds: int) -> list[str]:
    """Ask both by turns; return the lines of the report."""
    show = f"/api/3/action/package_show?id={BIG}"
    big = requests.get(f"{sites['plain']}{show}", timeout=60).json()["result"]
    resource = big["resources"][0]["id"]
    download = f"/dataset/{big['id']}/resource/{resource}/download/data.csv"
    questions = {
        "package_search, 20 rows": ("/api/3/action/package_search?rows=20", rounds),
        "package_show": (show, rounds),
        "dataset page": (f"/dataset/{BIG}", rounds),
        "download, 10 MB": (download, rounds),
    }
    lines = ["| | n | plain | ours | ratio | 95 % |", "|---|---|---|---|---|---|"]
    sessions = {name: requests.Session() for name in sites}
    r = random.Random(2)
    for name, (path, number) in questions.items():
        times: dict[str, list[float]] = {"ours": [], "plain": []}
        for turn in range(number + 3):
            for site in r.sample(sorted(sites), 2):
                start = time.perf_counter()
                answer = sessions[site].get(sites[site] + path, timeout=120)
                spent = (time.perf_counter() - start) * 1000
                if answer.status_code != requests.codes.ok or not answer.content:
                    raise SystemExit(f"{site} answered {answer.status_code} to {path}")
                if turn >= 3:
                    times[site].append(spent)
        middle, low, high = ratio(times["ours"], times["plain"])
        plain, ours = (statistics.median(times[s]) for s in ("plain", "ours"))
        lines.append(
            f"| {name} | {number} | {plain:.1f} ms | {ours:.1f} ms | {middle:.2f} "
            f"| {low:.2f}–{high:.2f} |"
        )
    return lines


def child(which: str, ini: Path, number: int) -> None:
    """Fill, or empty the index of, one site; runs in a process of its own."""
    os.environ["CKAN_INI"] = str(ini)
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from ckan.lib import search

    application = make_app(load_config(str(ini)))
    with application._wsgi_app.test_request_context():
        if number:
            fill(which, number)
        else:
            search.clear_all()


def main() -> None:
    """Make both sites, measure, drop them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ini", type=Path, default=os.environ.get("CKAN_INI"))
    options.add_argument("--datasets", type=int, default=500)
    options.add_argument("--rounds", type=int, default=60)
    options.add_argument("--child", nargs=2, metavar=("WHICH", "NUMBER"))
    given = options.parse_args()
    if given.ini is None:
        options.error("say which configuration: --ini")
    if given.child:
        child(given.child[0], given.ini, int(given.child[1]))
        return
    admin = os.environ.get("SATUDATA_ADMIN_URL")
    if not admin:
        admin = (Path(os.environ["SATUDATA_RUN_DIR"]) / "admin-url").read_text().strip()
    from ckan.cli import load_config

    config = load_config(str(given.ini))
    url, base = sa.make_url(config["sqlalchemy.url"]), Path(given.ini).absolute()
    plugins = [p for p in str(config["ckan.plugins"]).split() if p != "satudata_pontianak"]
    server = psycopg2.connect(admin)
    server.autocommit = True
    inis: dict[str, Path] = {}
    ports: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as name, server.cursor() as maker:
        folder = Path(name)
        without = f"ckan.plugins = {' '.join(plugins)}\n"
        without += f"scheming.dataset_schemas = file:{plain_schema(folder)}\n"
        without += (
            "scheming.organization_schemas =\nscheming.presets = ckanext.scheming:presets.json"
        )
        try:
            for which, database in SITES.items():
                maker.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
                maker.execute(f'CREATE DATABASE {database} OWNER "{url.username}"')
                ini, ports[which] = folder / f"{which}.ini", free_port()
                mine = url.set(database=database).render_as_string(hide_password=False)
                ini.write_text(
                    INI.format(
                        base=base, site=database, port=ports[which], url=mine,
                        storage=folder / which, more=without if which == "plain" else "",
                    )
                )  # fmt: skip
                inis[which] = ini
                environment = {
                    **os.environ,
                    "SATUDATA_ADMIN_URL": admin.rsplit("/", 1)[0] + "/" + database,
                }
                steps = [["db", "init"], ["db", "upgrade"]]
                steps += [["satudata", "init"]] if which == "ours" else []
                for words in steps:
                    command = [CKAN, "-c", str(ini), *words]
                    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
                own = [sys.executable, __file__, "--ini", str(ini), "--child", which]
                subprocess.run([*own, str(given.datasets)], check=True, env=environment)
            with (
                served(inis["ours"], ports["ours"]) as ours,
                served(inis["plain"], ports["plain"]) as plain,
            ):
                for line in measure({"ours": ours, "plain": plain}, given.rounds):
                    print(line, flush=True)
            print("load:", " ".join(f"{part:.1f}" for part in os.getloadavg()), flush=True)
        finally:
            for which, ini in inis.items():
                own = [sys.executable, __file__, "--ini", str(ini), "--child", which, "0"]
                subprocess.run(own, check=False, stderr=subprocess.DEVNULL)
                maker.execute(f"DROP DATABASE IF EXISTS {SITES[which]} WITH (FORCE)")
    server.close()


if __name__ == "__main__":
    main()
