"""A part of a table: one region, one period, and no number that the table does not have."""

from __future__ import annotations

from decimal import Decimal

from ckanext.satudata_pontianak.portal.plots import narrowing
from ckanext.satudata_pontianak.portal.plots.drawing.charts import Chart, Kind, NoChart

from .making import WORDS, seen_of, table

CASES = seen_of(
    table(
        "tahun,bulan,kecamatan,kelurahan,jumlah_kasus",
        *(
            f"{year},{month},{district},{village},{n}"
            for n, (year, month, district, village) in enumerate(
                (year, month, district, village)
                for year in (2024, 2025)
                for month in ("Januari", "Februari", "Maret")
                for district, village in (
                    ("Pontianak Selatan", "Benuamelayu Laut"),
                    ("Pontianak Selatan", "Benuamelayu Darat"),
                    ("Pontianak Timur", "Saigon"),
                )
            )
        ),
        tahun="int8",
        jumlah_kasus="int8",
    )
)


def drawn(seen=CASES, measure="jumlah_kasus", **part: str) -> Chart:
    found = narrowing.Table(seen).chart(measure, **part)
    assert isinstance(found, Chart), found
    return found


def numbers(chart: Chart) -> list[int]:
    return [int(v) for *_, v in chart.values()]


def offered(seen, measure: str) -> tuple[list[str], list[str]]:
    regions, periods = narrowing.Table(seen).offered(measure)
    return list(regions), list(periods)


def test_regions_and_periods_are_named_as_addresses_name_them() -> None:
    assert list(narrowing.Table(CASES).regions) == [
        "61.71.01", "61.71.01.1002", "61.71.01.1003", "61.71.02", "61.71.02.1003",
    ]  # fmt: skip
    assert list(narrowing.Table(CASES).periods) == [
        "2024-01", "2024-02", "2024-03", "2025-01", "2025-02", "2025-03",
    ]  # fmt: skip


def test_a_village_alone_is_its_own_numbers_over_time() -> None:
    chart = drawn(region="61.71.02.1003")
    assert chart.kind is Kind.LINE
    assert [v for *_, v in chart.values()] == [Decimal(n) for n in (2, 5, 8, 11, 14, 17)]
    assert "Saigon" in WORDS["id"].title(chart)


def test_of_a_district_its_villages_come_along() -> None:
    chart = drawn(region="61.71.01", period="2025-03")
    assert {p.text for p in chart.places} == {"Benuamelayu Laut", "Benuamelayu Darat"}
    assert sorted(v for *_, v in chart.values()) == [15, 16]


def test_one_period_is_bars_of_its_regions() -> None:
    chart = drawn(period="2024-02")
    assert not chart.temporal
    assert sorted(v for *_, v in chart.values()) == [3, 4, 5]
    assert "Feb 2024" in WORDS["id"].title(chart)


def test_a_part_with_one_number_is_no_chart_and_what_makes_none_is_not_offered() -> None:
    one = narrowing.Table(CASES).chart("jumlah_kasus", "61.71.02.1003", "2024-02")
    assert isinstance(one, NoChart)
    assert offered(CASES, "jumlah_kasus") == (
        list(narrowing.Table(CASES).regions), list(narrowing.Table(CASES).periods),
    )  # fmt: skip
    alone = seen_of(table("tahun,jumlah_kasus", "2024,1", "2025,2", "2026,3", tahun="int8"))
    assert offered(alone, "jumlah_kasus") == ([], [])
    regions = seen_of(table("kecamatan,jumlah", "Pontianak Kota,1", "Pontianak Timur,2"))
    assert offered(regions, "jumlah") == ([], [])


def test_each_region_and_period_with_two_numbers_is_offered_and_no_other() -> None:
    """Not the first two codes alone, and not what repeats one thing."""
    seen = seen_of(
        table(
            "tahun,kecamatan,jumlah_kasus",
            "2023,Pontianak Selatan,1",
            "2023,Pontianak Timur,2",
            "2024,Pontianak Kota,*",
            "2024,Pontianak Barat,3",
            "2025,Pontianak Kota,5",
            "2025,Pontianak Kota,6",
            "2026,Pontianak Barat,4",
            tahun="int8",
        )
    )
    assert offered(seen, "jumlah_kasus") == (["61.71.03"], ["2023"])


AGES = table(
    "tahun,kecamatan,kelompok,jenis_kelamin,jumlah_kasus",
    *(
        f"2025,{district},{age},{sex},{n}"
        for district, sexes in (
            ("Pontianak Kota", {"Laki-laki": 5, "Jumlah": 5}),
            ("Pontianak Barat", {"Laki-laki": 3, "Perempuan": 4, "Jumlah": 7}),
        )
        for age in ("Anak", "Dewasa")
        for sex, n in sexes.items()
    ),
    tahun="int8",
)


