"""A decision that says all that the law asks for."""

from __future__ import annotations

import datetime as dt

from ckanext.satudata_pontianak.classification.rules.exclusion import Determination

COMPLETE = Determination(
    information="Daftar lokasi gudang obat",
    letter="b",
    level="terbatas",
    body="PPID",
    assessor="Petugas",
    agency="Dinas Kesehatan",
    start=dt.date(2026, 11, 24),
    until=dt.date(2028, 11, 24),
    legal_basis="UU 14/2008 Pasal 17 huruf b",
    if_opened="Persaingan usaha terganggu",
    if_closed="Persaingan usaha terlindungi",
    place="Pontianak",
)
