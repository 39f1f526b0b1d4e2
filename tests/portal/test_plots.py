"""Pictures of tables over HTTP: who gets them, what stands in them, and who may change them."""

from __future__ import annotations

import json
import re

import flask
import pytest
import sqlalchemy as sa

from ckan import model
from ckan.lib.redis import connect_to_redis

from ckanext.satudata_pontianak.access.limits import rates
from ckanext.satudata_pontianak.classification.clock import tables as table_care
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.versions import table_state, tables
from ckanext.satudata_pontianak.portal.plots import kept, rendering, showing
from ckanext.satudata_pontianak.portal.plots.model import Plot

from ..unit.plots import made_geographic

ROWS = (
    b"tahun,kecamatan,jumlah_kasus,jumlah_kader\n"
    b"2023,Pontianak Kota,12,4\n2023,Pontianak Barat,*,5\n"
    b"2024,Pontianak Kota,14,4\n2024,Pontianak Barat,31,6\n"
    b"2025,Pontianak Kota,11,7\n2025,Pontianak Barat,29,6\n2025,Jumlah,40,13\n"
)
FILES = (".svg", ".png", ".json", ".vega.json", "", "/sematan")


@pytest.fixture
def tabled(city, make_upload):
    """Return a function that publishes rows as somebody would, with their table."""

    def make(publish=None, content=ROWS, name="kasus.csv"):
        dataset = (publish or city.publish)(file=make_upload(content, name))
        for _, version in reads.pointers_of([dataset["id"]]).values():
            model.Session.rollback()
            tables.load(version.id)
        return (
            dataset,
            f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}/grafik",
        )

    yield make
    model.Session.rollback()
    table_care.drop([table_state.table_of(v) for v in table_care.existing()])
    connection = connect_to_redis()
    for key in connection.scan_iter("satudata:plot:*"):
        connection.delete(key)


def get(app, city, who, path, **more):
    return app.get(path, headers=city.token(who), status=None, follow_redirects=False, **more)


PARKS = json.dumps({
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"taman": "Taman Contoh"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[109.3, 0], [109.4, 0], [109.4, 0.1], [109.3, 0]]],
            },
        }
    ],
}).encode()  # fmt: skip


def test_a_geographic_file_is_a_map_on_its_pages_and_on_those_of_its_dataset(
    city, app, make_upload
):
    dataset = city.publish(file=make_upload(PARKS, "taman.geojson"))
    resource = dataset["resources"][0]["id"]
    path = f"/en/dataset/{dataset['name']}/resource/{resource}"
    for page in (f"/en/dataset/{dataset['name']}", path, path + "/grafik"):
        body = get(app, city, None, page).body
        assert f'id="grafik-{resource}"' in body
        assert "The map shows 1 area." in body
        # It can be moved where JavaScript runs, on outlines of this site.
        assert f'data-sd-shapes="{path}/grafik.json"' in body
        assert 'data-sd-ground="/en/wilayah/batas.geojson"' in body
    assert f"?kind=drawn&amp;resource={resource}" in body
    for part in ("?periode=2025", "?wilayah=61.71.01"):
        assert get(app, city, None, path + "/grafik" + part).status_code == 400
    drawn = get(app, city, None, path + "/grafik.svg")
    assert drawn.mimetype == "image/svg+xml"
    assert "bukan batas resmi" in drawn.body


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("taman.kml", made_geographic.KML),
        ("taman.zip", made_geographic.packed(made_geographic.parts())),
        ("taman.kmz", made_geographic.packed({"doc.kml": made_geographic.KML})),
    ],
)
def test_kml_and_packed_shapefiles_are_drawn_and_given_as_geojson(
    city, app, make_upload, name, content
):
    dataset = city.publish(file=make_upload(content, name))
    path = f"/en/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}"
    for page in (f"/en/dataset/{dataset['name']}", path, path + "/grafik"):
        body = get(app, city, None, page).body
        assert "The map shows 1 area" in body
        assert f'data-sd-shapes="{path}/grafik.json"' in body
    assert f'href="{path}/grafik.geojson"' in get(app, city, None, path).body
    given = get(app, city, None, path + "/grafik.geojson")
    assert given.mimetype == "application/geo+json"
    assert json.loads(given.body)["features"][0]["geometry"]["type"] == "Polygon"
    assert get(app, city, None, path + "/grafik.svg").mimetype == "image/svg+xml"
    # In other pages it can be moved as well, by scripts of this site alone.
    framed = get(app, city, None, path + "/grafik/sematan")
    assert f'data-sd-shapes="{path}/grafik.json"' in framed.body
    assert "maps" in framed.body.rpartition("<script")[2]
    assert "script-src 'self';" in framed.headers["Content-Security-Policy"]


