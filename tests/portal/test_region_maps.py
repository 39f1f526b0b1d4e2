"""Maps of regions over HTTP: from the city's own file, behind the policy, and never in the way."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qs

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.metadata import codes
from ckanext.satudata_pontianak.portal.operator import checks
from ckanext.satudata_pontianak.portal.plots import own_shapes
from ckanext.satudata_pontianak.portal.plots.model import Plot

from .test_plots import FILES, choose, get, tabled

__all__ = ["tabled"]

CODES = ["61.71.01", "61.71.02", "61.71.03", "61.71.04"]
ROWS = (
    b"tahun,kecamatan,jumlah_kasus,persentase_sembuh\n"
    b"2024,Pontianak Selatan,1,1.5\n2024,Pontianak Timur,2,2.5\n"
    b"2025,Pontianak Selatan,12,50.5\n2025,Pontianak Timur,31,61.5\n"
    b"2025,Pontianak Barat,*,*\n2025,Pontianak Utara,40,80.5\n"
)


def square(x: float) -> dict:
    ring = [[x, 0.0], [x + 0.02, 0.0], [x + 0.02, 0.02], [x, 0.02], [x, 0.0]]
    return {"type": "Polygon", "coordinates": [ring]}


def shapes(size: float = 0.02) -> str:
    features = [
        {"type": "Feature", "properties": {"kode": code}, "geometry": square(109.3 + n * size)}
        for n, code in enumerate(CODES)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def named(tmp_path, monkeypatch):
    """Return a function that names a file of shapes with this content, as an operator does."""

    def name(content: str | None, file: str = "regions.geojson") -> None:
        path = tmp_path / file
        if content is not None:
            path.write_text(content)
        monkeypatch.setitem(tk.config, config.REGION_SHAPES, str(path))

    return name


def regions(answer) -> dict:
    """Return what is drawn for each region."""
    rows = json.loads(answer.body)["layer"][0]["data"]["values"]
    return {row["x"]: row for row in rows}


def test_a_table_of_regions_is_offered_as_a_map_with_its_numbers(city, app, tabled, named):
    named(shapes())
    _, path = tabled(content=ROWS)
    page = get(app, city, None, "/en" + path)
    assert "jenis=peta" in page.body
    shown = get(app, city, None, "/en" + path + "?jenis=peta&ukuran=persentase_sembuh")
    assert shown.status_code == 200, shown.body
    assert "The map shows the latest period of the table." in shown.body
    assert '<td class="sd-number">*</td>' in shown.body
    # Other measures are offered as maps, and this one as a chart.
    form = shown.body.partition("data-sd-choices>")[2].partition("</form>")[0]
    assert 'type="hidden" name="jenis" value="peta"' in form
    assert re.findall(r'<option value="([^"]*)"', form) == [
        "jumlah_kasus", "persentase_sembuh", "2024", "2025",
    ]  # fmt: skip
    links = re.findall(r'/grafik\?([^"]+)"', shown.body)
    assert {"ukuran": ["persentase_sembuh"]} in [parse_qs(unescape(link)) for link in links]
    asked = "?jenis=peta&ukuran=persentase_sembuh"
    drawn = regions(get(app, city, None, path + ".json" + asked))
    assert {name: row["y"] for name, row in drawn.items()} == {
        "Pontianak Selatan": 50.5, "Pontianak Timur": 61.5, "Pontianak Barat": None,
        "Pontianak Utara": 80.5,
    }  # fmt: skip
    # The table withholds it, and so do picture and specification.
    assert drawn["Pontianak Barat"]["mark"] == "*"
    svg = get(app, city, None, path + ".svg" + asked)
    assert svg.mimetype == "image/svg+xml"
    assert ">Barat<" in svg.body
    assert ">*<" in svg.body
    assert get(app, city, None, path + ".png" + asked).data.startswith(b"\x89PNG")
    embedded = get(app, city, None, path + "/sematan" + asked)
    assert embedded.status_code == 200
    assert "jenis=peta" in embedded.body


def test_a_picture_of_a_demo_says_so_where_its_dataset_does_not(
    city, app, tabled, ckan_config, monkeypatch
):
    _, path = tabled(city.publish)
    monkeypatch.setitem(ckan_config, config.DEMO_MAILBOX, "http://127.0.0.1:5005/")
    assert "Contoh: these figures" in get(app, city, None, "/en" + path + ".svg").body


def test_without_a_file_maps_stand_on_the_shapes_that_come_with_the_portal(city, app, tabled):
    note = "Angka contoh, bukan angka resmi."
    content = ROWS.replace(b"Pontianak Timur,31", b"Pontianak Timur,31.5")
    dataset, path = tabled(lambda **more: city.publish(notes=note, **more), content=content)
    resource = dataset["resources"][0]["id"]
    asked = "?jenis=peta&ukuran=persentase_sembuh"
    picture = get(app, city, None, "/en" + path + ".svg" + asked).body
    # Source, year and what the shapes are stand within the picture, and that nothing in it is real.
    for said in ("bukan batas resmi", "Cahya DSN", dataset["tahun"], "Contoh: these figures"):
        assert said in picture, said
    assert "very low: " in picture
    assert "/wilayah/61.71.01" in picture
    for page in (f"/en/dataset/{dataset['name']}", path.removesuffix("/grafik"), path):
        body = get(app, city, None, page).body
        assert f'id="grafik-{resource}"' in body
        _, mapped, below = body.partition(f'id="peta-{resource}"')
        assert mapped, page
        assert re.search(r'<th scope="row"><a href="[^"]*/wilayah/61.71.01">', below), page
        assert "bukan batas resmi" in below


def test_the_city_is_a_drawing_whose_regions_lead_to_their_pages(city, app):
    for page in ("/", "/wilayah", "/wilayah/61.71.01"):
        body = get(app, city, None, page).body
        drawing = body.partition('<figure class="sd-city">')[2].partition("</figure>")[0]
        found = set(re.findall(r'href="/wilayah/([0-9.]+)" tabindex="-1"', drawing))
        villages = {
            c.code for c in codes.code_list("wilayah").codes.values() if c.level == "kelurahan"
        }
        assert found == villages, page
        assert "bukan batas resmi" in drawing
        assert "Cahya DSN" in drawing
    answer = get(app, city, None, "/wilayah/batas.geojson")
    assert answer.mimetype == "application/geo+json"
    outlines = json.loads(answer.body)
    assert "bukan batas resmi" in outlines["catatan"]
    said = [one["properties"] for one in outlines["features"]]
    assert {one["kode"] for one in said} == villages
    assert all(one["halaman"] == f"/wilayah/{one['kode']}" for one in said)


def test_an_address_asks_for_a_map_or_for_nothing_else(city, app, tabled, named):
    named(shapes())
    _, path = tabled(content=ROWS)
    for file in FILES:
        assert get(app, city, None, path + file + "?jenis=kue").status_code == 400, file
        for wrong in ("?jenis=peta&ukuran=x", "?jenis=peta&periode=2023", "?periode=2023"):
            assert get(app, city, None, path + file + wrong).status_code == 400, (file, wrong)
    before = regions(get(app, city, None, path + ".json?jenis=peta&periode=2024"))
    assert before["Pontianak Timur"]["y"] == 2
    page = get(app, city, None, "/en" + path + "?jenis=peta&periode=2024").body
    assert '<option value="2024" selected' in page
    assert re.search(r'<input type="range"[^>]* min="0" max="1" step="1" value="0"', page)


def test_a_map_is_shown_to_whoever_may_have_the_data_and_to_nobody_else(city, app, tabled, named):
    named(shapes())
    dataset, path = tabled(content=ROWS)
    for file in FILES:
        assert get(app, city, None, path + file + "?jenis=peta").status_code == 200, file
    why = "Ada laporan, diperiksa hari ini"
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=why)
    for file in FILES:
        for who in (None, "warga"):
            answer = get(app, city, who, path + file + "?jenis=peta")
            assert answer.status_code in (403, 404), (file, who)
            assert "Pontianak Utara" not in answer.body
    _, closed = tabled(city.limit, content=ROWS)
    assert get(app, city, None, closed + ".json?jenis=peta").status_code in (403, 404)
    assert get(app, city, "produsen", closed + ".json?jenis=peta").status_code == 200


BROKEN = {
    "missing": (None, "could not be opened"),
    "no JSON": ("bukan json", "could not be read as GeoJSON"),
    "metres": (shapes(size=2000), "not degrees"),
    "elsewhere": (shapes().replace("61.71", "61.12"), "names a district or village"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_takes_no_page_away_and_is_reported(city, app, tabled, named, kind):
    content, why = BROKEN[kind]
    named(content)
    _, path = tabled(content=ROWS)
    page = get(app, city, None, "/en" + path)
    assert page.status_code == 200
    assert "jenis=peta" not in page.body
    assert get(app, city, None, path + ".svg").status_code == 200
    asked = get(app, city, None, "/en" + path + "?jenis=peta")
    assert asked.status_code == 200
    assert "knows no shapes of regions" in asked.body
    assert get(app, city, None, path + ".svg?jenis=peta").status_code == 404
    found = own_shapes.check()
    said = [checks.text(f.problem, f.params) for f in found]
    assert len(said) == 1
    assert config.REGION_SHAPES in said[0]
    assert why in said[0]


def test_nothing_is_reported_where_no_file_is_named_or_a_good_one(named, app):
    assert own_shapes.check() == []
    named(shapes())
    assert own_shapes.check() == []


def test_another_file_of_shapes_is_another_picture(city, app, tabled, named):
    _, path = tabled(content=ROWS)
    named(shapes())
    before = regions(get(app, city, None, path + ".json?jenis=peta"))
    named(shapes(size=0.03), "other.geojson")
    after = regions(get(app, city, None, path + ".json?jenis=peta"))
    assert before["Pontianak Utara"]["geometry"] != after["Pontianak Utara"]["geometry"]
    named(None, "nowhere.geojson")
    assert get(app, city, None, path + ".json?jenis=peta").status_code == 404
    assert list(connect_to_redis().scan_iter("satudata:plot:*"))


def test_the_owner_agency_may_choose_the_map(city, app, tabled, named):
    _, path = tabled(content=ROWS)
    named(None, "nowhere.geojson")
    form = {"kind": "map", "measure": "jumlah_kasus"}
    without = choose(app, city, "produsen", path, **form)
    assert without.status_code == 422
    assert 'id="road-kind-error"' in without.body
    named(shapes())
    assert "Map of the regions" in get(app, city, "produsen", "/en" + path + "/ubah").body
    for wrong, field in (({"by": "tahun"}, "by"), ({"along": "tahun"}, "along")):
        answer = choose(app, city, "produsen", path, **form, **wrong)
        assert answer.status_code == 422
        assert f'id="road-{field}-error"' in answer.body
    assert choose(app, city, "produsen", path, **form).status_code == 302
    assert model.Session.query(Plot).one().kind == "map"
    assert "Pontianak Utara" in regions(get(app, city, None, path + ".json"))
    # The file is taken away: the portal draws by itself, and says so.
    named(None, "nowhere.geojson")
    page = get(app, city, None, "/en" + path)
    assert page.status_code == 200
    assert "does not fit the table any more" in page.body
