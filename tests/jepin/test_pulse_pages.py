"""The pages of the pulse: a list, one app with its evidence, its pictures, and its form."""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.jepin.records.pulse_model import PulseDay, PulseTarget

from .conftest import DEAD, GOOD, MORNING

HOME = "/jepin/denyut"
BAD = msgspec.structs.replace(
    GOOD, words={"gambling": ["slot gacor", "maxwin", "rtp live"]}, tls_until=dt.date(2026, 12, 9)
)


def bare(body: str) -> str:
    """Return a page without the token of its forms."""
    return re.sub(r'(content|value)="[\w.-]{40,}"', "", body)


def test_the_list_and_the_evidence_are_shown_to_who_looks_after_the_app(city, app, pulse) -> None:
    pulse.look(GOOD, BAD, DEAD)
    title = model.Package.get(pulse.id).title
    for who in ("produsen", "walidata"):
        listed = app.get(HOME, headers=city.token(who)).body
        assert title in listed
        assert "Namanya tidak dikenal" in listed
        shown = app.get(f"{HOME}/{pulse.id}", headers=city.token(who)).body
        for word in ("Terganggu", "Alamatnya bukan tautan.", "slot gacor, maxwin, rtp live", "9 Desember 2026"):  # fmt: skip  # noqa: E501
            assert word in shown
    assert title not in app.get(HOME, headers=city.token("produsen_lain")).body


def test_others_get_the_answer_for_an_unknown_app(city, app, pulse) -> None:
    pulse.look(GOOD)
    paths = ("", "/ketersediaan.svg", "/tanggapan.svg")
    for who in ("staf", "produsen_lain", "ppid"):
        for path in paths:
            there = app.get(f"{HOME}/{pulse.id}{path}", headers=city.token(who))
            nowhere = app.get(f"{HOME}/tiada{path}", headers=city.token(who))
            assert (there.status_code, nowhere.status_code) == (404, 404)
            assert bare(there.body).replace(pulse.id, "tiada") == bare(nowhere.body)
    assert app.get(HOME, headers=city.token("warga")).status_code == 403
    for path in paths:
        answer = app.get(f"{HOME}/{pulse.id}{path}", follow_redirects=False)
        assert answer.status_code == 302


def test_uptime_and_response_are_drawn_with_their_numbers_beside_them(city, app, pulse) -> None:
    for back in range(3):
        day = days.today() - dt.timedelta(days=back)
        model.Session.add(
            PulseDay(
                package_id=pulse.id,
                day=day,
                answered=200 - 50 * back,
                failed=50 * back,
                ms_sum=30000,
                ms_count=100,
                ms_most=700,
            )
        )
    model.Session.commit()
    who = city.token("produsen")
    shown = app.get(f"{HOME}/{pulse.id}", headers=who).body
    assert "50 persen terjawab" in shown
    for name, word in (("ketersediaan", "Ketersediaan"), ("tanggapan", "Waktu tanggap")):
        drawn = app.get(f"{HOME}/{pulse.id}/{name}.svg?tema=gelap", headers=who)
        assert drawn.headers["Content-Type"].startswith("image/svg+xml")
        assert drawn.headers["Cache-Control"] == "private, no-store"
        assert drawn.body.startswith("<svg")
        assert word in drawn.body
        assert word in shown
    for wrong in ("lain.svg", "ketersediaan.svg?tema=merah"):
        assert app.get(f"{HOME}/{pulse.id}/{wrong}", headers=who).status_code == 404


def test_its_publishers_name_on_the_page_what_is_asked(city, app, pulse) -> None:
    who, address = city.token("produsen"), f"{HOME}/{pulse.id}"
    sent = {"web": "https://baru.pontianak.go.id/", "robot": "true", "store_day": "31/01/2026"}
    assert app.post(address, data=sent, headers=who, follow_redirects=False).status_code == 302
    row = model.Session.get(PulseTarget, pulse.id, populate_existing=True)
    assert (row.web, row.robot, row.store_day) == (sent["web"], True, dt.date(2026, 1, 31))
    wrong = app.post(address, data={"web": "https://contoh.example/"}, headers=who)
    assert wrong.status_code == 422
    assert "Hanya Walidata" in wrong.body
    model.Session.expire_all()
    assert model.Session.get(PulseTarget, pulse.id).web == sent["web"]


def test_what_the_form_shows_is_kept_when_it_is_sent_as_it_is(city, app, pulse) -> None:
    row = model.Session.get(PulseTarget, pulse.id)
    row.maintenance_from, row.maintenance_until = MORNING, MORNING + dt.timedelta(hours=2)
    model.Session.commit()
    who, address = city.token("produsen"), f"{HOME}/{pulse.id}"
    shown = app.get(address, headers=who).body
    given = {
        name: re.search(rf'<(?=[^>]*name="{name}")input[^>]*?value="([^"]*)"', shown)[1]
        for name in ("web", "maintenance_from", "maintenance_until")
    }
    assert given["maintenance_from"] == "2026-11-30T09:00"
    assert app.post(address, data=given, headers=who, follow_redirects=False).status_code == 302
    row = model.Session.get(PulseTarget, pulse.id, populate_existing=True)
    assert (row.maintenance_from, row.maintenance_until) == (
        MORNING,
        MORNING + dt.timedelta(hours=2),
    )


def test_the_desk_leads_to_it_where_the_reader_looks_after_an_app(city, app, pulse) -> None:
    pulse.look(GOOD)
    for who, there in (("produsen", True), ("walidata", True), ("produsen_lain", False)):
        assert (HOME in app.get("/satudata/meja", headers=city.token(who)).body) is there
