from __future__ import annotations

import random

import pytest


@pytest.mark.parametrize(
    ("heading", "values", "count", "reason"),
    [
        ("no_hp", ["081234567890"], 1, "telepon.header"),
        ("No. HP", ["81234567890"], 1, "telepon.header"),  # Excel dropped the 0
        ("telepon", ["81234567890.0"], 1, "telepon.header"),
        ("WA", ["6281234567890"], 1, "telepon.header"),
        ("kontak", ["+62 812-3456-7890"], 1, "telepon.header"),
        ("telp", ["0561-736812", "0812 3456 7890"], 1, "telepon.header"),
        ("hp", ["081234567890/081298765432"], 1, "telepon.header"),
        ("hp", ["0812.3456.7000"], 1, "telepon.header"),
        (None, ["081234567890"], 1, "telepon.pattern"),
        (None, ["0812-3456-7890"], 1, "telepon.pattern"),
        (None, ["0812 34 56 78 90"], 1, "telepon.pattern"),
        (None, ["(0812) 3456-7890"], 1, "telepon.pattern"),
        (None, ["+62812 3456 7890"], 1, "telepon.pattern"),
        (None, ["+6281234567890"], 1, "telepon.pattern"),
        (None, ["6281234567890", "6285312345678"], 2, "telepon.pattern"),
        (None, ["'081234567890"], 1, "telepon.pattern"),
        ("catatan", ["hub. 081234567890"], 1, "telepon.text"),
        ("catatan", ["WA:0812-3456-7890 (Budi)"], 1, "telepon.text"),
        ("catatan", ["hp081234567890"], 1, "telepon.text"),
        ("catatan", ["telp +62 812 3456 7890, rumah"], 1, "telepon.text"),
        ("catatan", ["081234567890 dan 081298765432"], 1, "telepon.text"),
        ("catatan", ["RT 10 081234567890"], 1, "telepon.text"),
        ("catatan", ["tahun 2024 081234567890"], 1, "telepon.text"),
        ("catatan", ["081234567890 2024"], 1, "telepon.text"),
        ("catatan", ["https://wa.me/6281234567890"], 1, "telepon.text"),
        ("catatan", ["hub 6281234567890 saja"], 1, "telepon.text"),
        ("catatan", ["hub 0812 3456 7890 (08:00-15:00)"], 1, "telepon.text"),
    ],
)
def test_found(column, heading, values, count, reason):
    finding = column(heading, values)["telepon"]
    assert (finding.count, finding.reason.code) == (count, reason)
    assert finding.hard


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("telepon", ["0561736812", "(0561) 736812", "112", "119"]),
        ("jumlah_penduduk", ["812345678", "6281234567"]),
        (None, ["81234567890"]),  # no heading, no 0
        (None, ["628.123.456.789"]),  # an amount
        (None, ["Rp 628.123.456.789"]),
        (None, ["senilai Rp 62812345678 saja"]),
        (None, ["6281234567890", "6281234567547", "5120000000"] + ["99123456789"] * 9),
        ("kode_barang", ["0812345678", "0812345679"]),
        (None, ["1.3.2.08.12.34.56.78"]),
        (None, ["08.12.34.56.78"]),
        (None, ["2008-12-10 08:12:34"]),
        (None, ["0.081234567890"]),
        (None, ["6171081234567890"]),
        (None, ["4111 0812 3456 7890"]),
        (None, ["SK0812345678A"]),
        (None, ["08123"]),
        ("hp", ["0812*****890", "-"]),
    ],
)  # fmt: skip
def test_silent(column, heading, values):
    assert "telepon" not in column(heading, values)


def test_running_codes_that_begin_with_08_are_silent(column):
    assert "telepon" not in column(None, [f"0812{i:06}" for i in range(500)])


def test_codes_with_leading_zeros_are_silent(column):
    r = random.Random(2)  # noqa: S311
    assert "telepon" not in column(None, [f"0{r.randint(10**9, 10**10 - 1)}" for _ in range(500)])


@pytest.mark.parametrize("heading", ["Nomor HP", "NoHP", "no_telp", "Telepon/WA", "kontak_person"])
def test_headings(column, heading):
    assert column(heading, ["81234567890"])["telepon"].reason.code == "telepon.header"


@pytest.mark.parametrize("heading", ["Telepon Kantor", "WA Pengaduan", "hp_layanan", "Hotline OPD"])
def test_a_mobile_number_of_an_office_is_shown_but_is_no_hard_identifier(column, heading):
    found = column(heading, ["081234567890", "0561-734455"])["telepon"]
    assert (found.reason.code, found.count, found.hard) == ("telepon.office", 1, False)


def test_a_list_of_persons_does_not_take_the_word_of_a_heading(scan_bytes):
    report = scan_bytes(b"nama,telepon kantor\nBudi Santoso,081234567890\nSri Rahayu,08521234567\n")
    found = {f.kind: f for f in report.findings}
    assert (found["telepon"].reason.code, found["telepon"].hard) == ("telepon.header", True)
