"""What a search asks of Solr, without Solr."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.access.search import rules

TODAY = dt.date(2026, 11, 25)


@pytest.mark.parametrize("q", ["jumlah penduduk", "covid-19", "e-ktp", "PM2.5", "RT/RW", "kab. X"])
def test_words_are_plain(q: str) -> None:
    assert rules.is_plain(q)


@pytest.mark.parametrize(
    "q",
    ["*:*", "title:air", '"air bersih"', "air*", "air~1", "+air -sungai", "air OR sungai",
     "{!knn}", "air (sungai", "", None, "air && sungai", "air -sungai"],
)  # fmt: skip
def test_the_language_of_solr_is_not_plain(q: str | None) -> None:
    assert not rules.is_plain(q)


@pytest.mark.parametrize(
    ("q", "searched"),
    [
        ('"air bersih"', '"air bersih"'),
        ('tarif "air bersih" 2025', 'tarif 2025 "air bersih"'),
        ('"air" "sungai Kapuas"', '"air" "sungai Kapuas"'),
        ('"air: *"', '"air"'),
        ("air bersih", None),
        ('"air', None),
        ('"" air', None),
        ('title:"air bersih"', None),
        ('"air" -sungai', None),
        ('"air"~3', None),
        ('"a\\"b"', None),
    ],
)
def test_words_in_quotes_stay_together(q: str, searched: str | None) -> None:
    assert rules.with_phrases(q) == searched


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ('"air bersih', "air bersih"),
        ("{!lucene q.op=AND}air", "lucene q.op AND air"),
        ("rasio guru: murid (SD)", "rasio guru murid SD"),
        ("***", ""),
    ],
)
def test_what_cannot_be_read_is_taken_as_words(q: str, words: str) -> None:
    assert rules.as_words(q) == words


@pytest.mark.parametrize(
    ("q", "language"),
    [('"air', False), ("jalan AND jembatan", False), ("air (bersih", False), ("rasio: guru", False),
     ("apa itu stunting?", False), ("covid -19", False), ("PM2.5*", False), ("title:air", True),
     ("*:*", True), ("kenari*", True), ("puskemas~1", True), ("+tags:kota", True)],
)  # fmt: skip
def test_on_a_page_signs_are_text_but_where_a_field_is_named(q: str, language: bool) -> None:
    assert rules.is_language(q) == language


def test_a_sign_is_looked_for_among_the_letters_that_are_searched() -> None:
    assert rules.is_language("a " * 150 + "title:air")
    assert not rules.is_language("a" * rules.LONGEST + " title:air")


def test_a_long_question_is_cut() -> None:
    assert len(rules.as_words("air " * 5000)) <= rules.LONGEST
    assert len(rules.as_words("a " * 5000).split()) <= rules.MOST_WORDS


@pytest.mark.parametrize(
    ("q", "left"),
    [
        ("data jumlah penduduk", "penduduk"),
        ("daftar puskesmas", "puskesmas"),
        ("data", "data"),
        ("jumlah data", "jumlah data"),
        ("kota baru", "kota baru"),
        ("rumah sakit di Pontianak", "rumah sakit"),
        ("penduduk Pontianak Barat", "penduduk Pontianak Barat"),
        ("Pontianak", "Pontianak"),
        ("jumlah penduduk menurut kecamatan di kota pontianak", "penduduk kecamatan"),
        ("pengaduan pemerintah kota pontianak", "pengaduan pemerintah kota"),
        ("kota yang baru", "kota baru"),
        ("west pontianak", "west pontianak"),
        ("penduduk AND kelurahan", "penduduk kelurahan"),
        ("population by district", "population district"),
        ("` , …", ""),
    ],
)
def test_words_around_the_thing_are_left_out(q: str, left: str) -> None:
    assert rules.read(q).text == left


@given(st.text())
def test_whatever_is_asked_only_words_of_it_are_looked_for(q: str) -> None:
    words = rules.as_words(q).split()
    left = rules.read(q).text.split()
    assert set(left) <= set(words)
    assert bool(left) == bool(words)


@pytest.mark.parametrize(
    ("one", "two", "away"),
    [("puskemas", "puskesmas", 1), ("pnedudk", "penduduk", 2), ("dbd", "dbd", 0),
     ("sekola", "sekolah", 1), ("gurui", "igru", 3), ("a", "abcd", 3)],
)  # fmt: skip
def test_letters_that_differ_are_counted(one: str, two: str, away: int) -> None:
    assert rules.distance(one, two) == away


@pytest.mark.parametrize(
    ("word", "counts", "meant"),
    [
        ("puskemas", {"puskesmas": 9, "puskesos": 30}, "puskesmas"),
        ("pendudk", {"penduduk": 4, "penduduknya": 1}, "penduduk"),
        ("rumahsakit", {"rumah": 7, "sakit": 3}, "rumah sakit"),
        ("dbd", {"dbs": 4}, None),  # a short word is not guessed at
        ("kucing", {"kuning": 2, "kancing": 9}, "kuning"),
        ("airport", {}, None),
        ("pengaguran", {"pengangguran": 1, "penyaluran": 9}, "pengangguran"),
        ("beras", {"teras": 1, "betas": 2, "rukun_warga": 1}, "betas"),
        ("kantor", {"pastor": 9}, None),  # two letters of which one is the first
        ("warg", {"rukun_warga": 9}, None),
    ],
)
def test_the_word_that_was_meant(word: str, counts: dict[str, int], meant: str | None) -> None:
    assert rules.nearest(word, counts) == meant


def test_what_looks_like_a_word_is_asked_without_operators() -> None:
    assert rules.like("a)b") is None
    assert rules.like("dbd") is None
    assert "satudata_words:puskemas~1" in str(rules.like("puskemas"))


def test_beginnings_of_words() -> None:
    assert rules.begins("Dinas Kesehatan", ["din", "kes"])
    assert not rules.begins("Dinas Kesehatan", ["hat"])
    assert not rules.begins("Dinas Kesehatan", [])
    assert rules.beginnings("") is None
    assert rules.beginnings('a"b') == 'satudata_beginnings:"a" AND satudata_beginnings:"b"'
