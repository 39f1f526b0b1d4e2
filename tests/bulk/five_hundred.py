"""Five hundred rows with real small files, by a seed, and twenty faults of many kinds in them."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook

from ..unit.bulk import lists

SEED, COUNT, FAULTY = 20261202, 500, 20
DISTRICTS = (
    "Pontianak Kota", "Pontianak Barat", "Pontianak Timur", "Pontianak Utara",
    "Pontianak Selatan", "Pontianak Tenggara",
)  # fmt: skip
KINDS: tuple[dict[str, str], ...] = (
    {"urusan": "9.99"},
    {"berkas": "tidak-ada.csv"},
    {"maintainer_email": "budi@gmail.com"},
    {"tahun": "2025-2019"},
    # What only the portal sees: a NIK in a text that everybody would read.
    {"notes": "Hubungi pemegang NIK 6171014101900001."},
    {"owner_org": "disdukcapil"},
    {"title": ""},
    {"berkas": "kosong.csv"},
    {"berkas": "../../../etc/passwd"},
    {"berkas": "bukan-tabel.csv"},
    {"frekuensi_penerbitan": "tiap purnama"},
    {"tingkat_keamanan": "agak tertutup"},
    {"name": "Alamat Lain!"},
    {"cakupan": "Atlantis"},
    {"license_id": "punya-saya"},
)
"""What is wrong in a row: one cell each."""


class Made(NamedTuple):
    """A list on the disk, and what has to become of it."""

    path: Path
    faults: dict[int, str]
    """Row → field of the cell that is wrong."""
    hashes: dict[str, list[str]]
    """Title → hashes of the files, of the rows that land."""


def make(folder: Path) -> Made:
    """Write list and files; the same for the same seed."""
    r = random.Random(SEED)  # noqa: S311 - the same list each time
    rows, faults, hashes = lists.rows(COUNT), {}, {}
    for n, row in enumerate(rows):
        row["berkas"] = f"data-{n:03}.{'xlsx' if n % 2 else 'csv'}"
        (_workbook if n % 2 else _table)(folder / row["berkas"], r)
    (folder / "kosong.csv").touch()
    (folder / "bukan-tabel.csv").write_bytes(b"MZ\x90\x00" + bytes(200))
    for n, at in enumerate(sorted(r.sample(range(COUNT), FAULTY))):
        wrong = KINDS[n % len(KINDS)]
        rows[at] |= wrong
        faults[at + 2] = next(iter(wrong))
    for number, row in enumerate(rows, 2):
        if number not in faults:
            content = (folder / row["berkas"]).read_bytes()
            hashes[row["title"]] = [hashlib.sha256(content).hexdigest()]
    return Made(lists.as_xlsx(folder / "manifest.xlsx", rows), faults, hashes)


def _cells(r: random.Random) -> list[list[str | int]]:
    years = range(2025 - r.randint(2, 12), 2026)
    return [[name, year, r.randint(1, 10**5)] for year in years for name in DISTRICTS]


def _table(path: Path, r: random.Random) -> None:
    lines = [";".join(map(str, row)) for row in _cells(r)]
    path.write_text("\n".join(["kecamatan;tahun;jumlah", *lines, ""]), "utf-8")


def _workbook(path: Path, r: random.Random) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    # As offices write them: a letterhead above the table.
    sheet.append(["DINAS KESEHATAN KOTA PONTIANAK"])
    sheet.append([])
    sheet.append(["Kecamatan", "Tahun", "Jumlah"])
    for row in _cells(r):
        sheet.append(row)
    book.save(path)
