"""A duty on dated days: in and out of them, by whom, and with every exclusion kept."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from freezegun import freeze_time

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.agencies.rules.duties import Duty
from ckanext.satudata_pontianak.ledger.service import entry_table
from ckanext.satudata_pontianak.portal.operator import checks

from ..refusals import refusal_of

NOON = "2026-12-{day:02d}T05:00:00Z"  # noon in Pontianak
LIMITED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}


def on(day):
    """Return the clock at noon of a day of December 2026."""
    return freeze_time(NOON.format(day=day))


def day(number: int) -> str:
    return dt.date(2026, 12, number).isoformat()


def delegate(city, by="ppid", user="warga", organization="ppid", first=2, last=4, **more):
    return city.act(
        by,
        "satudata_delegation_create",
        **{
            "organization": organization,
            "user": city.users[user]["name"] if user in city.users else user,
            "from": day(first),
            "until": day(last),
            "nomor_sk": "SPT/9/2026",
            **more,
        },
    )


def duties(city, who: str) -> set[Duty]:
    found = registry.actor_for(city.users[who]["name"]).duties
    model.Session.rollback()
    return set(found)


def last_record(event: str):
    query = sa.select(entry_table.c.body).where(entry_table.c.event == event)
    return model.Session.scalars(query.order_by(entry_table.c.id.desc()).limit(1)).first()


def test_the_duty_is_there_on_its_days_and_on_no_other(city) -> None:
    with on(1):
        made = delegate(city)
        assert (made["from"], made["until"], made["running"]) == (day(2), day(4), False)
        assert made["duties"] == ["ppid"]
        assert duties(city, "warga") == set()
    for number in (2, 3, 4):
        with on(number):
            assert duties(city, "warga") == {Duty.PPID}
    with on(5):
        assert duties(city, "warga") == set()


def test_the_days_are_those_of_pontianak(city) -> None:
    with on(1):
        delegate(city)
    with freeze_time("2026-12-01T17:00:00Z"):  # midnight in Pontianak
        assert duties(city, "warga") == {Duty.PPID}
    with freeze_time("2026-12-04T16:59:59Z"):
        assert duties(city, "warga") == {Duty.PPID}
    with freeze_time("2026-12-04T17:00:00Z"):
        assert duties(city, "warga") == set()


def test_a_delegate_decides_and_publishes_nothing(city) -> None:
    with on(2):
        delegate(city, by="walidata", organization="diskominfo")
        dataset = city.dataset()
        city.step("produsen", dataset, "submit")
        assert city.step("warga", dataset, "approve")["decision"]["level"] == "biasa"
        actor = registry.actor_for(city.users["warga"]["name"])
        assert actor.publishes_for == actor.administers == actor.member_of == frozenset()
        with pytest.raises(tk.NotAuthorized):
            city.act("warga", "package_patch", id=dataset["id"], notes="lain")
        with pytest.raises(tk.NotAuthorized, match=r"admin"):
            delegate(city, by="warga", user="staf", organization="diskominfo")


def test_out_of_dates_a_delegate_takes_no_step(city) -> None:
    with on(1):
        delegate(city, by="walidata", organization="diskominfo", first=1, last=1)
        dataset = city.dataset()
        city.step("produsen", dataset, "submit")
    with on(2), pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
        city.step("warga", dataset, "approve")


def test_exclusions_hold_for_the_delegate(city) -> None:
    with on(2):
        delegate(city, by="walidata", organization="diskominfo", user="produsen")
        delegate(city, by="admin", organization="setda", user="ppid")
        own = city.dataset()
        city.step("produsen", own, "submit")
        with pytest.raises(tk.NotAuthorized, match=r"Orang lain|Another person"):
            city.step("produsen", own, "approve")
        closed = city.dataset(**LIMITED)
        city.step("produsen_2", closed, "submit")
        city.step("walidata", closed, "refer", catatan="uji")
        city.step("ppid", closed, "assess", **city.assess_fields())
        with pytest.raises(tk.NotAuthorized, match=r"Orang lain|Another person"):
            city.step("ppid", closed, "approve", nomor="SK/1", penerima=["dinsos"])


def test_revoking_ends_it_at_once_and_once(city) -> None:
    with on(3):
        made = delegate(city, first=2, last=9)
        assert made["running"]
        ended = city.act("ppid", "satudata_delegation_revoke", id=made["id"])
        assert (ended["until"], ended["running"]) == (day(3), False)
        assert ended["receipt"]["entry"] > made["receipt"]["entry"]
        assert duties(city, "warga") == set()
        with pytest.raises(tk.ValidationError) as refused:
            city.act("ppid", "satudata_delegation_revoke", id=made["id"])
        assert "id" in refused.value.error_dict
        assert delegate(city, first=3, last=9)["running"]


def test_it_is_recorded_with_its_decree(city) -> None:
    with on(1):
        made = delegate(city)
        body = last_record("delegation.create")
        assert body["detail"]["delegation"] == made["id"]
        assert body["detail"]["nomor_sk"] == "SPT/9/2026"
        assert (body["detail"]["from"], body["detail"]["until"]) == (day(2), day(4))
        assert body["actor"] == city.users["ppid"]["id"]
        city.act("admin", "satudata_delegation_revoke", id=made["id"])
        assert last_record("delegation.revoke")["detail"]["delegation"] == made["id"]


@pytest.mark.parametrize("who", ["ppid", "admin"])
def test_admins_of_the_body_and_system_administrators_may(city, who) -> None:
    with on(1):
        assert delegate(city, by=who)["organization"] == "ppid"


@pytest.mark.parametrize("who", [None, "warga", "walidata", "penetap", "pengawas", "staf"])
def test_nobody_else_may(city, who) -> None:
    with on(1):
        with pytest.raises(tk.NotAuthorized):
            delegate(city, by=who)
        made = delegate(city)
        with pytest.raises(tk.NotAuthorized):
            city.act(who, "satudata_delegation_revoke", id=made["id"])
        assert duties(city, "warga") == set()


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("organization", {"organization": "tidak-ada"}),
        ("organization", {"organization": ""}),
        ("organization", {"organization": "dinkes"}),
        ("user", {"user": "tidak-ada"}),
        ("user", {"user": None}),
        ("user", {"user": 7}),
        ("from", {"from": "besok"}),
        ("from", {"from": None}),
        ("until", {"until": "2026-11-31"}),
        ("until", {"until": "2026-12-01"}),
        ("until", {"until": "2028-12-01"}),
        ("until", {"from": "2026-11-01", "until": "2026-11-30"}),
        ("nomor_sk", {"nomor_sk": " "}),
        ("nomor_sk", {"nomor_sk": None}),
        ("nomor_sk", {"nomor_sk": "x" * 201}),
        ("nomor_sk", {"nomor_sk": "a\x00b"}),
    ],
)
def test_what_is_wrong_is_named_by_its_field(city, field, values) -> None:
    with on(1):
        with pytest.raises(tk.ValidationError) as refused:
            delegate(city, **{"by": "admin", "organization": "ppid", **values})
        assert list(refused.value.error_dict) == [field]
        assert all(isinstance(m, str) and m for m in refused.value.error_dict[field])


def test_not_to_an_admin_not_to_oneself_and_not_twice(city) -> None:
    with on(1):
        for by, user in (("admin", "ppid_2"), ("ppid", "ppid")):
            with pytest.raises(tk.ValidationError) as refused:
                delegate(city, by=by, user=user)
            assert list(refused.value.error_dict) == ["user"]
        with pytest.raises(tk.ValidationError) as refused:
            city.act(
                "admin",
                "satudata_delegation_create",
                **{"organization": "ppid", "user": city.admin["name"], "from": day(1),
                   "until": day(2), "nomor_sk": "SK/1"},
            )  # fmt: skip
        assert list(refused.value.error_dict) == ["user"]
        delegate(city)
        with pytest.raises(tk.ValidationError) as refused:
            delegate(city, first=4, last=6)
        assert list(refused.value.error_dict) == ["from"]
        assert "/12/2026" in refused.value.error_dict["from"][0]
        assert delegate(city, first=5, last=6)


def test_a_closed_account_holds_nothing(city) -> None:
    with on(2):
        person = city.person("sementara")
        delegate(city, user="sementara")
        assert registry.holders_of(Duty.PPID).count(person["id"]) == 1
        city.act("admin", "user_delete", id=person["id"])
        assert person["id"] not in registry.holders_of(Duty.PPID)
        assert not registry.actor_for(person["id"]).duties
        with pytest.raises(tk.ValidationError) as refused:
            delegate(city, user="sementara", first=5, last=6)
        assert list(refused.value.error_dict) == ["user"]


def test_the_check_counts_who_holds_it_today(city) -> None:
    missing = 'Nobody who is active holds the duty "%(duty)s".'

    def nobody() -> list[str]:
        found = [f.params["duty"] for f in checks.check_agencies() if f.problem == missing]
        model.Session.rollback()
        return found

    with on(1):
        delegate(city, by="admin", organization="setda", first=2, last=3)
        city.act(
            "admin",
            "organization_member_delete",
            id="setda",
            username=city.users["penetap"]["name"],
            nomor_sk="SK/2/2026",
        )
        assert "Superior of the PPID" in nobody()
    with on(2):
        assert "Superior of the PPID" not in nobody()
    with on(4):
        assert "Superior of the PPID" in nobody()


def test_the_list_gives_each_what_is_theirs(city) -> None:
    with on(2):
        first = delegate(city)
        second = delegate(city, by="walidata", organization="diskominfo", user="staf")

        def ids(who, **values):
            return {d["id"] for d in city.act(who, "satudata_delegation_list", **values)}

        both = {first["id"], second["id"]}
        assert ids("admin") == ids("pengawas") == ids("walidata") == ids("warga") | ids("staf")
        assert ids("admin") == both
        assert ids("admin", organization="ppid") == {first["id"]}
        assert ids("penetap") == ids("produsen") == set()
        with pytest.raises(tk.NotAuthorized):
            ids(None)
        with refusal_of("organization"):
            ids("admin", organization="tidak-ada")


def test_strange_calls_over_http_are_answered_by_name(city, app) -> None:
    headers = city.token("admin")
    for body in ({}, {"organization": {"a": 1}}, {"organization": "ppid", "user": 7}):
        answer = app.post(
            "/api/3/action/satudata_delegation_create", json=body, headers=headers, status=None
        )
        assert answer.status_code == 409
        assert answer.json["error"]["__type"] == "Validation Error"
    for body, status in (({}, 409), ({"id": "x"}, 404), ({"id": ["x"]}, 409)):
        answer = app.post(
            "/api/3/action/satudata_delegation_revoke", json=body, headers=headers, status=None
        )
        assert answer.status_code == status
