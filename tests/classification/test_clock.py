"""What happens because a day has come."""

from __future__ import annotations

import datetime as dt

import pytest

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.clock import cases
from ckanext.satudata_pontianak.classification.records.model import Hold

TODAY = days.today()


def limited_until(city, days: int):
    """Return a limited dataset whose decision ends so many days from now."""
    dataset = city.dataset(
        jenis_informasi="dikecualikan", tingkat_keamanan="terbatas", data_pribadi="tidak_ada"
    )
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    fields = city.assess_fields(
        mulai=(TODAY - dt.timedelta(days=400)).isoformat(),
        akhir=(TODAY + dt.timedelta(days=days)).isoformat(),
    )
    city.step("ppid", dataset, "assess", **fields)
    city.step("penetap", dataset, "approve", nomor="SK-1", penerima=["disdukcapil"])
    return dataset


@pytest.mark.parametrize(("days", "opens"), [(-1, True), (10, True), (60, True), (200, False)])
def test_a_review_opens_before_the_decision_ends_and_changes_nothing_else(
    city, days, opens
) -> None:
    dataset = limited_until(city, days)
    done = cases.run(TODAY)
    assert [o.dataset_id for o in done] == ([dataset["id"]] if opens else [])
    assert cases.run(TODAY) == []
    shown = city.act("ppid", "satudata_classification_show", id=dataset["id"])
    assert shown["decision"]["level"] == "terbatas"
    assert city.act(None, "package_show", id=dataset["id"])["resources"][0]["url"] == ""
    if opens:
        assert shown["case"]["state"] == "consequence_test"
        assert shown["case"]["reason"] == "period_ends"
        city.step("ppid_2", dataset, "assess", **city.assess_fields())
        done = city.step("penetap", dataset, "approve", nomor="SK-2", penerima=["dinsos"])
        assert done["decision"]["number"] == "SK-2"


def test_a_case_that_is_open_takes_the_reason_over(city) -> None:
    dataset = limited_until(city, 10)
    city.step("walidata", dataset, "reopen", reason="Perlu ditinjau")
    (done,) = cases.run(TODAY)
    assert done.took_over
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])["case"]
    assert shown["state"] == "draft"
    assert shown["reason"].endswith("period_ends")
    assert cases.run(TODAY) == []


def test_a_hold_that_waits_long_comes_to_ppid_and_stays(city) -> None:
    dataset = city.publish()
    city.act(
        "walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason="Ada temuan baru"
    )
    assert cases.run(TODAY) == []
    hold = model.Session.query(Hold).one()
    hold.placed_at -= dt.timedelta(days=20)
    model.Session.commit()
    (done,) = cases.run(TODAY)
    assert done.reason == "held_long"
    shown = city.act("ppid", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "consequence_test"
    assert len(shown["holds"]) == 1
