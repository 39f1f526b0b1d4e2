"""Thirty made-up tables of different shapes, as the agencies of a city write them.

No figure is real. Each table has a name, its CSV, the types that the DataStore would give, and
what is to be drawn: the kind of chart, or ``None`` where no honest chart exists.
"""

from __future__ import annotations

import csv
import io
import random

from .making import DISTRICTS, MONTHS, VILLAGES, Made


def _csv(*rows) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _tables() -> list[Made]:
    pick = random.Random(20261125)  # noqa: S311
    found: list[Made] = []

    def add(name, drawn, head, rows, series=1, panels=False, **types):
        text = _csv(head.split(","), *rows)
        found.append(Made(name, text, drawn, series, panels, types))

    # ---- time
    add(
        "penduduk-per-tahun",
        "line",
        "tahun,jumlah_penduduk",
        [(y, 640000 + 7100 * (y - 2015)) for y in range(2015, 2026)],
        tahun="int8",
        jumlah_penduduk="int8",
    )
    add(
        "tahun-terbalik",
        "line",
        "tahun,persentase_penduduk_miskin",
        [(2025, "4.1"), (2024, "4.3"), (2022, "4.5"), (2021, "4.9"), (2020, "4.7")],
        tahun="int8",
        persentase_penduduk_miskin="numeric",
    )
    add(
        "bulan-bernama",
        "line",
        "bulan,curah_hujan_mm",
        [(m, pick.randint(80, 420)) for m in sorted(MONTHS)],
        curah_hujan_mm="int8",
    )
    add(
        "triwulan-romawi",
        "line",
        "periode,realisasi_pad_miliar_rupiah",
        [
            (f"Triwulan {q} {y}", f"{pick.randint(90, 190)}.5")
            for y in (2023, 2024)
            for q in ("I", "II", "III", "IV")
        ],
        realisasi_pad_miliar_rupiah="numeric",
    )
    add(
        "tahun-dan-semester",
        "line",
        "tahun,semester,jumlah_kasus_tb",
        [(y, s, pick.randint(200, 340)) for y in (2022, 2023, 2024) for s in (2, 1)],
        tahun="int8",
        semester="int8",
        jumlah_kasus_tb="int8",
    )
    add(
        "tahun-ajaran",
        "line",
        "tahun_ajaran,jumlah_siswa",
        [(f"{y}/{y + 1}", 60000 + pick.randint(-900, 900)) for y in range(2019, 2025)],
        jumlah_siswa="int8",
    )
    add(
        "dua-tahun",
        "columns",
        "tahun,jumlah_wisatawan",
        [(2024, 1200345), (2025, 1320456)],
        tahun="int8",
        jumlah_wisatawan="int8",
    )
    add(
        "harian",
        "line",
        "tanggal,tinggi_muka_air_cm",
        [(f"2025-{1 + d // 28:02d}-{1 + d % 28:02d}", pick.randint(60, 210)) for d in range(140)],
        tanggal="date",
        tinggi_muka_air_cm="int8",
    )
    add(
        "inflasi-negatif",
        "line",
        "bulan,inflasi_bulanan_persen,inflasi_tahunan_persen",
        [
            (f"2025-{m:02d}", f"{pick.uniform(-0.4, 0.8):.2f}", f"{pick.uniform(1.2, 2.8):.2f}")
            for m in range(1, 13)
        ],
        2,
        inflasi_bulanan_persen="numeric",
        inflasi_tahunan_persen="numeric",
    )
    add(
        "tahun-bolong-dan-ditahan",
        "line",
        "tahun,jumlah_kasus",
        [(2016, "14"), (2017, "*"), (2018, "9"), (2021, "<5"), (2022, "11"), (2023, "17")],
    )
    add(
        "ditahan-per-wilayah",
        "rows",
        "kecamatan,jumlah_kasus",
        [
            ("Pontianak Kota", "12"),
            ("Pontianak Barat", "*"),
            ("Pontianak Utara", "31"),
            ("Pontianak Selatan", "<5"),
            ("Pontianak Timur", "8"),
            ("Pontianak Tenggara", ""),
        ],
    )
    # ---- several series
    add(
        "tpt-per-jenis-kelamin",
        "line",
        "tahun,jenis_kelamin,tpt_persen",
        [
            (y, s, v)
            for y in range(2019, 2026)
            for s, v in (
                ("Laki-laki", f"{12 - (y - 2019) * 0.3:.1f}"),
                ("Perempuan", f"{11 - (y - 2019) * 0.2:.1f}"),
                ("Jumlah", "11.5"),
            )
        ],
        2,
        tahun="int8",
        tpt_persen="numeric",
    )
    add(
        "kunjungan-bulanan-kecamatan",
        "line",
        "bulan,kode_kecamatan,kecamatan,kunjungan_baru,kunjungan_lama",
        [
            (f"2025-{m:02d}", c, n, pick.randint(1500, 3000), pick.randint(2500, 6500))
            for m in range(1, 13)
            for c, n in DISTRICTS.items()
        ],
        6,
        kunjungan_baru="int8",
        kunjungan_lama="int8",
    )
    add(
        "sepuluh-komoditas",
        "line",
        "tahun,komoditas,harga_rupiah",
        [
            (y, k, pick.randint(8, 160) * 1000)
            for y in range(2019, 2026)
            for k in (
                "Beras",
                "Gula",
                "Minyak goreng",
                "Cabai",
                "Bawang merah",
                "Bawang putih",
                "Telur",
                "Daging ayam",
                "Daging sapi",
                "Ikan nila",
            )
        ],
        10,
        True,
        tahun="int8",
        harga_rupiah="int8",
    )
    add(
        "pdrb-lapangan-usaha",
        "rows",
        "tahun,kategori,lapangan_usaha,nilai_miliar_rupiah",
        [
            (y, c, n, f"{pick.randint(5, 9000)}.{pick.randint(0, 9)}")
            for y in (2023, 2024, 2025)
            for c, n in zip(
                "ABCDEFGHIJKLMN",
                (
                    "Pertanian, Kehutanan, dan Perikanan",
                    "Pertambangan dan Penggalian",
                    "Industri Pengolahan",
                    "Pengadaan Listrik dan Gas",
                    "Pengadaan Air",
                    "Konstruksi",
                    "Perdagangan Besar dan Eceran",
                    "Transportasi dan Pergudangan",
                    "Penyediaan Akomodasi dan Makan Minum",
                    "Informasi dan Komunikasi",
                    "Jasa Keuangan dan Asuransi",
                    "Real Estat",
                    "Jasa Perusahaan",
                    "Administrasi Pemerintahan, Pertahanan, dan Jaminan Sosial Wajib",
                ),
                strict=True,
            )
        ],
        tahun="int8",
        nilai_miliar_rupiah="numeric",
    )
    add(
        "komponen-berbeda-satuan",
        "line",
        "tahun,komponen,nilai,satuan",
        [
            (y, k, v, u)
            for y in range(2021, 2026)
            for k, v, u in (
                ("Umur Harapan Hidup", f"{72.5 + (y - 2021) * 0.2:.1f}", "tahun"),
                ("Harapan Lama Sekolah", f"{14.8 + (y - 2021) * 0.1:.1f}", "tahun"),
                ("Pengeluaran per Kapita", 14800 + (y - 2021) * 210, "ribu rupiah"),
            )
        ],
        3,
        True,
        tahun="int8",
        nilai="numeric",
    )
    add(
        "lebar-per-tahun",
        "line",
        "komoditas,2021,2022,2023,2024",
        [("Padi", 210, 190, 180, 175), ("Jagung", 90, 96, 101, 99), ("Ubi kayu", 40, 38, 44, 51)],
        3,
        **dict.fromkeys(("2021", "2022", "2023", "2024"), "int8"),
    )
    # ---- regions and categories
    add(
        "luas-kecamatan",
        "rows",
        "kode_kecamatan,kecamatan,luas_km2,persentase",
        [
            (c, n, f"{pick.uniform(9, 40):.1f}", f"{pick.uniform(8, 34):.2f}")
            for c, n in reversed(DISTRICTS.items())
        ],
        luas_km2="numeric",
        persentase="numeric",
    )
    add(
        "kota-dan-kecamatan",
        "rows",
        "wilayah,jumlah_rt",
        [*((n, pick.randint(300, 600)) for n in DISTRICTS.values()), ("Kota Pontianak", 2678)],
        jumlah_rt="int8",
    )
    add(
        "hanya-kode",
        "rows",
        "kode_wilayah,jumlah_bank_sampah",
        [(c, pick.randint(1, 25)) for c in DISTRICTS],
        jumlah_bank_sampah="int8",
    )
    add(
        "fasilitas-kecamatan",
        "rows",
        "kode_kecamatan,kecamatan,jenis_fasilitas,jumlah",
        [
            (c, n, k, pick.randint(1, 40))
            for c, n in DISTRICTS.items()
            for k in ("Rumah Sakit", "Puskesmas", "Klinik", "Apotek", "Laboratorium")
        ],
        5,
        True,
        jumlah="int8",
    )
    add(
        "kelompok-umur",
        "rows",
        "kelompok_umur,jenis_kelamin,jumlah_penduduk",
        [
            (f"{a}-{a + 4}" if a < 75 else "75+", s, 31000 - a * 330 + pick.randint(-700, 700))
            for a in range(0, 80, 5)
            for s in ("Laki-laki", "Perempuan")
        ],
        2,
        jumlah_penduduk="int8",
    )
    add(
        "jenis-kelamin-melebar",
        "rows",
        "kelurahan,laki_laki,perempuan,jumlah",
        [
            (n, a := pick.randint(2000, 7000), b := pick.randint(2000, 7000), a + b)
            for n in VILLAGES.values()
        ],
        2,
        laki_laki="int8",
        perempuan="int8",
        jumlah="int8",
    )
    add(
        "baris-jumlah",
        "rows",
        "jenis_kendaraan,jumlah_kendaraan",
        [
            ("Mobil penumpang", "41.200"),
            ("Sepeda motor", "512.900"),
            ("Bus", "820"),
            ("Truk", "18.450"),
            ("JUMLAH", "573.370"),
        ],
    )
    add(
        "angka-indonesia",
        "rows",
        "perangkat_daerah,realisasi_anggaran_rupiah",
        [
            ("Dinas Kesehatan", "1.234.567.890,50"),
            ("Dinas Pendidikan", "3.456.700.000,00"),
            ("Dinas Sosial", "234.000.000,75"),
            ("Bappeda", "98.500.000,00"),
        ],
    )
    add(
        "rw-per-kelurahan",
        "rows",
        "kode_kelurahan,kelurahan,rw,jumlah_kasus",
        [(c, n, f"{r:03d}", pick.randint(0, 6)) for c, n in VILLAGES.items() for r in range(1, 9)],
        jumlah_kasus="int8",
    )
    add(
        "lima-puluh-sekolah",
        "rows",
        "npsn,nama_sekolah,jumlah_siswa",
        [
            (30105000 + n, f"SD Contoh {n:02d} Pontianak", pick.randint(90, 700))
            for n in range(1, 51)
        ],
        npsn="int8",
        jumlah_siswa="int8",
    )
    add(
        "pengukuran",
        "histogram",
        "no,kadar_pm25",
        [(n, f"{pick.gauss(32, 9):.1f}") for n in range(1, 201)],
        no="int8",
        kadar_pm25="numeric",
    )
    # ---- nothing to draw
    add(
        "daftar-alamat",
        None,
        "no,nama_puskesmas,alamat,kode_pos",
        [(n, f"Puskesmas Contoh {n}", f"Jalan Contoh Nomor {n}", 78110 + n) for n in range(1, 9)],
        no="int8",
        kode_pos="int8",
    )
    add(
        "indeks-berulang",
        None,
        "kecamatan,indeks_kualitas",
        [(n, f"{pick.uniform(50, 90):.1f}") for n in DISTRICTS.values() for _ in range(2)],
        indeks_kualitas="numeric",
    )
    add("satu-angka", None, "tahun,jumlah_taman", [(2025, 31)], tahun="int8", jumlah_taman="int8")
    return found


TABLES = _tables()
