"""Two hundred tables of ordinary statistics and reference lists: a scan must stay silent on them."""

# fmt: off
from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from . import identifiers as i
from . import reference as ref
from .tables import Labelled

Row = list[str]
Build = Callable[[random.Random], tuple[list[str], list[Row]]]


def n(r: random.Random, low: int, high: int) -> str:
    return str(r.randint(low, high))


def thousands(r: random.Random, low: int, high: int) -> str:
    return f"{r.randint(low, high):,}".replace(",", ".")


def street(r: random.Random) -> str:
    text = f"{r.choice(ref.STREETS)} No. {r.randint(1, 300)}"
    return text + (f" RT {r.randint(1, 6):03}/RW {r.randint(1, 20):03}" if r.random() < 0.3 else "")


def school(r: random.Random) -> str:
    return r.choice(ref.SCHOOLS).format(r.randint(1, 40))


def population(r: random.Random):
    head = ["kecamatan", "laki-laki", "perempuan", "jumlah_penduduk", "jumlah_kk"]
    return head, [[d, n(r, 20000, 70000), n(r, 20000, 70000), n(r, 40000, 140000), n(r, 9000, 40000)]
                  for d in ref.DISTRICTS]


def by_village(r: random.Random):
    head = ["Kode", "Kecamatan", "Kelurahan", "Luas (km2)", "Penduduk", "Kepadatan"]
    return head, [[i.region_code(r), r.choice(ref.DISTRICTS), v, f"{r.uniform(0.5, 12):.2f}",
                   thousands(r, 2000, 60000), thousands(r, 900, 20000)] for v in ref.VILLAGES]


def by_religion(r: random.Random):
    if r.random() < 0.5:
        head = ["Agama", "Tahun", "Jumlah Pemeluk"]
        return head, [[a, str(y), n(r, 20, 500000)] for a in ref.RELIGIONS for y in range(2019, 2025)]
    return ["kecamatan", *map(str.lower, ref.RELIGIONS)], [
        [d, *(n(r, 1, 90000) for _ in ref.RELIGIONS)] for d in ref.DISTRICTS]


def by_illness(r: random.Random):
    head = ["no", "nama_penyakit", "kode_icd", "jumlah_kasus", "persentase"]
    return head, [[str(k), p, r.choice(("J06.9", "I10", "E11", "A09", "A15")), thousands(r, 10, 40000),
                   f"{r.uniform(0, 40):.2f}"] for k, p in enumerate(ref.ILLNESSES, 1)]


def illness_by_clinic(r: random.Random):
    head = ["Puskesmas", "Diagnosa", "Jenis Kelamin", "Kasus Baru", "Kasus Lama"]
    return head, [[c, p, g, n(r, 0, 300), n(r, 0, 300)] for c in ref.CLINICS[:5]
                  for p in ref.ILLNESSES[:5] for g in ("L", "P")]


def stunting(r: random.Random):
    head = ["kelurahan", "balita_diukur", "stunting", "gizi_buruk", "prevalensi"]
    return head, [[v, n(r, 100, 900), n(r, 0, 80), n(r, 0, 9), f"{r.uniform(0, 20):.1f}%"]
                  for v in ref.VILLAGES]


def crimes(r: random.Random):
    head = ["Jenis Tindak Pidana", "Tahun", "Jumlah Kasus", "Korban", "Pelaku", "Selesai"]
    return head, [[c, str(y), n(r, 1, 400), n(r, 1, 400), n(r, 1, 300), n(r, 1, 200)]
                  for c in ref.CRIMES for y in (2022, 2023, 2024)]


def tribes(r: random.Random):
    return ["Suku Bangsa", "Jumlah", "Persen"], [
        [t, thousands(r, 900, 200000), f"{r.uniform(0, 40):.2f}"] for t in ref.TRIBES]


def aid(r: random.Random):
    head = ["kecamatan", "kelurahan", "jenis_bansos", "jumlah_penerima", "nilai_bantuan"]
    return head, [[r.choice(ref.DISTRICTS), v, a, n(r, 2, 900), str(r.randint(10, 900) * 600000)]
                  for v in ref.VILLAGES[:9] for a in ref.AIDS[:4]]


