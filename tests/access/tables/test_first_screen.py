"""What stands under a dataset's title, and the forms in which what a table shows is taken along."""

from __future__ import annotations

import io
import re

import openpyxl
import polars as pl
import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.access.reading import counting
from ckanext.satudata_pontianak.classification.records.incident_model import DownloadCount
from ckanext.satudata_pontianak.portal.catalogue import table_files, table_query, table_reading

from ...city import upload

ROWS = b"kecamatan,jumlah,harga\nPontianak Kota,30,1.5\nPontianak Barat,20,2.5\n=1+1,10,\n"
pytestmark = pytest.mark.usefixtures("clean_db")


@pytest.fixture
def opened(city, work):
    dataset = city.publish(file=upload(ROWS))
    work(dataset)
    return dataset, f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}"


def data(app, address):
    answer = app.test_client().get(address)
    assert answer.status_code == 200, address
    return answer


def test_what_people_come_for_stands_once_under_the_title(city, app, opened):
    dataset, of = opened
    page = app.get(f"/dataset/{dataset['name']}").body
    head = page.partition('class="sd-dataset-head"')[2].partition("</header>")[0]
    for way in ("/download/", "/lembar.csv", "/tabel.xlsx", "/tabel.parquet", "/tabel", "/grafik"):
        assert way in head, way
    assert 'href="#sd-programs-title"' in head
    assert 'id="sd-programs-title"' in page
    assert page.count('class="satudata-download"') == 1
    assert page.count(f'href="{of}/tabel.xlsx"') == 1
    for gone in ("/dataset/groups/", "/dataset/activity/"):
        assert gone not in page
        assert gone in app.get(f"/dataset/{dataset['name']}", headers=city.token("produsen")).body
    digest = dataset["resources"][0]["hash"]
    assert digest[:16] in page
    assert digest[:16] in data(app, f"/dataset/{dataset['name']}/sitasi.bib").text
    closed = app.get(f"/dataset/{city.limit()['name']}").body
    assert "satudata-download" not in closed
    assert "/tabel.xlsx" not in closed


def test_downloads_are_counted_and_told_of_what_is_open(city, app, opened):
    dataset, of = opened
    before = counting.taken(dataset["id"])
    data(app, f"{of}/tabel.json")
    data(app, f"{of}/download")
    assert counting.taken(dataset["id"]) == before + 2
    page = app.get(f"/dataset/{dataset['name']}", headers=city.token("produsen")).body
    said = re.search(r"<dt>Jumlah unduhan</dt><dd>([^<]*)</dd>", page)
    assert said
    assert said[1] == str(before + 2)


def test_what_pages_show_is_counted_as_sent_and_not_as_a_download(city, app, opened):
    dataset, of = opened
    sent = sa.select(sa.func.coalesce(sa.func.sum(DownloadCount.count), 0))
    before, downloads = model.Session.scalar(sent), counting.taken(dataset["id"])
    app.get(f"{of}/tabel")
    data(app, f"{of}/grafik.svg")
    model.Session.rollback()
    assert model.Session.scalar(sent) == before + 2
    assert counting.taken(dataset["id"]) == downloads


def test_a_file_holds_what_the_page_of_the_table_shows(city, app, opened):
    _dataset, of = opened
    asked = "q=pontianak&urut=jumlah&arah=naik"
    page = app.get(f"{of}/tabel?{asked}").body
    forms = re.findall(rf'href="{of}/tabel\.([a-z.-]+)\?([^"]*)"', page)
    assert {form for form, _ in forms} == {*table_files.FORMS, table_files.GEOJSON}
    assert {query.replace("&amp;", "&") for _, query in forms} == {asked}
    text = data(app, f"{of}/tabel.csv?{asked}").text
    assert text.splitlines()[1:] == ["Pontianak Barat,20,2.5", "Pontianak Kota,30,1.5"]
    sheet = data(app, f"{of}/tabel.titik-koma.csv?{asked}").text
    assert sheet.splitlines()[1] == "Pontianak Barat;20;2,5"
    book = openpyxl.load_workbook(io.BytesIO(data(app, f"{of}/tabel.xlsx").data))
    assert book.active is not None
    rows = list(book.active.iter_rows())
    assert [cell.value for cell in rows[1]] == ["Pontianak Kota", 30, 1.5]
    assert (rows[3][0].value, rows[3][0].data_type, rows[3][2].value) == ("=1+1", "s", None)
    frame = pl.read_parquet(io.BytesIO(data(app, f"{of}/tabel.parquet?dari.jumlah=20").data))
    assert frame["jumlah"].to_list() == [30, 20]
    assert frame.schema["harga"] == pl.Float64
    records = data(app, f"{of}/tabel.json?urut=jumlah&arah=naik").get_json()
    assert [record["harga"] for record in records] == [None, 2.5, 1.5]
    assert 'filename="' in data(app, f"{of}/tabel.json").headers["Content-Disposition"]