def test_totals_of_the_whole_are_none_of_its_parts() -> None:
    chart = drawn(seen_of(AGES), region="61.71.05")
    assert numbers(chart) == [5, 5]
    assert any("Jumlah" in note for note in WORDS["id"].notes(chart))
    cities = seen_of(
        table(
            "tahun,kecamatan,jumlah_kasus",
            "2024,Pontianak Kota,1", "2024,Pontianak Barat,2", "2024,Jumlah,3",
            "2025,Pontianak Kota,4", "2025,Jumlah,4",
            tahun="int8",
        )
    )  # fmt: skip
    assert isinstance(narrowing.Table(cities).chart("jumlah_kasus", period="2025"), NoChart)
    assert offered(cities, "jumlah_kasus") == (["61.71.05"], ["2024"])
    upper = seen_of(
        table("tahun,kecamatan,jumlah_kasus",
              *(f"{y},{where},{n}" for y in (2024, 2025)
                for n, where in enumerate(("Kota Pontianak", "Pontianak Kota", "Pontianak Barat"))),
              tahun="int8")
    )  # fmt: skip
    assert numbers(drawn(upper, period="2025")) == [2, 1]
    assert "61.71" not in narrowing.Table(upper).regions


def test_each_number_of_a_part_is_one_of_the_whole() -> None:
    """By region and period, along what the whole chart shows too."""
    rows = [
        (year, district, sex, n * year % 17 + n)
        for year in (2023, 2024, 2025)
        for n, (district, sex) in enumerate(
            (d, s)
            for d in ("Pontianak Kota", "Pontianak Barat", "Pontianak Timur", "Jumlah")
            for s in ("Laki-laki", "Perempuan", "Jumlah")
        )
    ]
    seen = seen_of(
        table("tahun,kecamatan,jenis_kelamin,jumlah_kasus",
              *(",".join(map(str, row)) for row in rows), tahun="int8")
    )  # fmt: skip
    true = {(str(y), d, s): n for y, d, s, n in rows}
    whole = narrowing.Table(seen)
    for code, region in whole.regions.items():
        for period in whole.periods:
            chart = drawn(seen, region=code, period=period)
            found = {p.text: int(v) for (x, _, v) in chart.values() for p in [chart.places[x]]}
            assert found == {
                s: true[period, region.place.name, s] for s in ("Laki-laki", "Perempuan")
            }


def test_a_part_says_of_which_region_and_period_it_is() -> None:
    seen = seen_of(
        table(
            "kode_kecamatan,kelurahan,jumlah_kasus",
            "61.71.01,Benuamelayu Laut,1", "61.71.01,Benuamelayu Darat,2", "61.71.02,Saigon,3",
        )
    )  # fmt: skip
    chart = drawn(seen, region="61.71.01")
    assert "Pontianak Selatan" in WORDS["id"].title(chart)
    assert numbers(chart) == [1, 2]


def test_of_two_columns_of_regions_rows_of_one_alone_are_drawn_and_which_one_is_said() -> None:
    pairs = ("Pontianak Kota,Pontianak Barat,1", "Pontianak Kota,Pontianak Timur,2",
             "Pontianak Barat,Pontianak Kota,4", "Pontianak Timur,Pontianak Kota,8")  # fmt: skip
    seen = seen_of(table("kecamatan_asal,kecamatan_tujuan,jumlah_pindah", *pairs))
    chart = drawn(seen, "jumlah_pindah", region="61.71.05")
    assert sorted(numbers(chart)) == [1, 2]
    said = WORDS["id"]
    assert "Pontianak Kota" in said.title(chart)
    assert any("Kecamatan asal" in note for note in said.notes(chart))


def test_what_a_part_leaves_of_a_division_is_said() -> None:
    seen = seen_of(
        table(
            "tahun,kecamatan,kelompok,jumlah_kasus",
            "2024,Pontianak Kota,Anak,1", "2025,Pontianak Kota,Anak,2",
            "2024,Pontianak Barat,Anak,3", "2025,Pontianak Barat,Dewasa,4",
            tahun="int8",
        )
    )  # fmt: skip
    assert "Anak" in WORDS["id"].title(drawn(seen, region="61.71.05"))


def test_a_table_with_a_column_for_each_year_has_its_years_alone() -> None:
    seen = seen_of(
        table("kecamatan,2023,2024,2025", "Pontianak Kota,1,2,3", "Pontianak Barat,4,5,*")
    )
    whole = narrowing.Table(seen)
    assert list(whole.periods) == ["2023", "2024", "2025"]
    assert offered(seen, "2023") == (["61.71.03", "61.71.05"], ["2023", "2024"])
    chart = drawn(seen, "2023", period="2024")
    assert not chart.temporal
    assert sorted(numbers(chart)) == [2, 5]
    assert WORDS["id"].title(chart) == "Value by kecamatan, 2024"
    assert numbers(drawn(seen, "2023", region="61.71.05")) == [1, 2, 3]
    named = seen_of(
        table("kecamatan,jumlah_kasus_2024,jumlah_kasus_2025",
              "Pontianak Kota,1,2", "Pontianak Barat,4,5")
    )  # fmt: skip
    chart = drawn(named, "jumlah_kasus_2024", period="2025")
    assert WORDS["id"].title(chart) == "Jumlah kasus by kecamatan, 2025"
