"""The queue with 2,000 open cases, and batches of 200 approvals, beside a plain package_search.

Usage: ``bin/bench queue``, or ``python benchmarks/queue.py --ini CKAN.INI [--cases 2000]`` with
``SATUDATA_ADMIN_URL`` set. Makes a database of its own beside the one of the configuration and
drops it afterwards; in Solr it uses a site of its own and empties it.

Half of the cases are renewals of open datasets (a new file of the same shape waits beside the
approved one), half are new datasets; all lie on Walidata's desk, clear, in six groups. Every
question goes through the whole application within this process, by turns with a
``package_search`` of 20 rows by a citizen; what is told is the median, the quartiles and the
ratio to that search.
"""

from __future__ import annotations

import sys

# Beside this file, "import queue" would find it instead of Python's own module.
sys.path.pop(0)

import argparse
import datetime as dt
import hashlib
import json
import os
import random
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import sqlalchemy as sa

SITE = "satudata_queue"
CKAN = str(Path(sys.executable).parent / "ckan")
INI = """[app:main]
use = config:{base}
ckan.site_id = {site}
sqlalchemy.url = {url}
ckan.storage_path = {storage}
"""
AXES = {"jenis_informasi": "berkala", "tingkat_keamanan": "biasa", "data_pribadi": "tidak_ada"}
KINDS = ("berkala", "serta_merta", "setiap_saat")
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
COLUMNS = [
    {"index": 0, "name": "kecamatan", "type": "text", "total": None, "findings": []},
    {"index": 1, "name": "penduduk", "type": "number", "total": "301982", "findings": []},
]


def people() -> dict[str, Any]:
    """Make agencies and the persons who ask; return name → token."""
    from ckan import model
    from ckan.plugins import toolkit as tk

    from ckanext.satudata_pontianak.agencies import decrees

    def act(action: str, **params: Any) -> Any:
        return tk.get_action(action)({"ignore_auth": True, "user": site["name"]}, params)

    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    found: dict[str, Any] = {"agencies": []}
    for name in ("walidata", "produsen", "warga"):
        password = str(uuid.uuid4())
        act("user_create", name=name, email=f"{name}@contoh.id", password=password)
        made = act("api_token_create", user=name, name="benchmark")
        found[name] = {"Authorization": made["token"]}
        found[f"{name}_id"] = model.User.get(name).id
    decrees.ensure("SK/1/2026", dt.date(2026, 1, 2), "Contoh")
    model.Session.commit()
    bodies = [("diskominfo", ["walidata", "produsen_data"])]
    bodies += [(f"dinas-{i:02}", ["produsen_data"]) for i in range(30)]
    for name, roles in bodies:
        who = "walidata" if "walidata" in roles else "produsen"
        made = act(
            "organization_create", name=name, title=name.title(), sdi_role=roles,
            nomor_sk="SK/1/2026", users=[{"name": who, "capacity": "admin"}],
        )  # fmt: skip
        found["agencies"].append(made["id"])
    return found


