"""Eighty workbooks as eight agencies send them, and what a person reads in each.

Made, not collected: every figure is drawn from a seeded generator, every name of a person is absent, and agencies are those
of the city. How agencies write their tables is taken from what portals report of theirs: letterheads, merged cells, headings of
two and three rows, totals in between, figures as text, months in words, years as columns, headings that a printer repeats.

    python tests/workbooks/made.py FOLDER      write the files, and `truth.json` beside them

Four agencies are `read` (whoever writes a recogniser may look at them) and four are `held` (nobody tunes anything by them). Each
oddity is drawn for each file apart from the others, so that both halves hold all of them, with other words and other tables.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

SEED = 20261256  # of sixty, the one whose halves lack the fewest oddities
FILES_OF_AN_AGENCY = 10
MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
)
REGIONS = {
    "Pontianak Selatan": ("61.71.01", ["Benua Melayu Laut", "Benua Melayu Darat", "Parit Tokaya", "Kota Baru", "Akcaya"]),
    "Pontianak Timur": ("61.71.02", ["Parit Mayor", "Banjar Serasan", "Saigon", "Tanjung Hulu", "Tanjung Hilir", "Dalam Bugis", "Tambelan Sampit"]),
    "Pontianak Barat": ("61.71.03", ["Pal Lima", "Sungai Jawi Dalam", "Sungai Jawi Luar", "Sungai Beliung"]),
    "Pontianak Utara": ("61.71.04", ["Siantan Hulu", "Siantan Tengah", "Siantan Hilir", "Batulayang"]),
    "Pontianak Kota": ("61.71.05", ["Sungai Bangkong", "Darat Sekip", "Tengah", "Mariana", "Sungai Jawi"]),
    "Pontianak Tenggara": ("61.71.06", ["Bansir Laut", "Bansir Darat", "Bangka Belitung Laut", "Bangka Belitung Darat"]),
}  # fmt: skip
HELD = frozenset({"disdukcapil", "diskumdag", "dlh", "kecamatan-barat"})
UNKNOWN = (None, "-", "n/a", "…", "NA", "–")


@dataclass
class Column:
    """A column of the tidy table: its headings from the top, what it is for, and its unit."""

    headings: list[str]
    role: str  # region, group, period, measure, category, code, text, place
    unit: str = ""


@dataclass
class Truth:
    """What a person reads in a file."""

    file: str
    agency: str
    half: str
    sheet: str
    header: list[int]  # first and last row of the headings, from 1
    rows: list[int]  # first and last row of data, from 1
    columns: list[Column]
    tidy: list[list[str]]  # every row of the tidy table: figures with a point, months as written
    unpivoted: str = ""  # what stood beside one another: tahun, bulan, semester
    left_out: dict[str, int] = field(default_factory=dict)  # kind of line -> how many
    title: str = ""
    years: list[int] = field(default_factory=list)
    level: str = ""  # kota, kecamatan, kelurahan
    unit: str = ""
    measure: str = ""
    frequency: str = ""
    urusan: str = ""
    oddities: list[str] = field(default_factory=list)


@dataclass
class Subject:
    """A table that an agency keeps."""

    title: str
    kind: str  # regions, series, indicators, events, prices
    measures: list[tuple[str, str]]  # heading, unit
    measure: str = "Jumlah"
    urusan: str = ""
    groups: tuple[str, ...] = ()  # headings below each measure
    things: tuple[str, ...] = ()  # rows of an indicator or price table
    sections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    size: float = 1000
    decimals: int = 0


SEX = ("Laki-laki", "Perempuan")
AGENCIES: dict[str, tuple[str, list[Subject]]] = {
    "dinkes": ("Dinas Kesehatan", [
        Subject("Jumlah Kasus Tuberkulosis", "regions", [("Kasus TB", "Kasus")], urusan="1.02", groups=SEX, size=40),
        Subject("Jumlah Balita Ditimbang dan Balita Gizi Kurang", "regions", [("Balita Ditimbang", "Balita"), ("Gizi Kurang", "Balita")], urusan="1.02", size=900),
        Subject("Jumlah Kunjungan Puskesmas", "series", [("Rawat Jalan", "Kunjungan"), ("Rawat Inap", "Kunjungan")], urusan="1.02", size=4000),
        Subject("Persentase Cakupan Imunisasi Dasar Lengkap", "regions", [("Cakupan", "Persen")], measure="Persentase", urusan="1.02", size=90, decimals=2),
        Subject("Jumlah Tenaga Kesehatan", "indicators", [("Jumlah", "Orang")], urusan="1.02", things=("Dokter Umum", "Dokter Gigi", "Perawat", "Bidan", "Apoteker", "Sanitarian", "Ahli Gizi"), size=120),
    ]),
    "disdukcapil": ("Dinas Kependudukan dan Pencatatan Sipil", [
        Subject("Jumlah Penduduk", "regions", [("Penduduk", "Jiwa")], urusan="2.12", groups=SEX, size=12000),
        Subject("Jumlah Kepala Keluarga dan Kepemilikan Kartu Keluarga", "regions", [("Kepala Keluarga", "KK"), ("Memiliki Kartu Keluarga", "KK")], urusan="2.12", size=6000),
        Subject("Jumlah Penerbitan Akta", "series", [("Akta Kelahiran", "Lembar"), ("Akta Kematian", "Lembar"), ("Akta Perkawinan", "Lembar")], urusan="2.12", size=700),
        Subject("Jumlah Penduduk Menurut Agama", "regions", [("Islam", "Jiwa"), ("Kristen", "Jiwa"), ("Katolik", "Jiwa"), ("Hindu", "Jiwa"), ("Buddha", "Jiwa"), ("Khonghucu", "Jiwa")], urusan="2.12", size=3000),
        Subject("Jumlah Penduduk Menurut Tingkat Pendidikan", "indicators", [("Jumlah", "Jiwa")], urusan="2.12", things=("Tidak/Belum Sekolah", "Tamat SD/Sederajat", "SLTP/Sederajat", "SLTA/Sederajat", "Diploma I/II", "Diploma IV/Strata I", "Strata II", "Strata III"), size=40000),
    ]),
    "disdikbud": ("Dinas Pendidikan dan Kebudayaan", [
        Subject("Jumlah Sekolah dan Murid Sekolah Dasar", "regions", [("Sekolah", "Unit"), ("Murid", "Orang")], urusan="1.01", groups=("Negeri", "Swasta"), size=800),
        Subject("Angka Partisipasi Murni", "indicators", [("APM", "Persen")], measure="Persentase", urusan="1.01", things=("SD/MI", "SMP/MTs", "SMA/SMK/MA"), size=80, decimals=2),
        Subject("Jumlah Guru Bersertifikat Pendidik", "regions", [("Guru Bersertifikat", "Orang")], urusan="1.01", groups=SEX, size=150),
        Subject("Kegiatan Kebudayaan", "events", [("Peserta", "Orang")], urusan="2.22", things=("Pawai Budaya", "Festival Meriam Karbit", "Lomba Syair Gulung", "Pameran Tenun Corak Insang", "Gelar Musik Tanjidor"), size=300),
        Subject("Rasio Murid terhadap Guru", "regions", [("Rasio SD", "Murid per Guru"), ("Rasio SMP", "Murid per Guru")], measure="Rasio", urusan="1.01", size=17, decimals=1),
    ]),
    "diskumdag": ("Dinas Koperasi, Usaha Mikro dan Perdagangan", [
        Subject("Harga Rata-Rata Bahan Pokok", "prices", [("Harga", "Rupiah")], measure="Harga", urusan="3.30", things=("Beras Medium", "Beras Premium", "Gula Pasir", "Minyak Goreng Curah", "Daging Ayam Ras", "Telur Ayam Ras", "Cabai Rawit Merah", "Bawang Merah", "Bawang Putih"), size=25000),
        Subject("Jumlah Koperasi Aktif dan Anggotanya", "regions", [("Koperasi Aktif", "Unit"), ("Anggota", "Orang")], urusan="2.17", size=90),
        Subject("Jumlah Usaha Mikro Menurut Lapangan Usaha", "indicators", [("Usaha Mikro", "Unit")], urusan="2.17", sections={"A. Perdagangan": ("Warung", "Toko Kelontong", "Pedagang Kaki Lima"), "B. Industri Pengolahan": ("Kerupuk", "Anyaman", "Tenun"), "C. Jasa": ("Bengkel", "Jasa Boga", "Penjahit")}, size=800),
        Subject("Jumlah Tera Ulang Alat Ukur", "series", [("Timbangan", "Unit"), ("Pompa Ukur", "Unit")], urusan="3.30", size=200),
        Subject("Jumlah Pedagang Pasar Rakyat", "regions", [("Pedagang", "Orang")], urusan="3.30", groups=("Kios", "Los", "Lapak"), size=250),
    ]),
    "bappeda": ("Badan Perencanaan Pembangunan Daerah", [
        Subject("Nilai PDRB Atas Dasar Harga Berlaku", "indicators", [("Nilai PDRB", "Miliar Rupiah")], measure="Nilai", urusan="5.01", sections={"A. Primer": ("Pertanian, Kehutanan, dan Perikanan", "Pertambangan dan Penggalian"), "B. Sekunder": ("Industri Pengolahan", "Pengadaan Listrik dan Gas", "Konstruksi"), "C. Tersier": ("Perdagangan Besar dan Eceran", "Transportasi dan Pergudangan", "Jasa Keuangan")}, size=3000, decimals=2),
        Subject("Indeks Pembangunan Manusia Menurut Komponen", "indicators", [("Nilai", "")], measure="Indeks", urusan="5.01", things=("Umur Harapan Hidup", "Harapan Lama Sekolah", "Rata-Rata Lama Sekolah", "Pengeluaran per Kapita", "IPM"), size=75, decimals=2),
        Subject("Persentase Penduduk Miskin", "regions", [("Penduduk Miskin", "Persen")], measure="Persentase", urusan="1.06", size=5, decimals=2),
        Subject("Luas Wilayah dan Kepadatan Penduduk", "regions", [("Luas Wilayah", "km2"), ("Kepadatan", "Jiwa/km2")], measure="Luas", urusan="5.01", size=60, decimals=2),
        Subject("Laju Inflasi Bulanan", "series", [("Inflasi", "Persen")], measure="Persentase", urusan="5.01", size=0.6, decimals=2),
    ]),
    "dlh": ("Dinas Lingkungan Hidup", [
        Subject("Kualitas Air Sungai", "indicators", [("Hasil Uji", "mg/L")], measure="Kadar", urusan="2.11", sections={"I. Sungai Kapuas": ("TSS", "BOD", "COD", "DO"), "II. Sungai Landak": ("TSS", "BOD", "COD", "DO")}, size=20, decimals=2),
        Subject("Timbulan dan Pengurangan Sampah", "series", [("Timbulan", "Ton"), ("Pengurangan", "Ton")], measure="Berat", urusan="2.11", size=9000, decimals=1),
        Subject("Jumlah Bank Sampah dan Nasabah", "regions", [("Bank Sampah", "Unit"), ("Nasabah", "Orang")], urusan="2.11", size=30),
        Subject("Luas Ruang Terbuka Hijau", "regions", [("RTH", "Hektare")], measure="Luas", urusan="2.11", groups=("Publik", "Privat"), size=20, decimals=2),
        Subject("Pengaduan Lingkungan Hidup", "events", [("Luas Terdampak", "m2")], urusan="2.11", things=("Bau Limbah", "Pembakaran Sampah", "Air Parit Keruh", "Kebisingan", "Debu"), size=200),
    ]),
    "bpbd": ("Badan Penanggulangan Bencana Daerah", [
        Subject("Kejadian Bencana", "events", [("KK Terdampak", "KK"), ("Kerugian", "Rupiah")], urusan="1.05", things=("Banjir Rob", "Kebakaran Permukiman", "Angin Puting Beliung", "Kebakaran Lahan", "Pohon Tumbang"), size=30),
        Subject("Jumlah Kejadian Bencana", "series", [("Banjir", "Kejadian"), ("Kebakaran", "Kejadian"), ("Angin Kencang", "Kejadian")], urusan="1.05", size=6),
        Subject("Jumlah Relawan Siaga Bencana", "regions", [("Relawan", "Orang")], urusan="1.05", groups=SEX, size=25),
        Subject("Logistik Penanggulangan Bencana", "indicators", [("Stok", "Unit")], urusan="1.05", things=("Tenda Keluarga", "Perahu Karet", "Selimut", "Masker", "Paket Sandang"), size=300),
        Subject("Tinggi Muka Air Pasang Tertinggi", "series", [("Tinggi Muka Air", "cm")], measure="Tinggi", urusan="1.05", size=190, decimals=1),
    ]),
    "kecamatan-barat": ("Kecamatan Pontianak Barat", [
        Subject("Jumlah Surat Keterangan yang Diterbitkan", "series", [("Domisili", "Surat"), ("Usaha", "Surat"), ("Tidak Mampu", "Surat")], urusan="2.13", size=150),
        Subject("Jumlah Rukun Warga dan Rukun Tetangga", "regions", [("RW", "Unit"), ("RT", "Unit")], urusan="2.13", size=60),
        Subject("Jumlah Keluarga Penerima Bantuan Pangan", "regions", [("Keluarga Penerima", "Keluarga")], urusan="1.06", size=500),
        Subject("Gotong Royong Warga", "events", [("Peserta", "Orang")], urusan="2.13", things=("Kerja Bakti Parit", "Penanaman Pohon", "Pengecatan Gapura", "Pembersihan Makam"), size=60),
        Subject("Sarana Ibadah", "indicators", [("Jumlah", "Unit")], urusan="2.13", things=("Masjid", "Surau", "Gereja Kristen", "Gereja Katolik", "Vihara", "Kelenteng"), size=30),
    ]),
}  # fmt: skip


class Paper:
    """A sheet that is being written, row by row, with what each row is."""

    def __init__(self, rng: random.Random, left: int) -> None:
        self.rng, self.left = rng, left
        self.cells: dict[tuple[int, int], Any] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.kinds: dict[int, str] = {}
        self.at = 1

    def blank(self, times: int = 1) -> None:
        """Leave rows empty."""
        self.at += times

    def line(
        self, kind: str, text: str, width: int = 1, *, merge: bool = False, column: int = 0
    ) -> None:
        """Write one text into a row of its own."""
        self.cells[self.at, self.left + column] = text
        if merge and width > 1:
            self.merged.append((self.at, self.left, self.at, self.left + width - 1))
        self.kinds[self.at] = kind
        self.at += 1

    def row(self, kind: str, values: list[Any]) -> int:
        """Write a row; return its number."""
        for column, value in enumerate(values):
            if value is not None:
                self.cells[self.at, self.left + column] = value
        self.kinds[self.at] = kind
        self.at += 1
        return self.at - 1

    def counted(self) -> dict[str, int]:
        """Return how many rows there are of each kind."""
        found: dict[str, int] = {}
        for kind in self.kinds.values():
            found[kind] = found.get(kind, 0) + 1
        return found


class Writer:
    """One file of one agency."""

    def __init__(self, agency: str, number: int) -> None:
        self.rng = random.Random(f"{SEED}:{agency}:{number}")
        self.agency, self.number = agency, number
        self.office, subjects = AGENCIES[agency]
        self.subject = subjects[number % len(subjects)]
        self.odd: list[str] = []
        self.last_year = self.rng.choice((2024, 2025))
        self.written = self.rng.choice(("number", "number", "text", "spaced"))
        if self.written != "number":
            self.odd.append(f"figures as text ({self.written})")
        self.unknown = self.rng.choice(UNKNOWN)
        self.unit_at = self.rng.choice(("heading", "heading", "row", "line", "nowhere"))
        units = {unit for _, unit in self.subject.measures}
        if self.unit_at == "line" and (len(units) > 1 or "" in units):
            self.unit_at = "heading"
        self.numbered = self.draw("column of numbers", 0.6)
        self.csv = self.draw("csv", 0.12)
        self.left = (
            1 if self.csv else 1 + (2 if self.draw("begins at the third column", 0.2) else 0)
        )
        self.paper = Paper(self.rng, self.left)
        self.columns: list[Column] = []
        self.tidy: list[list[str]] = []
        self.unpivoted = ""
        self.level = "kota"
        self.frequency = "tahunan"
        self.years: list[int] = [self.last_year]
        self.head: list[int] = []
        self.body: list[int] = []

    def draw(self, oddity: str, chance: float) -> bool:
        """Draw one oddity, and remember it."""
        if self.rng.random() >= chance:
            return False
        self.odd.append(oddity)
        return True

    # ------------------------------------------------------------------ figures

    def figure(self) -> tuple[str, Any]:
        """Return a figure as the tidy table has it, and as the cell has it."""
        size, decimals = self.subject.size, self.subject.decimals
        value = round(self.rng.uniform(0.2, 1.8) * size, decimals)
        if self.unknown is not None and self.rng.random() < 0.03:
            self.odd.append(f"unknown as {self.unknown}")
            return "", self.unknown
        plain = f"{value:.{decimals}f}" if decimals else str(int(value))
        return plain, self.shown(plain)

    def shown(self, plain: str) -> Any:
        """Return how the agency writes a figure."""
        if self.written == "number":
            return float(plain) if "." in plain else int(plain)
        whole, _, part = plain.partition(".")
        dots = f"{int(whole):,}".replace(",", "." if self.written == "text" else " ")
        text = dots + (f",{part}" if part else "")
        return f"Rp {text}" if self.subject.kind == "prices" and self.written == "text" else text

    def total(self, rows: list[list[str]], column: int) -> Any:
        """Return the sum of a column of figures as a cell."""
        total = sum(float(row[column]) for row in rows if row[column])
        return self.shown(
            f"{total:.{self.subject.decimals}f}" if self.subject.decimals else str(int(total))
        )

    # ------------------------------------------------------------------ headings

    def unit_words(self, unit: str) -> str:
        """Return a unit as a heading carries it."""
        return f" ({unit})" if unit and self.unit_at == "heading" else ""

    def headings(self, rows: list[list[Any]], spans: list[tuple[int, int, int]]) -> None:
        """Write the heading rows, joined as given: row, first and last column of each."""
        first = self.paper.at
        for values in rows:
            self.paper.row("header", list(values))
        last = self.paper.at - 1
        for row, start, end in spans:
            self.paper.merged.append((first + row, self.left + start, first + row, self.left + end))
        for column in range(len(rows[0])):
            filled = [n for n, values in enumerate(rows) if values[column] is not None]
            under = any(row == 0 and start <= column <= end for row, start, end in spans)
            if filled == [0] and len(rows) > 1 and not under:
                self.paper.merged.append((first, self.left + column, last, self.left + column))
        self.head = self.head or [first, last]
        self.heading_rows = rows

    def below_headings(self, width: int, units: list[str | None]) -> None:
        """Write what stands between headings and data."""
        if self.unit_at == "row" and any(units):
            self.odd.append("row of units")
            self.paper.row("units", [f"({unit})" if unit else None for unit in units])
        if self.draw("row of column numbers", 0.35):
            signs = (
                [f"({n + 1})" for n in range(width)]
                if self.rng.random() < 0.6
                else list(range(1, width + 1))
            )
            self.paper.row("numbering", signs)

    # ------------------------------------------------------------------ the page

    def page(self) -> Truth:
        """Write everything, and return what is true of it."""
        getattr(self, f"plan_{self.subject.kind}")()
        return self.truth()

    def begin(self, width: int) -> None:
        """Write letterhead and title."""
        paper = self.paper
        if self.draw("letterhead", 0.6):
            merge = self.rng.random() < 0.7
            paper.line("letterhead", "PEMERINTAH KOTA PONTIANAK", width, merge=merge)
            paper.line("letterhead", self.office.upper(), width, merge=merge)
            if self.rng.random() < 0.6:
                paper.line(
                    "letterhead",
                    "Jalan Contoh Nomor 1 Pontianak, Kode Pos 78000",
                    width,
                    merge=merge,
                )
            paper.blank(self.rng.randint(0, 2))
        said = self.subject.title
        self.title = said + self.by()
        years = (
            f"Tahun {self.years[0]}"
            if len(self.years) == 1
            else f"Tahun {self.years[0]}-{self.years[-1]}"
        )
        merge = self.rng.random() < 0.5
        style = self.rng.randrange(4)
        if style == 0:
            number = f"Tabel {self.rng.randint(1, 9)}.{self.rng.randint(1, 9)}.{self.rng.randint(1, 20)} "
            paper.line(
                "title",
                f"{number}{self.title} di Kota Pontianak, {years.removeprefix('Tahun ')}",
                width,
                merge=merge,
            )
        elif style == 1:
            paper.line("title", f"{self.title} Kota Pontianak {years}".upper(), width, merge=merge)
        elif style == 2:
            paper.line("title", self.title.upper(), width, merge=merge)
            paper.line("title", "KOTA PONTIANAK", width, merge=merge)
            paper.line("title", years.upper(), width, merge=merge)
        else:
            paper.line("title", f"DATA {self.title.upper()}", width, merge=merge)
            paper.line("title", years.upper(), width, merge=merge)
        unit = self.subject.measures[0][1]
        if self.unit_at == "line":
            self.odd.append("unit in a line of its own")
            paper.line("note", f"Satuan: {unit}", column=max(0, width - 2))
        paper.blank(self.rng.randint(0, 2))
        if self.draw("small table above", 0.08):
            paper.row("other table", ["Kode", "Arti"])
            paper.row("other table", ["S", "Angka sementara"])
            paper.row("other table", ["T", "Angka tetap"])
            paper.blank(2)

    def by(self) -> str:
        """Return how the title says what the rows are."""
        if self.subject.kind == "regions":
            return f" Menurut {self.level.capitalize()}"
        return (
            " Menurut Bulan"
            if self.subject.kind == "series" and self.frequency == "bulanan"
            else ""
        )

    def end(self, width: int) -> None:
        """Write what follows the table."""
        paper = self.paper
        paper.blank(self.rng.randint(0, 1))
        if self.draw("source", 0.7):
            paper.line("note", f"Sumber: {self.office} Kota Pontianak, {self.last_year + 1}")
        if self.draw("footnote", 0.3):
            paper.line("note", "*) Angka sementara")
            paper.line("note", "Catatan: data belum termasuk laporan yang terlambat diterima.")
        if self.draw("signature", 0.4):
            paper.blank(self.rng.randint(1, 2))
            column = max(0, width - 2)
            paper.line(
                "signature",
                f"Pontianak, {self.rng.randint(2, 28)} Januari {self.last_year + 1}",
                column=column,
            )
            paper.line(
                "signature",
                f"Kepala {self.office}"
                if "Kecamatan" not in self.office
                else "Camat Pontianak Barat",
                column=column,
            )
            paper.blank(3)
            paper.line("signature", "(...............................)", column=column)
        if self.draw("small table below", 0.12):
            paper.blank(3)
            paper.row("other table", ["Rekapitulasi", "Nilai"])
            paper.row("other table", ["Tertinggi", self.rng.randint(10, 99)])
            paper.row("other table", ["Terendah", self.rng.randint(1, 9)])
        if not self.csv and self.draw("remark beside the table", 0.12):
            paper.cells[self.head[1] + 2, self.left + width + 1] = (
                "periksa lagi dengan bidang terkait"
            )

    def data(self, values: list[Any]) -> None:
        """Write a row of data; repeat the headings where a printer's page ends."""
        if self.repeat and self.body and (self.paper.at - self.body[0]) % self.repeat == 0:
            self.paper.line("page", f"Halaman {2 + (self.paper.at - self.body[0]) // self.repeat}")
            for heading in self.heading_rows:
                self.paper.row("repeated header", list(heading))
        at = self.paper.row("data", values)
        self.body = [self.body[0] if self.body else at, at]

    repeat = 0
    heading_rows: list[list[Any]]

    # ------------------------------------------------------------------ kinds of tables

    def plan_regions(self) -> None:
        """Write a table whose rows are kecamatan or kelurahan."""
        rng, subject = self.rng, self.subject
        own = self.agency == "kecamatan-barat"
        self.level = "kelurahan" if own or rng.random() < 0.6 else "kecamatan"
        wide = len(subject.measures) == 1 and rng.random() < 0.45
        if wide:
            self.years = list(range(self.last_year - rng.randint(1, 4), self.last_year + 1))
            self.unpivoted = "tahun"
            self.odd.append("years as columns")
        grouping = "none"
        if self.level == "kelurahan" and not own:
            grouping = rng.choice(("column", "merged", "section", "none"))
            self.odd.append(f"kecamatan as {grouping}")
        code = self.level == "kecamatan" and self.draw("column of codes", 0.2)
        lead: list[str] = ["No" if rng.random() < 0.5 else "No."] if self.numbered else []
        if code:
            lead.append("Kode Wilayah")
        if grouping in ("column", "merged"):
            lead.append("Kecamatan")
        place = (
            rng.choice(("Kelurahan", "KELURAHAN", "Nama Kelurahan", "Kecamatan/Kelurahan"))
            if self.level == "kelurahan"
            else rng.choice(("Kecamatan", "KECAMATAN", "Nama Kecamatan"))
        )
        if place == "Kecamatan/Kelurahan" and grouping != "section":
            place = "Kelurahan"
        lead.append(place)
        groups = subject.groups if not wide or rng.random() < 0.5 else ()
        with_sum = bool(groups) and self.draw("a sum beside its parts", 0.6)
        tops = (
            [str(year) for year in self.years]
            if wide
            else [name + self.unit_words(unit) for name, unit in subject.measures]
        )
        parts = [*groups, *(["Jumlah"] if with_sum else [])]
        width = len(lead) + len(tops) * max(1, len(parts))
        self.begin(width)
        # The headings.
        over = wide and self.draw("measure above the years", 0.6)
        rows: list[list[Any]] = []
        spans: list[tuple[int, int, int]] = []
        if over:
            name, unit = subject.measures[0]
            rows.append([*lead, name + self.unit_words(unit), *[None] * (width - len(lead) - 1)])
            spans.append((0, len(lead), width - 1))
        top: list[Any] = [None] * len(lead) if rows else list(lead)
        for heading in tops:
            start = len(top)
            shown = int(heading) if wide and self.written == "number" else heading
            top += [shown, *[None] * (max(1, len(parts)) - 1)]
            if len(parts) > 1:
                spans.append((len(rows), start, len(top) - 1))
        rows.append(top)
        if parts:
            rows.append([*[None] * len(lead), *parts * len(tops)])
        self.headings(rows, spans)
        units: list[str | None] = [None] * len(lead)
        for _, unit in subject.measures if not wide else subject.measures * len(tops):
            units += [unit] * max(1, len(parts))
        self.below_headings(width, units)
        if (
            width > 4
            and self.level == "kelurahan"
            and self.draw("headings repeated by the printer", 0.2)
        ):
            self.repeat = 12
        # What the tidy table has.
        if grouping != "none":
            self.columns.append(Column(["Kecamatan"], "group"))
        if code:
            self.columns.append(Column(["Kode Wilayah"], "code"))
        self.columns.append(Column([place], "region"))
        if wide:
            self.columns.append(Column(["tahun"], "period"))
            name, unit = subject.measures[0]
            said = self.told(unit) if over or self.unit_at != "heading" else ""
            for part in parts or [""]:
                heading = [*([name] if over else []), *([part] if part else [])] or ["nilai"]
                self.columns.append(Column(heading, "measure", said))
        else:
            self.columns += [
                Column([name, *([part] if part else [])], "measure", self.told(unit))
                for name, unit in subject.measures
                for part in (parts or [""])
            ]
        # The rows.
        subtotals = grouping != "none" and self.draw("subtotals", 0.4)
        upper = self.draw("names in capitals", 0.25)
        number = 0
        all_rows: list[list[str]] = []
        districts = {k: v for k, v in REGIONS.items() if not own or k == "Pontianak Barat"}
        for name, (district_code, villages) in districts.items():
            said = name.upper() if upper else name
            places = (
                [said]
                if self.level == "kecamatan"
                else [v.upper() if upper else v for v in villages]
            )
            if grouping == "section":
                self.paper.row("section", [*([None] if self.numbered else []), f"Kecamatan {said}"])
            first = self.paper.at
            block: list[list[str]] = []
            for row, each in enumerate(places):
                number += 1
                figures = [self.figures(groups, with_sum) for _ in tops]
                plain = [p for pairs in figures for p, _ in pairs]
                block.append(plain)
                written: list[Any] = [number] if self.numbered else []
                if code:
                    written.append(district_code)
                if grouping == "column" or (grouping == "merged" and row == 0):
                    written.append(said)
                elif grouping == "merged":
                    written.append(None)
                written += [
                    f"   {each}" if grouping == "section" and rng.random() < 0.5 else each,
                    *[s for pairs in figures for _, s in pairs],
                ]
                self.data(written)
                ahead = (
                    ([said] if grouping != "none" else [])
                    + ([district_code] if code else [])
                    + [each]
                )
                self.keep(ahead, plain, tops, max(1, len(parts)), wide=wide)
            if grouping == "merged" and len(places) > 1 and not self.repeat:
                column = self.left + lead.index("Kecamatan")
                self.paper.merged.append((first, column, self.paper.at - 1, column))
            all_rows += block
            if subtotals:
                self.sums("subtotal", f"Jumlah Kec. {said}", lead, block)
        if self.subject.measure == "Jumlah" and self.draw("total", 0.75):
            self.sums(
                "total",
                rng.choice(
                    ("Jumlah", "TOTAL", "Kota Pontianak", "Jumlah/Total", "JUMLAH KOTA PONTIANAK")
                ),
                lead,
                all_rows,
            )
        self.end(width)

    def told(self, unit: str) -> str:
        """Return a unit where the file says it anywhere."""
        return "" if self.unit_at == "nowhere" else unit

    def figures(self, groups: tuple[str, ...], with_sum: bool) -> list[tuple[str, Any]]:
        """Return the figures of a measure: its parts, and their sum where it is asked for."""
        found = [self.figure() for _ in groups or ("",)]
        if with_sum:
            decimals = self.subject.decimals
            total = sum(float(p) for p, _ in found if p)
            plain = f"{total:.{decimals}f}" if decimals else str(int(total))
            found.append((plain, self.shown(plain)))
        return found

    def keep(
        self, ahead: list[str], plain: list[str], tops: list[str], each: int, *, wide: bool
    ) -> None:
        """Add a row, or a row for each year, to the tidy table."""
        if not wide:
            self.tidy.append([*ahead, *plain])
            return
        for n, top in enumerate(tops):
            self.tidy.append([*ahead, top, *plain[n * each : (n + 1) * each]])

    def sums(self, kind: str, label: str, lead: list[str], rows: list[list[str]]) -> None:
        """Write a row of sums."""
        values: list[Any] = [label, *[None] * (len(lead) - 1)]
        if self.numbered and self.rng.random() < 0.5 and len(lead) > 1:
            values[0], values[1] = None, label
        at = self.paper.row(kind, values + [self.total(rows, c) for c in range(len(rows[0]))])
        if values[0] and len(lead) > 1 and self.rng.random() < 0.5:
            self.paper.merged.append((at, self.left, at, self.left + len(lead) - 1))

    def plan_series(self) -> None:
        """Write a table of months, or of years and months, or with months beside one another."""
        rng, subject = self.rng, self.subject
        shape = rng.choice(
            (
                "long",
                "years and months",
                "months as columns",
                "years as columns",
                "semesters as columns",
            )
        )
        self.odd.append(f"time series: {shape}")
        self.frequency = "bulanan"
        lead = ["No"] if self.numbered else []
        measures = subject.measures
        if shape in ("long", "years and months"):
            if shape == "years and months":
                self.years = [self.last_year - 1, self.last_year]
            heads = ["Tahun", "Bulan"] if shape == "years and months" else ["Bulan"]
            names = [name + self.unit_words(unit) for name, unit in measures]
            width = len(lead) + len(heads) + len(names)
            self.begin(width)
            self.headings([[*lead, *heads, *names]], [])
            self.below_headings(width, [None] * (len(lead) + len(heads)) + [u for _, u in measures])
            self.columns = [Column([h], "period") for h in heads]
            self.columns += [Column([n], "measure", self.told(u)) for n, u in measures]
            merged = shape == "years and months" and self.draw("year merged over its months", 0.6)
            short = self.draw("months cut short", 0.2)
            number = 0
            for year in self.years:
                first, block = self.paper.at, []
                for month, name in enumerate(MONTHS):
                    number += 1
                    said = name[:3] if short else name
                    pairs = [self.figure() for _ in measures]
                    block.append([p for p, _ in pairs])
                    written: list[Any] = [number] if self.numbered else []
                    if shape == "years and months":
                        written.append(None if merged and month else year)
                    self.data([*written, said, *[s for _, s in pairs]])
                    self.tidy.append(
                        [*([str(year)] if len(heads) == 2 else []), said, *[p for p, _ in pairs]]
                    )
                if merged:
                    column = self.left + len(lead)
                    self.paper.merged.append((first, column, self.paper.at - 1, column))
                if self.draw("a total each year", 0.4):
                    self.sums(
                        "total",
                        f"Jumlah {year}" if len(heads) == 2 else "Jumlah",
                        [*lead, *heads],
                        block,
                    )
            self.end(width)
            return
        # One row for each thing, periods beside one another.
        if shape == "months as columns":
            tops: list[Any] = list(MONTHS)
            self.unpivoted = "bulan"
        elif shape == "semesters as columns":
            tops = ["Semester I", "Semester II"]
            self.unpivoted = "semester"
            self.frequency = "semesteran"
        else:
            self.years = list(range(self.last_year - 4, self.last_year + 1))
            tops = list(self.years)
            self.unpivoted = "tahun"
            self.frequency = "tahunan"
        self.odd.append(f"{self.unpivoted} as columns")
        lead += ["Uraian"]
        unit_column = self.draw("column of units", 0.4)
        if unit_column:
            lead.append("Satuan")
        width = len(lead) + len(tops)
        self.begin(width)
        over = self.draw("a heading above the periods", 0.5)
        rows: list[list[Any]] = []
        spans: list[tuple[int, int, int]] = []
        if over:
            word = "Tahun" if self.unpivoted == "tahun" else f"Tahun {self.last_year}"
            rows.append([*lead, word, *[None] * (len(tops) - 1)])
            spans.append((0, len(lead), width - 1))
            rows.append([*[None] * len(lead), *tops])
        else:
            rows.append([*lead, *tops])
        self.headings(rows, spans)
        self.unit_at = "heading" if self.unit_at == "row" else self.unit_at
        self.below_headings(width, [None] * width)
        self.columns = [Column(["Uraian"], "category")]
        if unit_column:
            self.columns.append(Column(["Satuan"], "text"))
        units = {unit for _, unit in measures}
        one = units.pop() if len(units) == 1 and (unit_column or self.unit_at == "line") else ""
        self.columns += [Column([self.unpivoted], "period"), Column(["nilai"], "measure", one)]
        for number, (name, unit) in enumerate(measures, 1):
            pairs = [self.figure() for _ in tops]
            ahead = [name, *([unit] if unit_column else [])]
            self.data([*([number] if self.numbered else []), *ahead, *[s for _, s in pairs]])
            for top, (plain, _) in zip(tops, pairs, strict=True):
                self.tidy.append([*ahead, str(top), plain])
        self.end(width)

    def plan_indicators(self) -> None:
        """Write a table of named rows, with years beside one another, or one year."""
        rng, subject = self.rng, self.subject
        many = rng.random() < 0.7
        if many:
            self.years = list(range(self.last_year - rng.randint(2, 4), self.last_year + 1))
            self.unpivoted = "tahun"
            self.odd.append("years as columns")
        name, unit = subject.measures[0]
        thing = rng.choice(("Uraian", "Indikator", "Jenis", "Rincian"))
        lead = [*(["No"] if self.numbered else []), thing]
        unit_column = many and self.draw("column of units", 0.4)
        if unit_column:
            lead.append("Satuan")
        tops: list[Any] = list(self.years) if many else [name + self.unit_words(unit)]
        starred = many and self.draw("provisional year with a star", 0.25)
        if starred:
            tops[-1] = f"{tops[-1]}*)"
        width = len(lead) + len(tops)
        self.begin(width)
        over = many and self.draw("a heading above the years", 0.4)
        if over:
            self.headings(
                [[*lead, name + self.unit_words(unit), *[None] * (len(tops) - 1)], [*[None] * len(lead), *tops]],
                [(0, len(lead), width - 1)],
            )  # fmt: skip
        else:
            self.headings([[*lead, *tops]], [])
        self.below_headings(width, [*[None] * len(lead), *[unit or None] * len(tops)])
        if subject.sections:
            self.odd.append("sections")
            self.columns.append(Column(["kelompok"], "group"))
        self.columns.append(Column([thing], "category"))
        if unit_column:
            self.columns.append(Column(["Satuan"], "text"))
        if many:
            self.columns.append(Column(["tahun"], "period"))
        said = over or not many or self.unit_at != "heading"
        heading = name if over or not many else "nilai"
        self.columns.append(
            Column([heading], "measure", unit if unit_column else self.told(unit) if said else "")
        )
        everything: list[list[str]] = []
        number = 0
        for section, things in (subject.sections or {"": subject.things}).items():
            if section:
                self.paper.row("section", [*([None] if self.numbered else []), section])
            block: list[list[str]] = []
            for each in things:
                number += 1
                pairs = [self.figure() for _ in tops]
                ahead = [*([section] if section else []), each, *([unit] if unit_column else [])]
                self.data(
                    [
                        *([number] if self.numbered else []),
                        each,
                        *([unit] if unit_column else []),
                        *[s for _, s in pairs],
                    ]
                )
                block.append([p for p, _ in pairs])
                for year, (plain, _) in zip(self.years if many else [0], pairs, strict=True):
                    self.tidy.append([*ahead, *([str(year)] if many else []), plain])
            everything += block
            if section and subject.measure == "Jumlah" and self.draw("subtotals", 0.3):
                self.sums("subtotal", f"Jumlah {section[:2].rstrip('.')}", lead, block)
        if subject.measure in ("Jumlah", "Nilai") and self.draw("total", 0.6):
            self.sums("total", rng.choice(("Jumlah", "Total", "J U M L A H")), lead, everything)
        self.end(width)

    def plan_prices(self) -> None:
        """Write prices of things by month."""
        self.frequency = "bulanan"
        self.unpivoted = "bulan"
        self.odd.append("months as columns")
        short = self.draw("months cut short", 0.3)
        months = [m[:3] if short else m for m in MONTHS]
        lead = [*(["No"] if self.numbered else []), "Komoditas", "Satuan"]
        width = len(lead) + 12
        self.begin(width)
        self.unit_at = "nowhere" if self.unit_at == "row" else self.unit_at
        over = self.draw("a heading above the periods", 0.6)
        if over:
            unit = self.unit_words("Rupiah")
            top = f"Harga Rata-Rata{unit} Tahun {self.last_year}"
            self.headings(
                [[*lead, top, *[None] * 11], [*[None] * len(lead), *months]],
                [(0, len(lead), width - 1)],
            )
        else:
            self.headings([[*lead, *months]], [])
        self.below_headings(width, [None] * width)
        said = (
            self.unit_at == "line" or (self.unit_at == "heading" and over) or self.written == "text"
        )
        self.columns = [
            Column(["Komoditas"], "category"),
            Column(["Satuan"], "text"),
            Column(["bulan"], "period"),
            Column(["Harga Rata-Rata" if over else "nilai"], "measure", "Rupiah" if said else ""),
        ]
        for number, thing in enumerate(self.subject.things, 1):
            pairs = [self.figure() for _ in months]
            self.data([*([number] if self.numbered else []), thing, "Kg", *[s for _, s in pairs]])
            for month, (plain, _) in zip(months, pairs, strict=True):
                self.tidy.append([thing, "Kg", month, plain])
        self.end(width)

    def plan_events(self) -> None:
        """Write a list of what happened, by day."""
        rng, subject = self.rng, self.subject
        self.frequency = "tidak_tetap"
        self.level = "kelurahan"
        dates = rng.choice(("words", "numbers", "date"))
        self.odd.append(f"dates as {dates}")
        lead = [
            *(["No"] if self.numbered else []),
            rng.choice(("Tanggal", "Tanggal Kejadian", "Hari/Tanggal")),
            "Jenis",
            "Kelurahan",
        ]
        names = [name + self.unit_words(unit) for name, unit in subject.measures]
        width = len(lead) + len(names) + 1
        self.begin(width)
        self.headings([[*lead, *names, "Keterangan"]], [])
        self.below_headings(width, [*[None] * len(lead), *[u for _, u in subject.measures], None])
        self.columns = [
            Column([lead[-3]], "period"),
            Column(["Jenis"], "category"),
            Column(["Kelurahan"], "region"),
        ]
        self.columns += [Column([n], "measure", self.told(u)) for n, u in subject.measures]
        self.columns.append(Column(["Keterangan"], "text"))
        if self.draw("headings repeated by the printer", 0.5):
            self.repeat = 15
        own = self.agency == "kecamatan-barat"
        villages = [
            v for k, (_, vs) in REGIONS.items() for v in vs if not own or k == "Pontianak Barat"
        ]
        day = dt.date(self.last_year, 1, 3)
        days = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
        block: list[list[str]] = []
        for number in range(1, rng.randint(18, 45)):
            day += dt.timedelta(days=rng.randint(1, 8))
            long = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
            if lead[-3].startswith("Hari"):
                long = f"{days[day.weekday()]}, {long}"
            said: Any = {
                "words": long,
                "numbers": day.strftime("%d/%m/%Y"),
                "date": dt.datetime(day.year, day.month, day.day),  # noqa: DTZ001 - a cell has no zone
            }[dates]
            place, kind = rng.choice(villages), rng.choice(subject.things)
            pairs = [self.figure() for _ in subject.measures]
            remark = rng.choice((None, "Sudah ditangani", "Dalam penanganan", None))
            self.data(
                [
                    *([number] if self.numbered else []),
                    said,
                    kind,
                    place,
                    *[s for _, s in pairs],
                    remark,
                ]
            )
            block.append([p for p, _ in pairs])
            self.tidy.append([day.isoformat(), kind, place, *[p for p, _ in pairs], remark or ""])
        if self.draw("total", 0.4):
            self.sums("total", "Jumlah", lead, block)
        self.end(width)

    # ------------------------------------------------------------------ the file

    def truth(self) -> Truth:
        """Return what is true of the file that was written."""
        found = self.paper.counted()
        left = {k: v for k, v in found.items() if k not in ("data", "header")}
        units = {c.unit for c in self.columns if c.role == "measure"} - {""}
        return Truth(
            file=f"{self.agency}-{self.number:02d}.{'csv' if self.csv else 'xlsx'}",
            agency=self.agency,
            half="held" if self.agency in HELD else "read",
            sheet="",
            header=self.head,
            rows=self.body,
            columns=self.columns,
            tidy=self.tidy,
            unpivoted=self.unpivoted,
            left_out=left,
            title=self.title,
            years=[self.years[0], self.years[-1]],
            level=self.level,
            unit=units.pop() if len(units) == 1 else "",
            measure=self.subject.measure,
            frequency=self.frequency,
            urusan=self.subject.urusan,
            oddities=sorted(set(self.odd)),
        )

    def save(self, folder: Path, truth: Truth) -> None:
        """Write the file."""
        if self.csv:
            self._save_csv(folder / truth.file)
            return
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        before = self.rng.random()
        truth.sheet = self.rng.choice(
            ("Sheet1", "Data", f"Tabel {self.last_year}", self.level.capitalize())
        )
        if before < 0.2:
            truth.oddities.append("a cover before the table")
            sheet.title = "Sampul"
            sheet["B3"] = "BUKU DATA STATISTIK SEKTORAL"
            sheet["B4"] = self.office.upper()
            sheet["B6"] = f"TAHUN {self.last_year}"
            sheet = book.create_sheet(truth.sheet)
        else:
            sheet.title = truth.sheet
        thin = Side(style="thin")
        for (row, column), value in self.paper.cells.items():
            cell = sheet.cell(row, column, value)
            if isinstance(value, dt.datetime):
                cell.number_format = "dd/mm/yyyy"
            if self.paper.kinds.get(row) in ("header", "title"):
                cell.font = Font(bold=True)
                cell.alignment = Alignment(horizontal="center", wrap_text=True)
            if self.paper.kinds.get(row) in ("header", "data", "total"):
                cell.border = Border(thin, thin, thin, thin)
        for top, left, bottom, right in self.paper.merged:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        sheet.column_dimensions[get_column_letter(self.left)].width = 18
        if self.rng.random() < 0.2:
            truth.oddities.append("a hidden sheet with an older copy")
            old = book.create_sheet("Lama")
            old.sheet_state = "hidden"
            for row in range(1, 6):
                old.cell(row, 1, f"draf {row}")
                old.cell(row, 2, row * 7)
        if self.rng.random() < 0.2:
            truth.oddities.append("a sheet of remarks behind")
            more = book.create_sheet("Keterangan")
            more["A1"], more["B1"] = "Istilah", "Arti"
            more["A2"], more["B2"] = "Sementara", "Belum diperiksa Walidata"
        made_at = dt.datetime(self.last_year + 1, 1, 15)  # noqa: DTZ001 - as the file has it
        book.properties.created = book.properties.modified = made_at
        book.properties.creator = "contoh"
        book.save(folder / truth.file)

    def _save_csv(self, path: Path) -> None:
        last_row = max(row for row, _ in self.paper.cells)
        last_column = max(column for _, column in self.paper.cells)
        with path.open(
            "w",
            encoding=self.rng.choice(("utf-8", "utf-8-sig", "cp1252")),
            errors="replace",
            newline="",
        ) as file:
            rows = csv.writer(file, delimiter=";")
            for row in range(1, last_row + 1):
                values = (
                    self.paper.cells.get((row, column), "") for column in range(1, last_column + 1)
                )
                rows.writerow([self._as_text(value) for value in values])

    def _as_text(self, value: Any) -> str:
        if isinstance(value, dt.datetime):
            return value.strftime("%d/%m/%Y")
        return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def make(folder: Path) -> list[Truth]:
    """Write all files, and return what is true of each."""
    folder.mkdir(parents=True, exist_ok=True)
    truths = []
    for agency in AGENCIES:
        for number in range(FILES_OF_AN_AGENCY):
            writer = Writer(agency, number)
            truth = writer.page()
            writer.save(folder, truth)
            truths.append(truth)
    (folder / "truth.json").write_text(
        json.dumps([asdict(t) for t in truths], ensure_ascii=False, indent=1)
    )
    return truths


if __name__ == "__main__":
    made = make(Path(sys.argv[1]))
    print(f"{len(made)} files; oddities:")
    counts: dict[str, list[int]] = {}
    for each in made:
        for oddity in each.oddities:
            counts.setdefault(oddity, [0, 0])[each.half == "held"] += 1
    for oddity, (read, held) in sorted(counts.items()):
        print(f"  {oddity:45} read {read:3} held {held:3}")
