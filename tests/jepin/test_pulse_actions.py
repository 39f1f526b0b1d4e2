"""Who names what is asked of an app, and who sees what came back."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.jepin.records.pulse_model import (
    PulseDay,
    PulseProgress,
    PulseTarget,
)
from ckanext.satudata_pontianak.jepin.rules.pulse import pulse as rules
from tests.refusals import refusal_of

from .apps import app_of, publish_app
from .conftest import DEAD, GOOD

SET = "satudata_jepin_target_set"
WEB = "https://layanan.pontianak.go.id/beranda"


def test_its_publishers_and_walidata_name_the_addresses_and_nobody_else(city) -> None:
    package = publish_app(city)
    for who in ("produsen", "walidata"):
        found = city.act(who, SET, id=package["id"], web=WEB)
        assert found["target"]["web"] == WEB
    for who in ("staf", "produsen_lain", "ppid", "pengawas", "warga", None):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, SET, id=package["id"], web=WEB)


def test_evidence_is_for_its_publishers_walidata_and_security_and_unknown_to_others(
    city, pulse
) -> None:
    pulse.look(GOOD, DEAD)
    for who in ("produsen", "kepala_dinkes", "walidata"):
        shown = city.act(who, "satudata_jepin_pulse", id=pulse.id)
        assert [each["code"] for each in shown["found"]] == ["no_name"]
        assert city.act(who, "satudata_jepin_pulse_list")["count"] == 1
    for who in ("staf", "produsen_lain", "ppid", "pengawas"):
        with pytest.raises(tk.ObjectNotFound) as there:
            city.act(who, "satudata_jepin_pulse", id=pulse.id)
        with pytest.raises(tk.ObjectNotFound) as nowhere:
            city.act(who, "satudata_jepin_pulse", id="tiada")
        assert str(there.value) == str(nowhere.value)
        assert city.act(who, "satudata_jepin_pulse_list") == {"count": 0, "results": []}
    for who in ("warga", None):
        for name in ("satudata_jepin_pulse", "satudata_jepin_pulse_list"):
            with pytest.raises(tk.NotAuthorized):
                city.act(who, name, id=pulse.id)


def test_a_dataset_is_no_app(city, pulse) -> None:
    package = city.publish()
    for name, more in ((SET, {"web": WEB}), ("satudata_jepin_pulse", {})):
        with pytest.raises(tk.ObjectNotFound):
            city.act("produsen", name, id=package["id"], **more)
    target = {"web": WEB, "robot": False, "set_at": pulse.at}
    model.Session.add(PulseTarget(package_id=package["id"], **target))
    model.Session.commit()
    pulse.look(GOOD)
    assert [app.id for app in pulse.asked] == [pulse.id]
    assert city.act("produsen", "satudata_jepin_pulse_list")["count"] == 1


def test_an_app_of_which_walidata_may_not_know_is_unknown_to_walidata(city) -> None:
    package = app_of(city)
    city.act("produsen", SET, id=package["id"], web=WEB)
    assert city.act("produsen", "satudata_jepin_pulse_list")["count"] == 1
    with pytest.raises(tk.ObjectNotFound):
        city.act("produsen_lain", SET, id=package["id"], web=WEB)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"web": "layanan.pontianak.go.id"}, "web"),
        ({"web": "ftp://layanan.pontianak.go.id/"}, "web"),
        ({"web": "http://orang:kata@layanan.pontianak.go.id/"}, "web"),
        ({"web": "http://192.0.2.7/"}, "web"),
        ({"web": "http://[::1]/"}, "web"),
        ({"web": "http://layanan/"}, "web"),
        ({"web": "http://layanan.pontianak.go.id:6379/"}, "web"),
        ({"web": "https://contoh.example/"}, "web"),
        ({"web": WEB + "?nik=6171012308900002"}, "web"),
        ({"feed": "https://contoh.example/rss"}, "feed"),
        ({"web": []}, "web"),
        ({"web": 0}, "web"),
        ({"web": False}, "web"),
        ({"sitemap": "x" * 3000}, "sitemap"),
        ({"marker": "x"}, "marker"),
        ({"marker": "Diperbarui oleh 6171012308900002"}, "marker"),
        ({"store_day": "2026-13-01"}, "store_day"),
        ({"store_day": "2099-01-01"}, "store_day"),
        ({"maintenance_from": "2026-11-30T08:00"}, "maintenance_until"),
        (
            {"maintenance_from": "2026-11-30T08:00", "maintenance_until": "2026-11-30T07:00"},
            "maintenance_until",
        ),
        (
            {"maintenance_from": "2026-11-30T08:00", "maintenance_until": "2026-12-30T07:00"},
            "maintenance_until",
        ),
        ({"robot": "mungkin"}, "robot"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(city, given, field) -> None:
    package = publish_app(city)
    with pytest.raises(tk.ValidationError) as refused:
        city.act("produsen", SET, id=package["id"], **{"web": WEB, **given})
    assert set(refused.value.error_dict) == {field}
    assert model.Session.get(PulseTarget, package["id"]) is None


def test_walidata_names_an_address_outside_the_citys_domains(city) -> None:
    package = publish_app(city)
    found = city.act("walidata", SET, id=package["id"], web="https://contoh.example/layanan#atas")
    assert found["target"]["web"] == "https://contoh.example/layanan"


def test_all_that_is_asked_is_kept_and_taken_away_again(city, pulse) -> None:
    given = {
        "web": WEB,
        "feed": "https://layanan.pontianak.go.id/rss",
        "sitemap": "https://layanan.pontianak.go.id/sitemap.xml",
        "marker": "Terakhir diperbarui:",
        "store_day": "2026-01-31",
        "robot": True,
        "maintenance_from": "2026-11-30T08:00",
        "maintenance_until": "2026-11-30T10:00",
    }
    found = city.act("produsen", SET, id=pulse.id, **given)
    moments = ("maintenance_from", "maintenance_until")
    assert {k: v for k, v in found["target"].items() if k not in moments} == {
        k: v for k, v in given.items() if k not in moments
    }
    assert found["receipt"]["code"]
    pulse.look(GOOD)
    assert city.act("produsen", SET, id=pulse.id)["target"] is None
    assert model.Session.get(PulseProgress, pulse.id) is None
    assert city.act("produsen", "satudata_jepin_pulse_list")["count"] == 0


def test_content_is_looked_at_more_seldom_and_what_was_found_stands_meanwhile(city, pulse) -> None:
    old = msgspec.structs.replace(GOOD, newest=dt.date(2025, 1, 14), newest_by="feed", content=True)
    pulse.look(old, GOOD, GOOD)
    assert [app.content for app in pulse.asked] == [True, False, False]
    shown = city.act("produsen", "satudata_jepin_pulse", id=pulse.id)
    assert [each["code"] for each in shown["found"]] == ["stale"]
    pulse.at += dt.timedelta(hours=6)
    pulse.look(GOOD)
    assert pulse.asked[-1].content
    shown = city.act("produsen", "satudata_jepin_pulse", id=pulse.id)
    assert shown["found"] == []


def test_a_robot_asks_only_where_its_owner_agreed_and_once_a_day(city, pulse) -> None:
    pulse.look(GOOD)
    assert [app.robot for app in pulse.asked] == [False]
    row = model.Session.get(PulseTarget, pulse.id)
    row.robot = True
    model.Session.commit()
    shown = msgspec.structs.replace(GOOD, robot_words={})
    # Whatever came: a robot that is never answered asks once a day as well.
    pulse.look(GOOD, GOOD, GOOD)
    pulse.at += dt.timedelta(days=1)
    pulse.look(shown, GOOD)
    row = model.Session.get(PulseTarget, pulse.id, populate_existing=True)
    row.set_at = pulse.at
    model.Session.commit()
    pulse.look(shown)
    assert [app.robot for app in pulse.asked[1:]] == [True, False, False, True, False, True]


def test_what_a_robot_was_shown_stands_until_a_robot_is_answered_or_may_not_ask(
    city, pulse
) -> None:
    row = model.Session.get(PulseTarget, pulse.id)
    row.robot = True
    model.Session.commit()
    bad = {"gambling": ["slot gacor", "maxwin", "rtp live"]}
    pulse.look(msgspec.structs.replace(GOOD, robot_words=bad))
    pulse.at += dt.timedelta(days=1)
    pulse.look(GOOD, GOOD)

    def codes() -> list[str]:
        shown = city.act("produsen", "satudata_jepin_pulse", id=pulse.id)
        return [each["code"] for each in shown["found"]]

    assert codes() == ["defaced"]
    pulse.look(msgspec.structs.replace(GOOD, robot_words={}))
    assert codes() == []
    pulse.at += dt.timedelta(days=1)
    pulse.look(msgspec.structs.replace(GOOD, robot_words=bad))
    row = model.Session.get(PulseTarget, pulse.id, populate_existing=True)
    row.robot = False
    model.Session.commit()
    pulse.look(GOOD)
    assert codes() == []


def test_uptime_is_that_of_the_checks(city, pulse) -> None:
    today = days.today()
    for back, failed in ((0, 72), (1, 0), (89, 144), (90, 288)):
        model.Session.add(
            PulseDay(
                package_id=pulse.id,
                day=today - dt.timedelta(days=back),
                answered=288 - failed,
                failed=failed,
                ms_sum=200 * (288 - failed),
                ms_count=288 - failed,
                ms_most=900,
            )
        )
    model.Session.commit()
    shown = city.act("produsen", "satudata_jepin_pulse", id=pulse.id)
    assert shown["uptime"] == 75.0
    assert len(shown["days"]) == 90
    assert (shown["days"][0]["uptime"], shown["days"][0]["response"]) == (50.0, 200)
    assert shown["days"][1]["uptime"] is None
    assert (shown["days"][-1]["uptime"], shown["days"][-1]["slowest"]) == (75.0, 900)


def test_old_checks_and_totals_are_deleted(city, pulse) -> None:
    pulse.look(GOOD)
    kept = rules().kept
    pulse.at += dt.timedelta(days=kept.checks_days, hours=1)
    pulse.look(GOOD)
    shown = city.act("produsen", "satudata_jepin_pulse", id=pulse.id)
    assert len(shown["checks"]) == 1
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(PulseDay)) == 2
    pulse.at += dt.timedelta(days=kept.totals_days + 1)
    pulse.look(GOOD)
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(PulseDay)) == 1


def test_nothing_of_a_page_is_kept_but_words_of_our_list(city, pulse) -> None:
    pulse.look(msgspec.structs.replace(GOOD, words={"parked": ["buy this domain"]}))
    shown = city.act("produsen", "satudata_jepin_pulse", id=pulse.id)
    assert shown["checks"][0]["words"] == [
        {"list": "parked", "words": ["buy this domain"], "robot": False}
    ]


def test_a_refusal_names_no_address(city) -> None:
    package = publish_app(city)
    with refusal_of("web"):
        city.act("produsen", SET, id=package["id"], web="http://10.0.0.1/")
