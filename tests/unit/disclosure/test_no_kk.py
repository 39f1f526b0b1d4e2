from __future__ import annotations

import pytest

KK = "6171010105120003"


@pytest.mark.parametrize(
    ("heading", "values", "count", "reason"),
    [
        ("no_kk", [KK], 1, "no_kk.header"),
        ("NOMOR KK", [KK, KK[:-1] + "4"], 2, "no_kk.header"),
        ("No. Kartu Keluarga", ["617101-010512-0003"], 1, "no_kk.header"),
        ("nokk", ["'" + KK], 1, "no_kk.header"),
        ("NoKK", [KK + ".0"], 1, "no_kk.header"),
        ("kk", ["6171010105120000"], 1, "no_kk.digit_lost"),
        ("no_kk", ["6.17101E+15"], 1, "no_kk.digit_lost"),
        ("no_kk", ["6171019905120003"], 1, "no_kk.header_only"),
        ("catatan", [f"No. KK: {KK} sudah lengkap"], 1, "no_kk.text"),
        ("catatan", [f"kartu keluarga nomor {KK}"], 1, "no_kk.text"),
    ],
)
def test_found(column, heading, values, count, reason):
    found = column(heading, values)
    assert (found["no_kk"].count, found["no_kk"].reason.code) == (count, reason)
    assert found["no_kk"].hard
    assert "nik" not in found


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("nik", [KK]),  # a NIK
        (None, [KK]),  # reported as NIK
        ("jumlah_kk", ["1520", "986"]),
        ("kk", ["12", "7"]),
        ("no_kk", ["617101**********", "-"]),
        ("pkk", ["1234567890123456"]),
    ],
)
def test_silent(column, heading, values):
    assert "no_kk" not in column(heading, values)


def test_both_numbers_in_one_text(column):
    found = column("uraian", [f"KK {KK}, NIK 6171014107950002"])
    assert set(found) == {"nik", "no_kk"}
    assert found["nik"].count == found["no_kk"].count == 1
