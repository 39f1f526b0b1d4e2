"""Fill a site of ``side_by_side`` with datasets, written as the site itself would have them.

CKAN indexes one dataset of each agency; the documents of the others are copies of it with their
own ids, names and titles. Runs in a process of its own: INI SITE DATASETS AGENCIES; with no
datasets it empties the index.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import sys
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa

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


def content(number: int) -> bytes:
    """Return a file; the first one is large, the others are the same."""
    line = b"Pontianak Kota,2026,145200\n"
    return line * (LARGE // len(line)) if number == 0 else line * 40


def fill(which: str, number: int, agencies: int) -> None:
    """Write the datasets of one site, as the site itself would have them, and index them."""
    from ckan import model
    from ckan.plugins import toolkit as tk

    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context: Any = {"ignore_auth": True, "user": site}
    more = {"sdi_role": ["produsen_data"], "nomor_sk": "SK/1/2026"} if which == "ours" else {}
    if more:
        from ckanext.satudata_pontianak.agencies import decrees

        decrees.ensure(more["nomor_sk"], dt.date(2026, 1, 2), "Contoh")
        model.Session.commit()
    orgs = []
    for i in range(agencies):
        named = {"name": f"dinas-{i:02}", "title": f"Dinas {i:02}"}
        # A context of its own each time: core would rename the agency that it remembers there.
        made = tk.get_action("organization_create")(dict(context), {**named, **more})
        orgs.append(made["id"])
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
        from ckanext.satudata_pontianak.classification.versions import storage

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
        from ckanext.satudata_pontianak.classification.records import model as ours

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
