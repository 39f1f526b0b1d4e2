"""Time and memory of a scan, side by side with merely parsing the same file by Polars.

Usage: ``python benchmarks/scan.py [--megabytes 200] [--folder FOLDER]``, or ``--rate`` for the
measure of the scan as a whole: 1,000,000 rows by 6 columns, two of them personal, on one core;
cells a second, the multiple of merely parsing, the peak of memory at 1 and 10 million rows, and
with ``--presidio PYTHON`` (an interpreter that has presidio-analyzer) that library on a sample of
the same table. ``--wide``: 100,000 cells as few long columns and as thousands of short ones, in CSV
and XLSX, processor time by turns. Every NIK, name and number is made up here. The shapes:

- ``mixed``: a complaints table: numbers, dates, short and long text, a NIK in 1 of 1,000 notes
- ``persons``: nothing but NIK, KK, telephone and e-mail in every row
- ``numbers``: decimals with sixteen digits, sixteen-digit codes, amounts, timestamps
- ``quoted``: ``mixed`` with every cell in quotes
- ``ragged``: ``mixed`` with one longer row in 5,000, which the fast parser refuses
- ``six``: what ``--rate`` measures: number, NIK, mobile number, kecamatan, date, amount
- ``people``: the same with a name and a home address as the two personal columns
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import statistics
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
FIRST = "Budi Siti Agus Rahmat Dewi Sri Petrus Hendra".split()
LAST = "Santoso Rahayu Wijaya Sihombing Lestari Hidayat Tan Saputra".split()
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


def six(r: random.Random, i: int) -> Row:
    return [
        str(i + 1), nik(r), f"0812{r.randint(10**6, 10**8 - 1)}", r.choice(PLACES),
        f"2025-{r.randint(1, 12):02}-{r.randint(1, 28):02}", str(r.randint(0, 10**6)),
    ]  # fmt: skip


def people(r: random.Random, i: int) -> Row:
    name = f"{r.choice(FIRST)} {r.choice(LAST)}"
    home = f"Gg. Mawar {i % 300} No. {r.randint(1, 99)} RT {r.randint(1, 9):02}/RW {i % 20 + 1:02}"
    row = six(r, i)
    return [row[0], name, home, *row[3:]]


SHAPES: dict[str, tuple[str, Callable[[random.Random, int], Row], int]] = {
    "mixed": ("no,waktu,kecamatan,catatan,a,b,c,d,status", mixed, csv.QUOTE_MINIMAL),
    "persons": ("nik,no_kk,no_hp,email", persons, csv.QUOTE_MINIMAL),
    "numbers": ("rasio,kode_barang,nilai,waktu,n,luas", numbers, csv.QUOTE_MINIMAL),
    "quoted": ("no,waktu,kecamatan,catatan,a,b,c,d,status", mixed, csv.QUOTE_ALL),
    "six": ("no,nik,no_hp,kecamatan,tanggal,nilai", six, csv.QUOTE_MINIMAL),
    "people": ("no,nama,alamat,kecamatan,tanggal,nilai", people, csv.QUOTE_MINIMAL),
    "ragged": ("no,waktu,kecamatan,catatan,a,b,c,d,status", ragged, csv.QUOTE_MINIMAL),
}


PRESIDIO = """
import csv, sys, time
import spacy
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
class Blank(SpacyNlpEngine):
    def __init__(self):
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        self.nlp = {"en": spacy.blank("en")}
    def load(self):
        pass
registry = RecognizerRegistry(supported_languages=["en"])
registry.load_predefined_recognizers(languages=["en"])
for kind, regex in (("NIK", r"\\b[1-9]\\d{15}\\b"), ("HP", r"\\b(?:\\+?62|0)8[1-9]\\d{7,10}\\b")):
    pattern = Pattern(kind, regex, 0.6)
    registry.add_recognizer(PatternRecognizer(supported_entity=kind, patterns=[pattern]))
engine = AnalyzerEngine(nlp_engine=Blank(), registry=registry, supported_languages=["en"])
with open(sys.argv[1]) as file:
    rows = [row for row, _ in zip(csv.reader(file), range(501))][1:]
start, found = time.process_time(), 0
for row in rows:
    for cell in row:
        found += bool(engine.analyze(cell, language="en", entities=ENTITIES, score_threshold=0.5))