def disability(r: random.Random):
    head = ["Ragam Disabilitas", "Laki-laki", "Perempuan", "Total"]
    return head, [[d, n(r, 1, 200), n(r, 1, 200), n(r, 2, 400)] for d in ref.DISABILITIES]


def by_age(r: random.Random):
    head = ["Kelompok Umur", "Jenis Kelamin", "Jumlah"]
    return head, [[a, g, thousands(r, 900, 40000)] for a in ref.AGES for g in ("Laki-laki", "Perempuan")]


def single_ages(r: random.Random):
    head = ["umur", "laki_laki", "perempuan", "jumlah"]
    return head, [[str(a), n(r, 900, 8000), n(r, 900, 8000), n(r, 1800, 16000)] for a in range(76)]


def jobs(r: random.Random):
    head = ["Pekerjaan", "Pendidikan Terakhir", "Jumlah Penduduk"]
    return head, [[j, e, n(r, 10, 30000)] for j in ref.JOBS for e in ("SD", "SMP", "SMA", "S1")]


def wages(r: random.Random):
    head = ["Lapangan Usaha", "Rata-rata Upah", "Pendapatan per Kapita", "Tahun"]
    return head, [[f, str(r.randint(20, 60) * 100000), str(r.randint(20, 90) * 1000000), "2024"]
                  for f in ("Pertanian", "Industri", "Perdagangan", "Jasa", "Konstruksi")]


def schools(r: random.Random):
    head = ["NPSN", "Nama Sekolah", "Jenjang", "Status", "Alamat", "Kelurahan", "Jumlah Siswa", "Lintang", "Bujur"]
    return head, [[i.npsn(r), school(r), r.choice(("SD", "SMP", "SMA")), r.choice(("Negeri", "Swasta")),
                   street(r), r.choice(ref.VILLAGES), n(r, 40, 1200), i.latitude(r), i.longitude(r)]
                  for _ in range(40)]


def school_phones(r: random.Random):
    head = ["nama_sekolah", "alamat_sekolah", "telepon", "email", "akreditasi"]
    return head, [[school(r), street(r), i.office_line(r), "info@disdik.pontianak.go.id", r.choice("ABC")]
                  for _ in range(30)]


def clinics(r: random.Random):
    head = ["Nama Faskes", "Alamat", "Telp", "Latitude", "Longitude", "Jumlah Dokter"]
    return head, [[c, street(r), i.office_line(r), i.latitude(r), i.longitude(r), n(r, 1, 40)]
                  for c in ref.CLINICS]


def offices(r: random.Random):
    head = ["Nama OPD", "Alamat Kantor", "No Telepon", "Surel", "Kode Pos"]
    return head, [[o, street(r), i.office_line(r), f"kontak{k}@pontianak.go.id", n(r, 78111, 78244)]
                  for k, o in enumerate(ref.OFFICES)]


def budget(r: random.Random):
    head = ["kode_rekening", "uraian", "pagu", "realisasi", "persen"]
    return head, [[i.budget_code(r), r.choice(("Belanja Pegawai", "Belanja Modal", "Belanja Alat Tulis",
                   "Belanja Gaji dan Tunjangan", "Belanja Hibah", "Belanja Bantuan Sosial")),
                   str(r.randint(1, 9999) * 1000000), str(r.randint(1, 9999) * 1000000), n(r, 1, 100)]
                  for _ in range(40)]


def budget_digits(r: random.Random):
    head = ["Rekening", "Nama Rekening", "Anggaran", "Sisa"]
    return head, [[i.budget_digits(r), r.choice(("Belanja Barang", "Belanja Modal Tanah", "Pajak Hotel")),
                   thousands(r, 10**6, 10**10), thousands(r, 10**5, 10**9)] for _ in range(40)]


def big_amounts(r: random.Random):
    head = ["opd", "tahun", "total_anggaran", "realisasi"]
    return head, [[o, "2025", i.amount16(r), i.amount16(r)] for o in ref.OFFICES]


