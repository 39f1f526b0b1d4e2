"""Tables of made-up people: every kind under many headings, in many forms and orders."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from . import identifiers as i
from . import people as p
from . import values as v

Maker = Callable[[random.Random], str]


@dataclass(frozen=True)
class Spec:
    """Headings under which values of one maker stand, and what is true of them."""

    headings: tuple[str, ...]
    make: Maker
    kinds: frozenset[str]
    source: str = "rules"
    bare: bool = False  # is found without a heading, too


@dataclass
class Labelled:
    """A table with the kinds that each column holds, by position; ``sources`` likewise."""

    name: str
    headings: list[str] | None
    rows: list[list[str]]
    kinds: list[frozenset[str]]
    sources: list[str] = field(default_factory=list)


def spec(
    headings: str, make: Maker, kinds: str = "", source: str = "rules", bare: bool = False
) -> Spec:
    return Spec(tuple(headings.split("|")), make, frozenset(kinds.split()), source, bare)


NAMES = [
    spec("nama|nama lengkap|nama penduduk|nama warga", p.faker_name, "nama_orang", "faker", True),
    spec(
        "nama pasien|nama penerima|nama pemohon|nama pegawai",
        p.faker_plain_name,
        "nama_orang",
        "faker",
        True,
    ),
    spec(
        "nama|nama lengkap|nama peserta|nama pelapor",
        p.indofaker_name,
        "nama_orang",
        "indofaker",
        True,
    ),
    spec(
        "NAMA|nama wajib pajak|nama anggota|nama kk",
        p.faker_upper_name,
        "nama_orang",
        "faker",
        True,
    ),
]
CHILDREN = [
    spec(
        "nama siswa|nama anak|nama balita|nama murid|nama peserta didik",
        p.faker_plain_name,
        "nama_orang anak",
        "faker",
    ),
    spec("nama bayi|nama anak", p.indofaker_name, "nama_orang anak", "indofaker"),
]
KINDS = [
    spec("nik|no nik|nomor induk kependudukan|no ktp|nik pasien|ktp", i.nik, "nik", bare=True),
    spec("no kk|nomor kk|no kartu keluarga|nkk", i.no_kk, "no_kk"),
    spec("npwp|no npwp|nomor pokok wajib pajak", i.npwp_dotted, "npwp", bare=True),
    spec("npwp|nomor npwp", i.npwp15, "npwp"),
    spec("npwp|npwp16|npwp 16 digit", i.npwp16, "npwp"),
    spec("npwp|npwp baru", i.nik, "npwp nik"),
    spec("nip|nip pegawai|nomor induk pegawai|NIP Baru", i.nip, "nip", bare=True),
    spec("nip|no nip", i.nip_spaced, "nip", bare=True),
    spec("ni pppk|nip|nomor induk pppk", i.pppk, "nip", bare=True),
    spec("nisn|no nisn|nomor induk siswa nasional", i.nisn, "nisn"),
    spec("no bpjs|nomor kartu bpjs|no jkn|bpjs kesehatan|no kis", i.bpjs, "bpjs", bare=True),
    spec("no paspor|paspor|nomor paspor|passport no", i.paspor, "paspor"),
    spec("passport|no passport", i.paspor_new, "paspor"),
    spec("no sim|nomor sim|sim", i.sim, "sim"),
    spec("no rekening|nomor rekening|rekening bank|norek", i.account, "rekening"),
    spec("kartu kredit|no kartu|nomor kartu debit", i.card, "kartu_pembayaran", bare=True),
    spec("kartu kredit|nomor kartu", i.card_grouped, "kartu_pembayaran", bare=True),
    spec("no hp|telepon|hp|no wa|nomor handphone|kontak|no telp", i.mobile_written, "telepon", bare=True),
    spec("no hp|telp seluler|whatsapp", i.mobile_without_zero, "telepon"),
    spec("telepon rumah|telp rumah|no telepon", i.home_line, "telepon"),
    spec("telepon|no telp|phone|telp", p.faker_phone, "telepon", "faker"),
    spec("email|alamat email|e mail|surel", p.personal_mail, "email", "faker", True),
    spec("plat nomor|no polisi|nopol|nomor kendaraan", p.faker_plate, "plat_nomor", "faker"),
    spec("nopol|plat|tnkb|no kendaraan", i.plate, "plat_nomor", bare=True),
    spec("alamat|alamat rumah|alamat lengkap|alamat tinggal|domisili", p.faker_address, "alamat", "faker", True),
    spec("alamat|alamat ktp|alamat pemohon", p.home_address, "alamat", "faker", True),
    spec("alamat|alamat domisili|tempat tinggal", p.complex_address, "alamat", "faker", True),
    spec("tgl lahir|tanggal lahir|ttl|tanggal lahir pasien|tgl_lahir", i.birth, "tanggal_lahir"),
    spec("ip|ip address|alamat ip|ip pengguna", i.address_of_device, "ip_address", bare=True),
    spec("diagnosa|penyakit|diagnosis|riwayat penyakit|keluhan utama", v.pick("kesehatan"), "kesehatan", "words", True),
    spec("kode icd|icd 10|icd10|diagnosa", v.pick("icd"), "kesehatan", "words"),
    spec("status gizi|stunting|keterangan gizi", v.pick("gizi"), "kesehatan", "words"),
    spec("disabilitas|jenis disabilitas|ragam disabilitas|difabel", v.pick("disabilitas"), "disabilitas", "words", True),
    spec("sidik jari|template sidik jari|fingerprint|data iris", v.fingerprint, "biometrik", "words"),
    spec("tindak pidana|kasus pidana|pasal pidana|perkara", v.pick("catatan_kejahatan"), "catatan_kejahatan", "words"),
    spec("gaji|penghasilan|pendapatan|gaji pokok|penghasilan per bulan|tabungan", v.money, "keuangan_pribadi", "words"),
    spec("gaji bersih|penghasilan bulanan|hutang", v.money_written, "keuangan_pribadi", "words"),
    spec("jenis bansos|bansos|bantuan sosial|bantuan diterima|program bantuan", v.pick("bantuan_sosial"), "bantuan_sosial", "words"),
    spec("desil|desil dtks|desil dtsen", v.decile, "bantuan_sosial", "words"),
    spec("agama|agama siswa|agama pegawai", v.pick("agama"), "agama", "words", True),
    spec("suku|suku bangsa|etnis", v.pick("suku"), "suku", "words", True),
    spec("umur anak|usia balita", v.young, "anak", "words"),
    spec("usia|umur", v.young, "anak", "words"),
]  # fmt: skip


def _choice(*options: str) -> Maker:
    def make(r: random.Random) -> str:
        return r.choice(options)

    return make


def _number(low: int, high: int) -> Maker:
    def make(r: random.Random) -> str:
        return str(r.randint(low, high))

    return make


NEUTRAL = [
    spec("kecamatan|nama kecamatan", _choice("Pontianak Kota", "Pontianak Barat", "Pontianak Utara")),
    spec("kelurahan|kel desa|nama kelurahan", _choice("Sungai Jawi", "Mariana", "Siantan Hulu", "Parit Tokaya")),
    spec("tahun|tahun data", _number(2019, 2025)),
    spec("jumlah anak|jml tanggungan|anak ke", _number(0, 6)),
    spec("status|status verifikasi|keterangan", _choice("aktif", "selesai", "proses", "ditolak")),
    spec("nama sekolah|asal sekolah|sekolah", _choice("SDN 1 Pontianak", "SMP Negeri 3", "SMAN 7", "MTs Al Ikhlas")),
    spec("nama opd|unit kerja|instansi", _choice("Dinas Kesehatan", "Bappeda", "Dinas Sosial", "RSUD Sultan Syarif")),
    spec("jabatan|pangkat", _choice("Kepala Seksi", "Staf", "Analis Data", "Guru Muda")),
    spec("tgl daftar|tanggal kunjungan|tgl_masuk", lambda r: f"{i.day(r, 2022, 2025):%Y-%m-%d}"),
    spec("kode wilayah|kd kel", i.region_code),
    spec("umur|usia", v.adult),
    spec("jenis kelamin|jk|l/p", _choice("L", "P")),
    spec("nilai|skor|rata rata", _number(40, 100)),
    spec("nomor urut|no antrian", _number(1, 400)),
    spec("npsn", i.npsn),
    spec("jenis layanan|layanan", _choice("KTP", "KK", "Akta", "Poli Umum", "Poli Gigi", "KB Suntik")),
    spec("nik tersamar|nik", i.masked_nik),
]  # fmt: skip

HOME = [
    spec("lat|latitude|lintang|koordinat lat", i.latitude, "koordinat_rumah"),
    spec("lon|long|longitude|bujur|koordinat lon", i.longitude, "koordinat_rumah"),
]

STYLES: tuple[Callable[[str], str], ...] = (
    lambda h: h.replace(" ", "_"),
    lambda h: h.title(),
    lambda h: h.upper(),
    lambda h: h,
    lambda h: h.replace("no ", "No. ").capitalize(),
    lambda h: h.upper().replace(" ", "_"),
    lambda h: "".join(w.capitalize() for w in h.split()),
)


def person_tables(seed: int, count: int) -> Iterator[Labelled]:
    """Tables whose rows are persons: a name or a number, two to five kinds more, and neutral ones."""
    r = random.Random(seed)
    p.seed(seed)
    turn = list(range(len(KINDS)))
    r.shuffle(turn)
    for number in range(count):
        bare = number % 6 == 5
        pool = [s for s in KINDS if s.bare] if bare else KINDS
        first = KINDS[turn[number % len(turn)]]
        chosen = [first] if not bare or first.bare else []
        name = r.choice(NAMES if r.random() < 0.8 or bare else CHILDREN)
        chosen.append(name)
        chosen += r.sample(pool, r.randint(2, 4))
        if r.random() < 0.15 and not bare:
            chosen += HOME
        chosen += r.sample(NEUTRAL, r.randint(1, 3))
        yield _table(r, f"persons-{seed}-{number}", chosen, bare=bare, rows=r.randint(25, 80))


def worn_tables(seed: int, count: int) -> Iterator[Labelled]:
    """The same with what use does to tables: dashes for nothing, headings that say nothing."""
    r = random.Random(seed)
    for number, table in enumerate(person_tables(seed, count)):
        if number % 2 or table.headings is None:
            dash = r.choice(("-", "n/a", "--", "NULL"))
            table.rows = [[c if r.random() > 0.4 else dash for c in row] for row in table.rows]
            yield table
            continue
        chosen = [
            r.choice(NAMES),
            *r.sample([s for s in KINDS if s.bare], 4),
            *r.sample(NEUTRAL, 2),
        ]
        r.shuffle(chosen)
        style = r.choice(("kolom_{}", "Column{}", "F{}", "Unnamed: {}", "data {}"))
        rows = [[s.make(r) for s in chosen] for _ in range(40)]
        yield Labelled(
            f"worn-{seed}-{number}", [style.format(k) for k in range(len(chosen))], rows,
            [s.kinds for s in chosen], [s.source for s in chosen],
        )  # fmt: skip


def _table(r: random.Random, name: str, chosen: list[Spec], *, bare: bool, rows: int) -> Labelled:
    style = r.choice(STYLES)
    seen: dict[str, Spec] = {}
    for s in chosen:
        heading = style(r.choice(s.headings))
        if heading.lower() not in {h.lower() for h in seen}:
            seen[heading] = s
    columns = list(seen.items())
    r.shuffle(columns)
    if r.random() < 0.4:
        columns.insert(0, (style("no"), spec("no", _number(1, 999))))
    empty = r.choice((0.0, 0.0, 0.1))
    data = [
        ["" if s.kinds and r.random() < empty else s.make(r) for _, s in columns]
        for _ in range(rows)
    ]
    return Labelled(
        name,
        None if bare else [h for h, _ in columns],
        data,
        [s.kinds for _, s in columns],
        [s.source for _, s in columns],
    )


WORDS = (
    "warga mengeluh jalan rusak lampu mati air tidak mengalir sejak kemarin mohon segera "
    "ditindaklanjuti parit tersumbat sampah menumpuk dekat pasar flamboyan petugas sudah datang"
).split()

# What stands around an identifier in a sentence.
SENTENCES: list[tuple[str, Maker, str]] = [
    ("pelapor NIK {} sudah diverifikasi", i.nik, "nik"),
    ("berkas {} belum lengkap", i.nik, "nik"),
    ("No. KK: {} perlu diperbaiki", i.no_kk, "no_kk"),
    ("NPWP {} tidak sesuai", i.npwp_dotted, "npwp"),
    ("petugas NIP {} menindaklanjuti", i.nip, "nip"),
    ("petugas NIP. {} hadir", i.nip_spaced, "nip"),
    ("siswa dengan NISN {} pindah", i.nisn, "nisn"),
    ("peserta BPJS {} nonaktif", i.bpjs, "bpjs"),
    ("paspor no {} hilang", i.paspor, "paspor"),
    ("kehilangan SIM C nomor {} di pasar", i.sim, "sim"),
    ("mobil KB dengan plat {} parkir liar", i.plate, "plat_nomor"),
    ("hubungi {} ya", i.mobile_written, "telepon"),
    ("wa {}", i.mobile, "telepon"),
    ("surel {} tidak dibalas", p.personal_mail, "email"),
    ("transfer ke rekening BCA {} hari ini", lambda r: i.digits(r, 10), "rekening"),
    ("no. rek {} atas permintaan", i.account, "rekening"),
    ("kartu kredit {} terblokir", i.card_grouped, "kartu_pembayaran"),
    ("lahir di Pontianak, 12-05-1988 sesuai akta", lambda r: "", "tanggal_lahir"),
    ("tanggal lahir: {} salah ketik", i.birth, "tanggal_lahir"),
    ("akses dari IP {} ditolak", i.address_of_device, "ip_address"),
    ("atas nama {} belum terdata", p.faker_plain_name, "nama_orang"),
    ("a.n. {} sudah selesai", p.indofaker_name, "nama_orang"),
    ("rumah saya di {} tergenang", p.home_address, "alamat"),
]


def text_tables(seed: int) -> Iterator[Labelled]:
    """Notes of which one in a thousand holds something."""
    r = random.Random(seed)
    p.seed(seed)
    for number, (form, make, kind) in enumerate(SENTENCES):
        rows = []
        for row in range(1500):
            note = " ".join(r.choices(WORDS, k=r.randint(5, 14)))
            if row in (400, 1401):
                note = f"{note}, {form.format(make(r))}"
            rows.append(
                [str(row + 1), f"{i.day(r, 2023, 2025)}", note, r.choice(("selesai", "proses"))]
            )
        source = "faker" if make.__module__.endswith("people") else "rules"
        yield Labelled(
            f"notes-{seed}-{number}",
            [
                "no",
                "tanggal",
                r.choice(("uraian", "isi_laporan", "keterangan", "catatan")),
                "status",
            ],
            rows,
            [frozenset(), frozenset(), frozenset({kind}), frozenset()],
            ["rules", "rules", source, "rules"],
        )
