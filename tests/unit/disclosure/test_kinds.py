"""Kinds that a form, a check digit, a heading or a word before them decides."""

from __future__ import annotations

import time

import pytest

from ckanext.satudata_pontianak.disclosure.engine import scan_text
from ckanext.satudata_pontianak.disclosure.finding import PersonalClass
from ckanext.satudata_pontianak.disclosure.recognizers import RECOGNIZERS
from ckanext.satudata_pontianak.disclosure.recognizers.luhn import luhn_valid
from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT, KINDS

NIK = "6171010101900001"
CARD = "4111111111111111"

FOUND = [
    ("npwp", "npwp", ["09.254.294.3-407.000"], "npwp.header"),
    ("npwp", "npwp", ["092542943407000"], "npwp.header"),
    ("npwp", "npwp", ["0092542943407000"], "npwp.header"),
    ("npwp", "NPWP", [NIK], "npwp.header"),
    ("npwp", None, ["09.254.294.3-407.000"], "npwp.pattern"),
    ("npwp", "catatan", ["NPWP 09.254.294.3-407.000 salah"], "npwp.text"),
    ("npwp", "catatan", ["npwp: 092542943407000 salah"], "npwp.text"),
    ("nip", "nip", ["197203051997032004"], "nip.header"),
    ("nip", None, ["197203051997032004"], "nip.pattern"),
    ("nip", "NIP", ["19720305 199703 2 004"], "nip.header"),
    ("nip", "NIP", ["1.97203E+17"], "nip.header"),
    ("nip", "NI PPPK", ["198501012022212001"], "nip.header"),
    ("nip", "nip_kepala", ["197203051997032004"], "nip.official"),
    ("nip", "ket", ["ttd Budi, NIP. 19720305 199703 2 004"], "nip.text"),
    ("nisn", "NISN", ["0051234567"], "nisn.header"),
    ("nisn", "nisn", ["51234567.0", "0051234567"], "nisn.header"),
    ("nisn", "ket", ["siswa NISN: 0051234567 pindah"], "nisn.text"),
    ("bpjs", "no_bpjs", ["0001234567890"], "bpjs.header"),
    ("bpjs", None, ["0001234567890"], "bpjs.pattern"),
    ("bpjs", "ket", ["kartu BPJS Kesehatan no 0001234567890 mati"], "bpjs.text"),
    ("paspor", "No. Paspor", ["C1234567"], "paspor.header"),
    ("paspor", "passport", ["XA123456"], "paspor.header"),
    ("paspor", "ket", ["paspor nomor C1234567 hilang"], "paspor.text"),
    ("sim", "no_sim", ["123456789012"], "sim.header"),
    ("sim", "SIM", ["1234-5678-901234"], "sim.header"),
    ("sim", "ket", ["hilang SIM A nomor 123456789012"], "sim.text"),
    ("plat_nomor", "nopol", ["B 1234 XYZ"], "plat_nomor.header"),
    ("plat_nomor", None, ["KB 1234 XY"], "plat_nomor.pattern"),
    ("plat_nomor", "ket", ["mobil KB 1234 XY parkir"], "plat_nomor.text"),
    ("plat_nomor", "ket", ["plat nomor D 12 AB parkir"], "plat_nomor.text"),
    ("rekening", "No. Rekening", ["1234567890"], "rekening.header"),
    ("rekening", "rekening_bank", ["1234-5678-90"], "rekening.header"),
    ("rekening", "ket", ["kirim ke no. rek. 1234567890 ya"], "rekening.text"),
    ("rekening", "ket", ["transfer ke BRI 123456789012345"], "rekening.text"),
    ("kartu_pembayaran", "kartu kredit", [CARD], "kartu_pembayaran.header"),
    ("kartu_pembayaran", None, ["4111 1111 1111 1111"], "kartu_pembayaran.pattern"),
    ("kartu_pembayaran", "ket", ["bayar 4111-1111-1111-1111 ya"], "kartu_pembayaran.text"),
    ("kartu_pembayaran", "ket", [f"kartu debit {CARD}"], "kartu_pembayaran.text"),
    ("nama_orang", "nama_pasien", ["Budi Santoso", "Siti Aminah"], "nama_orang.header"),
    ("nama_orang", "Kepala Puskesmas", ["dr. Budi Santoso, M.Kes"], "nama_orang.official"),
    ("nama_orang", "ket", ["berkas 12 an. Budi Santoso lengkap"], "nama_orang.text"),
    ("alamat", "isi", ["rumah saya di Jl. Mawar No. 5 banjir"], "alamat.text"),
    ("alamat", "alamat_rumah", ["Gg. Mawar No. 5"], "alamat.home"),
    ("koordinat_rumah", "lat_rumah", ["-0.041234"], "koordinat_rumah.header"),
    ("tanggal_lahir", "tgl_lahir", ["12-05-1990"], "tanggal_lahir.header"),
    ("tanggal_lahir", "TTL", ["Pontianak, 12 Mei 1990"], "tanggal_lahir.header"),
    ("tanggal_lahir", "DOB", ["33005"], "tanggal_lahir.header"),
    ("tanggal_lahir", "ket", ["lahir di Sambas tanggal 12/05/1990"], "tanggal_lahir.text"),
    ("ip_address", "ip_address", ["103.11.22.33"], "ip_address.header"),
    ("ip_address", "ip", ["2001:db8::8a2e:370:7334"], "ip_address.header"),
    ("ip_address", None, ["103.11.22.33", "36.80.100.7"], "ip_address.pattern"),
    ("ip_address", "ket", ["dari IP 103.11.22.33 kemarin"], "ip_address.text"),
]