def prices(r: random.Random):
    head = ["tanggal", "nama_komoditas", "satuan", "harga", "pasar"]
    return head, [[f"2025-{r.randint(1, 12):02}-{r.randint(1, 28):02}", g, "kg", n(r, 9000, 160000),
                   r.choice(("Pasar Flamboyan", "Pasar Mawar", "Pasar Dahlia", "Pasar Teratai"))]
                  for g in ref.GOODS for _ in range(3)]


def goods(r: random.Random):
    head = ["barcode", "nama_barang", "stok", "waktu"]
    return head, [[i.ean13(r), r.choice(ref.GOODS), n(r, 1, 400), i.epoch_ms(r)] for _ in range(50)]


def sensors(r: random.Random):
    head = ["epoch", "sensor", "pm25", "suhu", "lat", "lon"]
    return head, [[i.epoch_ms(r), f"SN-{r.randint(1, 9)}", f"{r.uniform(3, 90):.3f}", f"{r.uniform(23, 34):.2f}",
                   i.latitude(r), i.longitude(r)] for _ in range(80)]


def small_areas(r: random.Random):
    head = [r.choice(("idsubsls", "id", "kode")), "nama_sls", "jumlah_keluarga", "jumlah_penduduk"]
    return head, [[i.small_area(r), f"RT {r.randint(1, 9):03} RW {r.randint(1, 20):03}", n(r, 10, 90), n(r, 40, 400)]
                  for _ in range(90)]


def family_planning(r: random.Random):
    head = ["kecamatan", "peserta KB", "KB Suntik", "KB Pil", "keterangan"]
    return head, [[d, n(r, 1000, 9000), n(r, 100, 4000), n(r, 100, 900),
                   r.choice(("KB 2023 AKTIF", "Data KB 2024 dari PLKB", "KAMPUNG KB 12 RW", "KB 2022"))]
                  for d in ref.DISTRICTS]


def land(r: random.Random):
    head = ["NOP", "Kelurahan", "Luas Tanah", "NJOP"]
    return head, [[i.land_tax(r), r.choice(ref.VILLAGES), n(r, 60, 900), str(r.randint(1, 90) * 10**7)]
                  for _ in range(60)]


def worship(r: random.Random):
    head = ["nama_rumah_ibadah", "agama", "alamat", "kecamatan", "tahun_berdiri", "kapasitas"]
    return head, [[m, r.choice(ref.RELIGIONS[:6]), street(r), r.choice(ref.DISTRICTS), n(r, 1900, 2020), n(r, 50, 4000)]
                  for m in ref.MOSQUES]


def companies(r: random.Random):
    head = ["Nama Usaha", "Jenis", "Alamat Usaha", "Tenaga Kerja", "Omzet"]
    return head, [[s, r.choice(("Kuliner", "Perdagangan", "Jasa")), street(r), n(r, 1, 90), str(r.randint(1, 90) * 10**6)]
                  for s in ref.SHOPS]


def markets(r: random.Random):
    head = ["Nama", "Alamat", "Jumlah Kios", "Luas"]
    return head, [[f"Pasar {x}", street(r), n(r, 20, 900), n(r, 500, 9000)]
                  for x in ("Flamboyan", "Mawar", "Dahlia", "Teratai", "Kemuning", "Tengah", "Puring", "Cempaka")]


def roads(r: random.Random):
    head = ["nama_jalan", "panjang_m", "lebar_m", "kondisi", "teknik_perkerasan"]
    return head, [[f"{r.choice(ref.ROADS)} {k}", f"{r.uniform(90, 4000):.1f}", n(r, 3, 20),
                   r.choice(("Baik", "Rusak Ringan", "Rusak Berat")), r.choice(("Aspal", "Beton"))] for k in range(30)]


def cameras(r: random.Random):
    head = ["kode_cctv", "lokasi", "lat", "long", "ip_server"]
    return head, [[f"CCTV-{k:03}", f"Simpang {r.choice(ref.VILLAGES)}", i.latitude(r), i.longitude(r), f"10.1.{k}.2"]
                  for k in range(25)]


