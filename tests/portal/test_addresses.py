"""What search engines, people who guess an address, and whoever shares a link are given."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
import sqlalchemy as sa
from PIL import Image

from ckan import model

from ckanext.satudata_pontianak import config, days
from ckanext.satudata_pontianak.classification.records import stale_index
from ckanext.satudata_pontianak.portal.catalogue import plain_pages, sitemap

pytestmark = pytest.mark.usefixtures("clean_db")


def got(app, path, **more):
    return app.get(path, status=None, follow_redirects=False, **more)


def test_addresses_with_a_slash_too_many_lead_to_the_one_and_never_away(app):
    site = config.site_url().rstrip("/")
    for asked, led in (
        ("/topik/?page=2", "/topik?page=2"),
        ("/tentang-portal///", None),
        ("/dataset/tidak-ada/", "/dataset/tidak-ada"),
        ("/en/topik/", "/en/topik"),
        ("/satudata/dip/?q=a%20b&agency=x", "/satudata/dip?q=a%20b&agency=x"),
        ("//lain.example/topik/", "/topik"),
        ("/lain.example/", None),
        ("/%5Clain.example/", None),
    ):
        answer = got(app, asked)
        assert answer.headers.get("Location") == (site + led if led else None), asked
        assert answer.status_code == (308 if led else 404), asked
    assert app.test_client().post("/topik/").status_code in (404, 405)


def test_addresses_of_ckan_lead_to_ours_for_who_has_no_name(city, app):
    for asked, led in (
        ("/about", "/tentang-portal"),
        ("/group/", "/topik"),
        ("/harvest/", "/organization/"),
        ("/user/register", "/bantuan#akun"),
        ("/en/about", "/en/tentang-portal"),
    ):
        assert got(app, asked).headers["Location"].endswith(led), asked
    assert got(app, "/group/", headers=city.token("admin")).status_code == 200
    assert 'id="akun"' in got(app, "/bantuan").body


def test_pages_of_words_stand_in_both_languages_and_name_whom_to_ask(city, app):
    for name in plain_pages.ENDPOINTS:
        for language in ("", "/en"):
            page = got(app, f"{language}/{name}")
            assert page.status_code == 200
            assert f'href="{language}/{name}"' in page.body
    assert "SP4N-LAPOR!" in got(app, "/kontak").body
    assert "27 Tahun 2022" in got(app, "/privasi").body
    # The notice stands where a mailbox is asked for.
    asked = got(app, f"/satudata/akses/{city.limit()['name']}").body
    assert "Tujuan: untuk menjawab Anda" in asked


def test_whoever_finds_a_weakness_is_told_whom_to_tell(city, app, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, config.SECURITY_CONTACT, "keamanan@contoh.go.id")
    answer = got(app, "/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.body.splitlines())
    assert said["Contact"] == "mailto:keamanan@contoh.go.id"
    left = dt.datetime.fromisoformat(said["Expires"]).date() - days.today()
    assert dt.timedelta(30) < left < dt.timedelta(365)
    assert said["Canonical"].endswith("/.well-known/security.txt")


def test_the_map_of_the_site_holds_what_is_open_to_all_in_parts(city, app, monkeypatch):
    monkeypatch.setattr(sitemap, "PART", 1)
    opened = [city.publish()["name"], city.publish(title="Padi")["name"]]
    closed = [city.limit()["name"], city.dataset()["name"]]
    held = city.publish(title="Ditahan")
    city.act(
        "walidata",
        "satudata_hold_create",
        id=held["id"],
        scope="data",
        reason="Perlu diperiksa lagi",
    )
    named = re.findall("<loc>([^<]*)</loc>", got(app, "/sitemap.xml").body)
    assert got(app, "/sitemap.xml").headers["Content-Type"].startswith("application/xml")
    assert f"Sitemap: {config.site_url().rstrip('/')}/sitemap.xml" in got(app, "/robots.txt").body
    assert "Crawl-delay" not in got(app, "/robots.txt").body.replace("D", "d")
    parts = [got(app, "/" + address.rpartition("/")[2]) for address in named]
    assert {part.status_code for part in parts} == {200}
    listed = "".join(part.body for part in parts)
    for name in opened:
        assert f"/dataset/{name}</loc>" in listed
    for name in (*closed, held["name"]):
        assert name not in listed
    assert "/privasi</loc>" in parts[0].body
    assert got(app, f"/sitemap-{len(named)}.xml").status_code == 404
    # The evening of the 29th in UTC is the morning of the 30th in the city.
    evening = dt.datetime(2026, 11, 29, 18, tzinfo=dt.UTC).replace(tzinfo=None)
    of = sa.update(model.Package).where(model.Package.name == opened[0])
    model.Session.execute(of.values(metadata_modified=evening))
    model.Session.commit()
    stale_index.rebuild(city.act(None, "package_show", id=opened[0])["id"])
    listed = "".join(got(app, "/" + address.rpartition("/")[2]).body for address in named)
    assert f"/dataset/{opened[0]}</loc><lastmod>2026-11-30</lastmod>" in listed
    monkeypatch.setattr(sitemap.places, "find", None)  # asking for anything would fail
    assert got(app, "/sitemap-99999999999.xml").status_code == 404
    model.Session.rollback()


def test_a_card_is_drawn_of_what_is_open_and_of_nothing_else(city, app):
    opened, closed = city.publish(), city.limit()
    card = app.test_client().get(f"/dataset/{opened['name']}/kartu.png")
    assert card.mimetype == "image/png"
    assert Image.open(io.BytesIO(card.data)).size == (1200, 630)
    assert f"/dataset/{opened['name']}/kartu.png" in got(app, f"/dataset/{opened['name']}").body
    assert "kartu.png" not in got(app, f"/dataset/{closed['name']}").body
    away = [got(app, f"/dataset/{name}/kartu.png") for name in (closed["name"], "tidak-ada")]
    assert [answer.status_code for answer in away] == [404, 404]
