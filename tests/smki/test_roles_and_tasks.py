"""Roles by decree, tasks of the calendar and the board, through the API and by page."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.classification.rules import deadlines
from ckanext.satudata_pontianak.portal.operator import smki_checks
from ckanext.satudata_pontianak.portal.smki.probes import duties
from ckanext.satudata_pontianak.smki import tasks
from ckanext.satudata_pontianak.smki.records.model import SmkiTask
from ckanext.satudata_pontianak.smki.records.model import now as row_now
from ckanext.satudata_pontianak.smki.rules.evidence import Look, Status

DECREE = "SK/9/2026"
INSIDE = ("walidata", "ppid", "penetap", "pengawas", "admin")
OUTSIDE = (None, "warga", "produsen", "kepala_dinkes")
NOTE = "Semua baris diperiksa dan sesuai."


def lay(city, role="operator", user="produsen", by="walidata", **more):
    named = {"nomor_sk": DECREE, "from": days.today().isoformat(), **more}
    return city.act(
        by, "satudata_smki_role_create", role=role, user=city.person(user)["name"], **named
    )


def handed_out(kind: str) -> SmkiTask:
    tasks.hand_out()
    return model.Session.scalars(sa.select(SmkiTask).where(SmkiTask.kind == kind)).one()


def told(kind: str) -> list[str]:
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return sorted(model.Session.scalars(query.where(Notice.kind == kind)))


@pytest.mark.parametrize("who", INSIDE)
def test_who_carries_a_role_sees_board_plan_and_tasks(city, who) -> None:
    board = city.act(who, "satudata_smki_board")
    assert {row["status"] for row in board["controls"]} <= {"unknown", "excluded"}
    assert city.act(who, "satudata_smki_plan", year=days.today().year)["results"]
    assert city.act(who, "satudata_smki_task_list")["count"] == 0
    assert city.act(who, "satudata_smki_role_list") == []


@pytest.mark.parametrize("who", OUTSIDE)
def test_everybody_else_is_told_that_it_is_not_for_them(city, who) -> None:
    for action, asked in (
        ("satudata_smki_board", {}),
        ("satudata_smki_control_show", {"control": "backup_fresh"}),
        ("satudata_smki_task_list", {}),
        ("satudata_smki_task_show", {"task": 1}),
        ("satudata_smki_task_do", {"task": 1}),
        ("satudata_smki_task_begin", {"kind": "lawful_basis"}),
        ("satudata_smki_plan", {}),
        ("satudata_smki_review", {}),
        ("satudata_smki_role_list", {}),
        ("satudata_smki_role_create", {"role": "operator"}),
        ("satudata_smki_role_end", {"id": "x"}),
    ):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, action, **asked)


def test_a_role_by_decree_opens_the_board_and_nothing_of_a_dataset(city, app) -> None:
    limited = city.act(None, "package_show", id=city.limit()["id"])
    file = f"/dataset/{limited['id']}/resource/{limited['resources'][0]['id']}/download/a.csv"

    def seen() -> tuple[object, int]:
        got = app.get(file, headers=city.token("warga"), follow_redirects=False)
        return city.act("warga", "package_show", id=limited["id"]), got.status_code

    before = seen()
    assert before[1] != 200
    laid = lay(city, user="warga")
    assert (laid["role"], laid["running"], laid["until"]) == ("operator", True, None)
    assert city.act("warga", "satudata_smki_board")["mine"] == []
    assert seen() == before
    ended = city.act("walidata", "satudata_smki_role_end", id=laid["id"])
    assert not ended["running"]
    with pytest.raises(tk.NotAuthorized):
        city.act("warga", "satudata_smki_board")
    with pytest.raises(tk.ValidationError):
        city.act("walidata", "satudata_smki_role_end", id=laid["id"])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"role": "walidata"}, "role"),
        ({"role": "bukan"}, "role"),
        ({"role": ""}, "role"),
        ({"user": "walidata"}, "user"),
        ({"user": "pengawas"}, "user"),
        ({"from": "kapan"}, "from"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": "kapan"}, "until"),
        ({"nomor_sk": "tidak/ada"}, "nomor_sk"),
        ({"nomor_sk": ""}, "nomor_sk"),
    ],
)
def test_a_role_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        lay(city, **asked)
    assert field in refusal.value.error_dict
    assert city.act("walidata", "satudata_smki_role_list") == []


def test_a_role_that_is_laid_for_later_counts_from_its_first_day(city) -> None:
    later = (days.today() + dt.timedelta(days=30)).isoformat()
    before = (days.today() + dt.timedelta(days=29)).isoformat()
    first = lay(city, **{"from": later})
    with pytest.raises(tk.ValidationError) as refusal:
        lay(city)
    assert "user" in refusal.value.error_dict
    second = lay(city, until=before)
    assert second["id"] != first["id"]


def test_nobody_holds_a_role_twice(city) -> None:
    lay(city)
    with pytest.raises(tk.ValidationError) as refusal:
        lay(city)
    assert "user" in refusal.value.error_dict


def test_the_clock_hands_out_each_task_once_and_tells_its_person(city, cli) -> None:
    first = cli.invoke(tk_command(), ["satudata", "clock"])
    assert first.exit_code == 0, first.output
    rows = list(model.Session.scalars(sa.select(SmkiTask).where(SmkiTask.state == "open")))
    calendar = [row for row in rows if not row.kind.startswith(tasks.CONTROL)]
    assert calendar
    assert all(row.user_id for row in calendar)
    assert len(told("smki_task")) == len(calendar)
    again = cli.invoke(tk_command(), ["satudata", "clock"])
    assert "0 tasks of information security handed out." in again.output
    assert len(told("smki_task")) == len(calendar)


def tk_command():
    from ckan.cli.cli import ckan

    return ckan


def test_a_task_is_recorded_by_who_carries_its_role_and_by_nobody_else(city) -> None:
    row = handed_out("published_look")
    shown = city.act("walidata", "satudata_smki_task_show", task=row.number)
    assert {f["name"] for f in shown["fields"] if f["required"]} == {"result", "note"}
    with pytest.raises(tk.ValidationError):
        city.act("pengawas", "satudata_smki_task_do", task=row.number, result="in_order", note=NOTE)
    for wrong, field in (
        ({"result": "in_order"}, "note"),
        ({"result": "bukan", "note": NOTE}, "result"),
        ({"result": "in_order", "note": "pendek"}, "note"),
        ({"result": "in_order", "note": "NIK 6171012501900001 terlihat di sini"}, "note"),
        ({"result": ["in_order"], "note": NOTE}, "result"),
    ):
        with pytest.raises(tk.ValidationError) as refusal:
            city.act("walidata_2", "satudata_smki_task_do", task=row.number, **wrong)
        assert field in refusal.value.error_dict
    done = city.act(
        "walidata_2", "satudata_smki_task_do", task=row.number, result="in_order", note=NOTE
    )
    assert (done["state"], done["receipt"]["entry"] > 0) == ("done", True)
    assert [answer["value"] for answer in done["answers"]][1] == NOTE
    with pytest.raises(tk.ValidationError):
        city.act("walidata", "satudata_smki_task_do", task=row.number, result="in_order", note=NOTE)
    assert tasks.last_done("published_look").in_order


def test_a_task_of_an_event_begins_when_somebody_says_so_and_each_time_anew(city, app) -> None:
    first = city.act("walidata", "satudata_smki_task_begin", kind="lawful_basis")
    with pytest.raises(tk.ValidationError) as refusal:
        city.act("pengawas", "satudata_smki_task_begin", kind="lawful_basis")
    assert str(first["number"]) in str(refusal.value.error_dict["kind"])
    done = city.act(
        "ppid", "satudata_smki_task_do", task=first["number"], result="in_order", note=NOTE
    )
    assert done["state"] == "done"
    second = city.act("pengawas", "satudata_smki_task_begin", kind="lawful_basis")
    assert first["number"] != second["number"]
    assert (first["role"], first["state"]) == ("pejabat_pdp", "open")
    assert first["due"] > days.today().isoformat()
    assert len(told("smki_task")) == 2
    for kind in ("published_look", "tiada", ""):
        with pytest.raises(tk.ValidationError):
            city.act("walidata", "satudata_smki_task_begin", kind=kind)
    address, headers = "/satudata/keamanan/mulai", city.token("walidata")
    assert app.post(address, headers=city.token("warga"), data={}).status_code == 403
    assert app.post(address, headers=headers, data={"kind": ""}).status_code == 422
    sent = {"kind": "incident_report"}
    assert app.post(address, headers=headers, data=sent, follow_redirects=False).status_code == 302
    kinds = {row["kind"] for row in city.act("walidata", "satudata_smki_task_list")["results"]}
    assert kinds == {"lawful_basis", "incident_report"}


def test_four_who_begin_a_task_at_once_begin_it_once(city, app) -> None:
    headers = [city.token(who) for who in ("walidata", "ppid", "pengawas", "walidata")]

    def begin(header: dict[str, str]) -> int:
        client = app.flask_app.test_client(use_cookies=False)
        address = "/api/3/action/satudata_smki_task_begin"
        return client.post(address, headers=header, json={"kind": "incident_report"}).status_code

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(begin, headers))
    assert found == [200, 409, 409, 409]
    assert city.act("walidata", "satudata_smki_task_list")["count"] == 1


def test_a_late_task_is_told_of_once_in_five_working_days(city) -> None:
    row = handed_out("published_look")
    for number in range(1, 11):
        tasks.remind(deadlines.add_working_days(row.due, number))
    query = sa.select(Notice.about).where(Notice.about.startswith(f"smki_task_late:{row.id}:"))
    assert len(set(model.Session.scalars(query))) == 2


def test_a_task_of_a_role_that_is_gone_stops_nobody(city) -> None:
    row = handed_out("published_look")
    row.role = "of_before"
    model.Session.commit()
    tasks.remind(row.due + dt.timedelta(days=20))
    row.state, row.done_role, row.done_at = "done", "of_before", row_now()
    model.Session.commit()
    assert tasks.last_done("published_look").office == "of_before"
    shown = city.act("walidata", "satudata_smki_task_show", task=row.number)
    assert shown["role_label"] == "of_before"
    (told_,) = city.act("walidata", "satudata_smki_review")["tasks"][:1]
    assert told_["label"]


def test_a_late_task_is_told_handed_on_and_told_to_the_superior(city) -> None:
    row = handed_out("restore_drill")
    first = row.user_id
    late = row.due
    while True:
        late += dt.timedelta(days=1)
        tasks.remind(late)
        model.Session.refresh(row)
        if row.escalated:
            break
        assert late < row.due + dt.timedelta(days=20), "nobody was told of a late task"
    assert row.user_id != first
    assert city.users["penetap"]["name"] in told("smki_task_late")


def test_a_task_goes_on_to_somebody_else_when_its_person_is_gone(city) -> None:
    lay(city, role="operator", user="produsen")
    row = handed_out("vulnerability_review")
    assert row.user_id == city.users["produsen"]["id"]
    for laid in city.act("walidata", "satudata_smki_role_list"):
        city.act("walidata", "satudata_smki_role_end", id=laid["id"])
    tasks.remind(row.opened)
    model.Session.refresh(row)
    assert row.user_id in {city.users[name]["id"] for name in ("walidata", "walidata_2")}


PAGES = (
    "papan",
    "kendali/backup_fresh",
    "tugas",
    "tugas?state=done",
    "rencana",
    "tinjauan",
    "peran",
    "mulai",
)


def test_the_public_page_says_names_and_no_status(city, app) -> None:
    page = app.get("/satudata/keamanan")
    assert page.status_code == 200
    assert "Ada cadangan dari malam terakhir" in page.body
    for word in ("Merah", "Hijau", "sd-smki-status"):
        assert word not in page.body


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_those_inside(city, app, path) -> None:
    address = f"/satudata/keamanan/{path}"
    assert app.get(address, follow_redirects=False).status_code == 302
    assert app.get(address, headers=city.token("warga")).status_code == 403
    for who in ("walidata", "pengawas"):
        page = app.get(address, headers=city.token(who))
        assert page.status_code == 200, who
        assert (
            page.headers["Cache-Control"].startswith("private")
            or "no-store" in page.headers["Cache-Control"]
        )
    assert app.get("/satudata/keamanan/kendali/bukan", headers=city.token("walidata")).status == (
        "404 NOT FOUND"
    )


def test_a_task_is_done_on_its_page(city, app) -> None:
    row = handed_out("published_look")
    address = f"/satudata/keamanan/tugas/{row.number}"
    headers = city.token("walidata")
    assert NOTE not in app.get(address, headers=headers).body
    wrong = app.post(address, headers=headers, data={"result": "in_order"})
    assert wrong.status_code == 422
    sent = {"result": "in_order", "note": NOTE}
    assert app.post(address, headers=city.token("pengawas"), data=sent).status_code == 403
    done = app.post(address, headers=headers, data=sent, follow_redirects=False)
    assert done.status_code == 302
    assert NOTE in app.get(address, headers=headers).body
    assert app.get("/satudata/keamanan/tugas/999999", headers=headers).status_code == 404


def test_a_role_is_laid_and_ended_on_its_page(city, app) -> None:
    headers = city.token("walidata")
    sent = {
        "role": "ttis",
        "user": city.person("produsen_2")["name"],
        "nomor_sk": DECREE,
        "from": days.today().isoformat(),
    }
    address = "/satudata/keamanan/peran"
    assert app.post(address, headers=city.token("ppid"), data=sent).status_code == 403
    assert app.post(address, headers=headers, data=sent, follow_redirects=False).status_code == 302
    (laid,) = city.act("walidata", "satudata_smki_role_list")
    end = f"{address}/{laid['id']}/akhiri"
    assert app.post(end, headers=city.token("ppid")).status_code == 403
    assert app.post(end, headers=headers, follow_redirects=False).status_code == 302
    assert app.post(end, headers=headers).status_code == 404


def test_who_was_told_is_led_to_the_task(city, app) -> None:
    row = handed_out("published_look")
    user = model.User.get(row.user_id)
    name = next(n for n, u in city.users.items() if u["id"] == user.id)
    (notice,) = [
        n for n in city.act(name, "satudata_notice_list")["results"] if n["number"] == row.number
    ]
    where = app.get(
        f"/satudata/pemberitahuan/{notice['id']}",
        headers=city.token(name),
        follow_redirects=False,
    )
    assert where.headers["Location"].endswith(f"/satudata/keamanan/tugas/{row.number}")


def test_check_names_the_role_nobody_could_stand_in_for_and_the_decree_that_mends_it(city) -> None:
    found = {finding.params["role"] for finding in smki_checks.check()}
    auditor = "Internal auditor"
    responsible = "Person responsible for information security (penanggung jawab)"
    assert {auditor, responsible} <= found
    second = (("inspektorat", "warga", auditor), ("setda", "produsen_2", responsible))
    for org, user, role in second:
        city.act(
            "admin",
            "satudata_delegation_create",
            organization=org,
            user=city.person(user)["name"],
            nomor_sk=DECREE,
            **{"from": days.today().isoformat(), "until": days.today().isoformat()},
        )
        found -= {role}
        assert {finding.params["role"] for finding in smki_checks.check()} == found


def test_board_and_check_name_the_same_roles_and_the_named_decree_mends_it(city) -> None:
    responsible = "Person responsible for information security (penanggung jawab)"
    gaps = {finding.params["role"]: finding for finding in smki_checks.check()}
    seen = duties.deputies_there(Look(row_now()))
    assert seen.status == Status.YELLOW
    assert {role.msgid for role in seen.said.params["roles"]} == set(gaps)
    assert gaps[responsible].params["named"] == "Owner of risks"
    assert gaps[responsible].repair == smki_checks.STAYS_APART
    lay(city, role="pemilik_risiko", user="staf")
    assert {finding.params["role"] for finding in smki_checks.check()} == set(gaps) - {responsible}
    gone = {"id": "inspektorat", "username": city.users["pengawas"]["name"], "nomor_sk": DECREE}
    city.act("admin", "organization_member_delete", **gone)
    assert duties.deputies_there(Look(row_now())).status == Status.RED