def test_a_shapefile_in_another_system_says_what_to_do(city, app, make_upload):
    parts = {**made_geographic.parts(), "taman.prj": made_geographic.UTM}
    dataset = city.publish(file=make_upload(made_geographic.packed(parts), "taman.zip"))
    path = f"/en/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}"
    assert "EPSG:4326" in get(app, city, None, path).body
    assert "EPSG:4326" in get(app, city, None, path + "/grafik.geojson").body
    shp = make_upload(made_geographic.parts()["taman.shp"], "taman.shp")
    alone = city.publish(file=shp)
    path = f"/en/dataset/{alone['name']}/resource/{alone['resources'][0]['id']}"
    assert ".shp, .dbf, .shx and .prj" in get(app, city, None, path).body
    packed = make_upload(made_geographic.packed({"a.csv": "a,b\n1,2\n"}), "tabel.zip")
    other = city.publish(file=packed)
    path = f"/en/dataset/{other['name']}/resource/{other['resources'][0]['id']}"
    assert get(app, city, None, path + "/grafik.geojson").status_code == 404
    assert "grafik.geojson" not in get(app, city, None, path).body


def test_a_column_that_is_called_personal_is_in_no_picture_kept_ones_included(city, app, tabled):
    dataset, path = tabled()
    asked = ("", ".svg", ".json", "/sematan")
    assert all("Jumlah kasus" in get(app, city, None, path + end).body for end in asked)
    said = {"column": "jumlah_kasus", "public": "tidak", "why": "pribadi"}
    city.act("produsen", "satudata_variable_update", id=dataset["id"], **said)
    for end in asked:
        shown = get(app, city, None, path + end)
        assert shown.status_code == 200
        assert "Jumlah kasus" not in shown.body
        assert "jumlah_kasus" not in shown.body
    assert get(app, city, None, path + ".svg?ukuran=jumlah_kasus").status_code == 400
    assert "Pontianak Barat" in get(app, city, None, path + ".svg").body


def test_an_open_table_is_drawn_for_everybody(city, app, tabled):
    _, path = tabled()
    page = get(app, city, None, path)
    assert page.status_code == 200, page.body
    assert "Jumlah kasus" in page.body
    assert '<td class="sd-number">*</td>' in page.body
    assert "“Jumlah”" in page.body
    svg = get(app, city, None, path + ".svg")
    assert svg.status_code == 200
    assert svg.mimetype == "image/svg+xml"
    assert "Pontianak Barat" in svg.body
    assert svg.headers["Cache-Control"].startswith("public, no-cache")
    again = app.get(path + ".svg", headers={"If-None-Match": svg.headers["ETag"]}, status=None)
    assert again.status_code == 304
    png = get(app, city, None, path + ".png?tema=gelap")
    assert png.data.startswith(b"\x89PNG")
    spec = json.loads(get(app, city, None, "/en" + path + ".json").body)
    drawn = {(row["x"], row["s"]): row["y"] for row in spec["data"]["values"]}
    assert drawn["2023", "Pontianak Kota"] == 12
    assert drawn["2023", "Pontianak Barat"] is None
    assert len(drawn) == 6
    # The embedded page sets no cookie and may stand anywhere.
    page = get(app, city, None, path + "/sematan")
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers
    # It comes alive by files of the portal alone, and nothing in the page is a script.
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert all(tag.startswith(' src="/webassets/') for tag in page.body.split("<script")[1:])


def test_the_reader_may_ask_for_another_measure_and_nothing_else(city, app, tabled):
    _, path = tabled()
    assert "Jumlah kader" in get(app, city, None, path + ".svg?ukuran=jumlah_kader").body
    for wrong in (
        "?ukuran=tahun",
        "?ukuran=%00",
        "?ukuran=tiada",
        "?tema=merah",
        "?wilayah=kota",
        "?wilayah=61.71.01",
        "?periode=2020",
        "?jenis=peta&wilayah=61.71.05",
        "?ukuran_gambar=besar",
    ):
        for file in FILES:
            answer = get(app, city, None, path + file + wrong)
            pages = wrong == "?ukuran_gambar=besar" and file in ("", "/sematan")
            expected = (422,) if "%00" in wrong else (200,) if pages else (400,)
            assert answer.status_code in expected, (wrong, file)
    other, _ = tabled()
    mixed = path.replace(path.split("/")[2], other["name"])
    assert get(app, city, None, mixed + ".svg").status_code == 404
    assert get(app, city, None, "/dataset/tiada/resource/tiada/grafik").status_code == 404


