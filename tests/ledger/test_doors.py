"""Whatever door a change or an attempt comes by, there is an entry."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories

from ckanext.satudata_pontianak.classification.records import definitions_in_force
from ckanext.satudata_pontianak.ledger import attempts, refusals
from ckanext.satudata_pontianak.ledger.service import entry_table
from ckanext.satudata_pontianak.ledger.tables import person_refusal_table, refusal_table

_c = entry_table.c


@pytest.fixture
def since(city):
    """The entries that came since the test began, of a family if one is given."""
    model.Session.rollback()
    start = model.Session.scalar(sa.select(sa.func.max(_c.id))) or 0

    def read(family=""):
        model.Session.rollback()
        query = sa.select(entry_table).where(_c.id > start, _c.event.startswith(family))
        return list(model.Session.execute(query.order_by(_c.id)))

    return read


@pytest.fixture
def run(cli):
    """Run a command of CKAN's own."""

    def ran(*args: str) -> None:
        done = cli.invoke(ckan, list(args))
        assert done.exit_code == 0, done.output
        model.Session.rollback()

    return ran


def test_accounts_made_and_raised_by_ckans_own_commands_are_recorded(city, since, run) -> None:
    name = factories.User.stub().name
    run("user", "add", name, f"email={name}@contoh.id", "password=rahasia-sekali-1")
    user = model.User.get(name)
    run("sysadmin", "add", name)
    user = model.User.get(name)
    user.state = "deleted"
    model.Session.commit()
    found = since("account.")
    assert [(e.event, e.body["after"]) for e in found] == [
        ("account.create", {"state": "active", "sysadmin": False}),
        ("account.change", {"state": "active", "sysadmin": True}),
        ("account.change", {"state": "deleted", "sysadmin": True}),
    ]
    assert {e.body["detail"]["user"] for e in found} == {user.id}
    assert {e.body["channel"] for e in found} == {"command"}
    assert name not in "".join(e.text for e in found)


def test_memberships_and_duties_changed_in_the_shell_are_recorded(city, since) -> None:
    group = model.Group.get("dinsos")
    user = city.users["warga"]["id"]
    member = model.Member(group_id=group.id, table_id=user, table_name="user", capacity="editor")
    model.Session.add(member)
    model.Session.commit()
    member.capacity = "admin"
    model.Session.commit()
    model.Session.query(model.Member).filter_by(table_id=user).update({"state": "deleted"})
    model.Session.commit()
    group.extras = {**group.extras, "sdi_role": '["walidata"]'}
    model.Session.commit()
    found = [e for e in since() if e.event.partition(".")[0] in ("member", "agency")]
    assert [(e.event, e.body["after"]) for e in found] == [
        ("member.add", {"capacity": "editor"}),
        ("member.change", {"capacity": "admin"}),
        ("member.bulk", None),
        ("agency.change", None),
    ]
    assert found[0].body["detail"]["agency"] == group.id
    assert all(e.body["detail"]["by"] == "direct" for e in found)


def test_what_our_doors_record_is_recorded_once(city, since) -> None:
    city.join("dinsos", "warga", "editor")
    city.act(
        "admin",
        "organization_member_delete",
        id="dinsos",
        username=city.users["warga"]["name"],
        nomor_sk="SK/1/2026",
    )
    assert [(e.event, "by" in e.body["detail"]) for e in since("member.")] == [
        ("member.add", False),
        ("member.remove", False),
    ]


def test_a_change_that_is_rolled_back_is_not_recorded(city, since) -> None:
    user = model.User.get(city.users["warga"]["name"])
    user.sysadmin = True
    model.Session.flush()
    model.Session.rollback()
    user = model.User.get(city.users["warga"]["name"])
    user.fullname = "Warga Kota"
    model.Session.commit()
    assert not since()


def test_a_known_persons_refusals_are_entries_and_others_are_counted(city, app, since) -> None:
    limited = city.limit()
    url = limited["resources"][0]["url"]
    before = len(since())
    app.get(url, headers=city.token("warga"), status=403)
    with pytest.raises(tk.NotAuthorized):
        city.act("warga", "satudata_hold_create", id=limited["id"], scope="data", reason="x" * 20)
    with pytest.raises(tk.ObjectNotFound):
        city.act("warga", "satudata_hold_create", id="tiada", scope="data", reason="x" * 20)
    told = [
        (e.outcome, e.dataset_id, e.body["detail"]["action"], e.body["detail"]["code"])
        for e in since()[before:]
        if e.event == "refused"
    ]
    assert told == [
        ("refused", limited["id"], "download", "not_allowed"),
        ("refused", limited["id"], "satudata_hold_create", "not_allowed"),
    ]
    model.Session.execute(sa.delete(refusal_table))
    model.Session.commit()
    for _ in range(3):
        app.get(url, status=403)
    app.post("/api/action/satudata_hold_create", json={"id": limited["id"]}, status=403)
    tries = sa.select(refusal_table.c.exit, sa.func.sum(refusal_table.c.tries)).group_by(
        refusal_table.c.exit
    )
    counts = {row[0]: row[1] for row in model.Session.execute(tries)}
    assert counts == {"download": 3, "satudata_hold_create": 1}
    assert len(since("refused")) == 2
    hour = refusal_table.c.minute - sa.text("interval '1 hour'")
    model.Session.execute(sa.update(refusal_table).values(minute=hour))
    model.Session.commit()
    assert refusals.gather() == 4
    (gathered,) = since("refused.anonymous")
    assert gathered.body["detail"]["count"] == 4
    assert {c["exit"] for c in gathered.body["detail"]["counted"]} == set(counts)
    assert refusals.gather() == 0


