"""Everybody who must act on a case, or wonders what became of it, is told; nobody else is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification import jobs
from ckanext.satudata_pontianak.classification.clock import deadlines_told
from ckanext.satudata_pontianak.classification.records.model import Case
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.classification.versions import versions

OWNERS = {"kepala_dinkes", "produsen", "produsen_2"}
WALIDATA, PPID, SUPERIOR = {"walidata", "walidata_2"}, {"ppid", "ppid_2"}, {"penetap"}
CLOSED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}
NOTE = "Kolom <b>satuan</b> kosong di baris 7"


def told(city: Any) -> dict[str, set[str]]:
    """Return kind -> who was told since this was asked last; facts are days, numbers and codes."""
    names = {user["id"]: name for name, user in city.users.items()}
    found: dict[str, set[str]] = {}
    for row in model.Session.scalars(sa.select(Notice)):
        assert set(row.facts) <= {"due", "number", "receipt"}
        found.setdefault(row.kind, set()).add(names.get(row.user_id, row.user_id))
    model.Session.execute(sa.delete(Notice))
    model.Session.commit()
    return found


def test_each_step_of_a_case_is_told_to_who_must_act_and_who_wonders(city, app) -> None:
    dataset = city.dataset()
    assert told(city) == {}
    city.step("produsen", dataset, "submit")
    assert told(city) == {"case_arrived": WALIDATA}
    city.step("walidata", dataset, "return", catatan=NOTE)
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])["case"]
    (due,) = set(model.Session.scalars(sa.select(Notice.facts["due"].as_string())))
    assert due == shown["due"]
    assert told(city) == {"case_returned": OWNERS}
    # The note stands on top of the case and in the row of the queue, with the day.
    assert (shown["handed_over"]["note"], shown["handed_over"]["back"]) == (NOTE, True)
    page = app.get(f"/satudata/berkas/{dataset['name']}", headers=city.token("produsen")).body
    queue = app.get("/satudata/antrean", headers=city.token("produsen")).body
    for body in (page, queue):
        assert "Kolom &lt;b&gt;satuan&lt;/b&gt; kosong di baris 7" in body
        assert NOTE not in body
        assert "Kembalikan" in body
    assert page.index("satudata-handed-over") < page.index('id="case-state"')
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    assert told(city) == {
        "case_arrived": WALIDATA | PPID,
        "case_referred": OWNERS,
    }
    city.step("ppid", dataset, "assess", **CLOSED, **city.assess_fields())
    city.step("penetap", dataset, "send_back", catatan="Dasar hukum kurang")
    assert told(city) == {"case_arrived": SUPERIOR, "case_sent_back": PPID}
    row = city.act("ppid", "satudata_classification_list")["results"][0]["handed_over"]
    assert (row["note"], row["back"]) == ("Dasar hukum kurang", True)
    city.step("ppid_2", dataset, "assess", **CLOSED, **city.assess_fields())
    told(city)
    fields = {"nomor": "SK-7/2026", "penerima": ["disdukcapil"]}
    city.step("penetap", dataset, "approve", **fields)
    assert told(city) == {"case_refused": OWNERS}  # proposed as open, decided as limited


def test_a_decision_as_proposed_a_case_taken_back_and_a_move_are_told(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    city.step("produsen_2", dataset, "recall", catatan="Berkas keliru")
    assert told(city)["case_recalled"] == WALIDATA
    city.step("produsen", dataset, "submit")
    told(city)
    city.step("walidata", dataset, "approve")
    assert told(city) == {"case_approved": OWNERS}
    city.step("produsen", dataset, "reopen", case_kind="move", reason="Pindah", owner_org="dinsos")
    assert told(city) == {}
    city.join("dinsos", "penerima", "editor")
    told(city)
    city.step("produsen", dataset, "submit")
    # Whoever else belongs there, since the people of the city stay from test to test.
    names = {user["id"]: name for name, user in city.users.items()}
    asked = {"id": "dinsos", "object_type": "user"}
    there = {
        names.get(person, person)
        for role in ("admin", "editor")
        for person, *_ in city.act("admin", "member_list", capacity=role, **asked)
    }
    assert "penerima" in there
    assert told(city) == {"case_arrived": WALIDATA, "case_offered": there}
    city.step("penerima", dataset, "accept")
    assert told(city) == {"case_accepted": OWNERS | WALIDATA}
    row = city.act("penerima", "satudata_classification_list", mine=False)["results"]
    assert [item["handed_over"] for item in row] == [None] * len(row)


def test_a_returned_case_that_nobody_mends_is_late(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "return", catatan=NOTE)
    told(city)
    case = model.Session.query(Case).one()
    deadlines_told.run(case.due + dt.timedelta(days=1))
    late = told(city).get("case_late")
    assert late in (None, OWNERS | WALIDATA)  # None: no working day
    deadlines_told.run(case.due)
    assert late or told(city)["case_due"] == OWNERS


def hence(**ahead: int) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(**ahead)).isoformat()


def test_emergency_access_is_told_to_the_holders_of_the_duty_and_the_auditor(city) -> None:
    """Also where a holder may not know of the dataset: then without a word of which one it is."""
    start = {"reason": "Petugas berhalangan hari ini", "until": hence(minutes=30)}
    draft = city.dataset()
    told(city)
    made = city.act(
        "admin", "satudata_break_glass_start", id=draft["id"], duty="atasan_ppid", **start
    )
    query = sa.select(Notice.package_id).join(model.User, model.User.id == Notice.user_id)
    named = query.where(model.User.name == city.users["penetap"]["name"])
    assert model.Session.scalars(named).all() == [None]
    assert told(city) == {"break_glass_begun": SUPERIOR | {"pengawas"}}
    city.act("admin", "satudata_break_glass_end", id=made["id"])
    assert told(city) == {"break_glass_ended": SUPERIOR | {"pengawas"}}
    city.act("admin", "satudata_break_glass_start", id=draft["id"], duty="produsen_data", **start)
    assert told(city) == {"break_glass_begun": OWNERS | {"pengawas"}}
    # It ends by itself: the clock tells of it, once.
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    deadlines_told.run(moment=later)
    deadlines_told.run(moment=later)
    assert told(city) == {"break_glass_ended": OWNERS | {"pengawas"}}
    deadlines_told.run(moment=later)
    deadlines_told.run(moment=later + dt.timedelta(days=30))
    told(city)


@pytest.mark.ckan_config("ckanext.satudata_pontianak.scan_inline_mb", 0)
def test_whoever_waited_for_a_scan_is_told_that_it_ended(city) -> None:
    dataset = city.dataset(who="produsen")
    case = model.Session.query(Case).one()
    (version,) = versions.case_versions(case)
    told(city)
    assert city.step("produsen_2", dataset, "submit", wait=True)["scan_pending"]
    jobs.scan_version(version.id)
    assert told(city) == {"scan_ended": {"produsen", "produsen_2"}, "case_arrived": WALIDATA}
    assert model.Session.query(Case).one().state == "verification"
