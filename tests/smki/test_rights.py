"""The review of rights: line by line, by somebody else than whose right it is."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.smki import tasks
from ckanext.satudata_pontianak.smki.records import roles
from ckanext.satudata_pontianak.smki.records.model import SmkiRole, SmkiTask
from ckanext.satudata_pontianak.smki.records.reviewing_model import SmkiRight
from ckanext.satudata_pontianak.smki.reviewing import rights
from ckanext.satudata_pontianak.smki.rules import planning
from ckanext.satudata_pontianak.smki.rules.definition import smki
from ckanext.satudata_pontianak.smki.rules.planning import Planned

from .lines import day, lay

DONE = {"result": "in_order", "note": "Semua baris sudah dijawab."}


@pytest.fixture
def task(city) -> SmkiTask:
    """Hand out the task of the period, and return it."""
    spec = smki().tasks.tasks[rights.TASK]
    period = spec.period_of(tasks.days.today())
    today = tasks.days.today()
    planned = planning.of_period(spec, str(period))
    # A period that begins on a holiday opens on a day that may still lie ahead.
    row = tasks.open_task(replace(planned, opens=min(planned.opens, today)), roles.holders())
    model.Session.commit()
    assert row is not None
    return row


def listed(city, task, who="walidata", **asked):
    return city.act(who, "satudata_smki_rights_list", task=task.number, **{"limit": 500, **asked})


def answer(city, task, who="walidata", **asked):
    return city.act(who, "satudata_smki_rights_answer", task=task.number, **asked)


def line_of(city, task, user, who="walidata", **asked):
    name = city.person(user)["name"]
    return next(r for r in listed(city, task, who, **asked)["results"] if r["user"] == name)


def confirm_all(city, task, *people) -> None:
    for who in people:
        ids = [r["id"] for r in listed(city, task, who)["results"] if not r["own"]]
        answer(city, task, who, confirmed=ids)


def test_the_list_has_every_right_that_somebody_has(city, task) -> None:
    lay(city, "operator", "staf")
    found = listed(city, task)
    by_kind = {
        kind: [r for r in found["results"] if r["kind"] == kind]
        for kind in ("member", "role", "administrator")
    }
    members = (
        sa.select(sa.func.count())
        .select_from(model.Member)
        .join(model.User, model.User.id == model.Member.table_id)
        .join(model.Group, model.Group.id == model.Member.group_id)
        .where(
            model.Member.table_name == "user",
            model.Member.state == "active",
            model.User.state == "active",
            model.Group.is_organization.is_(True),
            model.Group.state == "active",
        )
    )
    assert len(by_kind["member"]) == model.Session.scalar(members)
    assert [r["role"] for r in by_kind["role"]] == ["Operator of the server"]
    assert by_kind["administrator"]
    own = [r for r in found["results"] if r["own"]]
    assert [r["user"] for r in own] == [city.users["walidata"]["name"]]
    assert (found["answered"], found["own"]) == (0, 1)
    assert own[0]["duties"]
    assert len(listed(city, task, limit=2, offset=1)["results"]) == 2


def test_the_task_is_done_once_each_line_is_answered_and_nobody_answers_their_own(
    city, task
) -> None:
    mine = line_of(city, task, "walidata")
    with pytest.raises(tk.ValidationError) as refusal:
        answer(city, task, confirmed=[mine["id"]])
    assert set(refusal.value.error_dict) == {"confirmed"}
    with pytest.raises(tk.ValidationError):
        city.act("walidata", "satudata_smki_task_do", task=task.number, **DONE)
    confirm_all(city, task, "walidata")
    assert listed(city, task)["count"] == 1
    with pytest.raises(tk.ValidationError) as refusal:
        city.act("walidata", "satudata_smki_task_do", task=task.number, **DONE)
    assert "1 of them are your own" in str(refusal.value.error_dict)
    confirm_all(city, task, "penetap")
    assert listed(city, task)["count"] == 0
    assert city.act("walidata", "satudata_smki_task_do", task=task.number, **DONE)["receipt"]
    with pytest.raises(tk.ValidationError):
        answer(city, task, confirmed=[mine["id"]])


def test_what_changes_or_comes_later_waits_again_and_the_rest_stays_answered(city, task) -> None:
    confirm_all(city, task, "walidata", "penetap")
    city.join("dinkes", "staf", "editor")
    (new,) = listed(city, task)["results"]
    assert (new["capacity"], new["new"], new["verdict"]) == ("Editor", True, None)
    with pytest.raises(tk.ValidationError):
        city.act("walidata", "satudata_smki_task_do", task=task.number, **DONE)
    answer(city, task, confirmed=[new["id"]])
    city.join("dinkes", "staf", "admin")
    (changed,) = listed(city, task)["results"]
    assert (changed["capacity"], changed["new"]) == ("Admin", True)
    with pytest.raises(tk.ValidationError) as refusal:
        answer(city, task, confirmed=[new["id"]])
    assert "changed since" in str(refusal.value.error_dict)


def test_a_right_to_be_withdrawn_becomes_a_task_that_ends_once_the_right_is_gone(
    city, task
) -> None:
    city.join("dinkes", "staf", "editor")
    line = line_of(city, task, "staf")
    assert answer(city, task, withdrawn=[line["id"]])["withdrawn"] == 1
    row = model.Session.scalars(sa.select(SmkiTask).where(SmkiTask.kind == "right_withdrawn")).one()
    shown = city.act("walidata", "satudata_smki_task_show", task=row.number)
    assert line["person"] in shown["about"]
    assert line["agency"] in shown["about"]
    answer(city, task, withdrawn=[line["id"]])
    count = sa.select(sa.func.count()).where(SmkiTask.kind == "right_withdrawn")
    assert model.Session.scalar(count) == 1
    assert rights.settle() == 0
    said = {"result": "in_order", "note": "Sudah dicabut di halaman anggota."}
    with pytest.raises(tk.ValidationError) as refusal:
        city.act("walidata", "satudata_smki_task_do", task=row.number, **said)
    assert "still stands" in str(refusal.value.error_dict)
    gone = {"id": "dinkes", "username": city.users["staf"]["name"], "nomor_sk": "SK/1/2026"}
    city.act("admin", "organization_member_delete", **gone)
    assert rights.settle() == 1
    model.Session.refresh(row)
    assert row.state == "mended"


def test_a_right_that_stays_after_all_ends_the_task_of_withdrawing_it(city, task) -> None:
    city.join("dinkes", "staf", "editor")
    line = line_of(city, task, "staf")
    answer(city, task, withdrawn=[line["id"]])
    answer(city, task, "walidata_2", confirmed=[line["id"]])
    row = model.Session.scalars(sa.select(SmkiTask).where(SmkiTask.kind == "right_withdrawn")).one()
    assert row.state == "mended"
    stands = line_of(city, task, "staf", state="all")
    assert (stands["verdict"], stands["by"]) == (
        "confirmed",
        line_of(city, task, "walidata_2", state="all")["person"],
    )


def test_an_answer_that_is_older_than_it_holds_waits_again(city, task) -> None:
    confirm_all(city, task, "walidata", "penetap")
    task.opened -= dt.timedelta(days=120)
    model.Session.execute(
        sa.update(SmkiRight).values(decided_at=SmkiRight.decided_at - dt.timedelta(days=80))
    )
    model.Session.commit()
    assert listed(city, task)["count"] == 0
    model.Session.execute(
        sa.update(SmkiRight).values(decided_at=SmkiRight.decided_at - dt.timedelta(days=20))
    )
    model.Session.commit()
    assert listed(city, task)["answered"] == 0


def test_what_was_answered_for_a_red_control_counts_for_the_task_that_ends_its_own(city) -> None:
    today = tasks.days.today()
    asked = Planned(rights.TASK, f"{today} 08:00", "walidata", today - dt.timedelta(days=9), today)
    first = tasks.open_task(asked, roles.holders())
    model.Session.commit()
    assert first is not None
    confirm_all(city, first, "walidata", "penetap")
    earlier = SmkiRight.decided_at - dt.timedelta(days=5)
    model.Session.execute(sa.update(SmkiRight).values(decided_at=earlier))
    model.Session.commit()
    (second,) = [row for row in tasks.hand_out() if row.kind == rights.TASK]
    model.Session.refresh(first)
    assert first.state == "mended"
    assert listed(city, second)["count"] == 0


def test_whose_right_is_withdrawn_is_told_to_who_reads_it_and_to_who_does_it(city, task) -> None:
    city.join("dinkes", "staf", "editor")
    lay(city, "operator", "produsen")
    answer(city, task, withdrawn=[line_of(city, task, "staf")["id"]])
    row = model.Session.scalars(sa.select(SmkiTask).where(SmkiTask.kind == "right_withdrawn")).one()
    said = {}
    for who in ("walidata", "pengawas", "ppid", "produsen"):
        said[who] = city.act(who, "satudata_smki_task_show", task=row.number)["about"]
        (again,) = (
            r["about"]
            for r in city.act(who, "satudata_smki_task_list")["results"]
            if r["number"] == row.number
        )
        assert again == said[who]
    assert said["walidata"] == said["pengawas"] is not None
    assert said["ppid"] is said["produsen"] is None
    row.user_id = city.users["produsen"]["id"]
    model.Session.commit()
    assert city.act("produsen", "satudata_smki_task_show", task=row.number)["about"]


def test_a_role_that_is_no_longer_defined_is_answered_by_its_name(city, task) -> None:
    lay(city, "operator", "staf")
    model.Session.execute(sa.update(SmkiRole).values(role="of_before"))
    model.Session.commit()
    (line,) = (r for r in listed(city, task)["results"] if r["kind"] == "role")
    assert line["role"] == "of_before"
    assert answer(city, task, withdrawn=[line["id"]])["withdrawn"] == 1
    row = model.Session.scalars(sa.select(SmkiTask).where(SmkiTask.kind == "right_withdrawn")).one()
    assert "of_before" in city.act("walidata", "satudata_smki_task_show", task=row.number)["about"]


@pytest.mark.parametrize("who", [None, "warga", "produsen", "ppid"])
def test_who_does_not_keep_the_register_of_people_sees_no_line(city, task, who) -> None:
    with pytest.raises(tk.NotAuthorized):
        listed(city, task, who)
    with pytest.raises(tk.NotAuthorized):
        answer(city, task, who, confirmed=[])


def test_who_audits_sees_the_list_and_answers_nothing(city, task) -> None:
    line = line_of(city, task, "staf" if "staf" in city.users else "produsen", "pengawas")
    with pytest.raises(tk.ValidationError):
        answer(city, task, "pengawas", confirmed=[line["id"]])
    other = planning.of_period(smki().tasks.tasks["heads_kept"], "2025-01")
    row = tasks.open_task(other, roles.holders())
    model.Session.commit()
    with pytest.raises(tk.ObjectNotFound):
        listed(city, row)


def test_the_ledger_holds_that_a_line_was_answered_and_nobodys_name(city, task) -> None:
    line = line_of(city, task, "produsen")
    answer(city, task, confirmed=[line["id"]])
    query = sa.select(entry_table.c.text).where(entry_table.c.event == "smki.right_confirmed")
    text = model.Session.scalars(query.order_by(entry_table.c.id.desc())).first()
    assert text is not None
    assert set(json.loads(text)["detail"]) == {"task", "right", "result"}
    assert line["user"] not in text


def test_the_review_goes_on_by_pages_where_it_was_left(city, app, task) -> None:
    home = f"/satudata/keamanan/tugas/{task.number}"
    mine = city.token("walidata")
    assert app.get(f"{home}/hak", follow_redirects=False).status_code == 302
    assert app.get(f"{home}/hak", headers=city.token("ppid")).status_code == 403
    assert app.get("/satudata/keamanan/tugas/999999/hak", headers=mine).status_code == 404
    assert f"{home}/hak" in app.get(home, headers=mine).body
    line = line_of(city, task, "produsen")
    page = app.get(f"{home}/hak", headers=mine).body
    assert f"line-{line['id']}" in page
    own = line_of(city, task, "walidata")
    assert f"line-{own['id']}" not in page
    sent = {f"line-{line['id']}": "confirmed"}
    assert app.post(f"{home}/hak", headers=city.token("pengawas"), data=sent).status_code == 422
    made = app.post(f"{home}/hak", headers=mine, data=sent, follow_redirects=False)
    assert made.status_code == 302
    assert f"line-{line['id']}" not in app.get(f"{home}/hak", headers=mine).body
    assert f"line-{line['id']}" in app.get(f"{home}/hak?state=all", headers=mine).body
    stale = {f"line-{own['id']}": "confirmed"}
    assert app.post(f"{home}/hak", headers=mine, data=stale).status_code == 422
    assert app.post(home, headers=mine, data=DONE).status_code == 422
    confirm_all(city, task, "walidata", "penetap")
    assert app.post(home, headers=mine, data=DONE, follow_redirects=False).status_code == 302
    at = dt.datetime.fromisoformat(listed(city, task, state="all")["results"][0]["at"])
    assert day(0) == at.astimezone(tasks.days.CITY).date().isoformat()
