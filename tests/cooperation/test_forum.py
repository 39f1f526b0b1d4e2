"""The Forum Satu Data: what is stuck is its agenda, and what it decides settles it."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pypdf
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.messages import Message
from ckanext.satudata_pontianak.smki.cooperation import agenda, handed
from ckanext.satudata_pontianak.smki.rules.cooperation import cooperation

from ..refusals import refusal_of
from ..smki.lines import at_once, day
from .test_tasks import hand, late

MINUTES = "Semua perangkat daerah hadir; tunggakan dibahas satu per satu."
TEXT = "Dinas menyelesaikan pemeriksaan dan menjawab lewat portal."
HOME = "/satudata/forum"


def hold(city, who="walidata", **asked):
    given = {"day": day(0), "paper": "BA/3/2026", "minutes": MINUTES, **asked}
    return city.act(who, "satudata_forum_hold", **given)


def decide(city, meeting, who="walidata", **asked):
    given = {"text": TEXT, "agency": city.orgs["dinkes"]["name"], "due": day(14), **asked}
    return city.act(who, "satudata_forum_decide", meeting=meeting["number"], **given)


def items(city, who) -> set[tuple[str, str | None]]:
    found = city.act(who, "satudata_forum_agenda")["results"]
    return {(i["source"], (i["dataset"] or {}).get("name")) for i in found}


def stuck_case(city):
    """Return a dataset whose case waits long past its day."""
    dataset = city.dataset(title="Pasien rumah sakit jiwa")
    city.step("produsen", dataset, "submit")
    case = reads.open_case(dataset["id"])
    assert case is not None
    case.due = days.today() - dt.timedelta(days=40)
    model.Session.commit()
    return dataset


def stuck_task(city):
    row = hand(city)
    late(row, 30)
    handed.remind()
    return row


def test_the_agenda_fills_by_itself_and_each_reads_what_they_may_know(city) -> None:
    dataset, row = stuck_case(city), stuck_task(city)
    assert items(city, "walidata") == {("tasks", None), ("cases", dataset["name"])}
    assert items(city, "produsen") == {("tasks", None), ("cases", dataset["name"])}
    assert items(city, "pegawai_dinsos") == {("tasks", None)}
    said = str(city.act("pegawai_dinsos", "satudata_forum_agenda"))
    assert dataset["title"] not in said
    assert str(row["number"]) in said
    city.act("produsen_lain", "satudata_agency_task_step", task=row["number"], step="take")
    close = {"task": row["number"], "step": "close", "text": "Sudah tidak diperlukan lagi."}
    city.act("produsen", "satudata_agency_task_step", **close)
    assert items(city, "pegawai_dinsos") == set()


def test_a_case_that_is_late_for_few_days_is_not_on_it(city) -> None:
    dataset = stuck_case(city)
    case = reads.open_case(dataset["id"])
    assert case is not None
    case.due = days.today() - dt.timedelta(days=1)
    model.Session.commit()
    assert items(city, "walidata") == set()
    assert cooperation().forum.cases_late_days > 1


def test_a_source_that_is_registered_is_asked_and_the_policy_before_its_item_is_shown(
    city, monkeypatch
) -> None:
    dataset, since = city.dataset(), days.today()
    item = agenda.Item("x", Message("Tanpa pemilik."), since, package_id=dataset["id"])
    monkeypatch.setitem(agenda.SOURCES, "apps", agenda.Source("Apps", lambda _actor: [item]))
    assert items(city, "produsen") == {("apps", dataset["name"])}
    assert items(city, "pegawai_dinsos") == set()


def test_a_decision_is_a_task_and_links_the_case_for_who_may_know_it(city) -> None:
    dataset = stuck_case(city)
    held = hold(city)
    (item,) = held["agenda"]
    made = decide(city, held, item=item["item"])
    case = reads.open_case(dataset["id"])
    assert case is not None
    (decision,) = made["decisions"]
    assert (decision["dataset"]["name"], decision["case"]) == (dataset["name"], case.id)
    task = city.act("produsen", "satudata_agency_task_show", task=decision["task"])
    assert (task["text"], task["due"], task["receiver"]["name"]) == (
        TEXT,
        day(14),
        city.orgs["dinkes"]["name"],
    )
    mine = city.act("produsen", "satudata_forum_show", meeting=held["number"])
    assert mine["decisions"][0]["case"] == case.id
    theirs = city.act("pegawai_dinsos", "satudata_forum_show", meeting=held["number"])
    assert (theirs["minutes"], theirs["agenda"]) == (MINUTES, [])
    assert [(d["text"], d["dataset"], d["case"]) for d in theirs["decisions"]] == [
        (TEXT, None, None)
    ]
    assert dataset["title"] not in str(theirs)
    answer = {"task": decision["task"], "step": "answer", "text": "Pemeriksaan selesai kemarin."}
    city.act("produsen", "satudata_agency_task_step", **answer)
    now = city.act("pegawai_dinsos", "satudata_forum_show", meeting=held["number"])
    assert now["decisions"][0]["state"] == "answered"


def test_minutes_and_decisions_name_no_dataset_that_its_readers_may_not_know(city) -> None:
    dataset = stuck_case(city)
    with refusal_of("minutes"):
        hold(city, minutes=f"Dibahas: {dataset['title']}.")
    held = hold(city)
    said = f"Selesaikan {dataset['title']} bulan ini."
    with refusal_of("text"):
        decide(city, held, text=said, agency=city.orgs["dinsos"]["name"])
    assert decide(city, held, text=said)["decisions"][0]["text"] == said
    theirs = city.act("pegawai_dinsos", "satudata_forum_show", meeting=held["number"])
    assert theirs["decisions"] == []


def test_walidata_leads_and_those_outside_see_nothing(city) -> None:
    held = hold(city)
    for who in ("ppid", "produsen", "pengawas"):
        with refusal_of(""):
            hold(city, who, paper="BA/4/2026")
        with refusal_of(""):
            decide(city, held, who)
        assert city.act(who, "satudata_forum_list")["count"] == 1
    for who in (None, "warga"):
        for action, asked in (("list", {}), ("agenda", {}), ("show", {"meeting": held["number"]})):
            with pytest.raises(tk.NotAuthorized):
                city.act(who, f"satudata_forum_{action}", **asked)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "kapan"}, "day"),
        ({"day": day(2)}, "day"),
        ({"day": day(-1)}, "day"),
        ({"paper": ""}, "paper"),
        ({"minutes": "pendek"}, "minutes"),
        ({"minutes": "NIK 6171012501900001 disebut."}, "minutes"),
    ],
)
def test_a_meeting_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    hold(city)
    with refusal_of(field):
        hold(city, **{"paper": "BA/4/2026", **asked})
    assert city.act("walidata", "satudata_forum_list")["count"] == 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"text": ""}, "text"),
        ({"agency": "tidak-ada"}, "agency"),
        ({"due": day(0)}, "due"),
        ({"due": day(1200)}, "due"),
        ({"item": "cases:tidak-ada"}, "item"),
    ],
)
def test_a_decision_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    held = hold(city)
    with refusal_of(field):
        decide(city, held, **asked)
    assert city.act("walidata", "satudata_agency_task_list")["count"] == 0


def test_four_who_hold_or_decide_the_same_at_once_do_it_once(city, app) -> None:
    header, once = city.token("walidata"), [200, 409, 409, 409]
    sent = {"day": day(0), "paper": "BA/3/2026", "minutes": MINUTES}
    assert at_once(app, header, "satudata_forum_hold", sent) == once
    (held,) = city.act("walidata", "satudata_forum_list")["results"]
    decision = {"text": TEXT, "agency": city.orgs["dinkes"]["name"], "due": day(14)}
    decision["meeting"] = held["id"]
    assert at_once(app, header, "satudata_forum_decide", decision) == once
    with refusal_of(""):
        hold(city, paper="BA/4/2026")
        decide(city, held)


def test_it_goes_by_pages_and_the_minutes_are_a_paper_of_what_their_reader_may_know(
    city, app
) -> None:
    dataset = stuck_case(city)
    leader, other = city.token("walidata"), city.token("pegawai_dinsos")
    assert app.get(HOME, follow_redirects=False).status_code == 302
    assert app.get(HOME, headers=city.token("warga")).status_code == 403
    sent = {"day": day(0), "paper": "BA/3/2026", "minutes": MINUTES}
    assert app.post(HOME, headers=other, data=sent).status_code == 403
    assert app.post(HOME, headers=leader, data={**sent, "day": ""}).status_code == 422
    assert dataset["title"] in app.get(HOME, headers=leader).body
    assert dataset["title"] not in app.get(HOME, headers=other).body
    made = app.post(HOME, headers=leader, data=sent, follow_redirects=False)
    address = "/satudata" + made.headers["Location"].partition("/satudata")[2]
    held = city.act("walidata", "satudata_forum_list")["results"][0]
    shown = city.act("walidata", "satudata_forum_show", meeting=held["number"])
    decision = {"text": TEXT, "agency": city.orgs["dinkes"]["name"], "due": day(14)}
    decision["item"] = shown["agenda"][0]["item"]
    assert app.post(address, headers=other, data=decision).status_code == 403
    assert app.post(address, headers=leader, data={}).status_code == 422
    assert app.post(address, headers=leader, data=decision).status_code == 200
    assert dataset["title"] in app.get(address, headers=leader).body
    theirs = app.get(address, headers=other).body
    assert TEXT in theirs
    assert dataset["title"] not in theirs

    def word(header) -> str:
        answer = app.get(f"{address}/notulen.docx", headers=header)
        assert answer.headers["Cache-Control"] == "private, no-store"
        file = docx.Document(io.BytesIO(answer.data))
        return "\n".join(c.text for t in file.tables for r in t.rows for c in r.cells)

    assert dataset["title"] in word(leader)
    assert TEXT in word(other)
    assert dataset["title"] not in word(other)
    paper = app.get(f"{address}/notulen.pdf", headers=other)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.data)).pages)
    assert "Semua perangkat daerah hadir" in text
    assert app.get(f"{address}/notulen.txt", headers=leader).status_code == 404
    assert app.get(f"{address}/notulen.pdf", headers=city.token("warga")).status_code == 403
    assert app.get(f"{HOME}/999999", headers=leader).status_code == 404
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(model.Package)) == 1


def test_what_comes_back_is_not_owed_before_the_day_that_the_forum_gave(city) -> None:
    held, far = hold(city), days.today() + dt.timedelta(days=180)
    decision = decide(city, held, due=far.isoformat())["decisions"][0]
    city.act(
        "produsen", "satudata_agency_task_step", task=decision["task"], step="answer", text=TEXT
    )
    asked = {"task": decision["task"], "step": "ask_again", "text": TEXT}
    again = city.act("walidata", "satudata_agency_task_step", **asked)
    assert again["due"] == far.isoformat()


def test_the_number_of_the_minutes_names_no_dataset(city) -> None:
    open_ = city.publish(name="jumlah-puskesmas-kota")
    with refusal_of("paper"):
        hold(city, paper=f"BA {open_['name']}")