def generate(number: int, city: dict[str, Any]) -> list[str]:
    """Write the datasets with their cases; return the ids of the datasets."""
    from ckan import model

    from ckanext.satudata_pontianak.classification.records import model as ours
    from ckanext.satudata_pontianak.classification.versions import versions

    r = random.Random(20261124)
    now, today = dt.datetime.now(dt.UTC), dt.datetime.now(dt.UTC).date()
    made: dict[Any, list[dict[str, Any]]] = {}

    def add(table: Any, **values: Any) -> None:
        made.setdefault(table, []).append(values)

    def version(package: str, resource: str, case: str | None, state: str, text: str) -> str:
        one = str(uuid.uuid4())
        sha = hashlib.sha256(text.encode()).hexdigest()
        add(ours.Version, id=one, package_id=package, resource_id=resource, case_id=case,
            state=state, kind="upload", sha256=sha, size=60, filename="data.csv",
            mimetype="text/csv", meta={"name": "Data", "url": "data.csv"}, sealed=False,
            uploaded_by=city["produsen_id"], created=now)  # fmt: skip
        report = {"ruleset": versions.ruleset(), "files": [{"tables": [
            {"name": None, "rows": r.randint(2, 900), "person_level": False, "columns": COLUMNS}
        ]}]}  # fmt: skip
        add(ours.Scan, id=str(uuid.uuid4()), version_id=one, ruleset=versions.ruleset(),
            verdict="clear", reason=None, report=report, finished=now)  # fmt: skip
        return one

    def step(package: str, case: str, action: str, **values: Any) -> None:
        step = {"part": None, "from_state": None, "to_state": None, "duty": None, **values}
        add(ours.Step, case_id=case, package_id=package, at=now, action=action, fields={}, **step)

    ids = []
    for i in range(number):
        package, resource, case = (str(uuid.UUID(int=r.getrandbits(128))) for _ in range(3))
        ids.append(package)
        renewal = i % 2 == 0
        axes = {**AXES, "jenis_informasi": KINDS[i % 3]}
        add(model.Package, id=package, name=f"dataset-{i:05}", title=f"Dataset {i:05}",
            notes="Contoh.", type="dataset", state="active", private=not renewal,
            owner_org=city["agencies"][i % 31], maintainer_email="data@contoh.id",
            license_id="cc-by", extras=FIELDS, metadata_created=now.replace(tzinfo=None),
            metadata_modified=now.replace(tzinfo=None))  # fmt: skip
        add(model.Resource, id=resource, package_id=package, name="Data", url="data.csv",
            url_type="upload", format="CSV", position=0, state="active")  # fmt: skip
        submit = {"part": "proposer", "actor_id": city["produsen_id"]}
        if renewal:
            old, decision = str(uuid.uuid4()), str(uuid.uuid4())
            served = version(package, resource, old, "approved", f"lama {i}")
            add(ours.Case, id=old, package_id=package, kind="classify", reason="new_dataset",
                state="decided", opened_at=now, entered_at=now, ended_at=now, proposal=axes,
                pending={}, changes={}, scan_verdict="clear", likeness="new", due=None,
                submitted_at=now)  # fmt: skip
            step(package, old, "submit", to_state="verification", **submit)
            add(ours.Decision, id=decision, package_id=package, case_id=old, in_force=True,
                recipients=[], all_agencies=False, basis={}, decided_at=now, **axes)  # fmt: skip
            add(ours.Pointer, resource_id=resource, package_id=package, version_id=served,
                decision_id=decision)  # fmt: skip
        version(package, resource, case, "waiting", f"baru {i}")
        due = today + dt.timedelta(days=r.randint(-5, 5))
        add(ours.Case, id=case, package_id=package, kind="classify", state="verification",
            reason="new_bytes" if renewal else "new_dataset", opened_at=now, entered_at=now,
            ended_at=None, due=due, proposal=axes, pending={}, changes={}, submitted_at=now,
            scan_verdict="pending", likeness="new")  # fmt: skip
        step(package, case, "open", actor_id=city["produsen_id"], to_state="draft")
        step(package, case, "submit", from_state="draft", to_state="verification",
             duty="produsen_data", **submit)  # fmt: skip
    for table in (model.Package, model.Resource):
        model.Session.execute(sa.insert(table), made.pop(table))
    for table, rows in made.items():
        model.Session.execute(sa.insert(table), rows)
    model.Session.commit()
    return ids


def settle(ids: list[str]) -> None:
    """Freeze the evidence, note how the cases stand, and index, as the portal itself does."""
    from ckan import model
    from ckan.lib import search

    from ckanext.satudata_pontianak.classification.cases import evidence
    from ckanext.satudata_pontianak.classification.records import case_reads
    from ckanext.satudata_pontianak.classification.records.model import Case
    from ckanext.satudata_pontianak.classification.versions import likeness
    from ckanext.satudata_pontianak.ledger.canonical import plain

    query = sa.select(Case, model.Package).join(model.Package, model.Package.id == Case.package_id)
    pairs = model.Session.execute(query.where(Case.state == "verification")).tuples().all()
    for case_id, loaded in case_reads.load_many(pairs).items():
        assert case_id == loaded.case.id
        loaded.case.evidence = plain(evidence.snapshot(loaded))
    likeness.refresh(ids)
    model.Session.commit()
    model.Session.execute(sa.text("ANALYZE"))
    model.Session.commit()
    search.rebuild(package_ids=ids)
    search.commit()


