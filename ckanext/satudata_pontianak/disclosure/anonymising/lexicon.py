"""Headings that say what a column tells of a person, as whole words.

The scan's kinds come first wherever there is a report; these are for what the scan does not call
personal data by itself (sex, age, occupation) and for a plan without a scan.
"""

from __future__ import annotations

from ..recognizers import RECOGNIZERS
from ..words import mentions

IDENTIFIERS = frozenset().union(*(r.headings for r in RECOGNIZERS.values()))
NAMES = frozenset(
    {"nama", "nama lengkap", "nama ibu", "nama ayah", "nama anak", "nama pasien", "nama siswa"}
    | {"nama penerima", "nama orang tua", "ibu kandung", "penerima", "pasien"}
)
BIRTHDAYS = frozenset(
    {"tanggal lahir", "tgl lahir", "ttl", "tempat tanggal lahir", "tempat tgl lahir"}
)
ADDRESSES = frozenset({"alamat", "alamat rumah", "domisili"})
# Not of persons: names and addresses of places, offices, goods.
_PLACES = frozenset(
    {
        "kecamatan",
        "kelurahan",
        "opd",
        "sekolah",
        "kantor",
        "instansi",
        "komoditas",
        "barang",
        "jalan",
    }
    | {"dinas", "puskesmas", "rumah sakit", "kegiatan", "program", "usaha", "toko", "pasar", "desa"}
    | {"kota", "kabupaten", "provinsi", "wilayah", "lokasi", "unit", "fasilitas", "pekerjaan"}
)
QUASI = frozenset(
    {"jenis kelamin", "jk", "kelamin", "gender", "sex", "l p", "umur", "usia", "age"}
    | {"kelurahan", "kecamatan", "desa", "rt", "rw", "rt rw", "kode pos", "kota lahir"}
    | {"pekerjaan", "profesi", "jabatan", "pendidikan", "status kawin", "status perkawinan"}
    | {"status nikah", "tempat lahir", "kewarganegaraan", "golongan darah", "tahun lahir", "kelas"}
)
SENSITIVE = frozenset(
    {"diagnosa", "diagnosis", "penyakit", "icd", "disabilitas", "difabel", "hiv", "tb", "stunting"}
    | {"agama", "suku", "etnis", "gaji", "penghasilan", "pendapatan", "bansos", "bantuan", "dtks"}
    | {"status gizi", "gizi", "pidana", "kasus", "napi", "utang", "pinjaman"}
)
# What can be seen of a person, or is known to neighbours and colleagues, and differs finely.
MEASURES = frozenset(
    {"berat badan", "tinggi badan", "bb", "tb", "bb kg", "tb cm", "lingkar kepala", "lila", "imt"}
    | {"penghasilan", "gaji", "pendapatan", "upah"}
)
_REGIONS = frozenset({"kelurahan", "kecamatan", "desa"})
_AGES = frozenset({"umur", "usia", "age"})


def is_identifier(heading: str) -> bool:
    """The column names one person by a number, a telephone or an account."""
    return mentions(heading, IDENTIFIERS)


def is_name(heading: str) -> bool:
    """The column holds names of persons."""
    return mentions(heading, NAMES) and not mentions(heading, _PLACES)


def is_birthday(heading: str) -> bool:
    """The column holds dates of birth."""
    return mentions(heading, BIRTHDAYS)


def is_address(heading: str) -> bool:
    """The column holds home addresses."""
    return mentions(heading, ADDRESSES) and not mentions(heading, _PLACES)


def is_age(heading: str) -> bool:
    """The column holds ages in years."""
    return mentions(heading, _AGES)


def is_personal(heading: str) -> bool:
    """The column holds what belongs to one person: a number, a name, a day of birth, an address."""
    return any(says(heading) for says in (is_identifier, is_name, is_birthday, is_address))


def is_measure(heading: str) -> bool:
    """The column holds a measure of a person that others may know: weight, height, income."""
    return mentions(heading, MEASURES)


def is_quasi(heading: str) -> bool:
    """Others may know this of a person, and it narrows down who it is."""
    return mentions(heading, QUASI) or is_birthday(heading) or is_address(heading)


def is_region(heading: str, action: str) -> bool:
    """The column says where, after its treatment: a kelurahan, a kecamatan."""
    return action == "kelurahan" or (action in ("keep", "rare") and mentions(heading, _REGIONS))


def is_sensitive(heading: str) -> bool:
    """The column says what a person would not want to be known."""
    return mentions(heading, SENSITIVE)
