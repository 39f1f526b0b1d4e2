"""What becomes of single cells."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.disclosure.anonymising.dates import read_date
from ckanext.satudata_pontianak.disclosure.anonymising.operations import (
    age_band,
    mask,
    number_band,
    pseudonym,
    year,
)
from ckanext.satudata_pontianak.disclosure.anonymising.places import kelurahan_of

TODAY = date(2026, 11, 24)
SECRET = bytes(range(32))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1990-05-02", date(1990, 5, 2)),
        ("1990-05-02 00:00:00", date(1990, 5, 2)),
        ("2/5/1990", date(1990, 5, 2)),
        ("02-05-90", date(1990, 5, 2)),
        ("2 Mei 1990", date(1990, 5, 2)),
        ("Pontianak, 2 Mei 1990", date(1990, 5, 2)),
        ("PONTIANAK, 02-05-1990", date(1990, 5, 2)),
        ("2-Agu-26", date(2026, 8, 2)),
        ("29/2/2024", date(2024, 2, 29)),
        ("5/13/1990", None),
        ("30/2/1990", None),
        ("2027-01-01", None),
        ("25/12/2026", None),
        ("1890-01-01", None),
        ("tidak tahu", None),
        ("2 Bulan 1990", None),
        ("19900502", None),
        ("", None),
    ],
)
def test_dates(text, expected):
    assert read_date(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("24/11/1996", "30–34"),
        ("25/11/1996", "25–29"),
        ("1951-11-24", "75+"),
        ("1951-11-25", "70–74"),
        ("36", "35–39"),
        ("36 tahun", "35–39"),
        ("36.0", "35–39"),
        ("0", "0–4"),
        ("130", None),
        ("tiga", None),
        ("6171010205900001", None),
    ],
)
def test_age_bands(text, band):
    assert age_band(text, TODAY, 5, 75) == band


def test_a_band_ends_where_the_last_one_begins():
    assert age_band("62", TODAY, 20, 65) == "60–64"


def test_years_and_numbers():
    assert year("2 Mei 1990", TODAY) == "1990"
    assert year("1990", TODAY) == "1990"
    assert year("19900502", TODAY) is None
    assert number_band("127", 10) == "120–129"
    assert number_band("-3", 10) == "-10–-1"
    assert number_band("Rp 5", 10) is None


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Jl. Sungai Jawi No. 5, Kel. Saigon", "Saigon"),
        ("Gg. Saigon 3 Kelurahan Parit Mayor", "Parit Mayor"),
        ("PARIT MAYOR RT 02/RW 05", "Parit Mayor"),
        ("Jalan Saigon No. 12", None),
        ("Akcaya atau Saigon", None),
        ("Jl. Merdeka 1", None),
        ("Kec. Saigon", None),
    ],
)
def test_kelurahan(address, name):
    assert kelurahan_of(address) == name


@given(st.text(max_size=60), st.sampled_from([(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2)]))
def test_a_mask_keeps_two_characters_at_most(text, kept):
    shown = mask(text, *kept)
    left = shown.replace("***", "", 1)
    assert len(left) <= sum(kept)
    assert "***" in shown
    if len(text.strip("*")) > 2:
        assert text not in shown


def test_masks():
    assert mask("Budi Santoso", 1, 0) == "B***"
    assert mask("6171010205900017", 0, 2) == "***17"
    assert mask("Ali", 1, 1) == "***"
    assert mask("(Budi)", 1, 0) == "***"


@given(st.text(min_size=1, max_size=40))
def test_a_pseudonym_is_the_keyed_hash_and_has_no_digit(text):
    first = pseudonym(text, SECRET, "nik")
    assert re.fullmatch("[bcdfghjklmnpqrst]{32}", first)
    assert first != pseudonym(text, SECRET[::-1], "nik")
    assert first != pseudonym(text, SECRET, "no_kk")


def test_a_pseudonym_is_what_the_standard_says():
    digest = hmac.new(SECRET, b"nik\x006171010205900017", hashlib.sha256).hexdigest()[:32]
    letters = digest.translate(str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst"))
    for written in ("6171010205900017", "6171-0102-0590-0017", " 6171.01.020590.0017 "):
        assert pseudonym(written, SECRET, "nik") == letters
    assert pseudonym("Budi  SANTOSO", SECRET, "n") == pseudonym("budi santoso", SECRET, "n")