def procurement(r: random.Random):
    head = ["kode_rup", "nama_paket", "penyedia", "nilai_kontrak", "tanggal_kontrak"]
    return head, [[n(r, 10**7, 10**8), f"Pembangunan Drainase {r.choice(ref.VILLAGES)}", r.choice(ref.SHOPS),
                   str(r.randint(1, 900) * 10**6), f"{r.randint(1, 28):02}/0{r.randint(1, 9)}/2024"] for _ in range(30)]


def complaints(r: random.Random):
    head = ["id", "tanggal", "kategori", "isi", "status"]
    text = ("lampu jalan mati di {} dekat kantor lurah", "sampah menumpuk depan {}", "mohon perbaikan parit di {}",
            "air PDAM tidak mengalir di Kelurahan {} sejak 3 hari", "telepon dinas 0561-736812 tidak diangkat, {}")
    return head, [[str(k), f"2025-0{r.randint(1, 9)}-11", r.choice(("Jalan", "Air", "Sampah")),
                   r.choice(text).format(r.choice(ref.VILLAGES)), "selesai"] for k in range(120)]


def indicators(r: random.Random):
    head = ["Indikator", "Satuan", *map(str, range(2019, 2025))]
    names = ("IPM", "Angka Harapan Hidup", "Tingkat Pengangguran", "Gini Ratio", "Penduduk Miskin",
             "Pengeluaran per Kapita", "Laju Inflasi", "Rasio Dokter", "Angka Kematian Bayi", "Indeks Pendidikan")
    return head, [[x, r.choice(("persen", "tahun", "indeks")), *(f"{r.uniform(0, 90):.2f}".replace(".", ",")
                   for _ in range(6))] for x in names]


def services(r: random.Random):
    head = ["bulan", "akta_kelahiran", "ktp_el", "kk", "kia", "nikah", "klinik", "elektronik"]
    months = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
    return head, [[m, *(n(r, 0, 4000) for _ in head[1:])] for m in months]


def staff(r: random.Random):
    head = ["opd", "golongan", "agama", "pendidikan", "jumlah_pegawai"]
    return head, [[o, g, a, "S1", n(r, 0, 90)] for o in ref.OFFICES[:4] for g in ("II", "III", "IV") for a in ref.RELIGIONS[:3]]


def children(r: random.Random):
    head = ["kecamatan", "jumlah_anak", "anak_yatim", "anak_putus_sekolah", "korban_kekerasan_anak", "balita"]
    return head, [[d, *(n(r, 0, 9000) for _ in head[1:])] for d in ref.DISTRICTS]


def vehicles(r: random.Random):
    head = ["jenis_kendaraan", "plat_hitam", "plat_kuning", "plat_merah", "tahun"]
    return head, [[v, n(r, 10, 90000), n(r, 0, 900), n(r, 0, 400), "2024"] for v in ("Sepeda Motor", "Mobil", "Truk", "Bus")]


BUILDERS: tuple[Build, ...] = (
    population, by_village, by_religion, by_illness, illness_by_clinic, stunting, crimes, tribes, aid,
    disability, by_age, single_ages, jobs, wages, schools, school_phones, clinics, offices, budget,
    budget_digits, big_amounts, prices, goods, sensors, small_areas, family_planning, land, worship,
    companies, markets, roads, cameras, procurement, complaints, indicators, services, staff,
    children, vehicles,
)  # fmt: skip


def statistics_tables(seed: int, count: int = 200) -> Iterator[Labelled]:
    """Give tables of all builders in turn; one in six has no heading, one in four other letters."""
    r = random.Random(seed)
    for number in range(count):
        build = BUILDERS[number % len(BUILDERS)]
        head, rows = build(r)
        style = r.choice((str, str, str.upper, lambda h: h.replace("_", " ").title()))
        headings = None if number % 6 == 4 else [style(h) for h in head]
        if r.random() < 0.3:
            order = list(range(len(head)))
            r.shuffle(order)
            rows = [[row[k] for k in order] for row in rows]
            headings = headings and [headings[k] for k in order]
        empty: frozenset[str] = frozenset()
        yield Labelled(
            f"statistics-{seed}-{number}-{build.__name__}", headings, rows,
            [empty] * len(head), ["statistics"] * len(head),
        )  # fmt: skip
