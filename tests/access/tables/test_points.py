"""Points of infrastructure: what may come in, who sees them, and what each exit tells."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.classification.rules import deadlines
from ckanext.satudata_pontianak.classification.rules.profiled import FIELD
from ckanext.satudata_pontianak.jepin.points import checking, staleness
from ckanext.satudata_pontianak.smki import registers
from ckanext.satudata_pontianak.smki.records.cooperation_model import AgencyTask
from ckanext.satudata_pontianak.smki.records.model import SmkiTask

TODAY = days.today().isoformat()
WIFI = (
    "kode,nama,penyedia,jenis_tempat,jam_buka,kecepatan_mbps,keadaan,kelurahan,lintang,bujur,"
    "terlihat\n"
    f"WF-1,Taman Kenanga,Penyedia Contoh,taman,24 jam,12.5,berfungsi,61.71.01.1002,-0.039,109.35,"
    f"{TODAY}\n"
    "WF-2,Pasar Kenanga,Penyedia Contoh,pasar,24 jam,,rusak,61.71.01.1003,-0.04,109.343,"
    "2026-01-02\n"
)
PAGES = ("/infrastruktur/wifi", "/infrastruktur/wifi.geojson", "/infrastruktur/wifi/peta.svg")


def beds(counted: dt.datetime) -> str:
    return (
        "kode,nama,jenis_faskes,telepon,jam_buka,igd,tempat_tidur,tempat_tidur_kosong,"
        "dihitung_pada,kelurahan,lintang,bujur,terlihat\n"
        "RS-1,RS Kenanga,rumah_sakit,0561-000111,24 jam,ada,4990,4173,"
        f"{counted:%Y-%m-%d %H:%M},61.71.01.1002,-0.039,109.35,{TODAY}\n"
    )


def camera(**more: str) -> str:
    row = {
        "kode": "K-1", "nama": "Simpang Kenanga", "pemilik": "Dishub", "tujuan": "keamanan",
        "papan_pemberitahuan": "ada", "retensi_hari": "14", "keadaan": "berfungsi",
        "kelurahan": "61.71.01.1002", "lintang": "-0.039", "bujur": "109.35", "terlihat": TODAY,
        **more,
    }  # fmt: skip
    return f"{','.join(row)}\n{','.join(row.values())}\n"


@pytest.fixture
def published(city, work, make_upload) -> Any:
    def make(content: str = WIFI, profile: str = "wifi") -> dict[str, Any]:
        file = make_upload(content.encode(), "titik.csv")
        dataset = city.publish(file=file, **{FIELD: profile})
        work(dataset)
        return dataset

    return make


def listed(city, profile: str = "wifi", who: str | None = None) -> list[dict[str, Any]]:
    return city.act(who, "satudata_point_list", profile=profile)["results"]


def test_a_table_that_does_not_fit_is_refused_and_nothing_of_it_is_kept(city, make_upload) -> None:
    dataset = city.dataset(file=False, **{FIELD: "wifi"})
    wrong = WIFI.replace("-0.039", "-6.2").replace("taman", "gunung")
    wrong = wrong.replace("109.343", "109.35")
    with pytest.raises(tk.ValidationError) as refusal:
        city.act("produsen", "resource_create", package_id=dataset["id"], name="Data",
                 upload=make_upload(wrong.encode(), "titik.csv"))  # fmt: skip
    told = str(refusal.value.error_dict)
    assert "Row 2, column jenis_tempat: choose one of: taman" in told
    assert "Row 2, column lintang: not less than -0.2" in told
    assert (
        "Row 3, column kelurahan: Benua Melayu Darat is named here, and the position lies "
        "in Benua Melayu Laut" in told
    )
    assert city.act("produsen", "package_show", id=dataset["id"])["resources"] == []
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Version)) == 0


def test_a_profile_that_is_named_later_is_asked_for_at_submission(city, make_upload) -> None:
    dataset = city.dataset(file=make_upload(b"nama\nTaman\n", "titik.csv"))
    city.act("produsen", "package_patch", id=dataset["id"], **{FIELD: "wifi"})
    with pytest.raises(tk.ValidationError) as refusal:
        city.step("produsen", dataset, "submit")
    assert "titik.csv: The column kode is missing" in str(refusal.value.error_dict)
    with pytest.raises(tk.ValidationError):
        city.act("produsen", "package_patch", id=dataset["id"], **{FIELD: "kapal"})


def test_a_profile_is_not_taken_off_what_was_decided_by_it(city, published) -> None:
    dataset = published()
    whole = city.act("produsen", "package_show", id=dataset["id"])
    without = {key: value for key, value in whole.items() if key != FIELD}
    for action, asked in (
        ("package_patch", {"id": dataset["id"], FIELD: ""}),
        ("package_patch", {"id": dataset["id"], FIELD: "pos"}),
        ("package_update", without),
    ):
        with pytest.raises(tk.ValidationError) as refusal:
            city.act("produsen", action, **asked)
        assert "keeps its profile" in str(refusal.value.error_dict)
    city.act("produsen", "package_patch", id=dataset["id"], notes="Diperbaiki.")
    assert city.act("produsen", "package_show", id=dataset["id"])[FIELD] == "wifi"
    draft = city.dataset(file=False, **{FIELD: "wifi"})
    city.act("produsen", "package_patch", id=draft["id"], **{FIELD: ""})


def told(kind: str) -> set[str]:
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return set(model.Session.scalars(query.where(Notice.kind == kind)))


def late() -> list[str]:
    query = sa.select(SmkiTask.state).where(SmkiTask.kind == staleness.TASK)
    return list(model.Session.scalars(query))


def owed() -> list[tuple[Any, ...]]:
    query = sa.select(AgencyTask).where(AgencyTask.source == "points")
    rows = model.Session.scalars(query.order_by(AgencyTask.number))
    return [(row.state, row.set_due, row.named) for row in rows]


def stale_rows(city, who: str) -> list[Any]:
    found = city.act(who, "satudata_point_stale_list")["results"]
    return [(r["name"], r["points"], r["since"], r["late"]) for r in found]


def bring(city, dataset: dict[str, Any], code: str, seen: str) -> None:
    """Bring the day on which a point was seen last."""
    line = next(each for each in WIFI.splitlines() if each.startswith(code))
    row = dict(zip(WIFI.splitlines()[0].split(","), line.split(","), strict=True))
    city.act("produsen", "satudata_point_write", id=dataset["id"], code=code,
             values={**row, "terlihat": seen})  # fmt: skip


def decide(city, dataset: dict[str, Any]) -> None:
    city.step("produsen_2", dataset, "submit")
    city.step("walidata", dataset, "approve")


def test_the_owner_is_told_of_stale_points_then_walidata_until_they_are_fresh(
    city, app, published
) -> None:
    dataset = published()  # one of its points was seen in January
    today = days.today()

    assert staleness.remind(today) > 0
    assert staleness.remind(today) == 0
    assert {"produsen", "produsen-2"} <= told("points_stale")
    assert not {"walidata", "produsen-lain"} & told("points_stale")
    expected = [(dataset["name"], 1, "2026-04-03", False)]
    assert stale_rows(city, "produsen") == stale_rows(city, "walidata") == expected
    assert stale_rows(city, "produsen_lain") == stale_rows(city, "warga") == []
    body = app.get("/en/satudata/jepin/laporan", headers=city.token("produsen")).body
    assert f'data-stale="{dataset["name"]}"' in body
    due = deadlines.add_working_days(today, 10)
    assert owed() == [("handed", due, [dataset["id"]])]
    staleness.remind(due)
    assert (late(), told("points_stale_late")) == ([], set())


def test_the_first_deadline_stays_until_no_point_is_stale(city, published) -> None:
    dataset, today = published(), days.today()
    due = deadlines.add_working_days(today, 10)
    staleness.remind(today)
    # The deadline is the task's: it comes where no notice is left or was ever written.
    model.Session.execute(sa.delete(Notice))
    model.Session.commit()
    bring(city, dataset, "WF-1", "2026-01-05")
    decide(city, dataset)
    for _ in range(2):
        staleness.remind(due + dt.timedelta(days=1))
    assert late() == ["open"]
    period = model.Session.scalar(sa.select(SmkiTask.period).where(SmkiTask.kind == staleness.TASK))
    assert dataset["id"][:8] not in str(period)
    assert "walidata" in told("points_stale_late")
    bring(city, dataset, "WF-2", TODAY)  # the oldest; another one is stale still
    decide(city, dataset)
    staleness.remind(due + dt.timedelta(days=2))
    assert (late(), owed()) == (["open"], [("handed", due, [dataset["id"]])])
    bring(city, dataset, "WF-1", TODAY)
    staleness.remind(today)
    assert late() == ["open"]  # what waits is not seen yet
    decide(city, dataset)
    staleness.remind(today)
    assert (late(), stale_rows(city, "walidata")) == (["mended"], [])
    assert owed() == [("closed", due, [dataset["id"]])]
    # What is stale once more has its days once more.
    later = today + dt.timedelta(days=120)
    staleness.remind(later)
    again = deadlines.add_working_days(later, 10)
    assert (late(), owed()) == (["mended"], [("handed", again, [dataset["id"]])])


def test_what_cannot_be_read_ends_nothing_and_stops_no_other(published, monkeypatch) -> None:
    published()
    published()
    today, table = days.today(), checking.table
    staleness.remind(today)
    query = sa.select(AgencyTask.state).where(AgencyTask.source == "points")
    assert list(model.Session.scalars(query)) == ["handed", "handed"]
    calls = []

    def failing(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 1:
            raise PermissionError
        return table(*given)

    monkeypatch.setattr(checking, "table", failing)
    staleness.remind(today + dt.timedelta(days=30))
    assert len(calls) == 2
    assert list(model.Session.scalars(query)) == ["handed", "handed"]
    late = sa.select(sa.func.count()).where(SmkiTask.kind == staleness.TASK)
    assert model.Session.scalar(late) == 1


def test_nobody_is_told_of_points_that_are_only_counted(city, published, monkeypatch) -> None:
    published()
    monkeypatch.setattr(registers, "only_counted", lambda facts: True)
    assert staleness.remind(days.today()) == 0
    assert list(model.Session.scalars(sa.select(AgencyTask.id))) == []
    assert city.act("walidata", "satudata_point_stale_list")["results"] == []


def test_a_camera_names_no_stream_and_its_device_stays_inside(city, make_upload) -> None:
    values = {FIELD: "cctv"}
    for address in ("rtsp://10.1.1.1/live", "kamera.contoh.id"):
        with pytest.raises(tk.ValidationError) as refusal:
            city.dataset(file=make_upload(camera(pemilik=address).encode(), "t.csv"), **values)
        assert "UU 27/2022" in str(refusal.value.error_dict)
    with pytest.raises(tk.ValidationError):
        city.dataset(file=make_upload(camera(url="http://k").encode(), "t.csv"), **values)
    inside = make_upload(camera(nomor_perangkat="SN-1").encode(), "t.csv")
    dataset = city.dataset(file=inside, **values)
    with pytest.raises(tk.ValidationError) as refusal:
        city.step("produsen", dataset, "submit")
    assert "nomor_perangkat is not for everybody" in str(refusal.value.error_dict)


def test_open_points_stand_on_page_map_and_geojson(city, app, published) -> None:
    dataset = published()
    rows = listed(city)
    assert [(r["code"], r["stale"]) for r in rows] == [("WF-1", False), ("WF-2", True)]
    page = app.get("/en/infrastruktur/wifi")
    assert "Taman Kenanga" in page.body
    assert "No official boundary (bukan batas resmi)" in page.body
    assert page.body.count("Not seen for long") == 1
    assert "geolocation=(self)" in page.headers["Permissions-Policy"]
    assert "geolocation=()" in app.get("/infrastruktur").headers["Permissions-Policy"]
    found = json.loads(app.get("/infrastruktur/wifi.geojson").body)
    assert found["features"][0]["geometry"]["coordinates"] == [109.35, -0.039]
    assert found["features"][0]["properties"]["dataset"] == dataset["name"]
    picture = app.get("/infrastruktur/wifi/peta.svg")
    assert "bukan batas resmi" in picture.body
    assert "2 points" in app.get("/en/infrastruktur").body
    assert app.get("/infrastruktur/kapal", status=404)
    assert app.get("/infrastruktur/wifi/peta.svg?tema=biru", status=404)
    template = app.get("/infrastruktur/wifi/templat.csv")
    assert template.body.lstrip("\ufeff").startswith("kode;nama;penyedia")


def test_what_is_not_open_leaves_no_trace_in_any_exit(
    city, app, work, published, make_upload
) -> None:
    empty = [app.get(p, status=s).data for p, s in zip(PAGES, (200, 200, 404), strict=True)]
    limited = city.limit(file=make_upload(WIFI.encode(), "titik.csv"), **{FIELD: "wifi"})
    waiting = city.dataset(file=make_upload(WIFI.encode(), "titik.csv"), **{FIELD: "wifi"})
    work(limited)
    work(waiting)
    for who in (None, "warga", "produsen", "walidata", "admin"):
        assert listed(city, who=who) == []
    after = [app.get(p, status=s).data for p, s in zip(PAGES, (200, 200, 404), strict=True)]
    assert after == empty
    dataset = published()
    assert len(listed(city)) == 2
    held = {"id": dataset["id"], "scope": "data", "reason": "Diperiksa dahulu"}
    city.act("ppid", "satudata_hold_create", **held)
    assert listed(city) == []


def test_a_count_of_beds_is_shown_for_hours_and_then_the_telephone(city, app, published) -> None:
    now = dt.datetime.now(days.CITY)
    old = published(beds(now - dt.timedelta(hours=7)), "kesehatan")
    row = listed(city, "kesehatan")[0]
    values = {v["name"]: v["value"] for v in row["values"]}
    assert (values["tempat_tidur"], values["tempat_tidur_kosong"]) == ("4990", None)
    assert "0561-000111" in row["note"]
    for page in ("/en/infrastruktur/kesehatan", "/infrastruktur/kesehatan.geojson"):
        assert not {"4173", "4,173", "4.173"} & {*re.findall(r"[\d.,]+", app.get(page).body)}
    # The table keeps what was counted, and says wherever it is shown how old that may be.
    file = f"/en/dataset/{old['name']}/resource/{row['resource']}"
    for page in (f"/en/dataset/{old['name']}", file, f"{file}/tabel"):
        body = app.get(page).body
        assert "4,173" in body
        assert "older than 6 hours says nothing of now: ask by the number in telepon" in body
    fresh = published(beds(now - dt.timedelta(hours=1)), "kesehatan")
    shown = next(r for r in listed(city, "kesehatan") if r["dataset"] == fresh["id"])
    assert {v["name"]: v["value"] for v in shown["values"]}["tempat_tidur_kosong"] == "4173"


def test_an_editor_corrects_a_point_and_what_is_public_waits(city, app, work, published) -> None:
    dataset = published()
    address = f"/en/satudata/titik/{dataset['name']}"
    assert app.get(address, follow_redirects=False).status_code == 302
    body = app.get(address, headers=city.token("produsen_lain")).body
    assert 'name="terlihat"' not in body
    form = app.get(f"{address}/WF-2", headers=city.token("produsen")).body
    assert 'value="Pasar Kenanga"' in form
    base = form.partition('name="base" value="')[2].partition('"')[0]
    row = {"kode": "WF-2", "nama": "Pasar Melati", "penyedia": "P", "jenis_tempat": "pasar",
           "jam_buka": "24 jam", "keadaan": "berfungsi", "kelurahan": "61.71.01.1003",
           "lintang": "-0.04", "bujur": "109.343", "terlihat": TODAY, "base": base}  # fmt: skip
    wrong = app.post(f"{address}/WF-2", headers=city.token("produsen"),
                     data={**row, "lintang": "utara"}, status=422)  # fmt: skip
    assert "a number is expected" in wrong.body
    outside = app.post(f"{address}/WF-2", headers=city.token("produsen"),
                       data={**row, "lintang": "0.09"}, status=422)  # fmt: skip
    assert "the position lies outside the city" in outside.body
    other = app.post(f"{address}/WF-2", headers=city.token("produsen_lain"), data=row)
    assert other.status_code == 403
    sent = {"headers": city.token("produsen"), "data": row, "follow_redirects": False}
    assert app.post(f"{address}/WF-2", **sent).status_code == 302
    again = app.post(f"{address}/WF-2", **{**sent, "status": 422})
    assert "changed the table meanwhile" in again.body
    work(dataset)
    assert [r["name"] for r in listed(city)] == ["Taman Kenanga", "Pasar Kenanga"]
    city.step("produsen_2", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert [r["name"] for r in listed(city)] == ["Taman Kenanga", "Pasar Melati"]


def test_a_point_is_written_by_who_keeps_the_dataset_alone(city, work, published) -> None:
    dataset = published()
    values = dict(
        zip(WIFI.splitlines()[0].split(","), WIFI.splitlines()[1].split(","), strict=True)
    )
    asked = {"id": dataset["id"], "values": {**values, "kode": "WF-3"}}
    for who in ("produsen_lain", "walidata", "warga"):
        with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
            city.act(who, "satudata_point_write", **asked)
    with pytest.raises(tk.ValidationError) as refusal:
        city.act("produsen", "satudata_point_write", **{**asked, "values": values})
    assert "a point with this code already" in str(refusal.value.error_dict)
    made = city.act("produsen", "satudata_point_write", **asked)
    assert (made["added"], made["waiting"], made["code"]) == (True, True, "WF-3")
    hidden = city.seal()
    with pytest.raises(tk.ObjectNotFound):
        city.act("warga", "satudata_point_write", id=hidden["id"], values=values)
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "satudata_point_list", profile="kapal")
