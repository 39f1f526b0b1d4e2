"""The management review: held with the year's numbers; what it decides becomes tasks."""

from __future__ import annotations

import datetime as dt
import io
import json

import docx
import pypdf
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.portal.smki import review_pages
from ckanext.satudata_pontianak.smki import filling, tasks
from ckanext.satudata_pontianak.smki.records import roles
from ckanext.satudata_pontianak.smki.records.model import SmkiTask
from ckanext.satudata_pontianak.smki.rules import planning
from ckanext.satudata_pontianak.smki.rules.definition import smki

from .lines import at_once, day, lay

HOME = "/satudata/keamanan/tinjauan"
OPINION = "Kebijakan masih tepat; pemulihan perlu dilatih lebih sering."
TEXT = "Latihan pemulihan cadangan dilakukan setiap dua bulan."
DONE = {"result": "in_order", "note": "Jadwal dua bulanan sudah berlaku.", "paper": "SE/7/2026"}


def hold(city, who="penetap", **asked):
    given = {"day": day(0), "paper": "BA/9/2026", "opinion": OPINION, **asked}
    return city.act(who, "satudata_smki_review_hold", **given)


def decide(city, review, who="penetap", **asked):
    given = {"text": TEXT, "role": "operator", "due": day(60), **asked}
    return city.act(who, "satudata_smki_review_decide", review=review["number"], **given)


def show(city, review, who="penetap"):
    return city.act(who, "satudata_smki_review_show", review=review["number"])


def handed_out() -> SmkiTask:
    """Hand out the task that asks for the review."""
    planned = planning.of_period(smki().tasks.tasks["management_review"], "2025-12")
    row = tasks.open_task(planned, roles.holders())
    model.Session.commit()
    assert row is not None
    return row


def test_a_decision_becomes_a_task_and_the_next_review_shows_what_became_of_it(city) -> None:
    asked = handed_out()
    first = hold(city)
    task = city.act("penetap", "satudata_smki_task_show", task=asked.number)
    assert (task["state"], {a["name"]: a["value"] for a in task["answers"]}["paper"]) == (
        "done",
        "BA/9/2026",
    )
    made = decide(city, first)
    decide(city, first, text="Pelatihan diulang bagi pegawai baru.", role="koordinator")
    (one, other) = made["decisions"][0], show(city, first)["decisions"][1]
    assert (one["text"], one["role"], one["due"], one["state"]) == (
        TEXT,
        "operator",
        day(60),
        "open",
    )
    row = city.act("walidata", "satudata_smki_task_show", task=one["task"])
    assert (row["about"], row["due"], row["mine"]) == (TEXT, day(60), True)
    told = sa.select(Notice.user_id).where(Notice.kind == "smki_task")
    assert len(set(model.Session.scalars(told))) >= 1
    assert city.act("walidata", "satudata_smki_task_do", task=one["task"], **DONE)["receipt"]
    second = hold(city, paper="BA/10/2026")
    before = {d["text"]: d for d in show(city, second)["before"]}
    assert (before[TEXT]["state"], before[TEXT]["note"]) == ("done", DONE["note"])
    assert before[other["text"]]["state"] == "open"
    assert second["decisions"] == []
    with pytest.raises(tk.ValidationError):
        decide(city, first)


def test_the_numbers_stay_as_they_were_when_the_review_was_held(city) -> None:
    held = hold(city)
    before = held["numbers"]
    handed_out()
    city.act(
        "pengawas",
        "satudata_smki_finding_open",
        control="backup_fresh",
        grade="minor",
        found="Cadangan tidak pernah dicoba.",
    )
    assert show(city, held)["numbers"]["findings"] == before["findings"]
    now = city.act("penetap", "satudata_smki_review", year=days.today().year)
    assert now["findings"]["open"] == before["findings"]["open"] + 1


