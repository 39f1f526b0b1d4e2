"""The life of an app through the API: who takes a step, what it asks, who learns of it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.jepin.records.lifecycle import Life, lives
from ckanext.satudata_pontianak.jepin.records.pulse_model import PulseTarget
from ckanext.satudata_pontianak.jepin.records.register_model import AppLife, AppStep
from ckanext.satudata_pontianak.jepin.register import overdue

from ..refusals import refusal_of
from .apps import app_of, publish_app, step, walk

WHY = "Diputuskan dalam rapat bersama."


def rows() -> tuple[int, int]:
    counts = [sa.select(sa.func.count()).select_from(t) for t in (AppLife, AppStep)]
    first, second = (model.Session.scalar(count) for count in counts)
    return first or 0, second or 0


def test_an_app_goes_from_its_draft_to_its_end_and_each_step_is_in_the_ledger(city):
    made, other = publish_app(city), walk(city, publish_app(city), "start")
    assert lives([made["id"], "nothing"]) == {
        made["id"]: Life("draft"),
        "nothing": Life("draft"),
    }
    for name, state in (
        ("start", "active"),
        ("disturb", "disturbed"),
        ("restore", "active"),
        ("question", "review"),
    ):
        done = step(city, "produsen", made, name)
        assert (done["state"], bool(done["receipt"]["entry"])) == (state, True)
        assert lives([made["id"]])[made["id"]].reason == ""
    done = step(
        city, "walidata", made, "retire", day="2026-11-20", successor=other["name"], reason=WHY
    )
    assert done["state"] == "retired"
    assert done["successor"] == {"name": other["name"], "title": other["title"]}
    life = lives([made["id"]])[made["id"]]
    assert (life.state, str(life.since), life.successor) == ("retired", "2026-11-20", other["id"])
    assert (life.reason, life.ended) == (WHY, True)
    said = [row["step"] for row in done["history"]]
    assert said == ["retire", "question", "restore", "disturb", "start"]
    entry = sa.text(
        "SELECT body ->> 'event' FROM satudata_ledger.entry WHERE body ->> 'dataset' = :id"
        " AND body ->> 'event' LIKE 'jepin.%'"
        " AND body ->> 'event' <> 'jepin.target' ORDER BY id"
    )
    events = model.Session.scalars(entry, {"id": made["id"]}).all()
    assert events == [f"jepin.{name}" for name in reversed(said)]


def test_the_address_of_an_app_is_asked_once_it_is_in_use(city):
    made, outside = publish_app(city), publish_app(city, url="https://contoh.example")
    assert model.Session.get(PulseTarget, made["id"]) is None
    walk(city, made, "start")
    assert model.Session.get(PulseTarget, made["id"]).web == made["url"]
    walk(city, outside, "start")
    assert model.Session.get(PulseTarget, outside["id"]) is None


def test_the_public_reads_how_it_ended_and_nothing_else(city):
    made = walk(city, publish_app(city), "start", "disturb")
    seen = city.act(None, "satudata_jepin_app_show", id=made["name"])
    assert (seen["word"], seen["state"], seen["state_label"], seen["since"]) == (
        "disturbed", None, "Disturbed", None,
    )  # fmt: skip
    assert (seen["help"], seen["reason"], seen["history"], seen["steps"]) == ("", "", [], [])
    assert city.act("produsen", "satudata_jepin_app_show", id=made["id"])["state"] == "disturbed"
    assert (seen["due"], seen["works_on"], seen["secures"]) == (None, False, False)
    walk(city, made, "question")
    under = city.act(None, "satudata_jepin_app_show", id=made["name"])
    assert (under["word"], under["state"]) == (None, None), "a review is for who works on it"
    step(city, "walidata", made, "retire", day="2026-11-20", none=True, reason=WHY)
    seen = city.act(None, "satudata_jepin_app_show", id=made["name"])
    assert (seen["word"], seen["since"], seen["reason"]) == ("closed", "2026-11-20", WHY)
    assert (seen["state"], seen["state_label"]) == (None, "Closed down")
    assert (seen["successor"], seen["history"]) == (None, [])


def test_the_owner_is_told_once_of_a_day_that_passed_and_the_next_step_ends_it(city, app):
    made, other = walk(city, publish_app(city), "start", "question"), publish_app(city)
    hidden, who = app_of(city), city.token("produsen")
    shown = city.act("produsen", "satudata_jepin_app_show", id=made["id"])
    due = dt.date.fromisoformat(shown["due"])

    def told() -> set[str]:
        query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
        found = Notice.kind == overdue.TOLD, Notice.package_id == made["id"]
        return set(model.Session.scalars(query.where(*found)))

    def late(who: str) -> set[tuple[str, str]]:
        found = city.act(who, "satudata_jepin_late_list")
        assert found["count"] == len(found["results"])
        return {(row["name"], row["state"]) for row in found["results"]}

    overdue.remind(due)
    assert (told(), late("produsen")) == (set(), set())
    assert overdue.remind(due + dt.timedelta(days=1)) > 0
    assert city.users["produsen"]["name"] in told()
    assert not {city.users[each]["name"] for each in ("walidata", "produsen_lain")} & told()
    assert overdue.remind(due + dt.timedelta(days=1)) == 0
    model.Session.get(AppLife, made["id"]).since = due - dt.timedelta(days=90)
    long_ago = dt.datetime.fromisoformat("2026-01-05T03:00:00")
    for each in (other, hidden):
        model.Package.get(each["id"]).metadata_created = long_ago
    model.Session.commit()
    assert overdue.remind() > 0  # another day
    mine = {(made["name"], "review"), (other["name"], "draft"), (hidden["name"], "draft")}
    assert late("produsen") == late("walidata") == mine
    assert late("produsen_lain") == late("warga") == set()
    body = app.get("/satudata/jepin/laporan", headers=who).body
    assert (body.count("data-late="), "3 aplikasi" in body) == (3, True)
    of_mine = Notice.kind == overdue.TOLD, Notice.user_id == city.users["produsen"]["id"]
    number = model.Session.scalar(sa.select(sa.func.min(Notice.id)).where(*of_mine))
    answer = app.get(f"/satudata/pemberitahuan/{number}", headers=who, follow_redirects=False)
    assert answer.headers["Location"].endswith("/satudata/jepin/laporan")
    step(city, "produsen", made, "keep")
    assert late("produsen") == mine - {(made["name"], "review")}


def test_a_step_is_refused_to_who_may_not_take_it(city, app):
    made = publish_app(city)
    before = rows()
    for who, status in ((None, 403), ("warga", 409), ("produsen_lain", 409), ("ppid", 409)):
        asked = {"id": made["id"], "step": "start", "reason": WHY}
        answer = city.over_http(app, who, "satudata_jepin_step", **asked)
        assert answer.status_code == status, (who, answer.body)
    walk(city, made, "start", "question")
    for who in ("produsen", "kepala_dinkes"):
        with refusal_of("step"):
            step(city, who, made, "retire", day="2026-11-20", none=True)
    assert rows() == (before[0] + 1, before[1] + 2)


def test_of_a_hidden_app_nobody_learns_by_a_step_or_by_naming_it(city, app):
    hidden = app_of(city)
    for who in ("warga", "produsen_lain"):
        for action, more in (
            ("satudata_jepin_app_show", {}),
            ("satudata_jepin_step", {"step": "start", "reason": WHY}),
            ("satudata_jepin_security_show", {}),
            ("satudata_jepin_security_set", {"waf": "true"}),
            ("satudata_jepin_links_set", {"parent": ""}),
        ):
            first, second = (
                city.over_http(app, who, action, id=name, **more)
                for name in (hidden["name"], "x" * len(hidden["name"]))
            )
            assert first.status_code == second.status_code == 404, (who, action)
            assert first.body == second.body, (who, action)
    mine = app_of(city, "produsen_lain", owner_org="disdukcapil")
    for key in ("parent", "data_in"):
        first, second = (
            city.over_http(app, "produsen_lain", "satudata_jepin_links_set", id=mine["id"], **asked)
            for name in (hidden["name"], "x" * len(hidden["name"]))
            for asked in ({key: name if key == "parent" else [name]},)
        )
        assert first.status_code == second.status_code == 409, key
        unnamed = second.body.replace("x" * len(hidden["name"]), hidden["name"])
        assert first.body == unnamed, key


def test_nobody_learns_of_a_successor_that_they_may_not_know_of(city):
    made, other = walk(city, publish_app(city), "start", "question"), publish_app(city)
    walk(city, other, "start")
    step(city, "walidata", made, "merge", day="2026-11-20", successor=other["name"])
    assert city.act(None, "satudata_jepin_app_show", id=made["name"])["successor"]
    city.act("ppid", "satudata_hold_create", id=other["id"], scope="all", reason=WHY)
    seen = city.act(None, "satudata_jepin_app_show", id=made["name"])
    assert (seen["word"], seen["successor"]) == ("closed", None)
    assert other["name"] not in str(seen)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("reason", {"reason": "pendek", "none": True}),
        ("reason", {"reason": "NIK 6171014101900001 bermasalah", "none": True}),
        ("reason", {"reason": "x" * 2001, "none": True}),
        ("day", {"day": "", "none": True}),
        ("day", {"day": "2026-02-30", "none": True}),
        ("day", {"day": "2999-01-01", "none": True}),
        ("successor", {}),
        ("successor", {"successor": "tidak-ada"}),
        ("none", {"none": "mungkin"}),
    ],
)
def test_what_a_step_asks_is_read_with_care(city, field, given):
    made = walk(city, publish_app(city), "start", "question")
    before = rows()
    with refusal_of(field):
        step(city, "walidata", made, "retire", **{"day": "2026-11-20", "reason": WHY, **given})
    assert rows() == before


def test_an_app_replaces_neither_itself_nor_by_what_has_ended(city):
    made = walk(city, publish_app(city), "start", "question")
    ended = walk(city, publish_app(city), "start", "question")
    step(city, "walidata", ended, "retire", day="2026-11-20", none=True)
    data = city.publish()
    for other in (made, ended, data):
        with refusal_of("successor"):
            step(city, "walidata", made, "merge", day="2026-11-20", successor=other["name"])
    with refusal_of("successor"):
        step(city, "walidata", made, "merge", day="2026-11-20", none=True)
    with refusal_of("day"):
        step(city, "walidata", made, "keep", day="2026-11-20")


def test_an_app_that_is_not_decided_is_not_taken_into_use(city):
    made = app_of(city)
    with refusal_of("step"):
        step(city, "produsen", made, "start")
    with pytest.raises(tk.ObjectNotFound):
        step(city, "produsen", city.publish(), "start")


def test_a_late_state_is_told_to_who_works_on_the_app(city):
    made = walk(city, publish_app(city), "start", "disturb")
    model.Session.execute(
        sa.update(AppLife).where(AppLife.package_id == made["id"]).values(since="2026-01-05")
    )
    model.Session.commit()
    seen = city.act("produsen", "satudata_jepin_app_show", id=made["id"])
    assert (seen["late"], seen["due"]) == (True, "2026-01-20")


# ------------------------------------------------------------------------------------ links


def test_links_are_shown_to_who_may_know_of_both(city):
    made, parent, data = publish_app(city), publish_app(city), city.publish()
    hidden = city.dataset("produsen_lain", owner_org="disdukcapil")
    links = {"parent": parent["name"], "data_in": [data["name"], hidden["name"]]}
    done = city.act("walidata", "satudata_jepin_links_set", id=made["id"], **links)
    assert {each["name"] for each in done["data_in"]} == {data["name"], hidden["name"]}
    seen = city.act(None, "satudata_jepin_app_show", id=made["id"])
    assert seen["parent"]["name"] == parent["name"]
    assert [each["name"] for each in seen["data_in"]] == [data["name"]]
    above = city.act(None, "satudata_jepin_app_show", id=parent["id"])
    assert [each["name"] for each in above["children"]] == [made["name"]]
    for action in ("package_show", "package_search"):
        asked = {"id": made["id"]} if action == "package_show" else {"fq": f"id:{made['id']}"}
        assert hidden["name"] not in str(city.act("admin", action, **asked)), action
    # Who does not see a link takes nothing of it away.
    city.act("produsen", "satudata_jepin_links_set", id=made["id"], data_in=[])
    kept = city.act("walidata", "satudata_jepin_app_show", id=made["id"])
    assert [each["name"] for each in kept["data_in"]] == [hidden["name"]]


def test_a_link_to_what_is_not_there_or_does_not_fit_is_refused(city, app):
    made, child, data = publish_app(city), publish_app(city), city.publish()
    city.act("produsen", "satudata_jepin_links_set", id=child["id"], parent=made["name"])
    for key, value in (
        ("parent", "tidak-ada"),
        ("parent", data["name"]),
        ("parent", made["name"]),
        ("parent", child["name"]),
        ("data_in", ["tidak-ada"]),
        ("data_out", [child["name"]]),
        ("data_in", [f"x{n}" for n in range(101)]),
    ):
        with refusal_of(key):
            city.act("produsen", "satudata_jepin_links_set", id=made["id"], **{key: value})
    for who in ("warga", "produsen_lain"):
        asked = {"id": made["id"], "data_in": [data["name"]]}
        answer = city.over_http(app, who, "satudata_jepin_links_set", **asked)
        assert answer.status_code == 409, (who, answer.body)
    seen = city.act("produsen", "satudata_jepin_app_show", id=made["id"])
    assert (seen["parent"], seen["data_in"], seen["data_out"]) == (None, [], [])
