"""The chart of each table: the same numbers, in order, from zero, and nothing that misleads."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.metadata.periods import Grain, parse
from ckanext.satudata_pontianak.metadata.roles import Role, is_total, read_numbers
from ckanext.satudata_pontianak.portal.plots import rendering
from ckanext.satudata_pontianak.portal.plots.choosing import choose
from ckanext.satudata_pontianak.portal.plots.drawing import shaping
from ckanext.satudata_pontianak.portal.plots.drawing.charts import (
    Chart,
    Kind,
    NoChart,
    Refused,
    Wanted,
)

from .corpus import TABLES
from .making import DISTRICTS, WORDS, chart_of, encodings, seen_of, spec_of, table

# -------------------------------------------------------------------------------- the corpus


@pytest.mark.parametrize("made", TABLES, ids=lambda made: made.name)
def test_each_table_gets_the_chart_that_suits_it(made):
    found = choose(seen_of(made))
    if made.drawn is None:
        assert isinstance(found, NoChart)
        return
    assert isinstance(found, Chart), found
    assert (found.kind, len(found.series), found.panels) == (made.drawn, made.series, made.panels)


@pytest.mark.parametrize("made", [m for m in TABLES if m.drawn], ids=lambda made: made.name)
def test_no_picture_misleads(made):
    chart = chart_of(made)
    spec = spec_of(chart)
    # Bars begin at zero and nothing is stacked.
    for layer in encodings(spec):
        mark = layer["mark"]["type"] if isinstance(layer.get("mark"), dict) else ""
        if mark == "bar":
            numbers = [
                axis
                for axis in (layer["encoding"].get("x"), layer["encoding"].get("y"))
                if axis and axis.get("field") == "y"
            ]
            assert numbers
            assert all(axis["scale"]["zero"] for axis in numbers)
            several = len(chart.series) > 1 and not chart.panels
            offsets = {"xOffset", "yOffset"} & set(layer["encoding"])
            assert bool(offsets) == several
    # Time stands in order, and its gaps are places of their own.
    if chart.temporal:
        periods = [place.period for place in chart.places]
        assert periods == sorted(periods)
    # The picture and its data table hold the same numbers.
    shown = {(row["n"], row.get("s", "")): row["y"] for row in spec["data"]["values"]}
    names = [WORDS["id"].value(s) for s in chart.series]
    for (x, s), cell in chart.cells.items():
        name = names[s] if len(names) > 1 else ""
        if chart.units and chart.units[s]:
            name = f"{name} ({chart.units[s]})"
        value = shown[x, name]
        assert (value is None) == (cell.value is None)
        assert value is None or Decimal(str(value)) == cell.value
    # A line that does not begin at zero says so.
    said = WORDS["id"].notes(chart)
    assert chart.zero or "The axis of numbers does not begin at zero." in said
    assert json.dumps(spec)
    assert WORDS["id"].sentence(chart)


def test_identifiers_and_years_are_never_measured():
    for made in TABLES:
        for seen in seen_of(made):
            if seen.role is Role.MEASURE:
                assert not seen.name.startswith(("kode", "no", "npsn", "rw", "tahun", "id"))


def test_the_number_of_a_week_is_not_measured():
    weeks = table("minggu_ke,kasus", "1,4", "2,9", "3,2", "5,7", minggu_ke="int4", kasus="int4")
    assert [seen.role for seen in seen_of(weeks)] == [Role.CODE, Role.MEASURE]


# ------------------------------------------------------------------------ withheld and totals


def test_a_withheld_cell_is_a_gap_with_the_mark_of_the_table():
    chart = chart_of(table("tahun,jumlah", "2021,4", "2022,*", "2023,<5", "2024,", "2025,9"))
    assert [chart.cells[x, 0].value for x in range(5)] == [4, None, None, None, 9]
    rows = WORDS["id"].table(chart).rows
    assert [cells[0] for _, cells in rows] == ["4", "*", "<5", "not given", "9"]
    values = spec_of(chart)["data"]["values"]
    assert [row.get("mark") for row in values] == [None, "*", "<5", "–", None]


def test_a_sum_with_a_withheld_part_is_withheld():
    chart = chart_of(
        table(
            "kecamatan,rw,jumlah_kasus",
            *(f"Pontianak Kota,{n:03d},{n}" for n in range(1, 4)),
            *(f"Pontianak Utara,{n:03d},{n}" for n in range(1, 4)),
            "Pontianak Barat,001,4",
            "Pontianak Barat,002,*",
            "Pontianak Barat,003,5",
        )
    )
    named = {p.text: chart.cells[x, 0].value for x, p in enumerate(chart.places)}
    assert named == {"Pontianak Kota": 6, "Pontianak Utara": 6, "Pontianak Barat": None}


def test_rates_are_never_added_up():
    made = table(
        "kecamatan,rw,persentase_hadir",
        *(f"Pontianak {k},{n:03d},{n}.5" for k in ("Kota", "Barat") for n in (1, 2)),
    )
    assert isinstance(choose(seen_of(made)), NoChart)


@pytest.mark.parametrize(
    "name", ["Jumlah", "TOTAL", "Total Kota", "Laki-laki + Perempuan", "Seluruhnya"]
)
def test_totals_do_not_stand_beside_their_parts(name):
    assert is_total(name)
    chart = chart_of(table("jenis,jumlah_unit", "Bus,3", "Truk,5", f"{name},8"))
    assert {place.text for place in chart.places} == {"Bus", "Truk"}
    assert name in WORDS["id"].notes(chart)[0]


@pytest.mark.parametrize("name", ["Jumlah Kasus", "Totalitas", "Semangka"])
def test_other_words_are_no_totals(name):
    assert not is_total(name)


def test_regions_stand_in_administrative_order_and_on_one_level():
    chart = chart_of(
        table(
            "wilayah,jumlah_rt",
            "Kota Pontianak,900",
            "Pontianak Kota,1",
            "Pontianak Utara,3",
            "Pontianak Selatan,5",
        )
    )
    assert [p.text for p in chart.places] == [
        "Pontianak Selatan",
        "Pontianak Utara",
        "Pontianak Kota",
    ]


# --------------------------------------------------------------------------- numbers, periods


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1.234,5", "12"], ["1234.5", "12"]),
        (["1.234.567", "950"], ["1234567", "950"]),
        (["1.234", "950", "*"], ["1234", "950", None]),
        (["1.234", "5.678"], None),
        (["1.25", "3.5"], ["1.25", "3.5"]),
        (["3,5", "-0,2"], ["3.5", "-0.2"]),
        (["12", "dua"], None),
        (["*", ""], None),
    ],
)
def test_numbers_are_read_in_one_way_or_not_at_all(texts, numbers):
    found = read_numbers(texts)
    expected = numbers and [Decimal(n) if n is not None else None for n in numbers]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "grain", "year", "part"),
    [
        ("2025", Grain.YEAR, 2025, 0),
        ("2024/2025", Grain.SCHOOL_YEAR, 2024, 0),
        ("Semester II 2025", Grain.SEMESTER, 2025, 2),
        ("2025-S1", Grain.SEMESTER, 2025, 1),
        ("Triwulan III Tahun 2024", Grain.QUARTER, 2024, 3),
        ("TW IV 2024", Grain.QUARTER, 2024, 4),
        ("Q2 2024", Grain.QUARTER, 2024, 2),
        ("Agustus", Grain.MONTH, 0, 8),
        ("Agu-25", Grain.MONTH, 2025, 8),
        ("Mei 2024", Grain.MONTH, 2024, 5),
        ("2025-08", Grain.MONTH, 2025, 8),
        ("17 Agustus 2025", Grain.DAY, 2025, 8),
        ("2025-08-17", Grain.DAY, 2025, 8),
    ],
)
def test_periods_are_read(text, grain, year, part):
    found = parse(text)
    assert found is not None
    assert (found.grain, found.year, found.part) == (grain, year, part)


@pytest.mark.parametrize("text", ["", "31-31-2025", "Semester V", "2024/2027", "Pontianak", "1850"])
def test_what_is_no_period_is_not_read_as_one(text):
    assert parse(text) is None


# --------------------------------------------------------------------------------- properties

NUMBERS = st.one_of(st.integers(0, 10**9).map(str), st.just("*"), st.just(""))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(1990, 2040), NUMBERS, min_size=3, max_size=25))
def test_any_series_keeps_its_numbers_and_its_gaps(years):
    made = table("tahun,jumlah_kasus", *(f"{y},{n}" for y, n in years.items()), tahun="int8")
    found = choose(seen_of(made))
    if isinstance(found, NoChart):
        assert sum(n.isdigit() for n in years.values()) < 2
        return
    drawn = {
        place.period.year: found.cells[x, 0].value
        for x, place in enumerate(found.places)
        if place.period is not None and (x, 0) in found.cells
    }
    assert drawn == {y: Decimal(n) if n.isdigit() else None for y, n in years.items()}
    assert [p.period for p in found.places] == sorted(p.period for p in found.places if p.period)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABCDEFG"), st.sampled_from("XYZ"), NUMBERS), max_size=40)
)
def test_any_table_has_a_chart_or_a_reason_and_its_sums_are_those_of_the_table(rows):
    made = table("golongan,jenis,jumlah_unit", *(",".join(row) for row in rows))
    found = choose(seen_of(made))
    if isinstance(found, NoChart):
        assert WORDS["id"].note(found.reason)
        return
    assert spec_of(found)["data"]["values"] is not None
    if found.kind is not Kind.HISTOGRAM and not any(n in ("*", "") for *_, n in rows):
        assert sum(v for *_, v in found.values()) == sum(Decimal(n) for *_, n in rows)


# ------------------------------------------------------------------------------ chosen, drawn

CASES = table(
    "tahun,kecamatan,jenis,jumlah_kasus",
    *(
        f"{y},Pontianak {k},{j},{y % 7 + len(k) + len(j)}"
        for y in (2023, 2024, 2025)
        for k in ("Kota", "Barat")
        for j in ("A", "BB")
    ),
    tahun="int8",
)


def test_what_somebody_chose_is_drawn():
    chart = chart_of(CASES, kind="rows", along="kecamatan", by="jenis", title="Judul")
    assert (chart.kind, chart.along, chart.by, chart.title) == (
        Kind.ROWS,
        "Kecamatan",
        "Jenis",
        "Judul",
    )
    assert sum(v for *_, v in chart.values()) == sum(int(row[3]) for row in CASES.rows)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"measure": "tahun"}, "measure"),
        ({"measure": "tiada"}, "measure"),
        ({"along": "jumlah_kasus"}, "along"),
        ({"along": "jenis", "by": "jenis"}, "by"),
        ({"kind": "line", "along": "jenis"}, "kind"),
    ],
)
def test_what_makes_no_honest_chart_is_refused_at_its_field(wanted, field):
    with pytest.raises(Refused) as refused:
        choose(seen_of(CASES), Wanted(**wanted))
    assert refused.value.field == field


def test_texts_of_the_table_stay_texts():
    chart = chart_of(table("jenis,jumlah_unit", '"<script>alert(1)</script>",3', '"{{ x }}",5'))
    svg = rendering.rendered(spec_of(chart), "svg", "id").decode()
    assert "<script" not in svg
    assert "{{ x }}" in svg


def test_addresses_in_a_specification_load_nothing():
    spec = {
        "data": {"url": "http://127.0.0.1:9/rahasia.csv"},
        "mark": "bar",
        "encoding": {"x": {"field": "a"}},
    }
    with pytest.raises(rendering.NotDrawn):
        rendering.rendered(spec, "svg", "id")


def test_numbers_and_months_are_written_in_the_language():
    rows = [f"2025-{m:02d},{m}234.5" for m in range(1, 7)]
    chart = chart_of(table("bulan,nilai_produksi_ton", *rows, nilai_produksi_ton="numeric"))
    assert "1.234,5 ton" in WORDS["id"].sentence(chart)
    assert "1,234.5 ton" in WORDS["en"].sentence(chart)
    assert "Mei 2025" in json.dumps(spec_of(chart))
    assert ">2.000<" in rendering.rendered(spec_of(chart), "svg", "id").decode()
    assert ">2,000<" in rendering.rendered(spec_of(chart, "en"), "svg", "en").decode()


def test_the_unit_of_the_dataset_is_that_of_its_only_measure():
    one = shaping.with_unit(seen_of(table("tahun,jumlah", "2021,3", "2022,4")), "Jiwa")
    assert [s.unit for s in one if s.role is Role.MEASURE] == ["jiwa"]
    two = shaping.with_unit(seen_of(table("tahun,jumlah_rt,jumlah_rw", "2021,3,1")), "RT")
    assert [s.unit for s in two if s.role is Role.MEASURE] == ["", ""]
    several = shaping.with_unit(seen_of(table("tahun,nilai", "2021,3")), "Jiwa; persen")
    assert [s.unit for s in several if s.role is Role.MEASURE] == [""]


def test_missing_days_are_gaps():
    rows = [f"2025-01-{d:02d},{d}" for d in range(1, 31) if d not in (7, 8)]
    chart = chart_of(table("tanggal,debit", *rows, tanggal="date", debit="int8"))
    assert len(chart.places) == 30
    empty = [row["x"] for row in spec_of(chart)["data"]["values"] if row["y"] is None]
    assert empty == ["7 Jan 2025", "8 Jan 2025"]


SEXES_BY_DISTRICT = [
    f"{year},{name},{n},{n + 7}"
    for year in (2024, 2025)
    for n, name in enumerate(DISTRICTS.values(), 40)
]


def test_of_parts_by_region_and_year_the_column_of_their_sum_is_drawn_under_its_own_name():
    rows = [f"{row},{sum(int(n) for n in row.split(',')[2:])}" for row in SEXES_BY_DISTRICT]
    found = chart_of(table("tahun,kecamatan,laki_laki,perempuan,penduduk", *rows, tahun="int8"))
    assert found.columns[0] == ("penduduk",)
    assert {cell.value for cell in found.cells.values()} >= {Decimal(87), Decimal(97)}


def test_of_parts_without_their_sum_one_is_drawn_and_named():
    made = table("tahun,kecamatan,laki_laki,perempuan", *SEXES_BY_DISTRICT, tahun="int8")
    assert chart_of(made).columns[0] == ("laki_laki",)
    assert chart_of(made, measure="perempuan").columns[0] == ("perempuan",)


def test_parts_that_fit_beside_one_another_stay_together():
    made = table("kecamatan,laki_laki,perempuan", *(r[5:] for r in SEXES_BY_DISTRICT[:6]))
    assert chart_of(made).columns[0] == ("laki_laki", "perempuan")


def test_parts_beside_one_another_are_called_by_the_column_of_their_sum():
    rows = [f"{row},{sum(int(n) for n in row.split(',')[1:])}" for row in
            (r[5:] for r in SEXES_BY_DISTRICT[:6])]  # fmt: skip
    found = chart_of(table("kecamatan,laki_laki,perempuan,penduduk", *rows))
    assert (found.columns[0], found.measure) == (("laki_laki", "perempuan"), "Penduduk")


DENSITY = table(
    "kelurahan,jumlah_penduduk,luas_km2,kepadatan_per_km2",
    "Akcaya,20000,2.5,8000",
    "Parit Tokaya,18000,2.0,9000",
    "Benuamelayu Darat,15000,1.5,10000",
)


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("Kepadatan Penduduk menurut Kelurahan", "kepadatan_per_km2"),
        ("Jumlah Penduduk menurut Kelurahan", "jumlah_penduduk"),
        ("Penduduk dan Luas Wilayah", "jumlah_penduduk"),
        ("", "jumlah_penduduk"),
    ],
)
def test_a_chart_opens_with_what_the_title_is_about(title, first):
    seen = shaping.led_by_title(seen_of(DENSITY), title)
    assert shaping.measures_of(seen)[0].name == first
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("Orang", "73 orang"),
        ("Rupiah per kg", "73 rupiah per kg"),
        ("Kepala Keluarga", "73 kepala Keluarga"),
        ("KK", "73 KK"),
        ("Rp", "73 Rp"),
        ("GWh", "73 GWh"),
        ("%", "73 %"),
        ("", "73"),
    ],
)
def test_a_unit_stands_in_small_letters_after_its_number(unit, said):
    assert WORDS["id"].amount(Decimal(73), unit) == said
