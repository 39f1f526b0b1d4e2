"""The SOPs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
import yaml

from ckanext.satudata_pontianak import config, days
from ckanext.satudata_pontianak.smki.records.model import new_id
from ckanext.satudata_pontianak.sop.documents import library
from ckanext.satudata_pontianak.sop.revisions.model import SopRevision

from ..site import Pair, Site, ago

SIGNED = {"made": "2026-01-02", "revised": "-", "effective": "2026-02-01", "office": "Diskominfo"}


def _enacted(site: Site, said: dict[str, dict[str, Any]]) -> None:
    path = site.folder / "penetapan.yaml"
    path.write_text(yaml.safe_dump(said), "utf-8")
    site.kept.callback(library.enacted_in, config.sop_enactments(), config.emblem())
    library.enacted_in(path, config.emblem())


def _all() -> dict[str, dict[str, Any]]:
    return {
        name: {**SIGNED, "definition": made.definition, "number": name, "person": "Kepala Dinas"}
        for name, made in library.documents().items()
    }


def all_enacted(site: Site) -> None:
    _enacted(site, _all())


def one_draft(site: Site) -> None:
    said = _all()
    del said["klasifikasi"]
    _enacted(site, said)


def definition_changed(site: Site) -> None:
    said = _all()
    said["klasifikasi"]["definition"] = "0" * 64
    _enacted(site, said)


def _in_force(site: Site, effective: dt.date) -> None:
    values = {
        "id": new_id(),
        "name": "klasifikasi",
        "revision": 1,
        "state": "approved",
        "definition": library.documents()["klasifikasi"].definition,
        "rows": [],
        "drafted_by": "x",
        "drafted_at": ago(days=1),
        "effective": effective,
    }
    site.write(sa.delete(SopRevision), sa.insert(SopRevision).values(**values))


def in_force_lately(site: Site) -> None:
    _in_force(site, days.today() - dt.timedelta(days=365))


def in_force_long(site: Site) -> None:
    _in_force(site, days.today() - dt.timedelta(days=366))


PAIRS = {
    "sops_enacted": Pair(all_enacted, one_draft),
    "sops_reviewed": Pair(in_force_lately, in_force_long),
    "sops_as_practised": Pair(all_enacted, definition_changed),
}
