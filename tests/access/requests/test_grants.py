"""What a grant gives, and what ends it: its day, a revocation, a decision that closes more."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from freezegun import freeze_time

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.clock import requests
from ckanext.satudata_pontianak.classification.records.request_model import AccessGrant
from ckanext.satudata_pontianak.ledger.service import entry_table

from ...refusals import refusal_of

REASON = "Tujuan sudah tercapai"


def events() -> list[str]:
    query = sa.select(entry_table.c.event).where(entry_table.c.event.like("access_grant%"))
    return list(model.Session.scalars(query.order_by(entry_table.c.id)))


@pytest.fixture
def given(city, window):
    """Return the maker of a dataset with a grant to a citizen, and the grant."""

    def make(**values):
        dataset = city.limit(**values)
        request = window.ask("warga", dataset)
        return dataset, window.decide("ppid", request)["grant"]

    return make


@pytest.mark.parametrize("who", ["ppid_2", "kepala_dinkes", "walidata", "penetap"])
def test_a_grant_is_revoked_at_once(city, window, given, who) -> None:
    dataset, grant = given()
    assert window.status("warga", dataset) == 200
    for stranger in ("warga", "produsen", "pegawai_dinsos", "admin"):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
            city.act(stranger, "satudata_access_grant_revoke", grant=grant["id"], reason=REASON)
    done = city.act(who, "satudata_access_grant_revoke", grant=grant["id"], reason=REASON)
    assert (done["running"], done["why"]) == (False, "revoked")
    assert done["receipt"]["entry"]
    assert window.status("warga", dataset) == 403
    assert city.act("warga", "package_show", id=dataset["id"])["resources"][0]["url"] == ""
    with pytest.raises(tk.ValidationError) as refusal:
        city.act(who, "satudata_access_grant_revoke", grant=grant["id"], reason=REASON)
    assert refusal.value.error_dict["code"] == ["not_running"]


@pytest.mark.parametrize("reason", [None, "", "pendek", "x" * 5000, "dengan \x00 di dalam", 7])
def test_a_revocation_needs_a_reason(city, window, given, reason) -> None:
    dataset, grant = given()
    with pytest.raises(tk.ValidationError) as refusal:
        city.act("ppid", "satudata_access_grant_revoke", grant=grant["id"], reason=reason)
    assert refusal.value.error_dict["reason"]
    assert window.status("warga", dataset) == 200


def test_a_grant_ends_by_itself_on_its_day(city, window, given) -> None:
    dataset, grant = given()
    last = dt.date.fromisoformat(grant["until"])
    with freeze_time(dt.datetime.combine(last, dt.time(16, 30), dt.UTC)):  # 23:30 in Pontianak
        assert answer(city, "warga", dataset)
    after = dt.datetime.combine(last, dt.time(17, 30), dt.UTC)  # 00:30 of the next day
    with freeze_time(after):
        assert not answer(city, "warga", dataset)
    assert [m.what for m in requests.run(last)] == []
    marks = requests.run(last + dt.timedelta(days=1))
    assert [m.what for m in marks] == ["grant_ended"]
    assert requests.run(last + dt.timedelta(days=1)) == []
    assert events()[-1] == "access_grant.end"


def answer(city, who, dataset) -> bool:
    explained = city.act(who, "satudata_access_explain", id=dataset["id"], channel="data")
    return explained["allowed"]


@pytest.mark.parametrize(
    ("recipients", "axes", "kept"),
    [
        (["disdukcapil"], {}, True),
        (["disdukcapil", "dinsos"], {}, True),
        (["semua_perangkat_daerah"], {}, True),
        (["dinsos"], {}, False),
        (["disdukcapil"], {"data_pribadi": "umum"}, False),
        (None, {"tingkat_keamanan": "rahasia"}, False),
    ],
)
def test_a_decision_that_closes_more_ends_it(city, window, given, recipients, axes, kept) -> None:
    dataset, grant = given()
    city.step("ppid", dataset, "reopen", reason="Ditinjau kembali")
    assert window.status("warga", dataset) == 200  # a case changes nothing
    city.step("ppid", dataset, "assess", **city.assess_fields(**axes))
    fields = {"penerima": recipients} if recipients is not None else {}
    city.step("penetap", dataset, "approve", nomor="SK-8/2026", **fields)
    assert (window.status("warga", dataset) == 200) is kept
    assert events()[-1] == ("access_grant.carry" if kept else "access_grant.end")
    row = model.Session.get(AccessGrant, grant["id"])
    assert (row.ended_why is None) is kept


def test_a_grant_without_its_decision_counts_for_nothing(city, window, given) -> None:
    """Also where nobody ended it: the policy joins it to the decision in force."""
    dataset, grant = given()
    row = model.Session.get(AccessGrant, grant["id"])
    row.decision_id = "another"
    model.Session.commit()
    assert window.status("warga", dataset) == 403


def test_a_hold_goes_before_a_grant(city, window, given) -> None:
    dataset, _ = given()
    reason = "Ada temuan baru"
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=reason)
    assert window.status("warga", dataset) == 403
    held = city.act("warga", "package_show", id=dataset["id"])
    assert held["resources"][0]["url"] == ""


def test_an_account_that_is_closed_has_nothing(city, window, given) -> None:
    dataset, _ = given()
    city.token("warga")
    user = model.User.get(city.users["warga"]["id"])
    user.state = "deleted"
    model.Session.commit()
    try:
        assert window.status("warga", dataset) in (401, 403)
    finally:
        model.User.get(city.users["warga"]["id"]).state = "active"
        model.Session.commit()


def test_a_grant_for_one_file_gives_one_file(city, window, work, make_upload) -> None:
    dataset = city.dataset(
        jenis_informasi="dikecualikan", tingkat_keamanan="terbatas", data_pribadi="tidak_ada"
    )
    city.act(
        "produsen",
        "resource_create",
        package_id=dataset["id"],
        name="Kedua",
        upload=make_upload(b"a,b\n1,2\n", "kedua.csv"),
    )
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    city.step("ppid", dataset, "assess", **city.assess_fields())
    city.step("penetap", dataset, "approve", nomor="SK-7/2026", penerima=["disdukcapil"])
    dataset = city.act("produsen", "package_show", id=dataset["id"])
    first, second = (r["id"] for r in dataset["resources"])
    request = window.ask("warga", dataset, scope=[first, second])
    with refusal_of("scope"):
        window.decide("ppid", request, scope="dataset")
    window.decide("ppid", request, scope=[second])
    assert [window.status("warga", dataset, n) for n in (0, 1)] == [403, 200]
    shown = city.act("warga", "package_show", id=dataset["id"])
    assert [bool(r["url"]) for r in shown["resources"]] == [False, True]
    assert shown["satudata_decision"]["data_open"] is False
    assert city.act("warga", "resource_show", id=second)["url"]
    assert not city.act("warga", "resource_show", id=first)["url"]
    work(dataset)
    rows = city.act("warga", "datastore_search", resource_id=second)["records"]
    assert [(row["a"], row["b"]) for row in rows] == [(1, 2)]
    for action in ("datastore_search", "datastore_info"):
        with pytest.raises(tk.NotAuthorized):
            city.act("warga", action, id=first)


def test_less_can_be_given_than_was_asked_but_never_more(city, window) -> None:
    dataset = city.limit()
    request = window.ask("warga", dataset)
    tomorrow = (dt.date.fromisoformat(request["until"]) - dt.timedelta(days=29)).isoformat()
    later = (dt.date.fromisoformat(request["until"]) + dt.timedelta(days=1)).isoformat()
    with pytest.raises(tk.ValidationError) as refusal:
        window.decide("ppid", request, until=later)
    assert refusal.value.error_dict["until"]
    assert window.decide("ppid", request, until=tomorrow)["grant"]["until"] == tomorrow


def test_a_grant_shows_in_the_lists_of_those_whom_it_concerns(city, window, given) -> None:
    dataset, _ = given()
    for who, count in (("warga", 1), ("ppid", 1), ("pengawas", 1), ("staf", 0), ("admin", 0)):
        found = city.act(who, "satudata_access_grant_list", id=dataset["id"], running=True)
        assert found["count"] == count, who
    with pytest.raises(tk.NotAuthorized):
        city.act(None, "satudata_access_grant_list")


def test_a_removed_dataset_ends_it(city, window, given) -> None:
    dataset, grant = given()
    city.step(
        "walidata",
        dataset,
        "reopen",
        case_kind="remove",
        reason="Tidak diperlukan",
        removes="dataset",
    )
    city.step("produsen", dataset, "submit")
    city.step("walidata_2", dataset, "refer", catatan="Mohon diperiksa")
    city.step("ppid", dataset, "approve")
    assert model.Session.get(AccessGrant, grant["id"]).ended_why == "decision"
    assert window.status("warga", dataset) == 404