def test_risks_are_counted_for_who_reads_them_alone(city) -> None:
    filling.run()
    lay(city, "koordinator", "staf")
    held = hold(city)
    assert held["numbers"]["risks"]["all"] >= 30
    assert held["numbers"]["risks"]["unmeasured"] == held["numbers"]["risks"]["all"]
    this = {"year": days.today().year}
    assert city.act("pengawas", "satudata_smki_review", **this)["risks"]["all"] >= 30
    for who in ("ppid", "walidata"):
        assert city.act(who, "satudata_smki_review", **this)["risks"] is None
        assert show(city, held, who)["numbers"]["risks"] is None


@pytest.mark.parametrize("who", ["walidata", "ppid", "pengawas"])
def test_who_does_not_lead_the_review_neither_holds_it_nor_decides(city, who) -> None:
    held = hold(city)
    with pytest.raises(tk.ValidationError):
        hold(city, who)
    with pytest.raises(tk.ValidationError):
        decide(city, held, who)
    assert not show(city, held, who)["decides"]
    assert city.act(who, "satudata_smki_review_list")["count"] == 1


@pytest.mark.parametrize("who", [None, "warga", "produsen"])
def test_it_is_for_those_inside(city, who) -> None:
    held = hold(city)
    for action, asked in (
        ("satudata_smki_review_list", {}),
        ("satudata_smki_review_show", {"review": held["number"]}),
        ("satudata_smki_review_hold", {"day": day(0)}),
        ("satudata_smki_review_decide", {"review": held["number"]}),
    ):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, action, **asked)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "kapan"}, "day"),
        ({"day": day(2)}, "day"),
        ({"day": day(-1)}, "day"),
        ({"paper": ""}, "paper"),
        ({"opinion": "pendek"}, "opinion"),
        ({"opinion": "NIK 6171012501900001 disebut."}, "opinion"),
    ],
)
def test_a_review_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    hold(city)
    with pytest.raises(tk.ValidationError) as refusal:
        hold(city, **{"paper": "BA/10/2026", **asked})
    assert set(refusal.value.error_dict) == {field}
    assert city.act("penetap", "satudata_smki_review_list")["count"] == 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "NIK 6171012501900001 disebut."}, "text"),
        ({"role": ""}, "role"),
        ({"role": "siapa"}, "role"),
        ({"due": ""}, "due"),
        ({"due": day(0)}, "due"),
        ({"due": day(1200)}, "due"),
        ({"due": "9999-12-31"}, "due"),
    ],
)
def test_a_decision_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    held = hold(city)
    with pytest.raises(tk.ValidationError) as refusal:
        decide(city, held, **asked)
    assert set(refusal.value.error_dict) == {field}
    assert show(city, held)["decisions"] == []


def test_the_task_of_the_review_is_done_by_holding_it_alone(city) -> None:
    row = handed_out()
    given = {"result": "in_order", "day": day(0), "paper": "BA/9/2026"}
    with pytest.raises(tk.ValidationError):
        city.act("penetap", "satudata_smki_task_do", task=row.number, **given)
    assert hold(city)["number"]
    assert city.act("penetap", "satudata_smki_task_show", task=row.number)["state"] == "done"


def test_four_who_hold_or_decide_the_same_at_once_do_it_once(city, app) -> None:
    row, leader = handed_out(), city.token("penetap")
    sent = {"day": day(0), "paper": "BA/9/2026", "opinion": OPINION}
    once = [200, 409, 409, 409]
    assert at_once(app, leader, "satudata_smki_review_hold", sent) == once
    (held,) = city.act("penetap", "satudata_smki_review_list")["results"]
    assert city.act("penetap", "satudata_smki_task_show", task=row.number)["state"] == "done"
    decision = {"review": held["id"], "text": TEXT, "role": "operator", "due": day(60)}
    assert at_once(app, leader, "satudata_smki_review_decide", decision) == once
    assert len(show(city, held)["decisions"]) == 1


def test_a_review_is_of_the_year_of_its_day_and_its_task_leads_to_the_year_of_its_period(
    city, app
) -> None:
    row, this = handed_out(), days.today().year
    page = app.get(f"/satudata/keamanan/tugas/{row.number}", headers=city.token("penetap")).body
    assert f"{HOME}?year=2025" in page
    assert hold(city, day=f"{this - 1}-12-20")["year"] == this - 1
    assert hold(city, paper="BA/10/2026")["year"] == this


