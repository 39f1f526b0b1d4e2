"""Figures that do not agree wait for an answer: whose desk they are on, and who is told when."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.access.quality import asking, comparing
from ckanext.satudata_pontianak.classification.records.notice_model import Notice

TOTAL = b"jenis,jumlah_kasus\nringan,120\nberat,95\nJumlah,315\n"
ONE = b"tahun,kecamatan,jumlah_penduduk\n2025,Pontianak Kota,120000\n2025,Pontianak Barat,140000\n"
OTHER = b"tahun,kecamatan,jumlah\n2025,Pontianak Kota,120000\n2025,Pontianak Barat,141000\n"
WHY = "Satu puskesmas melapor dua kali"
LIST = "/satudata/angka"


def waiting(city, who, **more):
    return city.act(who, "satudata_figure_list", **more)


def told(kind: str) -> set[str]:
    rows = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return set(model.Session.scalars(rows.where(Notice.kind == kind)))


def answered(city, dataset, key) -> None:
    given = {"figure": key, "answer": "right", "reason": WHY}
    city.act("produsen", "satudata_figure_answer", id=dataset["name"], **given)


@pytest.fixture
def served(city, make_upload, work):
    """Return an open dataset with a total that is not the sum of its parts."""
    dataset = city.publish(file=make_upload(TOTAL, "kasus.csv"))
    work(dataset)
    return dataset


def test_it_waits_for_who_publishes_for_the_agency_until_there_is_an_answer(city, served) -> None:
    found = waiting(city, "produsen")
    (row,) = found["results"]
    assert (found["count"], row["dataset"]["name"]) == (1, served["name"])
    assert row["figure"]["due"]
    assert waiting(city, "produsen", limit=0) == {"count": 1, "results": []}
    for who in ("produsen_lain", "warga", "staf"):
        assert waiting(city, who)["count"] == 0, who
    answered(city, served, row["figure"]["id"])
    assert waiting(city, "produsen")["count"] == 0


def test_its_agency_is_told_once_and_walidata_when_the_day_is_over(city, served) -> None:
    (row,) = waiting(city, "produsen")["results"]
    due = dt.date.fromisoformat(row["figure"]["due"])
    people = asking.ask()
    assert "produsen" in told(asking.ASKED)
    assert not {"walidata", "produsen-lain", "staf"} & told(asking.ASKED)
    assert people == len(told(asking.ASKED))
    assert asking.ask(due) == 0
    assert asking.ask(due + dt.timedelta(days=1)) > people
    assert {"produsen", "walidata"} <= told(asking.UNANSWERED)
    assert asking.ask(due + dt.timedelta(days=2)) == 0
    notice = model.Session.scalars(sa.select(Notice).where(Notice.kind == asking.ASKED)).first()
    assert notice.facts == {"due": due.isoformat()}


def test_nobody_is_told_of_what_was_answered(city, served) -> None:
    answered(city, served, waiting(city, "produsen")["results"][0]["figure"]["id"])
    assert asking.ask() == 0
    assert asking.ask(days.today() + dt.timedelta(days=60)) == 0


def test_who_may_not_have_the_other_dataset_of_a_pair_is_not_told(city, make_upload, work) -> None:
    one = city.publish(file=make_upload(ONE, "satu.csv"), konsep="Penduduk uji")
    values = {"konsep": "Penduduk uji", "owner_org": "disdukcapil"}
    other = city.dataset("produsen_lain", file=make_upload(OTHER, "dua.csv"), **values)
    city.step("produsen_lain", other, "submit")
    city.step("walidata", other, "approve")
    for dataset in (one, other):
        work(dataset)
    assert comparing.compare() == 1
    for who, dataset in (("produsen", one), ("produsen_lain", other)):
        (row,) = waiting(city, who)["results"]
        assert row["dataset"]["name"] == dataset["name"]
    reason = "Sedang diperiksa kembali"
    city.act("walidata", "satudata_hold_create", id=other["id"], scope="all", reason=reason)
    assert waiting(city, "produsen")["count"] == 0
    asking.ask()
    assert "produsen" not in told(asking.ASKED)


def test_the_desk_leads_to_the_list_and_the_notice_does_too(city, app, served) -> None:
    header = city.token("produsen")
    assert LIST in app.get("/satudata/meja", headers=header, status=200).body
    page = app.get(LIST, headers=header, status=200).body
    (row,) = waiting(city, "produsen")["results"]
    assert row["figure"]["id"] in page
    assert served["title"] in page
    asking.ask()
    number = model.Session.scalar(
        sa.select(Notice.id)
        .join(model.User, model.User.id == Notice.user_id)
        .where(Notice.kind == asking.ASKED, model.User.name == "produsen")
    )
    address = f"/satudata/pemberitahuan/{number}"
    answer = app.get(address, headers=header, follow_redirects=False, status=302)
    assert answer.headers["Location"].endswith(LIST)
    answered(city, served, row["figure"]["id"])
    assert LIST not in app.get("/satudata/meja", headers=header).body
    assert served["title"] not in app.get(LIST, headers=header).body
    app.get(LIST, follow_redirects=False, status=302)
    assert served["title"] not in app.get(LIST, headers=city.token("warga"), status=200).body
