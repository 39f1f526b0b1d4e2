"""Maps of districts and villages: the numbers of the table, and nothing that misleads."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise

import pytest

from ckanext.satudata_pontianak.metadata import codes
from ckanext.satudata_pontianak.portal.plots import region_map, regions
from ckanext.satudata_pontianak.portal.plots.drawing.charts import (
    Chart,
    Kind,
    NoChart,
    Refused,
    Wanted,
)
from ckanext.satudata_pontianak.portal.plots.drawing.looks import LOOKS, THEMES
from ckanext.satudata_pontianak.portal.plots.drawing.shapes import Shapes

from .made_shapes import areas, codes_of, made, points
from .making import DISTRICTS, WORDS, seen_of, svg_of, table

AREAS, POINTS = made(areas()), made(points())
VILLAGE_AREAS = made([*areas(), *areas("kelurahan", columns=6)])
NUMBERS = ("4.1", "6.25", "*", "9.9", "2.75", "5.1")
RATES = table(
    "tahun,kecamatan,persentase_kemiskinan",
    *(f"2024,{name},50" for name in DISTRICTS.values()),
    *(f"2025,{name},{n}" for name, n in zip(DISTRICTS.values(), NUMBERS, strict=True)),
    tahun="int8",
)
COUNTS = table(
    "kecamatan,jumlah_penduduk",
    *(
        f"{name},{n}"
        for name, n in zip(DISTRICTS.values(), (90000, 40000, 160000, "<5", 10000, 0), strict=True)
    ),
)


def map_of(made_table, shapes, **wanted) -> Chart:
    found = regions.choose(seen_of(made_table), Wanted(kind="map", **wanted), shapes)
    assert isinstance(found, Chart)
    return found


def spec_of(chart, shapes=AREAS, look=("terang", "lebar"), language="id"):
    return region_map.draw(chart, shapes, WORDS[language], LOOKS[look], ["Sumber: contoh"])


def base(spec) -> dict:
    """Return what is drawn for each region, by its name."""
    return {row["x"]: row for row in spec["layer"][0]["data"]["values"]}


def circles(spec) -> dict:
    """Return the layer of circles."""
    return next(layer for layer in spec["layer"] if "size" in layer.get("encoding", {}))


def colours(spec) -> dict[str, str]:
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


def refused(made_table, shapes, **wanted) -> tuple[str, str]:
    with pytest.raises(Refused) as problem:
        map_of(made_table, shapes, **wanted)
    assert "%(" not in WORDS["en"].note(problem.value.why)
    return problem.value.field, problem.value.why.msgid


# ---------------------------------------------------------------------------- rates in colours


def test_a_rate_is_classed_by_its_number_of_the_latest_period():
    chart = map_of(RATES, AREAS)
    spec = spec_of(chart)
    assert [row["y"] for row in base(spec).values()] == [4.1, 6.25, None, 9.9, 2.75, 5.1]
    assert {row["class"] for row in base(spec).values()} == {
        "low: 4 – < 6", "high: 6 – < 8", "Number withheld or empty", "very high: 8 – < 10",
        "very low: 2 – < 4",
    }  # fmt: skip
    assert WORDS["id"].title(chart) == "Persentase kemiskinan (%) by kecamatan, 2025"
    assert regions.LAST_ONLY in WORDS["id"].notes(chart)
    assert WORDS["id"].table(chart).rows[2] == ("Pontianak Barat", ["*"])


def test_the_legend_has_all_classes_in_order_and_numbers_of_the_language():
    made_table = table(
        "kecamatan,angka_kesakitan",
        *(f"{name},{n}" for name, n in zip(DISTRICTS.values(), (1000, 2500, 9000), strict=False)),
        *(f"{name},2750.5" for name in list(DISTRICTS.values())[3:]),
    )
    chart = map_of(made_table, AREAS)
    legend = spec_of(chart)["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert legend == [
        "very low: 0 – < 2.000",
        "low: 2.000 – < 4.000",
        "middle: 4.000 – < 6.000",
        "high: 6.000 – < 8.000",
        "very high: 8.000 – < 10.000",
    ]
    assert "low: 2,000 – < 4,000" in colours(spec_of(chart, language="en"))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_colours_of_classes_run_in_one_direction_and_differ_from_grey(theme):
    light = [_light(c) for c in theme.steps]
    assert light in (sorted(light), sorted(light, reverse=True))
    assert all(max(a, b) / min(a, b) >= 1.3 for a, b in pairwise(light))
    # Outlines are seen against the ground.
    assert _contrast(theme.text, theme.ground) >= 3
    assert theme.none not in theme.steps


def _light(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.05 + sum(k * p for k, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_light(one), _light(other)))
    return high / low


def test_a_rate_of_points_colours_the_points():
    spec = spec_of(map_of(RATES, POINTS), POINTS)
    assert {row["geometry"]["type"] for row in base(spec).values()} == {"Point"}
    assert base(spec)["Pontianak Utara"]["class"] == "very high: 8 – < 10"


# --------------------------------------------------------------------------- amounts as circles


def test_an_amount_is_a_circle_whose_area_is_proportional_to_it_and_no_colour_of_an_area():
    spec = spec_of(map_of(COUNTS, AREAS))
    layer = circles(spec)
    size = layer["encoding"]["size"]
    assert (size["scale"]["domain"][0], size["scale"]["range"][0]) == (0, 0)
    assert size["scale"]["zero"]
    assert "type" not in size["scale"] or size["scale"]["type"] == "linear"
    numbers = {row["x"]: row["y"] for row in layer["data"]["values"]}
    assert numbers == {
        "Pontianak Selatan": 90000, "Pontianak Timur": 40000, "Pontianak Barat": 160000,
        "Pontianak Kota": 10000, "Pontianak Tenggara": 0,
    }  # fmt: skip
    # Areas have no colour by number: all that have one are empty.
    coloured = {row["class"] for row in base(spec).values() if row["y"] is not None}
    assert [colours(spec)[c] for c in coloured] == ["transparent"]
    assert regions.CIRCLES in WORDS["id"].notes(map_of(COUNTS, AREAS))


def test_circles_come_out_of_the_library_with_these_areas():
    spec = spec_of(map_of(COUNTS, AREAS))
    only = {**spec, "layer": [circles(spec)]}
    size = only["layer"][0]["encoding"]["size"] = dict(circles(spec)["encoding"]["size"])
    size["legend"] = None
    svg = svg_of(only)
    radii = sorted({float(part.split(",")[0]) for part in svg.split('d="M')[1:]
                    if part[0].isdigit() and "A" in part.split('"')[0]})  # fmt: skip
    assert len(radii) >= 4
    four = radii[-4:]
    assert [round((r / four[-1]) ** 2, 2) for r in four] == [0.06, 0.25, 0.56, 1.0]


def test_circles_stand_within_their_regions_and_at_points():
    for shapes in (AREAS, POINTS):
        for row in circles(spec_of(map_of(COUNTS, shapes), shapes))["data"]["values"]:
            region = next(r for r in shapes.regions.values() if r.name == row["x"])
            assert (row["lon"], row["lat"]) == region.middle
            assert not region.areas or region.holds(region.middle)


@pytest.mark.parametrize("numbers", [("-3", "4"), ("0", "0")])
def test_circles_show_nothing_below_zero(numbers):
    rows = zip(DISTRICTS.values(), numbers, strict=False)
    made_table = table("kecamatan,jumlah_selisih", *(f"{name},{n}" for name, n in rows))
    assert refused(made_table, AREAS) == ("measure", regions.NOT_ABOVE_ZERO)


# ------------------------------------------------------------------------- withheld and missing


@pytest.mark.parametrize("shapes", [AREAS, POINTS], ids=("areas", "points"))
@pytest.mark.parametrize("made_table", [RATES, COUNTS], ids=("rates", "counts"))
def test_what_is_withheld_stays_withheld_and_is_named_in_the_legend(made_table, shapes):
    spec = spec_of(map_of(made_table, shapes), shapes)
    hidden = [row for row in base(spec).values() if row.get("mark")]
    assert [(row["y"], row["class"]) for row in hidden] == [(None, region_map.NO_NUMBER)]
    assert hidden[0]["mark"] in ("*", "<5")
    assert colours(spec)[region_map.NO_NUMBER] == THEMES["terang"].none
    assert region_map.NO_NUMBER in spec["layer"][0]["encoding"]["color"]["legend"]["values"]
    svg = svg_of(spec)
    assert ("&lt;5" if made_table is COUNTS else ">*<") in svg
    assert any("1 region" in note for note in WORDS["en"].notes(map_of(made_table, shapes)))


def test_a_withheld_region_is_hatched_within_its_boundaries():
    spec = spec_of(map_of(RATES, AREAS))
    lines = spec["layer"][1]["data"]["values"][0]["geometry"]["coordinates"]
    region = next(r for r in AREAS.regions.values() if r.name == "Pontianak Barat")
    assert len(lines) > 10
    for (start, height), (end, _) in lines:
        assert region.holds(((start + end) / 2, height))


def test_a_sum_with_a_withheld_part_is_withheld_on_the_map():
    made_table = table(
        "kecamatan,jenis,jumlah_kasus",
        *(f"{name},{kind},7" for name in DISTRICTS.values() for kind in ("A", "B")),
    )
    assert {v for *_, v in map_of(made_table, AREAS).values()} == {14}
    hidden = table(
        "kecamatan,jenis,jumlah_kasus",
        *(f"{name},A,7" for name in DISTRICTS.values()),
        *(f"{name},B,{'*' if 'Kota' in name else 2}" for name in DISTRICTS.values()),
    )
    spec = spec_of(map_of(hidden, AREAS))
    assert base(spec)["Pontianak Kota"]["mark"] == "*"
    assert "Pontianak Kota" not in {row["x"] for row in circles(spec)["data"]["values"]}


@pytest.mark.parametrize("name", ["persentase_hadir", "jumlah_hadir"])
def test_a_region_that_is_not_in_the_table_is_empty_and_named_so(name):
    rows = [f"{district},{n}" for n, district in enumerate(list(DISTRICTS.values())[:5], start=3)]
    spec = spec_of(map_of(table(f"kecamatan,{name}", *rows), AREAS))
    row = base(spec)["Pontianak Tenggara"]
    assert (row["class"], row["y"], "mark" in row) == (region_map.ABSENT, None, False)
    assert colours(spec)[region_map.ABSENT] == THEMES["terang"].ground
    assert region_map.ABSENT in spec["layer"][0]["encoding"]["color"]["legend"]["values"]


def test_a_region_without_a_shape_is_named_and_stays_in_the_data_table():
    shapes = made(areas()[:4])
    chart = map_of(COUNTS, shapes)
    assert any("“Pontianak Tenggara”" in note for note in WORDS["en"].notes(chart))
    assert "Pontianak Tenggara" in dict(WORDS["id"].table(chart).rows)
    assert "Pontianak Tenggara" not in base(spec_of(chart, shapes))


# ------------------------------------------------------------------------------ which tables fit


def test_two_thirds_of_the_shapes_are_enough_and_fewer_are_not():
    assert map_of(COUNTS, made(areas()[:4])).kind is Kind.MAP
    assert refused(COUNTS, made(areas()[:3])) == ("kind", regions.FEW_SHAPES)
    assert refused(COUNTS, Shapes()) == ("kind", regions.NO_SHAPES)
    assert refused(COUNTS, made(areas("kelurahan"))) == ("kind", regions.FEW_SHAPES)


def test_numbers_that_are_not_on_the_map_make_no_map():
    numbers = ("*", "*", "*", "*", "3.5", "4.5")
    for name in ("persentase_hadir", "jumlah_hadir"):
        rows = zip(DISTRICTS.values(), numbers, strict=True)
        made_table = table(f"kecamatan,{name}", *(f"{d},{n}" for d, n in rows))
        assert map_of(made_table, AREAS).kind is Kind.MAP
        assert refused(made_table, made(areas()[:4]))[0] == "measure"


def test_codes_are_regions_too():
    made_table = table("kode_wilayah,jumlah_rt", *(f"{c},{n}" for n, c in enumerate(DISTRICTS, 5)))
    assert [p.region for p in map_of(made_table, AREAS).places] == list(DISTRICTS)
    plain = table("kode_kecamatan,jumlah_rt",
                  *(f"{c.replace('.', '')},{n}" for n, c in enumerate(DISTRICTS, 5)))  # fmt: skip
    assert [p.region for p in map_of(plain, AREAS).places] == list(DISTRICTS)


VILLAGES = table(
    "kecamatan,kelurahan,jumlah_kasus,persentase_sembuh",
    *(
        f"{DISTRICTS[code[:8]]},{codes.region(code).label},{n},{n}.5"
        for n, code in enumerate(codes_of("kelurahan"), start=1)
    ),
)


def test_villages_are_shown_as_villages_where_their_shapes_are_known():
    chart = map_of(VILLAGES, VILLAGE_AREAS)
    assert [p.region for p in chart.places] == codes_of("kelurahan")
    # Shapes of districts are not drawn below those of villages.
    assert len(base(spec_of(chart, VILLAGE_AREAS))) == len(codes_of("kelurahan"))


def test_else_amounts_are_added_up_by_district_and_rates_are_not():
    chart = map_of(VILLAGES, AREAS, measure="jumlah_kasus")
    assert [p.region for p in chart.places] == list(DISTRICTS)
    assert sum(v for *_, v in chart.values()) == sum(range(1, 30))
    with pytest.raises(Refused):
        map_of(VILLAGES, AREAS, measure="persentase_sembuh")


def test_a_column_of_regions_may_be_chosen():
    chart = map_of(VILLAGES, VILLAGE_AREAS, along="kecamatan")
    assert [p.region for p in chart.places] == list(DISTRICTS)


def test_columns_that_are_years_show_the_latest():
    made_table = table(
        "kecamatan,2023,2024",
        *(f"{name},{n},{n * 2}" for n, name in enumerate(DISTRICTS.values(), 5)),
        **{"2023": "int8", "2024": "int8"},
    )  # fmt: skip
    chart = map_of(made_table, AREAS)
    assert [v for *_, v in chart.values()] == [10, 12, 14, 16, 18, 20]
    assert "2024" in WORDS["id"].title(chart)


def test_a_total_is_shown_rather_than_one_of_its_parts():
    made_table = table(
        "kecamatan,laki_laki,perempuan,jumlah",
        *(f"{name},{n},{n},{2 * n}" for n, name in enumerate(DISTRICTS.values(), 5)),
        laki_laki="int8", perempuan="int8", jumlah="int8",
    )  # fmt: skip
    assert map_of(made_table, AREAS).columns[0] == ("jumlah",)
    assert map_of(made_table, AREAS, measure="perempuan").columns[0] == ("perempuan",)


MONTHS = table("bulan,jumlah_kasus", *(f"2025-{m:02d},{m}" for m in range(1, 7)))
REPEATED = table(
    "kecamatan,jenis,persentase",
    *(f"{name},{kind},{len(name)}.5" for name in DISTRICTS.values() for kind in ("A", "BB")),
)
SPELT = table("kecamatan,persentase", *(f"{p}{n},3.5" for n in DISTRICTS.values()
                                        for p in ("", "Kecamatan ")))  # fmt: skip


@pytest.mark.parametrize(
    ("made_table", "wanted", "expected"),
    [
        (MONTHS, {}, ("kind", regions.NO_REGIONS)),
        (REPEATED, {}, ("measure", regions.SEVERAL)),
        (SPELT, {}, ("measure", regions.SEVERAL)),
        (COUNTS, {"by": "kecamatan"}, ("by", regions.ONE_EACH)),
        (REPEATED, {"along": "jenis"}, ("along", regions.NO_REGIONS)),
    ],
)
def test_what_makes_no_map_is_refused_at_its_field(made_table, wanted, expected):
    assert refused(made_table, AREAS, **wanted) == expected


def test_without_a_wish_for_a_map_tables_are_drawn_as_before():
    found = regions.choose(seen_of(COUNTS), None, AREAS)
    assert isinstance(found, Chart)
    assert found.kind is not Kind.MAP
    assert isinstance(regions.choose(seen_of(table("kode,nama", "01,A")), None, AREAS), NoChart)


# ------------------------------------------------------------------------------------ the drawing


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
@pytest.mark.parametrize(
    "made_table", [RATES, COUNTS, VILLAGES], ids=("rates", "counts", "villages")
)
def test_maps_are_drawn_in_each_look_with_text_in_its_place(made_table, look):
    chart = map_of(made_table, VILLAGE_AREAS)
    spec = spec_of(chart, VILLAGE_AREAS, look)
    assert svg_of(spec).startswith("<svg")
    assert spec["description"] == WORDS["id"].sentence(chart)


def test_the_picture_and_its_data_table_hold_the_same_numbers():
    for made_table in (RATES, COUNTS, VILLAGES):
        chart = map_of(made_table, VILLAGE_AREAS)
        drawn = base(spec_of(chart, VILLAGE_AREAS))
        for (x, _), cell in chart.cells.items():
            value = drawn[chart.places[x].text]["y"]
            assert (value is None) == (cell.value is None)
            assert value is None or Decimal(str(value)) == cell.value


def test_a_name_beside_its_circle_does_not_stand_in_another_region():
    chart = map_of(VILLAGES, VILLAGE_AREAS)
    spec = spec_of(chart, VILLAGE_AREAS)
    labels: list[list[dict]] = [[]]
    for row in spec["layer"][-1]["data"]["values"]:
        labels[-1].append(row)
        if row["text"].isdigit():  # the number ends a label, and each region has its own
            labels.append([])
    assert len(labels) > 10
    codes_by_number = {str(v): chart.places[x].region for x, _, v in chart.values()}
    for rows in labels[:-1]:
        middle = tuple(math.fsum(r[k] for r in rows) / len(rows) for k in ("lon", "lat"))
        own = codes_by_number[rows[-1]["text"]]
        others = [r for r in VILLAGE_AREAS.of_level("kelurahan") if r.code != own]
        assert not any(region.holds(middle) for region in others)


def test_a_map_shows_the_column_that_holds_the_sum_of_others_before_its_parts():
    rows = [f"{name},{n},{n + 7},{2 * n + 7}" for n, name in enumerate(DISTRICTS.values(), 40)]
    made_table = table("kecamatan,laki_laki,perempuan,penduduk", *rows)
    assert map_of(made_table, AREAS).columns[0] == ("penduduk",)
    assert map_of(made_table, AREAS, measure="perempuan").columns[0] == ("perempuan",)
