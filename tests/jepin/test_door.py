"""The door: which apps can be opened, for everybody who may know of them, in four words."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
import rdflib
from PIL import Image
from rdflib.namespace import DCTERMS, FOAF, RDF, SDO, SKOS

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.jepin.door import cpsv
from ckanext.satudata_pontianak.jepin.records.pulse_model import PulseProgress, PulseStanding
from ckanext.satudata_pontianak.jepin.records.register_model import AppLife
from ckanext.satudata_pontianak.metadata.service import dataset_fields

from ..statements import statements
from .apps import app_of, publish_app
from .test_register import TOKEN

AT = dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC)
URL = "https://antrean.contoh.pontianak.go.id"


def alive(app, state="active", **more) -> None:
    """Put an app where it stands in its life."""
    row = AppLife(package_id=app["id"], state=state, since=days.today(), reason="Diganti.")
    for key, value in more.items():
        setattr(row, key, value)
    model.Session.merge(row)
    model.Session.commit()


def seen_as(app, word, *, link=True) -> None:
    """Write down how an app was found."""
    model.Session.merge(PulseStanding(package_id=app["id"], word=word, since=AT, link=link))
    model.Session.merge(PulseProgress(package_id=app["id"], checked_at=AT, found={}))
    model.Session.commit()


def listed(city, who=None, **asked):
    return city.act(who, "satudata_jepin_list", **asked)


def in_list(city, app, who=None):
    found = listed(city, who, limit=500)["results"]
    return next((each for each in found if each["name"] == app["name"]), None)


@pytest.fixture
def app_here(city):
    """Return an app that is in use and can be opened."""
    found = publish_app(city, kanal_bantuan="Loket Dinas Kesehatan", url=URL)
    alive(found)
    seen_as(found, "open")
    return found


def test_an_app_is_listed_with_its_agency_its_word_and_where_it_opens(city, app_here) -> None:
    told = in_list(city, app_here)
    assert told is not None
    assert (told["word"], told["since"], told["url"]) == ("open", "2026-11-30", URL)
    assert told["agency"]["name"] == "dinkes"
    assert told["help"] == "Loket Dinas Kesehatan"
    assert told["topic"] == "1.02"


def test_life_goes_before_the_pulse_and_the_end_before_both(city, app_here) -> None:
    for state, pulse, word in (
        ("active", "disturbed", "disturbed"),
        ("disturbed", "open", "disturbed"),
        ("disturbed", "maintenance", "maintenance"),
        ("review", "open", "open"),
        ("retired", "open", "closed"),
        ("merged", "disturbed", "closed"),
    ):
        alive(app_here, state)
        seen_as(app_here, pulse)
        told = in_list(city, app_here)
        assert told is not None
        assert told["word"] == word, (state, pulse)


def test_what_is_closed_says_since_when_and_what_replaces_it_and_has_no_link(
    city, app, app_here
) -> None:
    after = publish_app(city, title="Antrean Baru")
    alive(after)
    alive(app_here, "retired", successor_id=after["id"], reason="Diganti aplikasi baru.")
    told = in_list(city, app_here)
    assert told is not None
    assert told["since"] == days.today().isoformat()
    assert (told["url"], told["reason"]) == (None, "Diganti aplikasi baru.")
    assert told["successor"] == {"name": after["name"], "title": "Antrean Baru"}
    page = app.get("/jepin?word=closed").body
    assert "Antrean Baru" in page
    assert f'href="{URL}"' not in page
    hidden = app_of(city)
    alive(app_here, "retired", successor_id=hidden["id"])
    told = in_list(city, app_here)
    assert told is not None
    assert told["successor"] is None
    assert hidden["name"] not in app.get("/jepin").body


def test_a_defaced_page_has_no_link_and_nobody_reads_why(city, app, app_here) -> None:
    assert f'href="{URL}"' in app.get("/jepin").body
    seen_as(app_here, "disturbed", link=False)
    for path in ("/jepin", "/jepin.json", "/jepin/luring"):
        body = app.get(path).body
        assert app_here["name"] in body
        assert URL not in body
    told = in_list(city, app_here)
    assert told is not None
    assert (told["word"], told["url"]) == ("disturbed", None)


def test_an_app_stands_there_only_for_who_may_know_of_it(city, app, app_here) -> None:
    hidden = app_of(city, title="Aplikasi Tersembunyi")
    alive(hidden)
    seen_as(hidden, "open")
    for path in ("/jepin", "/jepin?q=tersembunyi", "/jepin.json", "/jepin/luring"):
        for who in (None, "warga", "produsen_lain"):
            assert "Aplikasi Tersembunyi" not in app.get(path, headers=city.token(who)).body
    assert in_list(city, hidden, "produsen")
    assert in_list(city, hidden) is None
    # What programs and browsers keep is the public list, whoever asks for it.
    for path in ("/jepin.json", "/jepin/luring"):
        mine = app.get(path, headers=city.token("produsen")).body
        assert "Aplikasi Tersembunyi" not in mine
        assert app_here["name"] in mine
    city.act(
        "walidata", "satudata_hold_create", id=app_here["id"], scope="all", reason="Diperiksa dulu."
    )
    for path in ("/jepin", "/jepin.json", "/jepin/luring"):
        assert app_here["name"] not in app.get(path).body


def test_an_app_that_is_being_entered_or_not_for_jepin_stands_in_no_list(city) -> None:
    entered = publish_app(city)
    other = publish_app(city, tampil_di_jepin="tidak")
    alive(other)
    assert in_list(city, entered) is None
    assert in_list(city, other) is None


def test_the_badge_of_an_unknown_and_a_hidden_app_is_the_same(city, app, app_here) -> None:
    hidden = app_of(city)
    alive(hidden)
    seen_as(hidden, "open")

    def badge(name: str, who=None) -> tuple[int, str, str]:
        found = app.get(f"/jepin/lencana/{name}.svg", headers=city.token(who))
        return found.status_code, found.body, str(sorted(found.headers))

    unknown = badge("tidak-ada")
    for who in (None, "warga", "produsen", "walidata"):
        assert badge(hidden["name"], who)[:2] == unknown[:2]
    assert badge(hidden["name"]) == unknown
    assert badge(city.publish()["name"]) == unknown
    assert badge("a" * 200) == unknown
    known = badge(app_here["name"])
    assert known[0] == 200
    assert "Dapat dibuka" in known[1]
    seen_as(app_here, "disturbed", link=False)
    assert "Terganggu" in badge(app_here["name"])[1]


def test_an_app_is_told_in_the_words_of_cpsv_to_who_may_know_of_it(city, app) -> None:
    text = {name: f"Isi {name}." for name in ("persyaratan_layanan", "keluaran_layanan")}
    text |= {name: f"Isi {name}." for name in ("waktu_proses", "biaya_layanan", "rujukan")}
    said = {"jam_layanan": "Senin", "penerima_layanan": "warga", "tag_string": "antre", **text}
    made = publish_app(city, url=f"{URL}/a b", **said)
    alive(made)
    seen_as(made, "open")

    def told(name: str, form: str = "ttl", who=None):
        return app.get(f"/layanan/{name}.{form}", headers=city.token(who), expect_errors=True)

    answer = told(made["name"])
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    graph = rdflib.Graph().parse(data=answer.body, format="turtle")
    (service,) = graph.subjects(RDF.type, cpsv.CPSV.PublicService)
    assert str(graph.value(service, DCTERMS.identifier)) == made["id"]
    assert str(graph.value(service, DCTERMS.title)) == made["title"]
    agency = graph.value(service, cpsv.CV.hasCompetentAuthority)
    assert str(graph.value(agency, DCTERMS.identifier)) == "dinkes"
    channel = graph.value(service, cpsv.CV.hasChannel)
    assert str(graph.value(channel, FOAF.page)) == f"{URL}/a%20b"
    contact = graph.value(service, cpsv.CV.hasContactPoint)
    assert str(graph.value(contact, SDO.email)) == made["maintainer_email"]
    status = graph.value(service, cpsv.ADMS.status)
    assert str(graph.value(status, SKOS.notation)) == "open"
    declared = {field["cpsv"] for field in dataset_fields("layanan") if "cpsv" in field}
    used = {graph.namespace_manager.normalizeUri(each) for each in graph.predicates()}
    assert declared <= {each.replace("dcterms:", "dct:") for each in used}
    for form, kind in (("jsonld", "json-ld"), ("rdf", "xml")):
        found = rdflib.Graph().parse(data=told(made["name"], form).body, format=kind)
        assert len(found) == len(graph), form
    seen_as(made, "disturbed", link=False)
    assert URL not in told(made["name"]).body
    hidden = app_of(city, title="Aplikasi Tersembunyi")
    assert told(hidden["name"], who="produsen").status_code == 200
    for who in (None, "warga", "produsen_lain"):
        unknown = told("tidak-ada", who=who)
        assert unknown.status_code == 404
        found = told(hidden["name"], who=who)
        body = TOKEN.sub("", found.body.replace(hidden["name"], "tidak-ada"))
        assert (found.status_code, body) == (404, TOKEN.sub("", unknown.body)), who
    assert told(city.publish()["name"]).status_code == 404
    assert told(made["name"], "csv").status_code == 404


def test_a_search_asks_how_its_hits_stand_once_for_all(city) -> None:
    made = [publish_app(city, title=f"Aplikasi {n}", url=URL) for n in range(2)]
    seen_as(made[1], "disturbed", link=False)
    with statements(lambda text: PulseStanding.__tablename__ in text) as asked:
        found = city.act(None, "package_search", fq="dataset_type:layanan")["results"]
    assert {each["name"]: each["url"] for each in found} == {
        made[0]["name"]: URL,
        made[1]["name"]: "",
    }
    assert len(asked) == 1


def test_the_pictures_that_install_the_door_are_as_large_as_it_says(app) -> None:
    icons = json.loads(app.get("/jepin/aplikasi.webmanifest").body)["icons"]
    drawn = [each for each in icons if each["type"] == "image/png"]
    for each in drawn:
        picture = Image.open(io.BytesIO(app.get(each["src"]).data))
        assert f"{picture.width}x{picture.height}" == each["sizes"]
        corner = picture.convert("RGBA").getpixel((0, 0))[3]
        assert corner == (255 if each["purpose"] == "maskable" else 0), each["src"]
    assert {(each["sizes"], each["purpose"]) for each in drawn} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }


def test_apps_are_found_by_words_topic_kind_and_status(city, app, app_here) -> None:
    other = publish_app(
        city, title="Perizinan Usaha", urusan="2.18", kategori_layanan="administrasi_pemerintahan"
    )
    alive(other)
    for asked, names in (
        ({}, {app_here["name"], other["name"]}),
        ({"q": "PERIZINAN usaha"}, {other["name"]}),
        ({"q": "antrean dinas"}, {app_here["name"]} if _agency(city) else set()),
        ({"topic": "2.18"}, {other["name"]}),
        ({"category": "layanan_publik"}, {app_here["name"]}),
        ({"word": "open"}, {app_here["name"]}),
        ({"q": "tidakadasamasekali"}, set()),
    ):
        assert {each["name"] for each in listed(city, **asked)["results"]} == names, asked
    page = app.get("/jepin?q=perizinan").body
    assert f'data-app="{other["name"]}"' in page
    assert f'data-app="{app_here["name"]}"' not in page


def _agency(city) -> bool:
    title = city.act("admin", "organization_show", id="dinkes")["title"]
    return "dinas" in title.casefold()


def test_they_stand_in_jepins_order_by_pages(city, app) -> None:
    made = [publish_app(city, title=f"Aplikasi {n}", urutan_jepin=str(50 - n)) for n in range(3)]
    for each in made:
        alive(each)
    names = [each["name"] for each in listed(city)["results"]]
    assert names == [each["name"] for each in reversed(made)]
    second = listed(city, limit=1, offset=1)
    assert (second["count"], second["results"][0]["name"]) == (3, made[1]["name"])
    assert app.get("/jepin?page=99").status_code == 200


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"word": "rusak"}, "word"),
        ({"limit": 501}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"q": ["a"]}, "q"),
        ({"urutan": 1}, "urutan"),
    ],
)
def test_what_is_not_declared_is_refused(city, app, asked, field) -> None:
    refused = city.over_http(app, None, "satudata_jepin_list", **asked)
    assert refused.status_code in (409, 422)
    assert field in json.dumps(refused.get_json()["error"])


def test_programs_get_the_dated_public_list_and_browsers_what_installs_it(app, app_here) -> None:
    answer = app.get("/jepin.json")
    (told,) = answer.get_json()["results"]
    assert told["name"] == app_here["name"]
    assert dt.datetime.fromisoformat(answer.get_json()["dated"]).tzinfo
    page = app.get("/jepin").body
    assert 'rel="manifest"' in page
    manifest = app.get("/jepin/aplikasi.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert json.loads(manifest.body)["start_url"] == "/jepin"
    worker = app.get("/jepin/pekerja.js")
    assert worker.headers["Service-Worker-Allowed"] == "/jepin"
    assert 'credentials: "omit"' in worker.body
    offline = app.get("/jepin/luring")
    assert "<script" not in offline.body
    assert "Set-Cookie" not in offline.headers


def test_an_empty_door_says_so(app, city) -> None:
    assert "Belum ada aplikasi" in app.get("/jepin").body
    with pytest.raises(tk.ValidationError):
        listed(city, offset=-1)
