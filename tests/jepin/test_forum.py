"""What apps lack for long stands before the Forum, once the owner was told and could answer."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.jepin.door import lacks
from ckanext.satudata_pontianak.jepin.records.lack_model import AppLack
from ckanext.satudata_pontianak.jepin.records.pulse_model import PulseStanding
from ckanext.satudata_pontianak.jepin.rules.door import door

from .apps import app_of, publish_app

ANSWER = "Aplikasi dipindahkan ke server baru bulan depan."
PAGE = "/satudata/jepin/forum"


def later(count: int) -> dt.date:
    return days.today() + dt.timedelta(days=count)


def open_for(app) -> None:
    at = dt.datetime.now(dt.UTC)
    model.Session.merge(PulseStanding(package_id=app["id"], word="open", since=at, link=True))
    model.Session.commit()


def lacked(app) -> set[str]:
    query = sa.select(AppLack.lack).where(AppLack.package_id == app["id"])
    return set(model.Session.scalars(query))


def grow_old(count: int) -> None:
    """Move what is lacking into the past, with the day on which it was told."""
    past = {"since": AppLack.since - count, "told": AppLack.told - count}
    model.Session.execute(sa.update(AppLack).values(**past))
    model.Session.commit()


def listed(city, who):
    return city.act(who, "satudata_jepin_forum_list")["results"]


def answer(city, who, app, **asked):
    given = {"id": app["id"], "lack": "pulse", "answer": ANSWER, **asked}
    return city.act(who, "satudata_jepin_lack_answer", **given)


@pytest.fixture
def old(city):
    """Return an app that lacks pulse and SOP so long that it stands before the Forum."""
    app = publish_app(city)
    rules = door().forum
    lacks.keep(later(0))
    lacks.keep(later(rules.days - rules.answer_days))
    grow_old(rules.days)
    return app


def test_what_an_app_lacks_is_written_down_and_forgotten_when_it_is_there(city) -> None:
    app = publish_app(city)
    ended = publish_app(city, nomor_sop="SOP/1/2026")
    open_for(ended)
    lacks.keep()
    assert lacked(app) == {"pulse", "sop"}
    assert lacked(ended) == set()
    open_for(app)
    lacks.keep()
    assert lacked(app) == {"sop"}


def test_an_agency_for_which_nobody_publishes_answers_for_nothing(city) -> None:
    app = publish_app(city, nomor_sop="SOP/1/2026")
    open_for(app)
    members = sa.update(model.Member).where(
        model.Member.group_id == app["owner_org"], model.Member.table_name == "user"
    )
    model.Session.execute(members.values(state="deleted"))
    model.Session.commit()
    lacks.keep()
    assert lacked(app) == {"owner"}


def test_its_owner_is_told_in_time_and_once_and_then_it_stands_before_the_forum(city) -> None:
    app, rules = publish_app(city, nomor_sop="SOP/1/2026"), door().forum
    asked = rules.days - rules.answer_days
    assert lacks.keep(later(0)) == 0
    assert lacks.keep(later(asked - 1)) == 0
    told = lacks.keep(later(asked))
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    people = set(model.Session.scalars(query.where(Notice.kind == "jepin_lack")))
    owners = ("produsen", "produsen_2", "kepala_dinkes")
    assert people == {city.users[who]["name"] for who in owners}
    assert told == len(people)
    assert lacks.keep(later(asked + 1)) == 0
    assert listed(city, "walidata") == []
    (mine,) = listed(city, "produsen")
    assert [each["listed"] for each in mine["lacks"]] == [False]
    grow_old(rules.days)
    (row,) = listed(city, "walidata")
    assert (row["name"], row["lacks"][0]["lack"]) == (app["name"], "pulse")


def test_who_is_told_late_has_the_days_to_answer_all_the_same() -> None:
    rules, since = door().forum, dt.date(2026, 1, 1)
    late = since + dt.timedelta(days=rules.days)
    assert rules.before_it(since, late) == late + dt.timedelta(days=rules.answer_days)
    assert rules.before_it(since, rules.tells(since)) == late


def test_the_owner_answers_and_the_forum_reads_it(city, old) -> None:
    assert answer(city, "produsen", old)["receipt"]
    (row,) = listed(city, "walidata")
    said = {each["lack"]: each["answer"] for each in row["lacks"]}
    assert said == {"pulse": ANSWER, "sop": None}
    assert (row["answers"], row["reports"]) == (False, 0)
    with pytest.raises(tk.NotAuthorized):
        answer(city, "walidata", old)
    for asked, field in (
        ({"lack": "lain"}, "lack"),
        ({"lack": "owner"}, "lack"),
        ({"answer": "singkat"}, "answer"),
        ({"answer": "NIK 6171012501900001 milik pengelola."}, "answer"),
    ):
        with pytest.raises(tk.ValidationError) as refusal:
            answer(city, "produsen", old, **asked)
        assert set(refusal.value.error_dict) == {field}


def test_it_is_for_the_forum_and_the_owner_alone(city, old) -> None:
    assert listed(city, "produsen_lain") == []
    for who in (None, "warga"):
        with pytest.raises(tk.NotAuthorized):
            listed(city, who)
    for named in (old["id"], "tidak-ada"):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            answer(city, "produsen_lain", {"id": named})


def test_what_switching_it_off_touches_is_named_to_who_may_know_of_it(city, old) -> None:
    known, hidden = city.publish(), city.seal()
    city.act(
        "produsen",
        "satudata_jepin_links_set",
        id=old["id"],
        data_in=[known["name"], hidden["name"]],
    )
    city.act(None, "satudata_jepin_report_create", id=old["id"], kind="cannot_open")
    (mine,) = listed(city, "produsen")
    assert {each["name"] for each in mine["takes"]} == {known["name"], hidden["name"]}
    assert mine["reports"] == 1
    city.act(
        "walidata",
        "satudata_smki_role_create",
        role="koordinator",
        user=city.users["warga"]["name"],
        nomor_sk="SK/1/2026",
        **{"from": days.today().isoformat()},
    )
    (row,) = listed(city, "warga")
    assert [each["name"] for each in row["takes"]] == [known["name"]]


def test_an_app_that_the_reader_may_not_know_of_is_not_listed(city) -> None:
    hidden, rules = app_of(city, owner_org="dinkes"), door().forum
    lacks.keep(later(0))
    lacks.keep(later(rules.days - rules.answer_days))
    grow_old(rules.days)
    city.act(
        "walidata",
        "satudata_smki_role_create",
        role="koordinator",
        user=city.users["warga"]["name"],
        nomor_sk="SK/1/2026",
        **{"from": days.today().isoformat()},
    )
    assert listed(city, "warga") == []
    assert [each["name"] for each in listed(city, "produsen")] == [hidden["name"]]


def test_the_owner_answers_by_a_page(city, app, old) -> None:
    owner, walidata = city.token("produsen"), city.token("walidata")
    assert app.get(PAGE, follow_redirects=False).status_code == 302
    assert app.get(PAGE, headers=city.token("warga")).status_code == 403
    sent = {"of": f"{old['name']} pulse", "answer": ANSWER}
    assert app.post(PAGE, headers=walidata, data=sent).status_code == 403
    for wrong in ({"of": ""}, {"of": "tidak-ada pulse"}, {"answer": "x"}):
        assert app.post(PAGE, headers=owner, data={**sent, **wrong}).status_code == 422
    assert app.post(PAGE, headers=owner, data=sent, follow_redirects=False).status_code == 302
    assert ANSWER in app.get(PAGE, headers=walidata).body