seconds = time.process_time() - start
print(len(rows) * len(rows[0]), seconds, found)
"""
CPU = """
import resource, sys, time
from ckanext.satudata_pontianak.disclosure.engine import scan_file
start = time.process_time()
report = scan_file(sys.argv[1])
seconds = time.process_time() - start
found = "+".join(f"{f.kind}:{f.count}" for f in report.findings)
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, found)
"""
CPU_PARSE = """
import sys, time
import polars as pl
start = time.process_time()
pl.read_csv(sys.argv[1], infer_schema=False)
print(time.process_time() - start)
"""


CPU_WIDE = """
import sys, time
from ckanext.satudata_pontianak.disclosure.child import settle
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.readers import csv, xlsx
settle()
start = time.process_time()
report = scan_file(sys.argv[1])
print(time.process_time() - start, len(report.findings), sum(f.count for f in report.findings))
"""
FORMS = ((20, 5_000), (100, 1_000), (2_000, 50), (5_000, 20))
HEADS = "jumlah realisasi kecamatan tanggal uraian status anggaran bujur".split()


def figure(r: random.Random, column: int) -> str:
    """Return a cell of a table of statistics, another sort in each of eight columns."""
    return (
        lambda: str(r.randint(0, 10**6)),
        lambda: f"{r.random() * 1000:.3f}",
        lambda: r.choice(PLACES),
        lambda: f"2025-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
        lambda: " ".join(r.choices(WORDS, k=5)),
        lambda: r.choice(("selesai", "proses", "-", "")),
        lambda: str(r.randint(10**9, 10**13)),
        lambda: f"{109.3 + r.random() / 10:.7f}",
    )[column % 8]()


def form(path: Path, columns: int, rows: int, personal: int) -> None:
    """Write a table; of so many columns one holds NIK, 0 for none."""
    r = random.Random(20261130)
    table = [[f"{HEADS[c % 8]} {c}" for c in range(columns)]]
    table += [
        [nik(r) if personal and c % personal == 0 else figure(r, c) for c in range(columns)]
        for _ in range(rows)
    ]
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(table)
        return
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    for row in table:
        sheet.append(row)
    book.save(path)


def wide(folder: Path, runs: int) -> None:
    """Print what the same number of cells costs in each form."""
    print("| cells | format | columns by rows | seconds | of the first | findings |")
    print("|---|---|--:|--:|--:|---|")
    for said, personal in (("statistics", 0), ("one column of 20 holds NIK", 20)):
        for suffix in (".csv", ".xlsx"):
            paths = [folder / f"{c}x{n}{suffix}" for c, n in FORMS]
            for path, (columns, rows) in zip(paths, FORMS, strict=True):
                form(path, columns, rows, personal)
            taken: dict[Path, list[float]] = {path: [] for path in paths}
            found: dict[Path, str] = {}
            for _ in range(runs):
                for path in paths:
                    seconds, found[path] = run(CPU_WIDE, path)[1].split(" ", 1)
                    taken[path].append(float(seconds))
            first = statistics.median(taken[paths[0]])
            for path, (columns, rows) in zip(paths, FORMS, strict=True):
                middle = statistics.median(taken[path])
                print(
                    f"| {said} | {suffix[1:]} | {columns:,} × {rows:,} | {middle:.2f} "
                    f"| {middle / first:.2f} | {found[path].replace(' ', ' columns, ')} cells |",
                    flush=True,
                )


def rate(folder: Path, presidio: str | None) -> None:
    """Print the measure of the scan as a whole; seconds are of the processor, best of five."""
    for shape in ("six", "people"):
        path = folder / f"{shape}.csv"
        rows = generate_rows(path, shape, 1_000_000)
        cells = rows * len(SHAPES[shape][0].split(","))
        # One after the other and again: on a machine that others use the ratio is what counts.
        parses, runs = [], []
        for _ in range(5):
            parses.append(float(run(CPU_PARSE, path)[1]))
            runs.append(run(CPU, path)[1].split(" ", 2))
        scans = [float(r[0]) for r in runs]
        parse, scan = min(parses), min(scans)
        ratio = statistics.median(s / p for s, p in zip(scans, parses, strict=True))
        print(
            f"{shape}: {rows} rows, {cells} cells: scan {scan:.2f} s, "
            f"{cells / scan / 1e6:.1f} million cells/s, "
            f"{ratio:.1f} x the parse ({parse:.2f} s; median of five), "
            f"{runs[0][1]} MB; {runs[0][2]}",
            flush=True,
        )
        if presidio and shape == "six":
            peer(path, presidio, cells / scan)
    path = folder / "six.csv"
    generate_rows(path, "six", 10_000_000)
    seconds, memory, _ = run(CPU, path)[1].split(" ", 2)
    print(f"six, 10,000,000 rows: {float(seconds):.1f} s, {memory} MB")


def peer(path: Path, python: str, ours: float) -> None:
    """Time Presidio on 500 rows: with the two kinds that are there, and with all it knows."""
    for what, entities in (("NIK and mobile numbers", '["NIK", "HP"]'), ("all entities", "None")):
        program = PRESIDIO.replace("ENTITIES", entities)
        cells, seconds, found = run(program, path, python)[1].split()
        speed = int(cells) / float(seconds)
        print(
            f"Presidio, {what}: {speed:.0f} cells/s ({found} of {cells}); ours {ours / speed:.0f} x"
        )


def generate_rows(path: Path, shape: str, rows: int) -> int:
    """Write so many rows, a multiple of 100,000."""
    return generate(path, shape, 0, blocks=rows // 100_000)


def generate(path: Path, shape: str, size: int, blocks: int = 0) -> int:
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
        while file.tell() < size or rows < blocks * 100_000:
            file.write(text)
            rows += 100_000
    return rows


def run(program: str, path: Path, python: str = sys.executable) -> tuple[float, str]:
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    start = time.perf_counter()
    done = subprocess.run(
        [python, "-c", program, str(path)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    return time.perf_counter() - start, done.stdout.strip()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=200)
    options.add_argument("--folder", type=Path, default=None)
    options.add_argument("--shapes", nargs="*", default=list(SHAPES), choices=list(SHAPES))
    options.add_argument("--rate", action="store_true")
    options.add_argument("--wide", action="store_true")
    options.add_argument("--runs", type=int, default=9, help="of --wide")
    options.add_argument("--presidio", metavar="PYTHON", default=None)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        if given.rate:
            rate(Path(folder), given.presidio)
            return
        if given.wide:
            wide(Path(folder), given.runs)
            return
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
