"""The dictionary of the search, and the names of regions in a question."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.access.search import dictionary, rules
from ckanext.satudata_pontianak.access.search.dictionary import named_in, token
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError

SHIPPED = (paths.schemas() / dictionary.FILE).read_text("utf-8")


def found() -> dict[str, list[str]]:
    lines = (line.split(" => ") for line in dictionary.synonyms(dictionary.dictionary()))
    return {typed: finds.split(", ") for typed, finds in lines}


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("population", "penduduk"), ("penduduk", "population"), ("poverty", "kemiskinan"),
        ("kemiskinan", "poverty"), ("warga", "penduduk"), ("budak", "anak"),
        ("small businesses", "usaha mikro"), ("job vacancies", "lowongan"),
        ("rw", "rukun_warga"), ("rukun_warga", "rw"),
    ],
)  # fmt: skip
def test_words_find_what_is_called_otherwise(typed: str, finds: str) -> None:
    assert finds in found()[typed]


def test_no_word_within_a_phrase_of_its_own_finds_anything() -> None:
    rules_ = dictionary.phrases(dictionary.dictionary())
    assert "rukun warga => rukun_warga" in rules_
    phrases = [rule.split(" => ")[0] for rule in rules_]
    for typed, finds in found().items():
        said = [typed, *finds]
        assert not [phrase for phrase in phrases if any(phrase in words for words in said)], typed


def looked_for(q: str) -> set[str]:
    """Return what Solr looks for, as it reads the rules: from the left, the longest first."""
    rules_ = found()
    words = dictionary._word(q, dictionary.dictionary()).split()
    all_: set[str] = set()
    while words:
        ends = next(n for n in range(len(words), 0, -1) if n == 1 or " ".join(words[:n]) in rules_)
        said = " ".join(words[:ends])
        all_ |= set(rules_.get(said, [said]))
        words = words[ends:]
    return all_


@pytest.mark.parametrize(
    ("q", "wrong"),
    [
        ("layanan kesehatan jiwa", "penduduk"), ("rumah sakit jiwa", "penduduk"),
        ("gangguan jiwa berat", "penduduk"), ("sakit jiwa", "penduduk"),
        ("kanker paru", "tuberkulosis"), ("paru", "tuberkulosis"),
        ("sumur bor", "hunian tempat tidur"), ("hunian tempat tidur", "bor"),
        ("rumah dinas", "opd"), ("surat dinas", "opd"), ("opd", "dinas"), ("pasang surut", "rob"),
        ("pasang baru pdam", "rob"), ("rob", "pasang"), ("warga binaan", "penduduk"),
        ("pulau lombok", "cabai"), ("cabai", "lombok"), ("populasi ternak", "penduduk"),
        ("makanan mengandung boraks", "hamil"), ("hamil", "mengandung"), ("wifi", "hotspot"),
        ("bpjs ketenagakerjaan", "jkn"), ("jembatan penyeberangan", "feri"),
        ("dinas pekerjaan umum", "profesi"), ("saluran pernapasan", "parit"),
        ("drainase", "saluran"), ("keluhan", "lapor"), ("damkar", "pemadam"),
        ("guru", "pendidik"), ("murid", "pelajar"), ("dewan pendidikan", "dprd"),
        ("dprd", "dewan"), ("lelang jabatan", "pengadaan"), ("rt pcr", "rukun tetangga"),
        ("pkl mahasiswa", "pedagang kaki lima"), ("kerja sama", "work"), ("tide", "pasang"),
    ],
)  # fmt: skip
def test_a_word_within_a_phrase_of_another_meaning_finds_nothing_else(q: str, wrong: str) -> None:
    assert wrong not in looked_for(q)


@pytest.mark.parametrize(
    ("q", "right"),
    [
        ("berapa jiwa", "penduduk"), ("tb paru", "tuberkulosis"), ("bor", "hunian tempat tidur"),
        ("anggaran dinas", "perangkat daerah"), ("harga lombok", "cabai"), ("bpjs", "jkn"),
        ("rsj", "rumah sakit jiwa"), ("gangguan jiwa", "odgj"), ("kerjasama", "kerja_sama"),
        ("ibu mengandung", "ibu hamil"), ("kesehatan jiwa", "kesehatan jiwa"),
    ],
)  # fmt: skip
def test_the_same_word_elsewhere_finds_what_it_means(q: str, right: str) -> None:
    assert right in looked_for(q)


def test_what_finds_in_one_direction_is_not_found_in_the_other() -> None:
    assert "budak" not in found()["anak"]
    assert "kepadatan penduduk" not in found()  # each of its words finds it


def test_every_spelling_of_every_region_names_it() -> None:
    for code, region in dictionary.named_regions().items():
        for name in (region.label, *region.aliases):
            for said in (
                name,
                name.upper(),
                f"{region.level} {name}",
                f"{region.level[:3]}. {name}",
            ):
                bare = said.casefold() == "tengah"
                assert [n.code for n in named_in(said.split())] == ([] if bare else [code]), said


@pytest.mark.parametrize(
    ("q", "codes"),
    [
        ("penduduk sei jawi dalam", ["61.71.03.1002"]),
        ("sungai jawi", ["61.71.05.1005"]),
        ("pal5", ["61.71.03.1001"]),
        ("kec barat", ["61.71.03"]),
        ("West Pontianak", ["61.71.03"]),
        ("ptk utara dan saigon", ["61.71.04", "61.71.02.1003"]),
        ("Pontianak", []),
        ("usaha kecil dan menengah tengah", []),
        ("bangka belitung", []),  # there are two
        ("kota baru dan lima", ["61.71.01.1005"]),
        ("mariana5", []),
        ("penduduk kota pontianak", []),
        ("kecamatan di kota pontianak", []),
        ("kecamatan kota pontianak", []),
        ("kota ptk", []),
        ("kec. kota", ["61.71.05"]),
        ("camat pontianak kota", ["61.71.05"]),
        ("kota pontianak barat", ["61.71.03"]),
        ("pontianak barat, pontianak", ["61.71.03"]),
        ("pontianak timur pontianak barat", ["61.71.02", "61.71.03"]),
        ("wali kota pontianak utara", ["61.71.04"]),
        ("kota baru pontianak", ["61.71.01.1005"]),
        ("kecamatan kota baru", ["61.71.01.1005"]),
        ("sungai jawi dalam bugis", ["61.71.05.1005", "61.71.02.1006"]),
        ("pembangunan ibu kota baru", []),
        ("bus kota baru", []),
        ("angkot kota baru", ["61.71.01.1005"]),
        ("ibu hamil kota baru", ["61.71.01.1005"]),
        ("kabupaten Kotabaru", []),
        ("kota yang baru", []),
        ("jarak per pal 5 km", []),
        ("pal 5km", []),
        ("penduduk pal 5 tahun 2024", ["61.71.03.1001"]),
        ("laporan bmd", []),
        ("penduduk bmd", ["61.71.01.1003"]),
    ],
)
def test_the_regions_of_a_question(q: str, codes: list[str]) -> None:
    assert [n.code for n in named_in(q.split())] == codes


def test_a_word_that_the_dictionary_has_is_not_mistyped() -> None:
    assert {"beras", "kepadatan", "poverty", "vacancies", "tetangga"} <= dictionary.vocabulary()
    assert rules.unknown("harga beras kepadatan saigon dbd".split()) == []
    assert rules.unknown("hargaa kel. saigon pendudk".split()) == [0, 3]
    assert rules.unknown("daftar rumah menurut kota pontianak".split()) == []


@given(st.text())
def test_whatever_is_typed_regions_are_words_of_it(q: str) -> None:
    words = rules.as_words(q).split()
    ends = 0
    for one in named_in(words):
        assert ends <= one.begins < one.ends <= len(words)
        ends = one.ends


def test_the_word_for_a_region_is_its_own_and_nothing_splits_it() -> None:
    made = [token(code) for code in dictionary.named_regions()]
    assert len(set(made)) == len(made) == 35
    assert all(word.isalpha() and word.islower() for word in made)


def test_a_question_is_asked_with_the_region_in_one_word() -> None:
    code = token("61.71.02.1003")
    assert rules.read("data penduduk Kelurahan Saigon").asked == f"penduduk {code}"
    assert rules.read("saigon, Saigon").regions == ("61.71.02.1003",)
    assert rules.read("OR").asked == "or"
    assert rules.read("kota yang baru").asked == "kota baru"


@pytest.mark.parametrize(
    "q", ["ibu kota baru", "jarak per pal 5 km", "kecamatan di kota pontianak"]
)
def test_words_that_stood_apart_or_mean_something_else_stay_words(q: str) -> None:
    assert rules.read(q).regions == ()


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        ("phrases:\n", "phrase:\n", "phrase"),
        ("- rukun warga\n", "- '***'\n", "no word"),
        ("61.71.01.1002: [bml]", "61.71.01.1001: [bml]", "no region"),
        ("    kelurahan: [kel", "    desa: [kel", "levels are"),
        ("  population: [penduduk, populasi]", "  population: 3", "population"),
    ],
)
def test_a_broken_dictionary_is_refused_by_line(
    tmp_path: Path, now: str, then: str, said: str
) -> None:
    assert now in SHIPPED
    path = tmp_path / dictionary.FILE
    path.write_text(SHIPPED.replace(now, then, 1), "utf-8")
    with pytest.raises(DefinitionError, match=said):
        dictionary.read(path)
