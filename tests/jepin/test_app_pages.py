"""The page of an app, and the forms of its people."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.sop.documents import definition

from .apps import app_of, publish_app, step, walk

WHY = "Diputuskan dalam rapat bersama."
KEPT = {"pulse": "satudata_pulse_check", "reports": "satudata_report"}


def post(app, city, who, address, **sent):
    asked = {"headers": city.token(who), "status": None, "follow_redirects": False}
    return app.post(address, data=sent, **asked)


def test_a_step_is_taken_by_its_form_and_shown_on_the_page(city, app):
    made, other = publish_app(city), walk(city, publish_app(city), "start")
    address = f"/layanan/{made['name']}"
    own = app.get(address, headers=city.token("produsen"), status=200).body
    assert f"{address}/langkah/start" in own
    assert post(app, city, "produsen", f"{address}/langkah/start", reason="x").status_code == 422
    done = post(app, city, "produsen", f"{address}/langkah/start", reason=WHY)
    assert done.status_code == 302
    own = app.get(address, headers=city.token("produsen"), status=200).body
    assert WHY in own
    for_all = app.get(address, status=200).body
    assert WHY not in for_all
    assert "/langkah/" not in for_all
    walk(city, made, "question")
    sent = {"day": "2026-11-20", "successor": other["name"], "reason": WHY}
    assert post(app, city, "walidata", f"{address}/langkah/merge", **sent).status_code == 302
    for_all = app.get(address, status=200).body
    assert WHY in for_all
    assert f"/layanan/{other['name']}" in for_all


def test_that_nothing_replaces_an_app_is_said_by_a_sign(city, app):
    made = walk(city, publish_app(city), "start", "question")
    address = f"/layanan/{made['name']}/langkah/retire"
    sent = {"day": "2026-11-20", "reason": WHY}
    assert post(app, city, "walidata", address, **sent, successor="").status_code == 422
    assert post(app, city, "walidata", address, **sent, successor="-").status_code == 302
    seen = city.act(None, "satudata_jepin_app_show", id=made["id"])
    assert (seen["word"], seen["successor"]) == ("closed", None)


def test_links_and_security_facts_are_written_by_their_forms(city, app):
    made, data = publish_app(city), city.publish()
    address = f"/layanan/{made['name']}"
    sent = {"parent": "", "data_in": data["name"], "data_out": ""}
    assert post(app, city, "produsen", f"{address}/kaitan", **sent).status_code == 302
    assert f"/dataset/{data['name']}" in app.get(address, status=200).body
    wrong = {**sent, "parent": "tidak-ada"}
    assert post(app, city, "produsen", f"{address}/kaitan", **wrong).status_code == 422
    sent = {"hosting": "Pusat Data Kenanga", "waf": "true"}
    assert post(app, city, "produsen", f"{address}/keamanan", **sent).status_code == 302
    form = app.get(f"{address}/keamanan", headers=city.token("walidata"), status=200)
    assert "Kenanga" in form.body
    assert "no-store" in form.headers["Cache-Control"]


@pytest.mark.parametrize("place", ["langkah/start", "kaitan", "keamanan"])
def test_the_forms_are_for_the_people_of_the_app_alone(city, app, place):
    made, hidden = publish_app(city), app_of(city)
    for who in ("warga", "produsen_lain", "staf"):
        address = f"/layanan/{made['name']}/{place}"
        shown = app.get(address, headers=city.token(who), status=None)
        assert shown.status_code == 403, who
        assert post(app, city, who, address, reason=WHY, waf="true").status_code == 403, who
        unseen = app.get(f"/layanan/{hidden['name']}/{place}", headers=city.token(who), status=None)
        assert unseen.status_code == 404, who
    asked = {"status": None, "follow_redirects": False}
    for name in (made["name"], hidden["name"], "tidak-ada"):
        nobody = app.get(f"/layanan/{name}/{place}", **asked)
        assert nobody.status_code == 302, name


def test_a_page_of_an_app_says_what_is_late_to_its_people(city, app):
    made = walk(city, publish_app(city), "start")
    step(city, "produsen", made, "disturb")
    page = app.get(f"/layanan/{made['name']}", headers=city.token("produsen"), status=200)
    assert "Status ini berlaku paling lama sampai" in page.body


def test_what_the_sop_calls_kept_is_a_table_of_the_portal(city):
    assert set(definition.definitions().sop.kept) == set(KEPT)
    there = set(sa.inspect(model.Session.get_bind()).get_table_names())
    assert set(KEPT.values()) <= there
