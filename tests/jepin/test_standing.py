"""The four words that everybody may know of an app."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.jepin.records.pulse_model import PulseProgress, PulseStanding
from ckanext.satudata_pontianak.jepin.records.register_model import AppLife
from ckanext.satudata_pontianak.jepin.records.standing import UNKNOWN, standing

from .apps import publish_app
from .conftest import GOOD

AT = dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC)


def token() -> str:
    return str(model.Session.scalar(sa.text("SELECT token FROM satudata_generation")))


def test_an_app_that_nobody_looked_at_has_no_word(city) -> None:
    assert standing(["nothing"]) == {"nothing": UNKNOWN}
    assert (UNKNOWN.word, UNKNOWN.link) == (None, True)


def test_a_look_ends_no_page_that_is_kept_and_another_word_does(city) -> None:
    model.Session.add(model.Package(id="app", name="app", type="layanan"))
    model.Session.commit()
    before = token()
    model.Session.add(PulseProgress(package_id="app", checked_at=AT, found={}))
    model.Session.commit()
    assert token() == before
    model.Session.add(PulseStanding(package_id="app", word="disturbed", since=AT, link=False))
    model.Session.commit()
    assert token() != before
    found = standing(["app"])["app"]
    assert (found.word, found.since, found.checked_at, found.link) == ("disturbed", AT, AT, False)


def test_an_app_whose_life_has_ended_is_closed_and_asked_no_more(city, pulse) -> None:
    pulse.look(GOOD)
    model.Session.add(
        AppLife(package_id=pulse.id, state="retired", since=dt.date(2026, 11, 30), reason="Diganti")
    )
    model.Session.commit()
    found = standing([pulse.id])[pulse.id]
    assert (found.word, found.link) == ("closed", False)
    assert found.since == dt.datetime(2026, 11, 30, tzinfo=days.CITY)
    pulse.look(GOOD)
    assert len(pulse.asked) == 1


def test_an_address_that_shall_lead_nobody_is_given_to_nobody_outside(city, app) -> None:
    made = publish_app(city)
    address = made["url"]
    assert address in app.get(f"/layanan/{made['name']}").body
    model.Session.add(PulseStanding(package_id=made["id"], word="disturbed", since=AT, link=False))
    model.Session.commit()
    asked = {"fq": f"+dataset_type:layanan +id:{made['id']}"}
    for seen in (
        city.act(None, "package_show", id=made["id"]),
        *city.act(None, "package_search", **asked)["results"],
    ):
        assert (seen["id"], seen["url"]) == (made["id"], "")
    assert address not in app.get(f"/layanan/{made['name']}").body
    for asked_for in ({"fl": "name,url"}, {"facet.field": '["url"]'}):
        given = app.get(
            "/api/3/action/package_search", query_string={**asked, **asked_for}, status=None
        )
        assert address not in given.body
    assert city.act("produsen", "package_show", id=made["id"])["url"] == address
    model.Session.execute(sa.update(PulseStanding).values(link=True))
    model.Session.commit()
    assert city.act(None, "package_search", **asked)["results"][0]["url"] == address
