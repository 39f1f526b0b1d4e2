"""What each field of a dataset may hold that quality looks at, said once for all tests."""

from __future__ import annotations

GOOD = {
    "tag_string": "penduduk",
    "urusan": "2.16",
    "cakupan": "61.71",
    "tahun": "2025",
    "license_id": "cc-by",
    "maintainer": "Subbagian Perencanaan",
    "maintainer_email": "data@dinkes.pontianak.go.id",
    "notes": "Uraian",
    "level_penyajian": "kota",
    "rujukan": "V-23.6171.004",
    "konsep": "Penduduk",
    "definisi": "Semua orang yang tinggal enam bulan",
    "klasifikasi_penyajian": "Kecamatan",
    "ukuran": "Jumlah",
    "satuan": "Orang",
    "frekuensi_penerbitan": "tahunan",
}