class Measured:
    """Times of one question, in milliseconds."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}

    def ask(self, name: str, question: Callable[[], Any]) -> Any:
        """Ask once and keep how long the answer took."""
        start = time.perf_counter()
        answer = question()
        self.times.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        return answer

    def table(self, base: str) -> list[str]:
        """Return the lines of the table: median, quartiles, ratio to ``base``."""
        plain = statistics.median(self.times[base])
        lines = ["| | n | median | quartiles | ratio |", "|---|---|---|---|---|"]
        for name, times in self.times.items():
            low, middle, high = (
                statistics.quantiles(times, n=4, method="inclusive")
                if len(times) > 1
                else times * 3
            )
            spread = f"{low:,.0f}–{high:,.0f} ms"
            lines.append(
                f"| {name} | {len(times)} | {middle:,.0f} ms | {spread} | {middle / plain:.1f} |"
            )
        return lines


def measure(city: dict[str, Any], rounds: int, batches: int, size: int) -> list[str]:
    """Ask by turns; return the lines of the report."""
    from ckan.config.middleware import make_app
    from ckan.plugins import toolkit as tk

    client = make_app(tk.config).test_client()

    def get(path: str, who: str) -> Any:
        answer = client.get(path, headers=city[who])
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return answer

    def api(who: str, action: str, **params: Any) -> Any:
        answer = client.post(f"/api/3/action/{action}", json=params, headers=city[who])
        assert answer.status_code == 200, (action, answer.status_code, answer.text[:500])
        return json.loads(answer.data)["result"]

    search = "package_search, 20 rows, a citizen"
    listing = "satudata_classification_list"
    first = api("walidata", listing, groups=True, limit=1)
    group = max(first["groups"], key=lambda g: g["count"])
    questions: dict[str, Callable[[], Any]] = {
        search: lambda: api("warga", "package_search", rows=20),
        "queue, API, 20 rows": lambda: api("walidata", listing, limit=20),
        "queue, API, 20 rows and the groups": lambda: api(
            "walidata", listing, limit=20, groups=True
        ),
        "queue, API, everything that an agency sees": lambda: api(
            "produsen", listing, limit=20, mine=False
        ),
        "the number of cases on the desk": lambda: api("walidata", listing, limit=0),
        "queue, page": lambda: get("/satudata/antrean", "walidata"),
        "queue, page, last": lambda: get("/satudata/antrean?page=100", "walidata"),
        "page of /dataset/, for comparison": lambda: get("/dataset/", "warga"),
        f"page of a group of {group['count']} before it is decided": lambda: get(
            f"/satudata/antrean/pilihan?group={group['key']}", "walidata"
        ),
    }
    measured = Measured()
    for question in questions.values():
        question()
    for _ in range(rounds):
        for name, question in questions.items():
            measured.ask(name, question)
    refused = 0
    for _ in range(batches):
        measured.ask(search, questions[search])
        rows = api("walidata", listing, limit=size, details=True)["results"]
        items = [{"id": row["dataset_id"], "evidence": row["evidence"]} for row in rows]

        def batch(items: Any = items) -> Any:
            return api("walidata", "satudata_classification_batch", items=items,
                       transition="approve", catatan="Sesuai")  # fmt: skip

        done = measured.ask(f"batch of {size} approvals, one call", batch)
        refused += done["refused"]
        again = measured.ask(f"the same batch of {size}, sent again", batch)
        assert again["done"] == done["done"], again
    left = api("walidata", listing, limit=0)["count"]
    return [
        *measured.table(search),
        "",
        f"cases at first: {first['count']}, groups: {len(first['groups'])}",
        f"refused in {batches} batches: {refused}; cases left: {left}",
    ]


def run(given: argparse.Namespace, ini: Path) -> None:
    """Fill the database and measure, as the portal of this configuration."""
    os.environ["CKAN_INI"] = str(ini)
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from ckan.lib import search

    application = make_app(load_config(str(ini)))
    try:
        with application._wsgi_app.test_request_context():
            start = time.perf_counter()
            city = people()
            ids = generate(given.cases, city)
            settle(ids)
            print(f"made {len(ids)} open cases in {time.perf_counter() - start:.0f} s", flush=True)
        for line in measure(city, given.rounds, given.batches, given.size):
            print(line, flush=True)
        print("load:", " ".join(f"{part:.1f}" for part in os.getloadavg()), flush=True)
    finally:
        search.clear_all()


def main() -> None:
    """Make the database, measure in it, drop it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ini", type=Path, default=os.environ.get("CKAN_INI"))
    options.add_argument("--cases", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--batches", type=int, default=3)
    options.add_argument("--size", type=int, default=200)
    given = options.parse_args()
    if given.ini is None:
        options.error("say which configuration: --ini")
    admin = os.environ.get("SATUDATA_ADMIN_URL")
    if not admin:
        admin = (Path(os.environ["SATUDATA_RUN_DIR"]) / "admin-url").read_text().strip()
    ours = admin.rsplit("/", 1)[0] + "/" + SITE
    from ckan.cli import load_config

    url = sa.make_url(load_config(str(given.ini))["sqlalchemy.url"])
    role = str(url.username)
    mine = url.set(database=SITE).render_as_string(hide_password=False)
    server = psycopg2.connect(admin)
    server.autocommit = True
    with tempfile.TemporaryDirectory() as folder, server.cursor() as maker:
        maker.execute(f"DROP DATABASE IF EXISTS {SITE} WITH (FORCE)")
        maker.execute(f'CREATE DATABASE {SITE} OWNER "{role}"')
        ini = Path(folder) / "ckan.ini"
        storage = Path(folder) / "storage"
        base = Path(given.ini).absolute()
        ini.write_text(INI.format(base=base, site=SITE, url=mine, storage=storage))
        environment = {**os.environ, "SATUDATA_ADMIN_URL": ours}
        try:
            for words in (["db", "init"], ["satudata", "init"]):
                command = [CKAN, "-c", str(ini), *words]
                subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
            run(given, ini)
        finally:
            maker.execute(f"DROP DATABASE IF EXISTS {SITE} WITH (FORCE)")
    server.close()


if __name__ == "__main__":
    main()
