"""An app of the city, as its producer enters it."""

from __future__ import annotations

from typing import Any

from ckan.tests import factories

from ..city import AXES_OPEN, NAME_STANDS, City

FIELDS = {
    "title": "Antrean Puskesmas",
    "notes": "Contoh untuk pengujian.",
    "urusan": "1.02",
    "fungsi": "Warga mengambil nomor antrean tanpa datang lebih dulu",
    "kategori_layanan": "layanan_publik",
    "url": "https://antrean.contoh.pontianak.go.id",
    "maintainer": "Bidang Layanan",
    "maintainer_email": "layanan@contoh.pontianak.go.id",
    "tampil_di_jepin": "ya",
    "urutan_jepin": "10",
    "ketersediaan_persen": "99,5",
    "pemutakhiran_hari": "30",
    "memproses_data_pribadi": "ya",
    "dasar_pemrosesan": "tugas_publik",
    "jenis_hosting": "pusat_data_kota",
}


def app_of(city: City, who: str = "produsen", **values: Any) -> dict[str, Any]:
    """Enter an app with all that submitting needs."""
    fields = {**FIELDS, **AXES_OPEN, "owner_org": "dinkes", "type": "layanan", **values}
    fields.setdefault("name", f"app-{factories.Dataset.stub().name}")
    made = city.act_with(NAME_STANDS, who, "package_create", fields)
    return city.act(who, "package_show", id=made["id"])


def publish_app(city: City, **values: Any) -> dict[str, Any]:
    """Enter an app, and have it published."""
    made = app_of(city, **values)
    city.step("produsen", made, "submit")
    city.step("walidata", made, "approve")
    return city.act(None, "package_show", id=made["id"])


def step(city: City, who: str, app: dict[str, Any], name: str, **fields: Any) -> dict[str, Any]:
    """Take a step in the life of an app."""
    asked = {"reason": "Alasan contoh untuk pengujian.", **fields}
    return city.act(who, "satudata_jepin_step", id=app["id"], step=name, **asked)


def walk(city: City, app: dict[str, Any], *names: str) -> dict[str, Any]:
    """Take several steps that the owner takes; return the app."""
    for name in names:
        step(city, "produsen", app, name)
    return app
