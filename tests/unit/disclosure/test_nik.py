from __future__ import annotations

import random

import pytest

NIK = "6171010101900001"
WOMAN = "6171014107950002"


@pytest.mark.parametrize(
    ("heading", "values", "count", "reason"),
    [
        # Forms in which the same number is written.
        ("nik", [NIK], 1, "nik.header"),
        ("nik", [WOMAN], 1, "nik.header"),
        ("nik", ["'" + NIK], 1, "nik.header"),
        ("nik", [f'="{NIK}"'], 1, "nik.header"),
        ("nik", [" " + NIK + " "], 1, "nik.header"),
        ("nik", ["617101-010190-0001"], 1, "nik.header"),
        ("nik", ["617101.010190.0001"], 1, "nik.header"),
        ("nik", ["6171 0101 0190 0001"], 1, "nik.header"),
        ("nik", ["61.71.01.010190.0001"], 1, "nik.header"),
        ("nik", ["6.171.010.101.900.001"], 1, "nik.header"),
        ("nik", ["6171010101900001.0"], 1, "nik.header"),
        ("nik", ["6171010101900001,00"], 1, "nik.header"),
        ("nik", ["6.171010101900001e15"], 1, "nik.header"),
        ("nik", ["6,171010101900001E+15"], 1, "nik.header"),
        ("nik", ["6171\u00a00101\u00a00190\u00a00001"], 1, "nik.header"),
        ("nik", ["617101\u2013010190\u20130001"], 1, "nik.header"),
        ("nik", ["6171\u200b010101900001"], 1, "nik.header"),
        ("nik", ["６１７１０１０１０１９００００１"], 1, "nik.header"),
        # The same without any heading.
        (None, [NIK], 1, "nik.pattern"),
        (None, ["'" + NIK], 1, "nik.pattern"),
        (None, ["617101-010190-0001"], 1, "nik.pattern"),
        (None, ["6171010101900001.0"], 1, "nik.pattern"),
        (None, ["6.171010101900001e15"], 1, "nik.pattern"),
        # Digits lost in a spreadsheet.
        ("nik", ["6.17101E+15"], 1, "nik.digit_lost"),
        ("nik", ["6171010101900000"], 1, "nik.digit_lost"),
        (None, ["6171010101900000", "6171021505880000", "6171034412950000"], 3, "nik.digit_lost"),
        # Free text.
        ("catatan", [f"atas nama Budi NIK {NIK}, mohon dibantu"], 1, "nik.text"),
        ("catatan", [f"NIK:{NIK}"], 1, "nik.text"),
        ("catatan", [f"NIK{NIK}"], 1, "nik.text"),
        ("catatan", [f"({NIK})"], 1, "nik.text"),
        ("catatan", [f"{NIK}, {WOMAN}"], 1, "nik.text"),
        ("catatan", [f"{NIK},{WOMAN}"], 1, "nik.text"),
        ("catatan", ["ktp 6171 0101 0190 0001."], 1, "nik.text"),
        ("catatan", ["baris satu\n" + NIK + "\nbaris tiga"], 1, "nik.text"),
        ("catatan", ["biasa"] * 999 + [f"nomor {NIK} ya"], 1, "nik.text"),
        # A province that is not in the list counts under a heading.
        ("nik", ["2071010101900001"], 1, "nik.header"),
        ("nik", ["6171019901900001"], 1, "nik.header_only"),
        # An innocent heading hides nothing.
        ("kode", [NIK, WOMAN, "6171021505880003"], 3, "nik.other_header"),
        ("keterangan lain", [NIK, "-", "tidak ada"], 1, "nik.pattern"),
        ("no_kk", [WOMAN], 1, "nik.among_kk"),
        # Leap day: 2000 was a leap year, and 1988.
        (None, ["6171012902880001"], 1, "nik.pattern"),
        (None, ["6171012902000001"], 1, "nik.pattern"),
    ],
)
def test_found(column, heading, values, count, reason):
    finding = column(heading, values)["nik"]
    assert (finding.count, finding.reason.code) == (count, reason)
    assert finding.hard


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        (None, ["6171013201900001"]),  # day 32
        (None, ["6171010013900001"]),  # month 13
        (None, ["6171018107900001"]),  # day 81: python-stdnum takes it for 1
        (None, ["6171013002900001"]),  # 30 February
        (None, ["6171012902890001"]),  # 29 February 1989
        (None, ["6171010101900000"]),  # serial 0000, once, without a heading
        (None, ["2071010101900001"]),  # no such province
        (None, ["61710101019000012"]),  # 17 digits
        (None, ["617101010190001"]),  # 15 digits
        (None, ["0.6171010101900001"]),
        (None, ["109.6171010101900001"]),
        (None, ["-0.6171010101900001e-05"]),
        (None, ["6.171.010.101.900.001"]),  # an amount
        (None, ["a6171010101900001.25 juta".replace("a", "")]),
        (None, ["2020 2021 2022 2023"]),
        (None, ["11-01-2020 12-02-2021"]),
        (None, ["4111 1111 1111 1111"]),
        (None, ["0812-3456-7890", "61.71.01.1002", "2025-01-01 10:00:00"]),
        ("nik", ["617101**********", "************01", "-", ""]),
        ("idsubsls", ["6171011001000100", "6171011002000200", "6171021003000100"]),
        ("kode_sls", ["6171011001000100", "6171011002000200"]),
        ("kode_wilayah", ["6171011001000100", "6171011002000200"]),
        (None, ["6171011001000100", "6171011002000200", "6171021003000100"]),
        ("teknik", ["7 orang"]),
        ("epoch", ["1764547200000000", "1764547260000000"]),
        ("total_anggaran", ["1500000000000000", "3250000000000000"]),
    ],
)
def test_silent(column, heading, values):
    assert "nik" not in column(heading, values)