SILENT = [
    ("npwp", "npwp", ["092542944407000"]),  # wrong check digit
    ("npwp", None, ["092542943407000"]),  # bare digits without a heading
    ("npwp", "npwp_perusahaan", ["01.000.013.1-093.000"]),
    ("nip", None, ["617101000100100010"]),  # a land tax number
    ("nip", None, ["197213051997032004"]),  # month 13
    ("nip", None, ["199703052001032004"]),  # appointed at the age of four
    ("nisn", "npsn", ["30105123"]),
    ("nisn", None, ["0051234567"]),
    ("bpjs", "peserta_bpjs", ["1200", "3400"]),
    ("bpjs", "waktu", ["1700000000000"]),
    ("bpjs", "barcode", ["8991234567890"]),
    ("paspor", "kode_aset", ["C1234567"]),
    ("paspor", "jumlah_paspor", ["1234"]),
    ("sim", "SIM", ["Sistem Informasi Manajemen"]),
    ("sim", "jumlah_sim", ["123456789012"]),
    ("plat_nomor", "keterangan", ["KB 2023 AKTIF", "peserta KB 1234 AB"]),
    ("plat_nomor", None, ["A 1 B", "RT 01 RW"]),
    ("plat_nomor", "plat_dinas", ["KB 1234 AX"]),
    ("sim", "ket", ["kartu SIM 081234567890"]),
    ("bpjs", "ket", ["BPJS hubungi, BPJS 08123456789"]),
    ("alamat", "ket", ["meninggal di Jl. Mawar No. 5", "kantor beralamat di Jl. A Yani No. 1"]),
    ("tanggal_lahir", "ket", ["lahirnya perda tanggal 12-05-2011"]),
    ("rekening", "kode_rekening", ["5.1.02.01.01.0001", "510201010001"]),
    ("rekening", "rekening", ["510201010001", "520101020003"]),
    ("rekening", "nama_rekening", ["1234567890"]),
    ("kartu_pembayaran", "kartu", ["4111111111111112"]),
    ("kartu_pembayaran", None, ["4111111111111111"]),  # one in ten passes by chance
    ("kartu_pembayaran", None, ["352099001761481", "357805023984942", "353918058072345"]),
    ("nama_orang", "nama_kecamatan", ["Mariana", "Saigon"]),
    ("nama_orang", "nama_sekolah", ["SMA Santo Petrus", "SD Muhammadiyah 2"]),
    ("nama_orang", "nama", ["Pasar Mawar", "Pasar Dahlia"]),
    ("nama_orang", "ket", ["atas nama Dinas Kesehatan Kota"]),
    (
        "alamat",
        "alamat",
        ["Jl. Ahmad Yani No. 5 RT 01 RW 02"],
    ),  # of what, the column alone does not say
    ("tanggal_lahir", "tanggal", ["12-05-1990"]),
    ("tanggal_lahir", "lahir_hidup", ["120", "110"]),
    ("tanggal_lahir", "lahir", ["12034", "11034"]),
    ("ip_address", "ip_server", ["103.11.22.33"]),
    ("ip_address", None, ["61.71.01.1002", "5.1.02.01", "1.2.3.4"]),
    ("ip_address", "ip", ["192.168.1.7"]),
    ("koordinat_rumah", "lat", ["-0.041234"]),
    ("agama", "agama", ["Islam", "Hindu"]),
    ("kesehatan", "penyakit", ["Hipertensi"]),
]


