"""Lists of the tests: rows that are right, and folders with their files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from openpyxl import Workbook

RIGHT = {
    "title": "Jumlah Posyandu menurut Kecamatan",
    "notes": "Posyandu yang aktif.",
    "owner_org": "dinkes",
    "urusan": "1.02",
    "jenis_data": "statistik",
    "konsep": "Posyandu",
    "definisi": "Pos pelayanan terpadu",
    "klasifikasi_penyajian": "Kecamatan",
    "ukuran": "Jumlah",
    "satuan": "Unit",
    "frekuensi_penerbitan": "tahunan",
    "tahun": "2025",
    "cakupan": "61.71",
    "level_penyajian": "kecamatan",
    "maintainer_email": "data@dinkes.pontianak.go.id",
    "license_id": "cc-by",
    "berkas": "data-1.csv",
}


def rows(count: int, **more: str) -> list[dict[str, str]]:
    """Return rows without a fault, each with a title and a file of its own."""
    return [
        {**RIGHT, "title": f"{RIGHT['title']} {n:03}", "berkas": f"data-{n}.csv", **more}
        for n in range(1, count + 1)
    ]


def files(folder: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write the files that rows name."""
    for n, row in enumerate(rows, 1):
        if row.get("berkas"):
            text = f"kecamatan,jumlah\nPontianak Kota,{n}\nPontianak Barat,{n + 7}\n"
            (folder / row["berkas"]).write_text(text, "utf-8")


def as_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as CSV, as an Indonesian spreadsheet program does."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(
            file, list(dict.fromkeys(k for r in rows for k in r)), delimiter=";"
        )
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_jsonl(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as JSON, one a line."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def as_xlsx(path: Path, rows: list[dict[str, str]], *, above: int = 0) -> Path:
    """Write rows as a workbook, below a letterhead of so many rows."""
    book = Workbook()
    sheet = book.active
    for n in range(above):
        sheet.append([f"Pemerintah Kota {n}"])
    heads = list(dict.fromkeys(key for row in rows for key in row))
    sheet.append(heads)
    for row in rows:
        sheet.append([row.get(head) for head in heads])
    book.save(path)
    return path