@pytest.mark.parametrize("heading", [None, "kode_barang", "barcode", "nilai"])
def test_random_numbers_are_silent(column, heading):
    r = random.Random(3)  # noqa: S311
    values = [str(r.randint(10**15, 10**16 - 1)) for _ in range(5000)]
    assert "nik" not in column(heading, values)


def test_all_small_areas_of_the_statistics_office_are_silent(column):
    values = [
        f"6171{kec:03}{desa:03}{sls:04}{sub:02}"
        for kec in (10, 11, 20, 21, 30, 31)
        for desa in range(1, 9)
        for sls in range(1, 150, 7)
        for sub in (0, 1)
    ]
    for heading in (None, "idsubsls", "kode", "id"):
        assert "nik" not in column(heading, values), heading


def test_running_codes_with_a_regional_prefix_are_silent(column):
    values = [f"61710101019{i:05}" for i in range(1, 4000)]
    assert "nik" not in column("kode_aset", values)
    assert "nik" not in column(None, values)


def test_local_number_among_other_codes_is_found(column):
    r = random.Random(5)  # noqa: S311
    values = [str(r.randint(10**15, 10**16 - 1)) for _ in range(20)] + ["6171010101900001"]
    assert column("nomor", values)["nik"].reason.code == "nik.mixed"


def test_score_is_honest(column, made_up_nik):
    values = made_up_nik(50)
    scores = [column(h, values)["nik"].score for h in ("NIK", None, "kode")]
    assert scores == sorted(scores, reverse=True)
    assert column("NIK", values)["nik"].share == 1.0


@pytest.mark.parametrize(
    "heading",
    ["NIK", "nik", "No. NIK", "NIK Pasien", "nik_ayah", "NoKTP", "no_ktp", "No KTP/SIM", "NIKIbu",
     "Nomor Induk Kependudukan", "e-KTP"],
)  # fmt: skip
def test_headings(column, heading):
    assert column(heading, ["6171010101900000"])["nik"].reason.code == "nik.digit_lost"


@pytest.mark.parametrize("heading", ["teknik", "klinik", "elektronik", "Piknik", "unik", "NIKAH"])
def test_words_that_only_contain_nik(column, heading):
    assert "nik" not in column(heading, ["6171010101900000"])
