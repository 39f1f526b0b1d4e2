"""The audit's programme: checklists with live evidence; what is not so opens a finding by it."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.portal.smki.probes import probes
from ckanext.satudata_pontianak.smki import controls, tasks
from ckanext.satudata_pontianak.smki.records import roles
from ckanext.satudata_pontianak.smki.records.model import SmkiFinding, SmkiTask
from ckanext.satudata_pontianak.smki.reviewing import programme
from ckanext.satudata_pontianak.smki.rules import planning
from ckanext.satudata_pontianak.smki.rules import programme as rules
from ckanext.satudata_pontianak.smki.rules.audit import audit
from ckanext.satudata_pontianak.smki.rules.definition import begins, smki

from .lines import at_once, lay

NOTE = "Berkas cadangan malam tadi ada dan utuh."
DONE = {"result": "in_order", "note": "Semua kendali sudah diperiksa."}


def handed_out(kind: str, period: str = "") -> SmkiTask:
    spec = smki().tasks.tasks[kind]
    period = period or str(spec.period_of(days.today()))
    row = tasks.open_task(planning.of_period(spec, period), roles.holders())
    assert row is not None
    row.opened = days.today()
    model.Session.commit()
    return row


def answer(city, control="backup_fresh", who="pengawas", **asked):
    given = {"verdict": "conform", "note": NOTE, **asked}
    return city.act(who, "satudata_smki_check_record", control=control, **given)


def test_the_programme_has_each_control_that_applies_within_its_span(city) -> None:
    this = days.today().year
    found = [
        city.act("pengawas", "satudata_smki_programme", year=this + ahead) for ahead in range(3)
    ]
    planned = {r["control"] for year in found for q in year["quarters"] for r in q["results"]}
    known = smki().controls.controls.values()
    applies = {c.name for c in known if not c.excluded}
    own = {r["control"] for r in found[0]["own"]}
    assert own == {c.name for c in known if c.role == "auditor"}
    assert found[0]["within"] == audit().programme.quarters
    assert planned | own == applies
    assert [q["now"] for q in found[0]["quarters"]].count(True) == 1


def test_an_answer_keeps_the_evidence_as_it_stood(city) -> None:
    controls.run(probes(), ["backup_fresh"])
    made = answer(city)
    (check,) = made["checks"]
    assert (check["verdict"], check["note"]) == ("conform", NOTE)
    assert check["said"] == made["control"]["said"]
    assert made["control"]["history"]
    query = sa.select(entry_table.c.text).where(entry_table.c.event == "smki.checked")
    assert NOTE not in str(model.Session.scalars(query).all())
    answer(city, verdict="observation")
    verdicts = [c["verdict"] for c in answer(city)["checks"]]
    assert verdicts == ["conform", "observation", "conform"]


def test_what_is_not_so_opens_a_finding_in_one_step(city) -> None:
    made = answer(city, verdict="not_conform", grade="major")
    number = made["checks"][0]["finding"]
    finding = city.act("walidata", "satudata_smki_finding_show", finding=number)
    assert (finding["control"], finding["grade"], finding["state"]) == (
        "backup_fresh",
        "major",
        "open",
    )
    assert {t["name"]: t["text"] for t in finding["texts"]} == {"found": NOTE}
    assert made["open_findings"] == [number]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"verdict": ""}, "verdict"),
        ({"verdict": "mungkin"}, "verdict"),
        ({"note": "singkat"}, "note"),
        ({"note": "NIK 6171012501900001 disebut."}, "note"),
        ({"verdict": "not_conform"}, "grade"),
        ({"verdict": "not_conform", "grade": "gawat"}, "grade"),
    ],
)
def test_an_answer_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        answer(city, **asked)
    assert set(refusal.value.error_dict) == {field}
    shown = city.act("pengawas", "satudata_smki_check_show", control="backup_fresh")
    assert shown["checks"] == []
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(SmkiFinding)) == 0


@pytest.mark.parametrize("who", ["walidata", "ppid", "penetap"])
def test_who_does_not_audit_answers_nothing_and_reads_it_inside(city, who) -> None:
    with pytest.raises(tk.ValidationError):
        answer(city, who=who)
    shown = city.act(who, "satudata_smki_check_show", control="backup_fresh")
    assert not shown["examines"]


@pytest.mark.parametrize("who", [None, "warga", "produsen"])
def test_it_is_for_those_inside(city, who) -> None:
    task = handed_out("control_audit")
    for action, asked in (
        ("satudata_smki_programme", {}),
        ("satudata_smki_checklist", {"task": task.number}),
        ("satudata_smki_check_show", {"control": "backup_fresh"}),
        ("satudata_smki_check_record", {"control": "backup_fresh"}),
    ):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, action, **asked)


def test_the_task_is_done_once_each_control_of_the_quarter_is_answered(city) -> None:
    task = handed_out("control_audit")
    asked = {"task": task.number}
    rows = city.act("pengawas", "satudata_smki_checklist", **asked)
    assert rows["answered"] == 0
    assert rows["count"] >= len(programme.applicable()) // audit().programme.quarters
    for row in rows["results"][1:]:
        answer(city, row["control"])
    with pytest.raises(tk.ValidationError) as refusal:
        city.act("pengawas", "satudata_smki_task_do", **asked, **DONE)
    assert "1 controls" in str(refusal.value.error_dict)
    answer(city, rows["results"][0]["control"], verdict="observation")
    now = city.act("pengawas", "satudata_smki_checklist", **asked)
    assert (now["answered"], now["count"]) == (rows["count"], rows["count"])
    assert city.act("pengawas", "satudata_smki_task_do", **asked, **DONE)["receipt"]


def test_an_answer_of_a_late_quarter_counts_for_it_and_skips_nothing_of_the_next(city) -> None:
    now = rules.quarter(days.today())
    before = rules.quarter(begins(now) - dt.timedelta(days=1))
    late, task = handed_out("control_audit", before), handed_out("control_audit")
    asked = programme.listed(late)
    assert programme.listed(task) == asked
    for control in asked:
        answer(city, control)
    assert set(programme.audited()) == set(asked)
    assert {period for found in programme.audited().values() for period in found} == {before}
    assert programme.left(late) == []
    assert not set(programme.listed(task)) & set(asked)
    answer(city, programme.listed(task)[0])
    assert programme.audited()[programme.listed(task)[0]] == [now]


def test_a_deputy_examines_what_the_auditor_owns_where_the_leader_is_away(city) -> None:
    task = handed_out("audit_own")
    (name, *_) = programme.listed(task)
    lay(city, "koordinator", "staf")
    with pytest.raises(tk.ValidationError):
        answer(city, name, "staf")
    lay(city, "pemilik_risiko", "produsen")
    shown = city.act("staf", "satudata_smki_check_show", control=name)
    assert shown["examines"]
    finding = {"verdict": "not_conform", "grade": "minor"}
    number = answer(city, name, "staf", **finding)["open_findings"][0]
    said = dict.fromkeys(("cause", "remedy", "proof"), NOTE)
    step = {"finding": number, "step": "answer", **said}
    city.act("pengawas", "satudata_smki_finding_step", **step)
    closed = {"finding": number, "step": "close", "note": NOTE}
    assert city.act("staf", "satudata_smki_finding_step", **closed)["state"] == "closed"


def test_four_answers_at_once_that_it_is_not_so_open_one_finding(city, app) -> None:
    sent = {"control": "backup_fresh", "verdict": "not_conform", "note": NOTE, "grade": "major"}
    assert at_once(app, city.token("pengawas"), "satudata_smki_check_record", sent) == [
        200,
        409,
        409,
        409,
    ]
    shown = city.act("pengawas", "satudata_smki_check_show", control="backup_fresh")
    assert len(shown["checks"]) == len(shown["open_findings"]) == 1


def test_what_the_auditor_owns_is_examined_and_closed_by_another_role(city) -> None:
    task = handed_out("audit_own")
    (name, *_) = rows = programme.listed(task)
    assert {smki().controls.controls[each].role for each in rows} == {"auditor"}
    with pytest.raises(tk.ValidationError):
        answer(city, name)
    number = answer(city, name, "penetap", verdict="not_conform", grade="minor")["open_findings"][0]

    def step(who, which, **texts):
        return city.act(who, "satudata_smki_finding_step", finding=number, step=which, **texts)

    said = dict.fromkeys(("cause", "remedy", "proof"), NOTE)
    assert step("pengawas", "answer", **said)["state"] == "answered"
    with pytest.raises(tk.ValidationError):
        step("pengawas", "close", note=NOTE)
    assert step("penetap", "close", note=NOTE)["state"] == "closed"


def test_the_checklist_goes_its_way_by_pages(city, app) -> None:
    task = handed_out("control_audit")
    home = "/satudata/keamanan"
    auditor, owner = city.token("pengawas"), city.token("walidata")
    for path in (
        "audit/program",
        f"tugas/{task.number}/daftar-periksa",
        "audit/periksa/backup_fresh",
    ):
        assert app.get(f"{home}/{path}", follow_redirects=False).status_code == 302
        assert app.get(f"{home}/{path}", headers=city.token("warga")).status_code == 403
        assert app.get(f"{home}/{path}", headers=owner).status_code == 200
        assert app.get(f"{home}/{path}", headers=auditor).status_code == 200
    assert app.get(f"{home}/audit/periksa/tiada", headers=auditor).status_code == 404
    assert app.get(f"{home}/tugas/999999/daftar-periksa", headers=auditor).status_code == 404
    page = f"{home}/audit/periksa/backup_fresh"
    sent = {"verdict": "not_conform", "note": NOTE, "grade": "minor"}
    assert app.post(page, headers=owner, data=sent).status_code == 403
    assert app.post(page, headers=auditor, data={**sent, "grade": ""}).status_code == 422
    made = app.post(page, headers=auditor, data=sent, follow_redirects=False)
    assert made.status_code == 302
    body = app.get(page, headers=owner).body
    assert NOTE in body
    assert f"{home}/audit/temuan/" in body