def test_the_ledger_holds_that_it_was_written_and_no_word_of_it(city) -> None:
    decide(city, hold(city))
    query = sa.select(entry_table.c.text).where(entry_table.c.event.startswith("smki.review"))
    texts = model.Session.scalars(query.order_by(entry_table.c.id)).all()
    assert [json.loads(text)["event"] for text in texts[-2:]] == [
        "smki.review_held",
        "smki.review_decided",
    ]
    assert not any(word in text for text in texts for word in (OPINION, TEXT, "BA/9/2026"))


def test_the_review_goes_its_way_by_pages_and_its_record_is_a_paper(city, app) -> None:
    leader, other = city.token("penetap"), city.token("ppid")
    assert app.get(HOME, follow_redirects=False).status_code == 302
    assert app.get(HOME, headers=city.token("warga")).status_code == 403
    sent = {"day": day(0), "paper": "BA/9/2026", "opinion": OPINION}
    assert app.post(HOME, headers=other, data=sent).status_code == 403
    assert app.post(HOME, headers=leader, data={**sent, "day": ""}).status_code == 422
    page = app.get(HOME, headers=leader).body
    assert "IK-05" in page
    made = app.post(HOME, headers=leader, data=sent, follow_redirects=False)
    address = "/satudata" + made.headers["Location"].partition("/satudata")[2]
    decision = {"text": TEXT, "role": "operator", "due": day(60)}
    assert app.post(address, headers=other, data=decision).status_code == 403
    assert app.post(address, headers=leader, data={}).status_code == 422
    done = app.post(address, headers=leader, data=decision, follow_redirects=False)
    assert done.status_code == 302
    assert TEXT in app.get(address, headers=other).body
    word = app.get(f"{address}/notulen.docx", headers=leader)
    file = docx.Document(io.BytesIO(word.data))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    assert {TEXT, OPINION} <= set(cells)
    assert any(cell.startswith("IK-05") for cell in cells)
    paper = app.get(f"{address}/notulen.pdf", headers=leader)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.data)).pages)
    assert "Latihan pemulihan cadangan" in text
    assert paper.headers["Cache-Control"] == "private, no-store"
    assert app.get(f"{address}/notulen.txt", headers=leader).status_code == 404
    assert app.get(f"{address}/notulen.pdf", headers=city.token("warga")).status_code == 403
    assert app.get(f"{HOME}/999999", headers=leader).status_code == 404


def test_the_minutes_keep_the_indicators_of_the_day_on_which_they_were_recorded(city, app) -> None:
    held, actor = hold(city), registry.actor_for(model.User.get(city.users["penetap"]["id"]))
    said, year = indonesian.translator(), days.today().year

    def printed(who: str) -> set[tuple[str, ...]]:
        address = f"{HOME}/{held['number']}/notulen.docx"
        file = docx.Document(io.BytesIO(app.get(address, headers=city.token(who)).data))
        rows = (row for table in file.tables for row in table.rows if len(row.cells) == 3)
        return {tuple(c.text for c in row.cells) for row in rows if row.cells[0].text[:3] == "IK-"}

    before = printed("penetap")
    assert any(code.startswith("IK-05") for code, *_ in before)
    for _ in range(2):
        city.publish()
    assert printed("penetap") == before
    assert before != {tuple(row) for row in review_pages.indicators(year, actor, said)}
    assert "indicators" not in show(city, held)["numbers"]


def test_a_decision_that_is_late_is_handed_on_and_told_to_the_superior(city) -> None:
    task = decide(city, hold(city))["decisions"][0]["task"]
    row = model.Session.scalars(sa.select(SmkiTask).where(SmkiTask.number == task)).one()
    row.due = days.today() - dt.timedelta(days=20)
    model.Session.commit()
    tasks.remind()
    model.Session.refresh(row)
    assert row.escalated == days.today()
    late = sa.select(Notice.user_id).where(Notice.kind == "smki_task_late")
    assert city.users["penetap"]["id"] in set(model.Session.scalars(late))
