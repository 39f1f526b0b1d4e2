"""The SOPs."""

from __future__ import annotations

from typing import Any

import yaml

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.sop.documents import library

from ..site import Pair, Site

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


PAIRS = {
    "sops_enacted": Pair(all_enacted, one_draft),
    "sops_as_practised": Pair(all_enacted, definition_changed),
}
