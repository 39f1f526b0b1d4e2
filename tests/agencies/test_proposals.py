"""What a system administrator may not give alone somebody else confirms, once."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from ckan import model
from ckan.tests import factories

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.agencies import capacities, emergency, registry
from ckanext.satudata_pontianak.agencies.model import BreakGlassRow, DelegationRow, ProposalRow
from ckanext.satudata_pontianak.agencies.rules.duties import Duty
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger.service import entry_table

DECREE = "SK/1/2026"
PAGE = "/satudata/keanggotaan"
PASSWORD = "kata-sandi-yang-panjang-71"


def call(app, city, who, action, **params):
    answer = app.post(f"/api/3/action/{action}", headers=city.token(who), json=params)
    model.Session.rollback()
    return answer


def own_account(app, city, who="admin"):
    """An account that a system administrator made."""
    name = factories.User.stub().name
    sent = {"name": name, "email": f"{name}@contoh.example", "password": PASSWORD}
    made = call(app, city, who, "user_create", **sent)
    assert made.status_code == 200, made.json
    return name


def propose(app, city, user, who="admin", body="ppid", role="admin", **more):
    sent = {"organization": body, "user": user, "role": role, "nomor_sk": DECREE, **more}
    made = call(app, city, who, "satudata_membership_propose", **sent)
    assert made.status_code == 200, made.json
    return made.json["result"]["id"]


def capacity(body, name):
    model.Session.rollback()
    return capacities.members_of(model.Group.get(body).id).get(model.User.get(name).id)


def rows(body, name):
    """How many memberships a person has in a body."""
    query = sa.select(sa.func.count()).where(
        model.Member.group_id == model.Group.get(body).id,
        model.Member.table_id == model.User.get(name).id,
        model.Member.state == "active",
    )
    return model.Session.scalar(query)


def entries(event):
    model.Session.rollback()
    query = sa.select(entry_table.c.body).where(entry_table.c.event == event)
    return list(model.Session.scalars(query.order_by(entry_table.c.id)))


def told(kind):
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return sorted(model.Session.scalars(query.where(Notice.kind == kind)))


def test_an_admin_of_the_body_confirms_what_an_administrator_proposes(app, city) -> None:
    own = own_account(app, city)
    number = propose(app, city, own)
    assert capacity("ppid", own) is None
    assert told("membership_proposed") == ["pengawas", "ppid", "ppid-2"]
    for who, status in (("admin", 409), ("warga", 403), ("kepala_dinkes", 404), ("pengawas", 404)):
        refused = call(app, city, who, "satudata_membership_confirm", id=number)
        assert refused.status_code == status, (who, refused.json)
    assert capacity("ppid", own) is None
    done = call(app, city, "ppid", "satudata_membership_confirm", id=number)
    assert done.json["result"]["state"] == "confirmed"
    assert registry.actor_for(own).duties == {Duty.PPID}
    said = entries("member.add")[-1]
    assert said["actor"] == city.users["ppid"]["id"]
    detail = said["detail"]
    assert (detail["proposal"], detail["by"]) == (number, city.admin["id"])
    assert detail["nomor_sk"] == DECREE
    again = call(app, city, "ppid_2", "satudata_membership_confirm", id=number)
    assert again.status_code == 409
    assert rows("ppid", own) == 1


def test_an_administrator_proposes_themselves_and_no_account_of_theirs_confirms(app, city) -> None:
    own = own_account(app, city)
    call(app, city, "admin", "user_patch", id=own, sysadmin=True)
    city.users["boneka"] = {"name": own, "id": model.User.get(own).id}
    number = propose(app, city, city.admin["name"])
    refused = call(app, city, "boneka", "satudata_membership_confirm", id=number)
    assert refused.status_code == 409, refused.json
    assert "tiga orang" in refused.json["error"]["id"][0]
    other = factories.Sysadmin(name=factories.User.stub().name)
    city.users["lain"] = other
    assert call(app, city, "lain", "satudata_membership_confirm", id=number).status_code == 200
    assert capacity("ppid", city.admin["name"]) == "admin"


def test_of_a_body_that_decides_one_of_the_two_is_a_system_administrator(app, city) -> None:
    person = factories.User()["name"]
    number = propose(app, city, person, "ppid")
    refused = call(app, city, "ppid_2", "satudata_membership_confirm", id=number)
    assert refused.status_code == 409
    assert call(app, city, "admin", "satudata_membership_confirm", id=number).status_code == 200
    city.join("dinkes", "admin_dua", "admin")
    number = propose(app, city, person, "kepala_dinkes", "dinkes", "editor")
    assert call(app, city, "admin_dua", "satudata_membership_confirm", id=number).status_code == 200
    assert capacity("dinkes", person) == "editor"


def test_what_cannot_be_proposed_is_refused_by_field(app, city) -> None:
    person = factories.User()["name"]
    good = {"organization": "ppid", "user": person, "role": "admin", "nomor_sk": DECREE}
    for field, wrong in (
        ("organization", {"organization": "tidak-ada"}),
        ("organization", {"organization": ["ppid"]}),
        ("user", {"user": "tidak-ada"}),
        ("user", {"user": None}),
        ("role", {"role": "owner"}),
        ("role", {"role": None}),
        ("nomor_sk", {"nomor_sk": None}),
        ("nomor_sk", {"nomor_sk": "SK/tidak ada"}),
    ):
        refused = call(app, city, "admin", "satudata_membership_propose", **{**good, **wrong})
        assert refused.status_code == 409, (wrong, refused.json)
        assert field in refused.json["error"], (wrong, refused.json)
    for who in ("warga", "produsen", "kepala_dinkes", "walidata", "pengawas"):
        refused = call(app, city, who, "satudata_membership_propose", **good)
        assert refused.status_code == 403, who
    assert model.Session.query(ProposalRow).count() == 0
    propose(app, city, person)
    again = call(app, city, "admin", "satudata_membership_propose", **good)
    assert "user" in again.json["error"]
    for number in ("tidak-ada", None, 7):
        for step in ("confirm", "decline"):
            answer = call(app, city, "ppid", f"satudata_membership_{step}", id=number)
            assert answer.status_code in (404, 409), (number, answer.json)


def test_it_is_declined_or_withdrawn_and_ends_by_itself(app, city) -> None:
    own = own_account(app, city)
    for who, state in (("ppid", "declined"), ("admin", "withdrawn")):
        number = propose(app, city, own)
        done = call(app, city, who, "satudata_membership_decline", id=number)
        assert done.json["result"]["state"] == state
        late = call(app, city, "ppid_2", "satudata_membership_confirm", id=number)
        assert late.status_code == 409
    number = propose(app, city, own)
    row = model.Session.get(ProposalRow, number)
    assert dt.timedelta(days=13) < row.until - row.proposed_at <= dt.timedelta(days=14)
    row.until = row.proposed_at
    model.Session.commit()
    late = call(app, city, "ppid", "satudata_membership_confirm", id=number)
    assert late.status_code == 409
    assert capacity("ppid", own) is None
    propose(app, city, own)
    listed = city.act("pengawas", "satudata_membership_proposal_list")
    assert sorted(item["state"] for item in listed) == ["declined", "expired", "open", "withdrawn"]
    assert city.act("kepala_dinkes", "satudata_membership_proposal_list") == []


def test_of_two_who_confirm_at_once_one_wins(app, city) -> None:
    own = own_account(app, city)
    number = propose(app, city, own)
    headers = [city.token(who) for who in ("ppid", "ppid_2", "ppid", "ppid_2")]

    def confirm(header):
        client = app.flask_app.test_client(use_cookies=False)
        address = "/api/3/action/satudata_membership_confirm"
        return client.post(address, headers=header, json={"id": number}).status_code

    before = len(entries("member.add"))
    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(confirm, headers))
    assert found == [200, 409, 409, 409]
    assert rows("ppid", own) == 1
    assert len(entries("member.add")) == before + 1


def test_the_page_shows_what_waits_and_takes_both_steps(app, city) -> None:
    own = own_account(app, city)
    form = {"organization": "ppid", "user": own, "role": "admin", "nomor_sk": DECREE}
    for who, status in (("warga", 403), (None, 302), ("kepala_dinkes", 200), ("pengawas", 200)):
        page = app.get(PAGE, headers=city.token(who), follow_redirects=False)
        assert page.status_code == status, who
    wrong = {**form, "nomor_sk": "SK/tidak ada"}
    page = app.post(PAGE, headers=city.token("admin"), data=wrong)
    assert page.status_code == 422
    assert f'value="{own}"' in page.body
    sent = app.post(PAGE, headers=city.token("admin"), data=form, follow_redirects=False)
    assert sent.status_code == 302, sent.body
    number = model.Session.scalars(sa.select(ProposalRow.id)).one()
    assert f"{number}/pastikan" not in app.get(PAGE, headers=city.token("admin")).body
    assert f"{number}/pastikan" in app.get(PAGE, headers=city.token("ppid")).body
    assert number not in app.get(PAGE, headers=city.token("kepala_dinkes")).body
    for who, step, status in (
        ("kepala_dinkes", "pastikan", 404), ("warga", "tolak", 403), ("ppid", "lain", 404),
    ):  # fmt: skip
        answer = app.post(f"{PAGE}/{number}/{step}", headers=city.token(who))
        assert answer.status_code == status, (who, step)
    app.post(f"{PAGE}/{number}/pastikan", headers=city.token("ppid"))
    assert capacity("ppid", own) == "admin"


def glass(app, city):
    until = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    reason = "Walidata sakit, tidak ada orang lain"
    started = call(app, city, "admin", "satudata_break_glass_start", reason=reason, until=until)
    assert started.status_code == 200, started.json
    return started.json["result"]["id"]


def test_a_membership_by_emergency_access_ends_with_it(app, city) -> None:
    own = own_account(app, city)
    join = {"id": "ppid", "username": own, "nomor_sk": DECREE}
    glass(app, city)
    for role in ("editor", "admin"):
        made = call(app, city, "admin", "organization_member_create", **join, role=role)
        assert made.status_code == 200, made.json
    assert capacity("ppid", own) == "admin"
    assert call(app, city, "admin", "satudata_break_glass_end").status_code == 200
    assert capacity("ppid", own) is None
    said = entries("member.remove")[-1]["detail"]
    assert (said["user"], said["what"]) == (model.User.get(own).id, "emergency_ended")


def test_it_ends_when_its_time_is_over_before_anything_else_is_asked(app, city) -> None:
    own = own_account(app, city)
    city.users["milik"] = {"name": own, "id": model.User.get(own).id}
    today = days.today().isoformat()
    number = glass(app, city)
    join = {"id": "ppid", "username": own, "role": "admin", "nomor_sk": DECREE}
    assert call(app, city, "admin", "organization_member_create", **join).status_code == 200
    dates = {"from": today, "until": today, "nomor_sk": DECREE, "organization": "diskominfo"}
    laid = call(app, city, "admin", "satudata_delegation_create", user=own, **dates)
    assert laid.status_code == 200, laid.json
    assert registry.actor_for(own).duties == {Duty.PPID, Duty.WALIDATA}
    header = city.token("milik")
    row = model.Session.get(BreakGlassRow, number)
    row.until = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    model.Session.commit()
    assert len(emergency.over()) == 2
    app.get("/api/3/action/status_show", headers=header)
    assert capacity("ppid", own) is None
    assert registry.actor_for(own).duties == frozenset()
    assert model.Session.query(DelegationRow).one().revoked_at is not None
    assert emergency.over() == []


def test_what_somebody_else_confirmed_stays_when_emergency_access_ends(app, city) -> None:
    own = own_account(app, city)
    glass(app, city)
    join = {"id": "ppid", "username": own, "role": "admin", "nomor_sk": DECREE}
    assert call(app, city, "admin", "organization_member_create", **join).status_code == 200
    number = propose(app, city, own)
    assert call(app, city, "ppid", "satudata_membership_confirm", id=number).status_code == 200
    assert call(app, city, "admin", "satudata_break_glass_end").status_code == 200
    assert capacity("ppid", own) == "admin"