def test_the_reader_asks_for_a_region_or_a_period_in_a_form_that_needs_no_script(city, app, tabled):
    dataset, path = tabled()
    page = get(app, city, None, "/en" + path).body
    form = page.partition("data-sd-choices>")[2].partition("</form>")[0]
    # In 2023 one region withholds its number: one alone is no picture.
    assert re.findall(r'<option value="([^"]*)"', form) == [
        "jumlah_kasus", "jumlah_kader", "", "61.71.03", "61.71.05", "", "2024", "2025",
    ]  # fmt: skip
    # As browsers send it: what was left open is there and empty.
    asked = "?ukuran=jumlah_kasus&wilayah=61.71.05&periode="
    shown = get(app, city, None, "/en" + path + asked).body
    assert 'value="61.71.05" selected' in shown
    assert "Jumlah kasus by tahun, Pontianak Kota" in shown
    assert "wilayah=61.71.05" in shown.partition('class="sd-plot-embed"')[2]
    spec = json.loads(get(app, city, None, path + ".json" + asked).body)
    assert [row["y"] for row in spec["data"]["values"]] == [12, 14, 11]
    picture = get(app, city, None, "/en" + path + ".svg" + asked).body
    for said in ("Source: ", dataset["title"], dataset["tahun"]):
        assert said in picture, said
    spec = json.loads(get(app, city, None, path + ".json?periode=2025").body)
    assert {row["x"]: row["y"] for row in spec["data"]["values"]} == {
        "Pontianak Kota": 11, "Pontianak Barat": 29,
    }  # fmt: skip
    # A part without a picture says why, and the form leads on.
    none = get(
        app, city, None, "/en" + path + "?ukuran=jumlah_kasus&wilayah=61.71.03&periode=2023"
    ).body
    assert "withholds every number" in none
    assert "data-sd-choices" in none


def kept_of(dataset) -> int:
    connection = connect_to_redis()
    return sum(connection.hlen(key) for key in connection.scan_iter("satudata:plot:*"))


def test_what_a_table_does_not_have_is_refused_before_it_is_read(city, app, tabled, monkeypatch):
    dataset, path = tabled()
    read, counted = [], []
    rows, admit = showing.columns_of, rates.admit
    monkeypatch.setattr(showing, "columns_of", lambda f: (read.append(f), rows(f))[1])
    monkeypatch.setattr(rates, "admit", lambda name: (counted.append(name), admit(name))[1])
    for answer in (400, 400):
        assert get(app, city, None, path + ".svg?wilayah=99.99").status_code == answer
    assert (len(read), counted) == (1, ["pictures"])
    # One measure, asked for by its name, is the picture that is there: kept once.
    assert get(app, city, None, path + ".svg").status_code == 200
    before = kept_of(dataset)
    assert get(app, city, None, path + ".svg?ukuran=jumlah_kasus").status_code == 200
    assert kept_of(dataset) == before
    # Whoever asked for too much is told so where a table would be read, and not for what is kept.
    monkeypatch.setattr(rates, "admit", lambda _name: flask.abort(429))
    assert get(app, city, None, path + ".svg").status_code == 200
    assert get(app, city, None, path + ".vega.json?wilayah=61.71.05").status_code == 429


def test_nothing_is_kept_for_words_that_name_nothing(city, app, tabled, make_upload):
    _, path = tabled(content=b"kode,nama\n01,Kota\n02,Barat\n", name="daftar.csv")
    assert get(app, city, None, path + ".svg?ukuran=apa").status_code == 400
    dataset = city.publish(file=make_upload(PARKS, "taman.geojson"))
    path = f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}/grafik"
    assert get(app, city, None, path + ".svg").status_code == 200
    before = kept_of(dataset)
    assert get(app, city, None, path + ".svg?ukuran=apa").status_code == 400
    assert get(app, city, None, path + ".svg?jenis=peta").status_code == 200
    assert kept_of(dataset) == before


def test_no_more_than_so_much_is_kept_of_a_version(city, app, tabled, monkeypatch):
    dataset, path = tabled()
    monkeypatch.setattr(kept, "MOST", 8)
    monkeypatch.setattr(kept, "GIVEN_UP", 3)
    for region in ("61.71.03", "61.71.05"):
        for measure in ("jumlah_kasus", "jumlah_kader"):
            asked = f"?wilayah={region}&ukuran={measure}"
            assert get(app, city, None, path + ".svg" + asked).status_code == 200
    assert kept_of(dataset) <= 8


def test_closed_tables_are_drawn_for_their_readers_only_and_recorded(city, app, tabled):
    dataset, path = tabled(city.limit)
    for file in FILES:
        for who in (None, "warga", "pengawas"):
            answer = get(app, city, who, path + file)
            assert answer.status_code in (403, 404), (file, who)
            assert "kasus" not in answer.body.replace("kasus.csv", "").lower()
    before = _reads(dataset)
    svg = get(app, city, "produsen", path + ".svg")
    assert svg.status_code == 200
    assert svg.headers["Cache-Control"] == "private, no-store"
    assert _reads(dataset) == before + 1
    assert not list(connect_to_redis().scan_iter("satudata:plot:*"))


