"""The first holder of a duty is made on the server; each membership is told."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories

from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.agencies.rules.duties import Duty
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger.service import entry_table

DECREE = "SK/1/2026"


def told(city):
    """Whom the last changes of members were told, by name."""
    model.Session.rollback()
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return sorted(model.Session.scalars(query.where(Notice.kind == "membership_changed")))


def test_while_nobody_holds_a_duty_the_server_makes_the_first(city, cli):
    person = factories.User()["name"]

    def run(*args):
        done = cli.invoke(ckan, ["satudata", "duty", *args, "--nomor-sk", DECREE])
        model.Session.rollback()
        return done

    held = run("walidata", person)
    assert held.exit_code == 1
    for who in ("walidata", "walidata_2"):
        gone = {"id": "diskominfo", "username": city.users[who]["name"], "nomor_sk": DECREE}
        city.act("admin", "organization_member_delete", **gone)
    assert registry.holders_of(Duty.WALIDATA) == []
    assert run("walidata", "tidak-ada").exit_code == 1
    assert run("walidata", city.admin["name"]).exit_code == 1
    assert registry.holders_of(Duty.WALIDATA) == []
    unrecorded = cli.invoke(ckan, ["satudata", "duty", "walidata", person, "--nomor-sk", "SK/77"])
    model.Session.rollback()
    assert unrecorded.exit_code == 1
    assert "--day" in unrecorded.output
    made = run("walidata", person)
    assert made.exit_code == 0, made.output
    assert registry.actor_for(person).duties == {Duty.WALIDATA}
    query = sa.select(entry_table).where(entry_table.c.event == "member.add")
    last = model.Session.execute(query.order_by(entry_table.c.id.desc()).limit(1)).one()
    assert (last.actor_id, last.body["channel"]) == (None, "command")
    assert last.body["detail"]["nomor_sk"] == DECREE
    assert last.body["detail"]["user"] == model.User.get(person).id
    assert run("walidata", factories.User()["name"]).exit_code == 1


def test_each_membership_is_told_to_the_admins_of_the_body_and_the_auditor(city):
    model.Session.execute(sa.delete(Notice))
    model.Session.commit()
    city.join("dinsos", "pegawai_lain", "member")
    assert told(city) == ["pengawas"]  # the body has no admin
    city.join("dinkes", "pegawai_lain", "editor")
    assert told(city) == ["kepala-dinkes", "pengawas", "pengawas"]
    leave = {"id": "dinkes", "username": city.users["pegawai_lain"]["name"]}
    city.act("kepala_dinkes", "organization_member_delete", **leave)
    assert told(city) == ["kepala-dinkes", "kepala-dinkes", "pengawas", "pengawas", "pengawas"]
