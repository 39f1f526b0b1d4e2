"""Time and memory of a scan, side by side with merely parsing the same file by Polars.

Usage: ``python benchmarks/scan.py [--megabytes 200] [--folder FOLDER]``. Every NIK, name and
number is made up here. The shapes:

- ``mixed``: a complaints table: numbers, dates, short and long text, a NIK in 1 of 1,000 notes
- ``persons``: nothing but NIK, KK, telephone and e-mail in every row
- ``numbers``: decimals with sixteen digits, sixteen-digit codes, amounts, timestamps
- ``quoted``: ``mixed`` with every cell in quotes
- ``ragged``: ``mixed`` with one longer row in 5,000, which the fast parser refuses
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

WORDS = (
    "warga mengeluh jalan rusak depan rumah lampu mati air tidak mengalir sejak kemarin mohon "
    "segera ditindaklanjuti parit tersumbat sampah menumpuk di gang dekat pasar flamboyan"
).split()
PLACES = ["Pontianak Kota", "Pontianak Barat", "Pontianak Timur", "Pontianak Tenggara"]
SCAN = """
import resource, sys
from ckanext.satudata_pontianak.disclosure.engine import scan_file
report = scan_file(sys.argv[1])
found = sorted({(f.kind, f.count) for f in report.findings})
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, report.verdict.value, found)
"""
PARSE = """
import resource, sys
import polars as pl
frame = pl.read_csv(sys.argv[1], infer_schema=False, truncate_ragged_lines=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, frame.shape)
"""
NOTHING = "import ckanext.satudata_pontianak.disclosure.engine"

Row = list[str]


def nik(r: random.Random) -> str:
    day = r.randint(1, 28) + r.choice((0, 40))
    date = f"{day:02}{r.randint(1, 12):02}{r.randint(0, 99):02}"
    return f"61710{r.randint(1, 6)}{date}{r.randint(1, 99):04}"


def mixed(r: random.Random, i: int) -> Row:
    note = " ".join(r.choices(WORDS, k=12))
    if i % 1000 == 0:
        note += f" atas nama NIK {nik(r)} terima kasih"
    return [
        str(i), f"2025-{r.randint(1, 12):02}-{r.randint(1, 28):02} 10:{r.randint(10, 59)}:00",
        r.choice(PLACES), note, str(r.randint(0, 10**6)), f"{r.random():.6f}",
        f"{109.3 + r.random() / 10:.7f}", str(r.randint(10**9, 10**13)), "selesai",
    ]  # fmt: skip


def persons(r: random.Random, i: int) -> Row:
    return [nik(r), nik(r), f"08{r.randint(11, 99)}{r.randint(10**6, 10**8)}", f"u{i}@gmail.com"]


def numbers(r: random.Random, i: int) -> Row:
    return [
        repr(r.random()), str(r.randint(10**15, 10**16 - 1)), str(r.randint(10**8, 10**12)),
        str(1_700_000_000_000 + i), f"{r.randint(0, 99)}", f"{r.random() * 1e6:.10f}",
    ]  # fmt: skip


def ragged(r: random.Random, i: int) -> Row:
    return mixed(r, i) + (["keterangan tambahan", nik(r)] if i % 5000 == 4999 else [])


SHAPES: dict[str, tuple[str, Callable[[random.Random, int], Row], int]] = {
    "mixed": ("no,waktu,kecamatan,catatan,a,b,c,d,status", mixed, csv.QUOTE_MINIMAL),
    "persons": ("nik,no_kk,no_hp,email", persons, csv.QUOTE_MINIMAL),
    "numbers": ("rasio,kode_barang,nilai,waktu,n,luas", numbers, csv.QUOTE_MINIMAL),
    "quoted": ("no,waktu,kecamatan,catatan,a,b,c,d,status", mixed, csv.QUOTE_ALL),
    "ragged": ("no,waktu,kecamatan,catatan,a,b,c,d,status", ragged, csv.QUOTE_MINIMAL),
}


def generate(path: Path, shape: str, size: int) -> int:
    """Write rows until the file has the size; repeat a large block, as time is short."""
    heading, make, quoting = SHAPES[shape]
    r = random.Random(20261124)
    block = io.StringIO()
    writer = csv.writer(block, quoting=quoting, lineterminator="\n")
    for i in range(100_000):
        writer.writerow(make(r, i))
    text = block.getvalue().encode()
    rows = 0
    with path.open("wb") as file:
        file.write(heading.encode() + b"\n")
        while file.tell() < size:
            file.write(text)
            rows += 100_000
    return rows


def run(program: str, path: Path) -> tuple[float, str]:
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    return time.perf_counter() - start, done.stdout.strip()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=200)
    options.add_argument("--folder", type=Path, default=None)
    options.add_argument("--shapes", nargs="*", default=list(SHAPES), choices=list(SHAPES))
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for shape in given.shapes:
            path = Path(folder) / f"{shape}.csv"
            rows = generate(path, shape, given.megabytes * 1_000_000)
            empty = min(run(NOTHING, path)[0] for _ in range(3))
            parse, parsed = run(PARSE, path)
            scan, scanned = run(SCAN, path)
            ratio = (scan - empty) / max(parse - empty, 0.001)
            print(
                f"{shape}: {rows} rows, {path.stat().st_size / 1e6:.0f} MB; start {empty:.2f} s, "
                f"parse {parse:.2f} s ({parsed}), scan {scan:.2f} s, ratio {ratio:.1f} "
                f"(MB, verdict, findings: {scanned})",
                flush=True,
            )
            path.unlink()


if __name__ == "__main__":
    main()
