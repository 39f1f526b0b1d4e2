"""The door: which apps can be opened, for everybody who may know of them, in four words."""

from __future__ import annotations

import datetime as dt
import json

import pytest

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.jepin.records.pulse_model import PulseProgress, PulseStanding
from ckanext.satudata_pontianak.jepin.records.register_model import AppLife

from .apps import app_of, publish_app

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