def test_what_was_kept_is_not_given_after_tightening(city, app, tabled):
    dataset, path = tabled()
    assert get(app, city, None, path + ".svg").status_code == 200
    assert list(connect_to_redis().scan_iter("satudata:plot:*"))
    why = "Ada laporan, diperiksa hari ini"
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=why)
    for file in FILES:
        assert get(app, city, None, path + file).status_code in (403, 404), file


def test_a_table_without_measure_says_so(city, app, tabled):
    _, path = tabled(content=b"kode,nama\n01,Kota\n02,Barat\n", name="daftar.csv")
    page = get(app, city, None, "/en" + path)
    assert page.status_code == 200
    assert "No measure was found" in page.body
    assert get(app, city, None, path + ".svg").status_code == 404


def test_what_cannot_be_drawn_leaves_the_data_table(city, app, tabled, monkeypatch):
    _, path = tabled()
    monkeypatch.setattr(rendering, "SECONDS", 0.0001)
    svg = get(app, city, None, "/en" + path + ".svg")
    assert svg.status_code == 503
    assert "could not be drawn" in svg.body
    assert svg.headers["Cache-Control"] == "private, no-store"
    assert get(app, city, None, path + ".png").status_code == 503
    assert "sd-number" in get(app, city, None, path).body


def _reads(dataset) -> int:
    statement = sa.text(
        "SELECT count(*) FROM satudata_ledger.entry WHERE event = 'data.read' AND dataset_id = :id"
    )
    count = model.Session.scalar(statement, {"id": dataset["id"]})
    model.Session.rollback()
    return int(count or 0)


# ------------------------------------------------------------------------------------ editing


def choose(app, city, who, path, **form):
    return app.post(
        "/en" + path + "/ubah",
        headers=city.token(who),
        data=form,
        status=None,
        follow_redirects=False,
    )


def test_the_owner_agency_chooses_and_undoes(city, app, tabled):
    dataset, path = tabled()
    assert get(app, city, "produsen", path + "/ubah").status_code == 200
    done = choose(
        app, city, "produsen", path,
        kind="rows", measure="jumlah_kader", along="kecamatan", by="tahun", title="Kader kota",
    )  # fmt: skip
    assert done.status_code == 302, done.body
    page = get(app, city, None, path)
    assert "Kader kota" in page.body
    # The form sends the measure that is drawn: that is the same picture.
    assert "Kader kota" in get(app, city, None, path + "?ukuran=jumlah_kader&periode=").body
    events = sa.text("SELECT event FROM satudata_ledger.entry WHERE dataset_id = :id")
    assert "plot.choose" in set(model.Session.scalars(events, {"id": dataset["id"]}))
    assert choose(app, city, "produsen", path, kind="baku").status_code == 302
    assert "Kader kota" not in get(app, city, None, path).body
    assert model.Session.query(Plot).count() == 0


WRONG = (
    ({"kind": "kue"}, "kind"),
    ({"kind": "line", "along": "kecamatan"}, "kind"),
    ({"kind": "otomatis", "measure": "tahun"}, "measure"),
    ({"kind": "rows", "along": "tiada"}, "along"),
    ({"kind": "rows", "along": "tahun", "by": "tahun"}, "by"),
    ({"kind": "otomatis", "title": "x" * 201}, "title"),
    ({"kind": "otomatis", "title": "NIK 6171014505900001"}, "title"),
)


def test_a_wrong_choice_is_refused_at_its_field_and_others_do_not_choose(city, app, tabled):
    _, path = tabled()
    for form, field in WRONG:
        answer = choose(app, city, "produsen", path, **form)
        assert answer.status_code == 422, (form, answer.status_code)
        assert f'id="road-{field}-error"' in answer.body, form
    assert choose(app, city, None, path, kind="rows").status_code == 302
    for who in ("warga", "walidata", "produsen_lain", "staf", "admin"):
        assert choose(app, city, who, path, kind="rows").status_code == 403, who
    assert model.Session.query(Plot).count() == 0


def test_a_choice_that_does_not_fit_new_columns_is_given_up(city, app, tabled):
    _, path = tabled()
    choose(app, city, "produsen", path, kind="rows", measure="jumlah_kader", along="kecamatan",
           by="tahun", title="Kader")  # fmt: skip
    row = model.Session.query(Plot).one()
    row.measure = "lama"
    model.Session.commit()
    page = get(app, city, None, "/en" + path)
    assert page.status_code == 200
    assert "does not fit the table any more" in page.body
    # A part of it is drawn as well, of the portal's own measure.
    part = get(app, city, None, "/en" + path + "?wilayah=61.71.05").body
    assert "does not fit the table any more" in part
    assert "Jumlah kasus by tahun, Pontianak Kota" in part
