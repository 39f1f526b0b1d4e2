"""A poster for what is open, and the letter of a month: no word of what is not for everybody."""

from __future__ import annotations

import datetime as dt
import io

import pypdf
import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.model import Decision
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.jepin.records.register_model import AppLife
from ckanext.satudata_pontianak.smki.cooperation import letter
from ckanext.satudata_pontianak.sop.files import kept

from ..jepin.apps import publish_app
from ..refusals import refusal_of

MONTH = days.today().strftime("%Y-%m")


def text_of(answer) -> str:
    reader = pypdf.PdfReader(io.BytesIO(answer.data))
    return " ".join("".join(page.extract_text() for page in reader.pages).split())


def test_an_open_dataset_has_a_poster_with_a_code(city, app) -> None:
    dataset = city.publish(title="Jumlah posyandu kota")
    page = app.get(f"/poster/{dataset['name']}").body
    assert dataset["title"] in page
    assert "data:image/png;base64," in page
    paper = app.get(f"/poster/{dataset['name']}/poster.pdf")
    assert "posyandu" in text_of(paper).lower()
    assert f"/dataset/{dataset['name']}" in text_of(paper).replace(" ", "")
    assert f"/poster/{dataset['name']}" in app.get(f"/dataset/{dataset['name']}").body


@pytest.mark.parametrize("who", [None, "warga", "produsen", "walidata"])
def test_what_is_not_for_everybody_has_no_poster_whoever_asks(city, app, who) -> None:
    hidden, limited, held = city.dataset(), city.limit(), city.publish()
    reason = "Ada data yang salah di dalamnya."
    city.act("walidata", "satudata_hold_create", id=held["id"], scope="all", reason=reason)
    header = city.token(who)
    said = set()
    for name in (hidden["name"], held["name"], limited["name"], "tiada-sama-sekali"):
        for address in (f"/poster/{name}", f"/poster/{name}/poster.pdf"):
            answer = app.get(address, headers=header)
            said.add(answer.status_code)
            assert not any(d["title"] in answer.body for d in (hidden, limited, held))
    assert said == {404}


def test_hidden_and_unknown_are_the_same_in_bytes(city, app) -> None:
    names = (city.dataset()["name"], "tiada-sama-sekali")
    bodies = {app.get(f"/poster/{name}/poster.pdf").body.replace(name, "") for name in names}
    assert len(bodies) == 1


def test_the_letter_names_what_was_opened_in_its_month_and_is_open_still(city, app) -> None:
    new, old, held = city.publish(), city.publish(), city.publish()
    limited, hidden = city.limit(), city.dataset()
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=40)
    statement = sa.update(Decision).where(Decision.package_id == old["id"])
    model.Session.execute(statement.values(decided_at=before))
    model.Session.commit()
    reason = "Ada data yang salah di dalamnya."
    city.act("walidata", "satudata_hold_create", id=held["id"], scope="all", reason=reason)
    for who in (None, "produsen", "walidata"):
        found = city.act(who, "satudata_monthly_letter", month=MONTH)
        assert [row["name"] for row in found["results"]] == [new["name"]]
        page = app.get(f"/surat-bulanan/{MONTH}", headers=city.token(who)).body
        assert f"/dataset/{new['name']}" in page
        for other in (old, held, limited, hidden):
            assert other["name"] not in page
    past = before.astimezone(days.CITY).strftime("%Y-%m")
    found = city.act(None, "satudata_monthly_letter", month=past)
    assert [row["name"] for row in found["results"]] == [old["name"]]
    assert new["title"].split()[0] in text_of(app.get(f"/surat-bulanan/{MONTH}/surat.pdf"))
    assert app.get("/surat-bulanan").status_code == 200


def test_what_has_ended_or_closed_since_is_named_no_more(city, app) -> None:
    stays, service, closes = city.publish(), publish_app(city), city.publish()
    address = f"/surat-bulanan/{MONTH}/surat.pdf"

    def named() -> set[str]:
        found = city.act(None, "satudata_monthly_letter", month=MONTH)["results"]
        return {row["name"] for row in found}

    assert named() == {each["name"] for each in (stays, service, closes)}
    assert service["title"] in text_of(app.get(address))
    ended = AppLife(package_id=service["id"], state="retired", since=days.today(), reason="x")
    model.Session.merge(ended)
    model.Session.commit()
    assert named() == {stays["name"], closes["name"]}
    assert service["title"] not in text_of(app.get(address))
    assert app.get(f"/poster/{service['name']}").status_code == 404
    statement = sa.update(Decision).where(Decision.package_id == closes["id"])
    model.Session.execute(statement.values(tingkat_keamanan="terbatas"))
    model.Session.commit()
    assert named() == {stays["name"]}


def test_a_paper_is_written_once_and_the_policy_asked_each_time(city, app) -> None:
    dataset = city.publish()
    address = f"/poster/{dataset['name']}/poster.pdf"
    first = app.get(address)
    before = kept.written.cache_info()
    again = app.get(address)
    after = kept.written.cache_info()
    assert (again.data, after.hits, after.misses) == (first.data, before.hits + 1, before.misses)
    same = {"If-None-Match": first.headers["ETag"]}
    assert app.get(address, headers=same).status_code == 304
    reason = "Ada data yang salah di dalamnya."
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="all", reason=reason)
    assert app.get(address, headers=same).status_code == 404


@pytest.mark.parametrize("month", ["2026", "2026-13", "1999-01", "9999-01", "bulan", ["2026-01"]])
def test_a_month_without_a_letter_is_refused(city, app, month) -> None:
    with refusal_of("month"):
        city.act(None, "satudata_monthly_letter", month=month)
    if isinstance(month, str):
        assert app.get(f"/surat-bulanan/{month}").status_code == 404
        assert app.get(f"/surat-bulanan/{month}/surat.pdf").status_code == 404


def test_walidata_is_told_once_that_the_letter_is_ready(city) -> None:
    assert letter.tell_ready() == 0
    city.publish()
    later = (days.today().replace(day=1) + dt.timedelta(days=32)).replace(day=2)
    assert letter.tell_ready(later) == 2
    assert letter.tell_ready(later + dt.timedelta(days=3)) == 0
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    told = set(model.Session.scalars(query.where(Notice.kind == letter.READY)))
    assert told == {city.users[name]["name"] for name in ("walidata", "walidata_2")}
