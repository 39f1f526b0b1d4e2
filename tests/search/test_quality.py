"""A guard on what a search finds: the made-up catalogue, asked through Solr as pages ask it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pysolr
import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak.access.search import forgiving

from . import corpus, measuring

LIMITED = {dataset.name for dataset in corpus.datasets() if dataset.limited}


@pytest.fixture(scope="module")
def catalogue() -> Iterator[pysolr.Solr]:
    with measuring.indexed(tk.config["solr_url"], ours=True) as solr:
        yield solr


@pytest.fixture
def search(catalogue: pysolr.Solr) -> Iterator[measuring.Hits]:
    # For each test anew: CKAN puts its options back after each.
    with measuring.asking(catalogue) as ask:
        yield ask


@pytest.mark.parametrize("half", corpus.HALVES)
@pytest.mark.usefixtures("with_request_context")
def test_what_people_mean_is_among_the_first_five_and_open_data_before_limited(
    search, half
) -> None:
    hits = cache(measuring.forgiving(search))
    missed = measuring.missed(hits, half)
    # Which ones are missed is told of the half that may be looked at only.
    shown = missed if half == "seen" else len(missed)
    assert len(missed) <= len(corpus.queries(half)) * 0.05, shown
    wrong = measuring.limited_first(hits, half)
    assert not wrong, wrong if half == "seen" else len(wrong)
    both = [q for q in corpus.queries(half) if len({name in LIMITED for name in q.want}) == 2]
    assert len(both) >= 3  # something was compared


def found_by(search, q: str) -> tuple[list[str], forgiving.Told]:
    answer = forgiving.run(search, {"for_view": True}, {"q": q, "rows": 400})
    return [hit["name"] for hit in answer["results"]], forgiving.told()


@pytest.mark.usefixtures("with_request_context")
def test_no_synonym_finds_a_word_within_a_phrase_of_its_own(search) -> None:
    for q in ("penduduk", "warga", "population"):
        names, _ = found_by(search, q)
        assert "penduduk-kelurahan" in names
        assert "rt-rw" not in names, q
    names, told = found_by(search, "rukun warga")
    assert set(names) == {"rt-rw", "kepadatan-rw", "dbd-rw"}
    assert names[0] == "rt-rw"
    assert not told.some
    names, _ = found_by(search, "layanan kesehatan jiwa")
    assert names[0] == "jiwa-odgj"
    assert "jiwa-odgj" in found_by(search, "jiwa")[0]  # in texts each word is found by itself
    assert found_by(search, "sumur bor")[1].some  # nothing has both


@pytest.mark.usefixtures("with_request_context")
def test_signs_are_text(search) -> None:
    plain, _ = found_by(search, "penduduk kelurahan")
    for q in (
        '"penduduk kelurahan',
        "penduduk AND (kelurahan",
        "penduduk\\ kelurahan]",
        "penduduk: kelurahan !",
    ):
        names, told = found_by(search, q)
        assert names == plain, q
    assert told.q == "penduduk: kelurahan !"
    for sign in ('"', "(", "\\", "&&", "!!"):
        assert found_by(search, sign)[0] == [], sign
    names, told = found_by(search, '"beras harga"')
    assert told.apart
    assert "harga-pangan" in names


@pytest.mark.usefixtures("with_request_context")
def test_those_with_most_of_the_words_follow_those_with_all(search) -> None:
    names, told = found_by(search, "kasus demam berdarah sekolah")
    assert told.some
    assert not told.whole
    assert names[0] == "dbd-kelurahan"
    names, told = found_by(search, "nama sekolah akreditasi")
    assert told.some
    assert told.whole == {"sd-daftar", "smp-daftar"} == set(names[:2])
    assert "paud-daftar" in names
    names, told = found_by(search, "kelurahan")  # many hold it
    assert not told.some


@pytest.mark.usefixtures("with_request_context")
def test_a_region_is_named_and_what_has_it_in_its_cells_is_found(search) -> None:
    for q in ("sei jawi dalam", "Kel. Sungaijawi Dalam", "SUNGAI JAWI DALAM"):
        names, told = found_by(search, q)
        assert told.regions == ("61.71.03.1002",), q
        assert names[0] == "profil-sungaijawi-dalam"
        assert {"penduduk-kelurahan", "stunting-kelurahan"} <= set(names)
        assert "penduduk-kecamatan" not in names
    names, told = found_by(search, "penduduk saigon")
    assert told.regions == ("61.71.02.1003",)
    assert "penduduk-kelurahan" in names
    assert not {"penduduk-rt", "stunting-posyandu"} & set(names) - {*names[len(told.whole) or 99 :]}


@pytest.mark.usefixtures("with_request_context")
def test_a_correction_is_offered_only_for_what_nobody_has_and_if_it_finds(search) -> None:
    for q in ("poverty", "population", "harga beras", "tb paru", "kelurahan saigon"):
        assert not found_by(search, q)[1].corrected, q
    names, told = found_by(search, "kepadtan penduduk")
    assert (told.corrected, names[0]) == ("kepadatan penduduk", "kepadatan")
    assert forgiving.offered(search, {}, "kepadtan penduduk") == "kepadatan penduduk"
    assert forgiving.offered(search, {}, "pendudk tsunami qwrtzp") is None
    assert found_by(search, "penduduk saigoon")[1].corrected == "penduduk saigon"
    for q in ("pendudk tsunami qwrtzp", "pendudk tsunami", "jumlah kepadtan penduduk"):
        # The page and the suggestions have one rule.
        assert found_by(search, q)[1].corrected == (forgiving.offered(search, {}, q) or ""), q
    assert found_by(search, "pendudk tsunami")[1].corrected == "penduduk tsunami"
    assert found_by(search, "pendudk tsunami qwrtzp") == ([], forgiving.told())
    assert not forgiving.told().corrected
    named, told = found_by(search, "jumlah penduduk di kota pontianak")
    assert (named, told.regions) == (found_by(search, "penduduk")[0], ())


@pytest.mark.usefixtures("with_request_context")
def test_mistyped_words_do_not_blur_what_is_written_right(search) -> None:
    hits = measuring.forgiving(search)
    assert hits("pajak reklame")[0] == "pajak-reklame"
    answer = forgiving.run(search, {"for_view": True}, {"q": "reklame", "rows": 50})
    assert {hit["name"] for hit in answer["results"]} == {"pajak-reklame", "reklame-liar"}


@pytest.mark.usefixtures("with_request_context")
@pytest.mark.parametrize("q", ["xyzzyqwk", "zzzz", "qqqqqqqqq"])
def test_what_nobody_has_is_not_found(search, q) -> None:
    assert measuring.forgiving(search)(q) == []


@pytest.mark.usefixtures("with_request_context")
@pytest.mark.parametrize(
    ("q", "corrected"),
    [
        ("pendudk", "penduduk"),
        ("rumahsakit", "rumah sakit"),
        ("warga", None),
        (
            "penduduk miskin menurut kelurahan dan jenis kelamin serta umur di kota pendudk",
            "penduduk miskin menurut kelurahan dan jenis kelamin serta umur di kota penduduk",
        ),
    ],
)
def test_a_correction_is_a_word_of_the_catalogue(search, q, corrected) -> None:
    assert forgiving.correct(search, {}, q) == corrected


@pytest.mark.usefixtures("with_request_context")
def test_words_in_quotes_stand_together_in_titles_and_columns(search) -> None:
    def found(q: str) -> set[str]:
        answer = forgiving.run(search, {"for_view": True}, {"q": q, "rows": 50})
        return {hit["name"] for hit in answer["results"]}

    assert "pajak-reklame" in found('"pajak reklame"')
    assert not forgiving.told().apart
    found('"reklame pajak"')
    assert forgiving.told().apart
    assert found('"Kelurahan Saigon"')
    assert (forgiving.told().regions, forgiving.told().apart) == (("61.71.02.1003",), False)
    made = next(d for d in corpus.datasets() if any("_" in c for c in d.columns))
    column = next(c for c in made.columns if "_" in c)
    assert made.name in found(f'"{column.replace("_", " ")}"')
