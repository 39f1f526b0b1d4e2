"""A system administrator gives no membership and no duty to themselves or to accounts of theirs."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.agencies import capacities, makers, registry
from ckanext.satudata_pontianak.agencies.rules.duties import Duty
from ckanext.satudata_pontianak.ledger import reading
from ckanext.satudata_pontianak.ledger.service import entry_table

DECREE = "SK/1/2026"
PASSWORD = "kata-sandi-yang-panjang-71"
SAID = "dipastikan oleh orang lain"
LASTS = "tidak berakhir bersama akses darurat"


def members(body):
    model.Session.rollback()
    return capacities.members_of(model.Group.get(body).id)


def capacity(body, name):
    return members(body).get(model.User.get(name).id)


def call(app, city, who, action, **params):
    """Call an action over HTTP, as whoever runs a site does."""
    return app.post(f"/api/3/action/{action}", headers=city.token(who), json=params)


def make_account(app, city, name, who="admin"):
    """Return an account that a system administrator made."""
    made = call(
        app, city, who, "user_create",
        name=name, email=f"{name}@contoh.example", password=PASSWORD,
    )  # fmt: skip
    assert made.status_code == 200, made.json
    return made.json["result"]["name"]


def second_admin(city, name):
    """Return another system administrator, made on the server."""
    user = factories.Sysadmin(name=factories.User.stub().name)
    city.users[name] = user
    city.tokens.pop(name, None)
    return user["name"]


def glass(app, city, who="admin"):
    until = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    reason = "Walidata sakit, tidak ada orang lain"
    started = call(app, city, who, "satudata_break_glass_start", reason=reason, until=until)
    assert started.status_code == 200, started.json
    return started.json["result"]["id"]


def last(event):
    model.Session.rollback()
    query = sa.select(sa.func.max(entry_table.c.id)).where(entry_table.c.event == event)
    number = model.Session.scalar(query) or 0
    wanted = reading.Wanted(event=event)
    found = reading.entries(model.Session, wanted, after=number - 1)
    return found[-1]["said"] if found else None


def ways(body, user, role):
    """Every door that makes somebody a member."""
    member = {"object": user, "object_type": "user", "capacity": role}
    listed = [{"name": user, "capacity": role}]
    kept = [
        {"name": model.User.get(i).name, "capacity": c} for i, c in sorted(members(body).items())
    ]
    return {
        "member_create": {"id": body, **member},
        "organization_member_create": {"id": body, "username": user, "role": role},
        "group_member_create": {"id": body, "username": user, "role": role},
        "organization_update": {"id": body, "users": kept + listed},
        "organization_patch": {"id": body, "users": kept + listed},
        "organization_create": {"name": "badan-baru", "title": "Badan", "users": listed},
    }


def test_no_door_makes_a_system_administrator_a_member(app, city):
    own = make_account(app, city, "akun-buatan-satu")
    for body in ("ppid", "dinkes"):
        before = members(body)
        for user in (city.admin["name"], own):
            for action, params in ways(body, user, "admin").items():
                refused = call(app, city, "admin", action, nomor_sk=DECREE, **params)
                assert refused.status_code == 409, (action, refused.json)
                assert SAID in str(refused.json["error"]["users"])
                assert members(body) == before, action
    assert model.Group.get("badan-baru") is None
    assert registry.actor_for(city.admin["name"]).member_of == frozenset()


def test_somebody_who_did_not_make_the_account_adds_it(app, city):
    own = make_account(app, city, "akun-buatan-dua")
    second_admin(city, "lain")
    join = {"id": "dinkes", "username": own, "role": "editor"}
    assert call(app, city, "lain", "organization_member_create", **join).status_code == 200
    assert capacity("dinkes", own) == "editor"
    # Less is no gain, and what does not change asks nothing.
    join["role"] = "member"
    assert call(app, city, "admin", "organization_member_create", **join).status_code == 200
    shown = call(app, city, "admin", "organization_show", id="dinkes", include_users=True)
    kept = {"id": "dinkes", "title": "Dinas", "users": shown.json["result"]["users"]}
    assert call(app, city, "admin", "organization_patch", **kept).status_code == 200
    assert capacity("dinkes", own) == "member"


def test_accounts_of_one_maker_do_not_act_for_one_another(app, city):
    made = make_account(app, city, "admin-buatan")
    patched = call(app, city, "admin", "user_patch", id=made, sysadmin=True)
    assert patched.json["result"]["sysadmin"] is True
    city.users["boneka"] = {"name": made, "id": model.User.get(made).id}
    other = make_account(app, city, "akun-buatan-tiga")
    for user in (city.admin["name"], made, other):
        join = {"id": "ppid", "username": user, "role": "admin", "nomor_sk": DECREE}
        refused = call(app, city, "boneka", "organization_member_create", **join)
        assert refused.status_code == 409, user
    assert registry.actor_for(made).duties == frozenset()


def test_an_agencys_admin_made_by_an_administrator_brings_in_neither_them_nor_theirs(app, city):
    head = make_account(app, city, "kepala-buatan")
    city.users["kepala_buatan"] = {"name": head, "id": model.User.get(head).id}
    other = make_account(app, city, "akun-buatan-tujuh")
    second_admin(city, "lain")
    join = {"id": "dinsos", "username": head, "role": "admin"}
    assert call(app, city, "lain", "organization_member_create", **join).status_code == 200
    for user in (city.admin["name"], other):
        join = {"id": "dinsos", "username": user, "role": "member"}
        refused = call(app, city, "kepala_buatan", "organization_member_create", **join)
        assert refused.status_code == 409, user
        assert capacity("dinsos", user) is None
    join["username"] = factories.User()["name"]
    made = call(app, city, "kepala_buatan", "organization_member_create", **join)
    assert made.status_code == 200, made.json


def test_an_account_is_in_hand_after_its_password_was_set(app, city):
    warga = factories.User()["name"]  # nobody of the city: the ledger remembers
    join = {"id": "disdukcapil", "username": warga, "role": "member"}
    assert call(app, city, "admin", "organization_member_create", **join).status_code == 200
    glass(app, city)
    set_one = call(app, city, "admin", "user_patch", id=warga, password=PASSWORD)
    assert set_one.status_code == 200, set_one.json
    assert call(app, city, "admin", "satudata_break_glass_end").status_code == 200
    join["role"] = "editor"
    refused = call(app, city, "admin", "organization_member_create", **join)
    assert refused.status_code == 409
    assert capacity("disdukcapil", warga) == "member"


def test_an_invitation_of_a_system_administrator_makes_no_account(app, city):
    before = model.Session.query(model.User).count()
    invite = {"email": "undangan@contoh.example", "group_id": "dinkes", "role": "editor"}
    refused = call(app, city, "admin", "user_invite", **invite)
    assert refused.status_code == 409
    model.Session.rollback()
    assert model.Session.query(model.User).count() == before


def test_a_duty_or_a_parent_is_not_laid_where_own_accounts_are_members(app, city):
    own = make_account(app, city, "akun-buatan-empat")
    second_admin(city, "lain")
    join = {"id": "dinsos", "username": own, "role": "admin"}
    assert call(app, city, "lain", "organization_member_create", **join).status_code == 200
    duties = {"id": "dinsos", "sdi_role": ["produsen_data", "pengawas"], "nomor_sk": DECREE}
    for params in (duties, {"id": "disdukcapil", "parent": "dinsos", "nomor_sk": DECREE}):
        refused = call(app, city, "admin", "organization_patch", **params)
        assert refused.status_code == 409, params
        assert SAID in str(refused.json["error"]["users"])
    assert registry.actor_for(own).duties == frozenset()
    hang = {"id": "disdukcapil", "object": "dinsos", "object_type": "group", "capacity": "parent"}
    assert call(app, city, "admin", "member_create", nomor_sk=DECREE, **hang).status_code == 409
    assert registry.agency("disdukcapil").parent_id is None
    assert call(app, city, "lain", "organization_patch", **duties).status_code == 200
    assert registry.actor_for(own).duties == {Duty.PENGAWAS}


def test_a_duty_is_not_delegated_to_an_account_of_ones_own(app, city):
    own = make_account(app, city, "akun-buatan-lima")
    today = days.today().isoformat()
    dates = {"from": today, "until": today, "nomor_sk": DECREE, "organization": "ppid"}
    refused = call(app, city, "admin", "satudata_delegation_create", user=own, **dates)
    assert refused.status_code == 409
    assert "Akun ini dibuat" in refused.json["error"]["user"][0]
    assert registry.actor_for(own).duties == frozenset()


def test_emergency_access_is_the_other_way_and_is_recorded(app, city):
    own = make_account(app, city, "akun-buatan-enam")
    started = glass(app, city)
    join = {"id": "ppid", "username": own, "role": "admin", "nomor_sk": DECREE}
    made = call(app, city, "admin", "organization_member_create", **join)
    assert made.status_code == 200, made.json
    assert last("member.add")["detail"]["break_glass"] == started
    assert call(app, city, "admin", "satudata_break_glass_end").status_code == 200


def test_emergency_access_lays_no_duty_and_no_parent_that_would_outlast_it(app, city):
    own = make_account(app, city, "akun-buatan-delapan")
    second_admin(city, "lain")
    join = {"id": "dinsos", "username": own, "role": "admin"}
    assert call(app, city, "lain", "organization_member_create", **join).status_code == 200
    glass(app, city)
    duties = {"sdi_role": ["produsen_data", "pengawas"], "nomor_sk": DECREE}
    decree = {"title": "Judul lain", "nomor_sk": DECREE}
    below = {"parent": "dinsos", "nomor_sk": DECREE}
    hang = {"object": "dinsos", "object_type": "group", "capacity": "parent", "nomor_sk": DECREE}
    for action, params in (
        ("organization_patch", {"id": "dinsos", **duties}),
        ("organization_update", {"id": "dinsos", "title": "Dinsos", **duties}),
        ("organization_patch", {"id": "disdukcapil", **below}),
        ("organization_update", {"id": "disdukcapil", "groups": [{"name": "dinsos"}], **decree}),
        ("member_create", {"id": "disdukcapil", **hang}),
    ):
        refused = call(app, city, "admin", action, **params)
        assert refused.status_code == 409, (action, params)
        assert LASTS in str(refused.json["error"]["users"]), (action, refused.json)
    title = {"title": "Judul lain", "save": ""}
    for body, form in (("dinsos", duties), ("disdukcapil", below)):
        sent = {"name": body, **title, **form}
        page = app.post(f"/organization/edit/{body}", headers=city.token("admin"), data=sent)
        assert LASTS in page.text, page.text[:300]
    # What is closed with one's own people in it is not opened so either.
    closed = call(app, city, "lain", "organization_delete", id="dinsos")
    assert closed.status_code == 200, closed.json
    model.Session.rollback()
    group = model.Group.get("dinsos")
    capacities.set_capacity(group.id, model.User.get(own).id, "admin")
    model.Session.commit()
    opened = {"id": "dinsos", "state": "active"}
    refused = call(app, city, "admin", "organization_patch", **opened)
    assert refused.status_code == 409, refused.json
    assert call(app, city, "admin", "satudata_break_glass_end").status_code == 200
    assert registry.actor_for(own).duties == frozenset()
    assert registry.agency("disdukcapil").parent_id is None
    assert model.Group.get("dinsos").title == "Dinsos"


def test_the_page_of_a_new_agency_makes_its_creator_no_member(app, city):
    sent = {"name": "badan-halaman", "title": "Badan Halaman", "save": ""}
    made = app.post("/organization/new", headers=city.token("admin"), data=sent)
    assert made.status_code == 200, made.text[:500]
    assert members("badan-halaman") == {}


def test_passwords_are_recorded_whoever_sets_them(app, city, cli):
    warga = factories.User()
    model.Session.rollback()
    ran = cli.invoke(ckan, ["user", "setpass", warga["name"]], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert ran.exit_code == 0, ran.output
    said = last("account.password")
    assert (said["actor"], said["detail"]["user"]) == (None, warga["id"])
    # By whoever runs the server: nobody on the portal had the account in hand.
    assert makers.dependent(city.admin["id"], frozenset({warga["id"]})) == frozenset()


def test_a_password_of_ones_own_says_nothing_of_others(app, city):
    number = model.Session.scalar(sa.select(sa.func.max(entry_table.c.id)))
    name = city.person("produsen")["name"]
    tk.get_action("user_patch")(
        {"user": name, "ignore_auth": False}, {"id": name, "fullname": "Nama Lain"}
    )
    model.Session.rollback()
    assert model.Session.scalar(sa.select(sa.func.max(entry_table.c.id))) == number
