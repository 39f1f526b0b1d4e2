"""Figures that somebody is asked to look at: what is found, what is not, what is told of it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.metadata import codes
from ckanext.satudata_pontianak.metadata.quality.definition import quality
from ckanext.satudata_pontianak.metadata.quality.plausible import Asked, Kind, asked
from ckanext.satudata_pontianak.metadata.roles import Column

BOUNDS = quality().plausible
DISTRICTS = [c.label for c in codes.code_list("wilayah").codes.values() if c.parent == "61.71"]
counts = st.integers(30, 900)


def ask(headings: str, rows, before=()):
    columns = [Column(name) for name in headings.split()]
    told = [[str(cell) for cell in row] for row in rows]
    return asked(columns, told, BOUNDS, [[str(cell) for cell in row] for row in before])


def test_a_figure_ten_times_that_of_the_year_before_is_asked_of() -> None:
    rows = [[2023, "Pontianak Kota", 100], [2024, "Pontianak Kota", 1200]]
    rows += [[2023, "Pontianak Barat", 100], [2024, "Pontianak Barat", 110]]
    assert ask("tahun kecamatan jumlah_kasus", rows) == [
        Asked(Kind.JUMP, 2, "Jumlah kasus", Decimal(1200), Decimal(100))
    ]


def test_the_period_before_may_stand_in_the_file_that_is_served() -> None:
    rows = [[2024, "Februari", "Pontianak Kota", 5000], [2024, "Februari", "Pontianak Barat", 90]]
    served = [[2024, "Januari", "Pontianak Kota", 100], [2024, "Januari", "Pontianak Barat", 95]]
    found = ask("tahun bulan kecamatan jumlah_kasus", rows, served)
    assert found == [Asked(Kind.JUMP, 1, "Jumlah kasus", Decimal(5000), Decimal(100), older=True)]
    assert not ask("tahun bulan kecamatan jumlah_kasus", rows)


def test_a_gap_between_two_years_is_no_jump() -> None:
    rows = [[2019, "Pontianak Kota", 100], [2024, "Pontianak Kota", 5000]]
    assert not ask("tahun kecamatan jumlah_kasus", rows)


@given(st.lists(counts, min_size=3, max_size=6), st.integers(-40, 40))
def test_a_total_is_asked_of_exactly_where_it_is_not_the_sum(parts, wrong: int) -> None:
    rows = [[f"jenis {chr(97 + n)}", part] for n, part in enumerate(parts)]
    rows.append(["Jumlah", sum(parts) + wrong])
    found = ask("jenis jumlah_unit", rows)
    if abs(wrong) > (sum(parts) + wrong) * BOUNDS.share:
        assert found == [
            Asked(
                Kind.TOTAL,
                len(rows),
                "Jumlah unit",
                Decimal(sum(parts) + wrong),
                Decimal(sum(parts)),
            )
        ]
    else:
        assert not found


@given(st.lists(counts, min_size=len(DISTRICTS), max_size=len(DISTRICTS)), st.booleans())
def test_the_city_is_held_against_all_of_its_districts(parts, wrong: bool) -> None:
    rows = [["Kota Pontianak", sum(parts) + 500 * wrong], *zip(DISTRICTS, parts, strict=True)]
    found = ask("wilayah jumlah_penduduk", rows)
    assert [one.kind for one in found] == [Kind.REGION] * wrong
    assert not ask("wilayah jumlah_penduduk", rows[:-1])  # a district is missing: nobody knows


@given(st.lists(st.tuples(counts, counts, st.sampled_from([0, 7])), min_size=2, max_size=6))
def test_men_and_women_are_held_against_the_column_of_both(figures) -> None:
    rows = [
        [DISTRICTS[n], men, women, men + women + wrong]
        for n, (men, women, wrong) in enumerate(figures)
    ]
    found = ask("kecamatan laki_laki perempuan jumlah", rows)
    assert {one.row for one in found} == {
        n
        for n, (men, women, wrong) in enumerate(figures, start=1)
        if wrong > (men + women + wrong) * BOUNDS.share
    }


def test_rounded_figures_and_withheld_parts_are_not_asked_of() -> None:
    assert not ask("jenis luas_ha", [["a", "1.4"], ["b", "1.4"], ["Jumlah", "2.9"]])
    assert not ask("jenis jumlah_unit", [["a", "140"], ["b", "*"], ["c", "7"], ["Jumlah", "190"]])


def test_shares_are_never_added_up() -> None:
    rows = [["a", "40"], ["b", "50"], ["Jumlah", "45"]]
    assert not ask("jenis persentase_cakupan", rows)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Budi Santoso", "Siti", "Jumlah"]), st.integers(2020, 2025), counts
        ),
        max_size=12,
    )
)
def test_what_is_asked_holds_a_row_a_heading_and_two_figures_alone(rows) -> None:
    found = ask("nama_petugas tahun jumlah_kunjungan", rows)
    assert len(found) <= BOUNDS.places
    for one in found:
        assert "Budi" not in str(one.as_dict())
        assert "Siti" not in str(one.as_dict())
        assert 1 <= one.row <= len(rows)
        assert Asked.of(one.as_dict()) == one


@given(st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), max_size=8))
def test_any_cells_are_read_without_an_error(rows) -> None:
    assert isinstance(ask("tahun wilayah jumlah_unit", rows), list)
