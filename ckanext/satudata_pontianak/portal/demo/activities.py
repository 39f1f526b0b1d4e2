"""The statistical activities of the demo: one of an agency, shared by several of its datasets.

Its producer describes it and names its datasets, as on the pages; what is there already is left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan import model

from . import people

Told = dict[str, str | list[str]]
ACTIVITIES: dict[str, tuple[str, Told, tuple[str, ...]]] = {
    "dinas-kesehatan": (
        "produsen_dinkes",
        {
            "judul_kegiatan": "Kompilasi Data Fasilitas dan Tenaga Kesehatan 2025",
            "cara_pengumpulan": "kompilasi_produk_administrasi",
            "sektor_kegiatan": "kesehatan",
            "rekomendasi_bps": "tidak",
            "instansi_penyelenggara": "Dinas Kesehatan",
            "tujuan": "Mengetahui jumlah dan sebaran layanan kesehatan di tiap kecamatan.",
            "pelaksanaan": "berulang",
            "frekuensi": "tahunan",
            "cakupan_wilayah": "sebagian",
            "provinsi": "Kalimantan Barat",
            "kabkota": "Kota Pontianak",
            "metode": ["data_sekunder"],
            "unit_pengumpulan": ["lainnya"],
            "metode_analisis": "deskriptif",
            "tingkat_penyajian": ["kabkota", "kecamatan"],
        },
        (
            "jumlah-fasilitas-kesehatan-menurut-kecamatan",
            "fasilitas-kesehatan-dan-tempat-tidur",
            "jumlah-tenaga-kesehatan-menurut-kecamatan",
        ),
    ),
}
"""Agency → who describes it, what is said, and the datasets that come from it."""


def describe(do: Callable[..., Any]) -> None:
    """Describe the activities of agencies that have none, and name the datasets of each."""
    for agency, (who, told, datasets) in ACTIVITIES.items():
        there = [name for name in datasets if model.Package.get(name)]
        if model.Group.get(agency) and there and not _known(who, agency):
            do(agency, "satudata_statistical_activity_save", _describe, who, agency, told, there)


def _known(who: str, agency: str) -> int:
    return int(people.act(who, "satudata_statistical_activity_list", agency=agency)["count"])


def _describe(who: str, agency: str, told: Told, datasets: list[str]) -> None:
    done = people.act(who, "satudata_statistical_activity_save", agency=agency, values=told)[
        "activity"
    ]
    for name in datasets:
        people.act(who, "satudata_statistical_activity_attach", id=name, ms_keg=done["id"])