@pytest.mark.parametrize(("kind", "heading", "values", "reason"), FOUND)
def test_found(column, kind, heading, values, reason):
    finding = column(heading, values)[kind]
    assert finding.reason.code == reason
    assert finding.share == 1.0
    assert DEFAULT.threshold <= finding.score <= 1.0
    assert not any(value in finding.sample for value in values)
    assert sum(c.isdigit() for c in finding.sample) <= 2


@pytest.mark.parametrize(("kind", "heading", "values"), SILENT)
def test_silent(column, kind, heading, values):
    assert kind not in column(heading, values)


def test_one_note_in_a_thousand(column):
    notes = ["lampu jalan mati sejak kemarin"] * 999
    for kind, _, values, reason in FOUND:
        if reason.endswith(".text"):
            assert column("uraian", [*notes, *values])[kind].count == 1, kind


def test_the_number_of_a_taxpayer_who_is_a_resident_is_both(column):
    assert {"npwp", "nik"} <= set(column("npwp", [NIK]))


def test_a_company_is_no_person(column):
    found = column("catatan", ["NPWP 01.000.013.1-093.000 atas pengadaan"])
    assert "npwp" not in found
    assert not any(f.hard for f in scan_text("NPWP 01.000.013.1-093.000"))


HARD = "nik no_kk npwp bpjs sim paspor kartu_pembayaran rekening telepon".split()
SPECIFIC = """rekening kartu_pembayaran kesehatan disabilitas biometrik anak catatan_kejahatan
    keuangan_pribadi bantuan_sosial""".split()


def test_which_kinds_refuse_by_themselves():
    assert set(RECOGNIZERS) == set(KINDS)
    assert {k for k, r in RECOGNIZERS.items() if r.hard} == set(HARD)


def test_classes_of_the_law_and_of_the_city():
    classes = {k: r.personal_class for k, r in RECOGNIZERS.items()}
    assert {k for k, c in classes.items() if c is PersonalClass.SPECIFIC} == set(SPECIFIC)
    assert {k for k, c in classes.items() if c is PersonalClass.CITY} == {"suku"}
    assert classes["agama"] is PersonalClass.GENERAL


@pytest.mark.parametrize(
    "text",
    [
        "Jumlah Penduduk menurut Agama",
        "Data Gaji Pegawai 2024",
        "Daftar Alamat Kantor Kelurahan di Kota Pontianak",
        "Peserta KB 2023 per kecamatan",
        "Penerima bantuan sosial menurut suku dan disabilitas",
        "Data diperoleh dari Dinas Kesehatan atas nama Walikota Pontianak",
        "Hubungi Kepala Dinas di (0561) 736812",
        "Kode rekening 5.1.02.01.01.0001 tahun 2024",
        "Tanggal lahir dan NIK tidak dimuat. Versi 1.2.3.4, per 12-05-2024.",
        "Kasus HIV, TB dan stunting pada anak menurut puskesmas",
    ],
)
def test_ordinary_metadata_is_silent(text):
    assert scan_text(text, field="notes") == ()
    assert scan_text(text, field="title") == ()


@pytest.mark.parametrize("words", ["rekening no ", "rek bank ", "plat nomor ", "npwp: ", "sim a "])
def test_a_long_text_of_words_before_nothing_ends(column, words):
    start = time.process_time()
    text = words * 20_000 + words.split()[-1] * 20_000
    assert column("ket", [f"{text} rekening BCA 1234567890"])["rekening"].count == 1
    assert time.process_time() - start < 5


def test_check_digit():
    assert luhn_valid(CARD)
    assert not luhn_valid("4111111111111112")
    assert not luhn_valid("")