def test_a_persons_refusals_are_one_entry_a_minute_and_a_count(city, app, since) -> None:
    limited = city.limit()
    url = limited["resources"][0]["url"]
    for _ in range(7):
        app.get(url, headers=city.token("warga"), status=403)
    table = person_refusal_table
    rows = model.Session.execute(sa.select(table)).all()
    tries = sum(r.tries for r in rows)
    assert (len(since("refused")), tries) == (len(rows), 7)  # two where a minute ended meanwhile
    earlier = table.c.minute - sa.text("interval '1 hour'")
    model.Session.execute(sa.update(table).values(minute=earlier))
    model.Session.commit()
    assert refusals.gather() == 7 - len(rows)
    (again,) = since("refused.again")
    assert again.actor_id == city.users["warga"]["id"]
    assert again.outcome == "refused"
    assert again.body["detail"]["count"] == 7 - len(rows)
    assert {c["exit"] for c in again.body["detail"]["counted"]} == {"download"}
    assert refusals.gather() == 0


def test_a_refusal_in_a_batch_is_recorded(city, since) -> None:
    dataset = city.dataset()
    told = city.act(
        "warga", "satudata_classification_batch", items=[{"id": dataset["id"]}], transition="submit"
    )
    assert told["refused"] == 1
    (entry,) = since("refused")
    assert (entry.dataset_id, entry.body["detail"]["code"]) == (dataset["id"], "hidden")


@pytest.fixture
def nothing_waits(city) -> None:
    """Let what other tests tried be entries before this one begins."""
    attempts.gather()


def test_what_a_person_tried_at_a_hidden_dataset_is_an_entry_once_the_clock_came(
    city, app, nothing_waits, since
) -> None:
    """Written at once it would tell by its time what is there; so it waits for the clock."""
    dataset = city.dataset()
    headers = city.token("warga")
    for name in (dataset["name"], "tidak-ada-sama-sekali", dataset["id"]):
        sent = {"id": name, "title": "Lain"}
        app.post("/api/3/action/package_patch", json=sent, headers=headers, status=404)
    assert since("refused") == []
    assert attempts.gather() == 2
    (entry,) = since("refused")
    assert (entry.dataset_id, entry.actor_id) == (dataset["id"], city.users["warga"]["id"])
    detail = entry.body["detail"]
    assert (detail["action"], detail["code"], detail["count"]) == ("package_patch", "hidden", 2)
    assert attempts.gather() == 0


def test_another_definition_is_recorded_once(city, since, monkeypatch) -> None:
    definitions_in_force.record()
    before = len(since())
    assert not definitions_in_force.record()
    monkeypatch.setattr(
        definitions_in_force, "DEFAULT", definitions_in_force.DEFAULT.__class__("2099.1", ("nik",))
    )
    assert definitions_in_force.record()
    assert not definitions_in_force.record()
    (entry,) = since()[before:]
    assert entry.event == "definition.change"
    assert entry.body["detail"]["fields"] == ["ruleset", "digest"]
    assert entry.body["after"]["ruleset"] == "2099.1"
    assert len(entry.body["after"]["definitions"]["workflow.yaml"]) == 64


def test_a_text_in_the_place_of_a_step_is_in_no_entry(city, app) -> None:
    dataset, text = city.dataset(file=False), "NIK 6171014101900001"
    before = model.Session.scalar(sa.select(sa.func.max(entry_table.c.id)))
    given = {"id": dataset["id"], "transition": text}
    said = city.over_http(app, "produsen", "satudata_classification_transition", **given)
    assert said.status_code == 409
    items = {"items": [{"id": dataset["id"]}], "transition": text}
    city.over_http(app, "produsen", "satudata_classification_batch", **items)
    model.Session.rollback()
    added = sa.select(sa.func.string_agg(entry_table.c.text, "\n")).where(entry_table.c.id > before)
    assert text not in model.Session.scalar(added)
    assert '"action":"satudata_classification_transition"' in model.Session.scalar(added)
