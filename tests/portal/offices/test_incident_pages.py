"""Pages of incidents and notices, and the time that is left on every page of the workflow."""

from __future__ import annotations

import datetime as dt

import pytest

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.model import Case
from ckanext.satudata_pontianak.classification.rules import deadlines

LIST, NOTICES = "/satudata/insiden", "/satudata/pemberitahuan"
WHY = "Warga melihat nomor induk"


def begin_form(dataset) -> str:
    return f"/satudata/berkas/{dataset['name']}/insiden"


def test_an_incident_begins_is_seen_and_ends_by_pages(desk, city) -> None:
    dataset = city.publish()
    page = f"/dataset/{dataset['name']}"
    offered = {who for who in city.users if begin_form(dataset) in desk.get(who, page).body}
    assert offered == {"kepala_dinkes", "walidata", "walidata_2", "ppid", "ppid_2"}
    assert desk.get("warga", begin_form(dataset)).status == 403
    assert "user/login" in desk.get(None, begin_form(dataset)).location
    wrong = desk.post("walidata", begin_form(dataset), {"known_at": "tadi", "reason": WHY})
    assert wrong.status == 422
    assert "tadi" in wrong.body
    known = dt.datetime.now(days.CITY).isoformat()
    sent = {"known_at": known, "vital": "false", "reason": WHY}
    path = desk.post("walidata", begin_form(dataset), sent).location
    path = path[path.index(LIST) :]
    shown = desk.get("ppid", path)
    assert "tersisa 71 jam" in shown.text
    assert WHY in shown.text
    assert {v["end"] for _, v, _ in shown.forms if "end" in v} == {"conclude", "dismiss"}
    assert not [v for _, v, _ in desk.get("pengawas", path).forms if "end" in v]
    assert desk.post("pengawas", path, {"end": "dismiss", "reason": WHY}).status == 403
    assert path in desk.get("produsen", LIST).body
    assert path not in desk.get("warga", LIST).body
    assert "1 insiden" in desk.get("produsen", f"{LIST}?state=open").text
    assert "0 insiden" in desk.get("produsen", f"{LIST}?state=concluded&page=99").text
    for strange in ("0", "-1", "x", "9" * 30):
        assert desk.get("ppid", f"{LIST}/{strange}").status == 404
    said = {
        "end": "conclude",
        "data_exposed": "Nomor induk dari dua orang",
        "exposed_when": "Satu jam",
        "exposed_how": "Kolom tidak dihapus",
        "handling": "Berkas ditahan dan diganti",
    }
    wrong = desk.post("ppid", path, said)
    assert wrong.status == 422
    assert "Nomor induk dari dua orang" in wrong.body
    today = days.today().isoformat()
    told = {"subjects_told": today, "authority_told": today}
    assert desk.post("ppid", path, {**said, **told}).status == 302
    shown = desk.get("ppid", path)
    assert "Selesai ditangani" in shown.text
    assert "tersisa" not in shown.text
    assert dataset["title"] in desk.get("ppid", NOTICES).text


@pytest.mark.parametrize(("left", "words"), [(3, "tersisa"), (0, "hari ini"), (-2, "terlambat")])
def test_each_page_of_a_case_says_the_time_left_in_working_days(desk, city, left, words) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    case = model.Session.query(Case).filter(Case.state == "verification").one()
    today = days.today()
    case.due = today
    if left > 0:
        case.due = deadlines.add_working_days(today, left)
    while left < 0 and deadlines.working_days_between(case.due, today) < -left:
        case.due -= dt.timedelta(days=1)
    model.Session.commit()
    text = f"{words} {abs(left)} hari kerja" if left else words
    for page in (desk.case("walidata", dataset), desk.get("walidata", "/satudata/antrean")):
        assert text in page.text
