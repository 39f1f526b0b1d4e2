"""Papers for the tests: one exempt information, or several, as a decision or as a draft."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.classification.rules.exclusion import Determination
from ckanext.satudata_pontianak.sop.files import code
from ckanext.satudata_pontianak.sop.papers import determination
from ckanext.satudata_pontianak.sop.papers.determination import Frame, Item

from .made import definitions, raw

ADDRESS = "https://data.example.id/satudata/penetapan/11111111-2222-3333-4444-555555555555"
FIRST = Determination(
    information="Daftar lokasi gudang obat beserta isi persediaannya",
    letter="h",
    number="2",
    level="terbatas",
    body="Dinas Komunikasi dan Informatika",
    assessor="Seorang Penguji",
    agency="Dinas Kesehatan",
    start=dt.date(2026, 11, 24),
    until=dt.date(2028, 11, 24),
    legal_basis="UU 14/2008 Pasal 17 huruf h angka 2",
    if_opened="Riwayat kesehatan warga dapat diketahui",
    if_closed="Rahasia pribadi terlindungi; angka per kecamatan tetap diumumkan",
    place="Pontianak",
    weighed={
        "kepatutan": "Riwayat kesehatan patut dirahasiakan",
        "kesusilaan": "Tidak berpengaruh",
        "kepentingan_umum": "Angka per kecamatan cukup bagi masyarakat",
        "kepentingan_lebih_besar": "Perlindungan pasien",
    },
    heard="Dinas Kesehatan",
    testers="Kepala Bidang Informasi dan Komunikasi Publik\nKepala Seksi Layanan Informasi",
    recipients=("Dinas Sosial", "Dinas Kependudukan dan Pencatatan Sipil"),
    recipients_basis="Dinas Sosial: tugas penyaluran bantuan\nDisdukcapil: pemutakhiran data",
    processing="tugas_publik",
    personal="spesifik",
)
SECOND = replace(
    FIRST,
    information="Hasil pemeriksaan laboratorium pasien",
    agency="RSUD Kota",
    heard="RSUD Kota",
    recipients=(),
    recipients_basis=None,
    processing=None,
)


def frame(*, draft: bool = False) -> Frame:
    """Return what stands around the items."""
    return Frame(
        institution="Pemerintah Kota Pontianak",
        body="Dinas Komunikasi dan Informatika",
        number=None if draft else "7/PPID/2026",
        decided=None if draft else dt.date(2026, 11, 30),
        address=ADDRESS,
        code=code.picture(ADDRESS),
        copies=("Dinas Komunikasi dan Informatika",),
    )


def letter(*said: Determination, draft: bool = False, **exclusion: Any) -> dict[str, Any]:
    """Return the decree. ``exclusion``: what another definition says there."""
    return _written(determination.letter_paper, said, draft, exclusion)


def sheet(*said: Determination, draft: bool = False, **exclusion: Any) -> dict[str, Any]:
    """Return the sheet of the consequence test."""
    return _written(determination.sheet_paper, said, draft, exclusion)


def _written(write: Any, said: Any, draft: bool, exclusion: dict[str, Any]) -> dict[str, Any]:
    content = raw("classification")
    content["exclusion"].update(exclusion)
    rules = (definitions(classification=content) if exclusion else definitions()).classification
    items = [
        Item(one, f"Dataset {number}", f"A1B2C3D{number}")
        for number, one in enumerate(said or (FIRST,), start=1)
    ]
    return write(items, frame(draft=draft), rules, indonesian.translator())