def test_a_table_with_places_is_had_as_geojson_with_what_its_address_asks(
    city, app, opened, work, monkeypatch
):
    _dataset, of = opened
    said = data(app, f"{of}/tabel.geojson?urut=jumlah&arah=naik")
    assert said.content_type == "application/geo+json"
    found = said.get_json()
    assert "bukan batas resmi" in found["metadata"]["outlines"]
    assert found["metadata"]["license"]
    assert [f["properties"]["jumlah"] for f in found["features"]] == [10, 20, 30]
    kinds = [(f["geometry"] or {}).get("type") for f in found["features"]]
    assert kinds == [None, "MultiPolygon", "MultiPolygon"]
    monkeypatch.setattr(table_files, "MOST_AREAS", 2)
    assert app.get(f"{of}/tabel.geojson", status=None).status_code == 413

    rows = b"nama,lintang,bujur\nPasar,-0.02,109.34\nTaman,-0.03,109.31\nTanpa,,\n"
    points = city.publish(file=upload(rows, "titik.csv"))
    work(points)
    page = f"/dataset/{points['name']}"
    address = f"{page}/resource/{points['resources'][0]['id']}/tabel.geojson"
    assert f'href="{address}"' in app.get(page).body
    found = data(app, f"{address}?q=taman").get_json()
    [feature] = found["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [109.31, -0.03]}
    assert feature["properties"]["nama"] == "Taman"
    assert "outlines" not in found["metadata"]
    assert data(app, address).get_json()["features"][2]["geometry"] is None

    plain = city.publish(file=upload(b"nama,jumlah\nA,1\nB,2\n", "biasa.csv"))
    work(plain)
    page = f"/dataset/{plain['name']}"
    assert "tabel.geojson" not in app.get(page).body
    address = f"{page}/resource/{plain['resources'][0]['id']}/tabel.geojson"
    assert app.get(address, status=None).status_code == 404


def test_what_is_wrong_too_much_or_not_theirs_is_told(city, app, opened, monkeypatch):
    _dataset, of = opened
    for path, status in (
        ("tabel.pdf", 404),
        ("tabel.csv?urut=tiada", 400),
        ("tabel.csv?dari.jumlah=banyak", 400),
        ("tabel.csv?halaman=x", 400),
    ):
        assert app.get(f"{of}/{path}", status=None).status_code == status, path
    limited = city.limit()
    closed = f"/dataset/{limited['name']}/resource/{limited['resources'][0]['id']}/tabel.csv"
    assert app.get(closed, status=None).status_code == 403
    unknown = f"/dataset/tidak-ada/resource/{limited['resources'][0]['id']}/tabel.csv"
    hidden = city.dataset()
    draft = f"/dataset/{hidden['name']}/resource/{hidden['resources'][0]['id']}/tabel.csv"
    assert [app.get(a, status=None).status_code for a in (unknown, draft)] == [404, 404]
    monkeypatch.setattr(table_files, "MOST", {"xlsx": 8, "parquet": 9})
    monkeypatch.setattr(table_files, "MOST_ORDERED", 8)
    refused = app.get(f"{of}/tabel.xlsx", status=None, headers={"Accept": "text/html"})
    assert refused.status_code == 413
    assert "paling banyak 8" in refused.body
    assert "ambil CSV" in refused.body
    assert app.get(f"{of}/tabel.csv?urut=jumlah", status=None).status_code == 413
    assert data(app, f"{of}/tabel.parquet").data
    assert data(app, f"{of}/tabel.csv").text.count("\r\n") == 4
    monkeypatch.setattr(table_query, "COUNTED", 1)
    refused = app.get(f"{of}/tabel.csv?q=pontianak", status=None, headers={"Accept": "text/html"})
    assert refused.status_code == 413
    assert "tanpa pencarian" in refused.body


def test_every_form_holds_the_rows_of_all_blocks(city, app, opened, monkeypatch):
    _dataset, of = opened
    whole = {
        form: data(app, f"{of}/tabel.{form}").data for form in ("csv", "titik-koma.csv", "json")
    }
    monkeypatch.setattr(table_reading, "BLOCK", 2)
    for form, text in whole.items():
        assert data(app, f"{of}/tabel.{form}").data == text, form
    assert len(pl.read_parquet(io.BytesIO(data(app, f"{of}/tabel.parquet").data))) == 3
    assert data(app, f"{of}/tabel.json?q=tidak-ada").get_json() == []
    assert data(app, f"{of}/tabel.csv?q=tidak-ada").text == "kecamatan,jumlah,harga\r\n"


def test_what_is_known_already_is_neither_read_nor_written_again(city, app, opened, monkeypatch):
    dataset, of = opened
    tag = data(app, f"{of}/tabel.xlsx?urut=jumlah").headers["ETag"]
    assert data(app, f"{of}/tabel.xlsx").headers["ETag"] != tag
    before = counting.taken(dataset["id"])
    monkeypatch.setattr(table_reading, "opened", None)  # reading would fail
    known = {"If-None-Match": tag}
    address = f"{of}/tabel.xlsx?urut=jumlah"
    answer = app.test_client().get(address, headers=known)
    assert (answer.status_code, answer.headers["ETag"]) == (304, tag)
    assert counting.taken(dataset["id"]) == before
    city.act(
        "walidata",
        "satudata_hold_create",
        id=dataset["id"],
        scope="data",
        reason="Perlu diperiksa lagi",
    )
    monkeypatch.undo()
    assert app.test_client().get(address, headers=known).status_code in (403, 404)


def test_of_several_files_the_forms_of_each_stand_once(city, app, work):
    dataset = city.dataset(file=upload(ROWS))
    for name in ("Kedua", "Ketiga"):
        city.act(
            "produsen", "resource_create", package_id=dataset["id"], name=name, upload=upload(ROWS)
        )
    for who, step in (("produsen", "submit"), ("walidata", "approve")):
        city.step(who, dataset, step)
    shown = city.act(None, "package_show", id=dataset["id"])
    work(shown)
    page = app.get(f"/dataset/{dataset['name']}").body
    assert len(shown["resources"]) == 3
    for resource in shown["resources"]:
        of = f"/dataset/{dataset['name']}/resource/{resource['id']}"
        assert page.count(f'href="{of}/tabel.xlsx"') == 1
        assert page.count(f'href="{of}/lembar.csv"') == 1


def test_an_older_state_leads_to_the_file_and_to_nothing_of_today(city, app, opened):
    dataset, of = opened
    states = (
        model.Session.execute(
            sa.text("SELECT id FROM activity WHERE object_id = :id"), {"id": dataset["id"]}
        )
        .scalars()
        .all()
    )
    model.Session.rollback()
    led = set()
    for state in states:
        address = f"/dataset/{dataset['name']}/history/{state}"
        assert app.get(address, status=None).status_code in (403, 404)
        page = app.get(address, headers=city.token("produsen"), status=None)
        if page.status_code != 200:
            assert page.status_code in (403, 404), address
            continue
        assert 'class="sd-acts"' not in page.body
        for today in ("/tabel.xlsx", "/lembar.csv", "/grafik"):
            assert f"{of}{today}" not in page.body, today
        buttons = re.findall(r'"satudata-download"><a class="[^"]*" href="([^"]*)"', page.body)
        assert len(buttons) == page.body.count('class="resource-item')
        led.update(buttons)
    assert led
    for address in led:
        assert of.rpartition("/resource/")[2] + "/download/" in address
        assert data(app, "/" + address.split("/", 3)[3]).data == ROWS


def test_the_newest_period_in_the_data_is_told_of_what_is_open(city, app, work):
    rows = b"tahun,bulan,jumlah\n2025,November,1\n2025,Desember,2\n"
    more = {"frekuensi_penerbitan": "bulanan", "jadwal_rilis": ""}
    opened = city.publish(file=upload(rows), **more)
    closed = city.limit(file=upload(rows), **more)
    for dataset in (opened, closed):
        work(dataset)
    (resource,) = city.act(None, "package_show", id=opened["id"])["resources"]
    assert resource["satudata_newest"] == "2025-12-31"
    page = app.get(f"/dataset/{opened['name']}").body
    assert '<time datetime="2025-12-31">31 Desember 2025</time>' in page
    assert "Terlambat" in page
    late = city.act(None, "package_search", fq='satudata_freshness:"late"')["results"]
    assert [each["id"] for each in late] == [opened["id"]]
    (resource,) = city.act(None, "package_show", id=closed["id"])["resources"]
    assert "satudata_newest" not in resource
    assert "2025-12-31" not in app.get(f"/dataset/{closed['name']}").body


def test_a_column_that_is_called_personal_is_in_no_file_of_places(city, app, work):
    rows = b"nama,lintang,bujur,bahan\nKios,-0.02,109.34,Rotan\nToko,-0.03,109.31,Besi\n"
    shops = city.publish(file=upload(rows, "kios.csv"))
    work(shops)
    address = f"/dataset/{shops['name']}/resource/{shops['resources'][0]['id']}/tabel.geojson"
    first = data(app, address)
    assert "Rotan" in first.text

    def call_personal(column):
        said = {"public": "tidak", "why": "pribadi"}
        city.act("produsen", "satudata_variable_update", id=shops["id"], column=column, **said)

    call_personal("bahan")
    for asked in ("", "?q=rotan", "?urut=bahan&arah=turun", "?kolom=1"):
        found = data(app, address + asked)
        assert "Rotan" not in found.text, asked
        assert set(found.get_json()["features"][0]["properties"]) == {"nama", "lintang", "bujur"}
        assert found.headers["ETag"] != first.headers["ETag"]
    call_personal("lintang")
    assert app.get(address, status=None).status_code == 404
    assert "tabel.geojson" not in app.get(f"/dataset/{shops['name']}").body


def test_who_reads_english_is_told_headings_and_the_list_of_agencies_in_it(app, opened):
    _dataset, of = opened
    page = app.get(f"/en{of}/tabel").text
    for said in ("District", "Price", "Agencies"):
        assert said in page, said
    assert "Organizations" not in page
    assert "District" not in app.get(f"{of}/tabel").text
