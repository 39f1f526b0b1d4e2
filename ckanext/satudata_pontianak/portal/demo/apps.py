"""The apps of the demo: entered, checked, decided, and led through their lives by their people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ckan import model

from ckanext.satudata_pontianak.classification.records import addresses
from ckanext.satudata_pontianak.surface import yaml_text

from ... import days
from . import people

Do = Callable[..., Any]
PRODUCERS = {
    "dinas-kesehatan": "produsen_dinkes",
    "dinas-kependudukan-dan-pencatatan-sipil": "produsen_disdukcapil",
    "bappeda": "produsen_bappeda",
}
WALIDATA = "walidata"
ENDING = frozenset({"retire", "merge"})
REASON = "Contoh: diputuskan bersama Perangkat Daerah pemilik."
SECURITY = {
    "electronic_system": "high",
    "vapt_status": "closed",
    "vapt_day": "2026-03-02",
    "waf": "true",
    "hosting": "Pusat data contoh",
}


def apps() -> list[Mapping[str, Any]]:
    """Return the apps of the demo as their file has them."""
    return yaml_text.read(Path(__file__).parent / "apps.yaml")["apps"]


def make(item: Mapping[str, Any], do: Do) -> tuple[bool, int]:
    """Make an app that is missing, with its decision and its life; one that is there stays.

    Links come after all apps are made: see :func:`link`.

    :param do: calls a function and says of a refusal where it was.
    :returns: whether it was created, and how many steps were taken.
    """
    name, producer = item["name"], PRODUCERS[item["owner"]]
    if model.Package.get(name) is not None:
        return False, 0
    agency: Any = model.Group.get(item["owner"])
    values = {
        "type": "layanan",
        "name": name,
        "title": item["title"],
        "notes": f"{item['fungsi']}. Data contoh, bukan layanan sebenarnya.",
        "owner_org": item["owner"],
        "urusan": item["urusan"],
        "fungsi": item["fungsi"],
        "kategori_layanan": "administrasi_pemerintahan"
        if item["who"] == "pemerintah"
        else "layanan_publik",
        "jenis_aplikasi": "khusus",
        "penerima_layanan": item["who"],
        "url": f"https://{item['host']}.contoh.pontianak.go.id",
        "maintainer": agency.title if agency else "",
        "maintainer_email": f"{item['host']}@contoh.pontianak.go.id",
        "tampil_di_jepin": "tidak" if item["who"] == "pemerintah" else "ya",
        "urutan_jepin": str(item["order"]),
        "ketersediaan_persen": "99",
        "pemutakhiran_hari": "30",
        "memproses_data_pribadi": item["personal"],
        "dasar_pemrosesan": "tugas_publik" if item["personal"] == "ya" else "",
        "jenis_hosting": "pusat_data_kota",
        "jenis_pemasok": "swakelola",
        "jenis_informasi": "setiap_saat",
        "tingkat_keamanan": "biasa",
        "data_pribadi": "tidak_ada",
    }
    stands = {addresses.STANDS: True}
    do(name, "package_create", lambda: people.act_with(stands, producer, "package_create", values))
    if item.get("undecided"):
        return True, 0
    for who, step in ((producer, "submit"), (WALIDATA, "approve")):
        action = "satudata_classification_transition"
        asked = {"id": name, "transition": step}
        do(name, step, people.act_with, {}, who, action, asked)
    if item.get("security"):
        action = "satudata_jepin_security_set"
        do(name, action, people.act_with, {}, producer, action, {"id": name, **SECURITY})
    taken = 2
    for step in item["life"]:
        more: dict[str, Any] = {}
        if step in ENDING:
            more = {"day": days.today().isoformat(), "none": "replaced_by" not in item}
            more["successor"] = item.get("replaced_by", "")
        who = WALIDATA if step in ENDING else producer
        asked = {"id": name, "step": step, "reason": REASON, **more}
        do(name, step, people.act_with, {}, who, "satudata_jepin_step", asked)
        taken += 1
    return True, taken


def link(item: Mapping[str, Any], do: Do) -> None:
    """Say what an app of the demo has to do with others, once all of them are there."""
    asked: dict[str, Any] = {"parent": item["parent"]} if "parent" in item else {}
    there = [name for name in item.get("data_in", ()) if model.Package.get(name) is not None]
    asked |= {"data_in": there} if there else {}
    if asked:
        action = "satudata_jepin_links_set"
        producer = PRODUCERS[item["owner"]]
        asked["id"] = item["name"]
        do(item["name"], action, people.act_with, {}, producer, action, asked)
