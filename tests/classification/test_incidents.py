"""Incidents: their clock, who is told, who ends one, and what is known of the exposure."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.access.reading import counting
from ckanext.satudata_pontianak.classification.incidents import incidents
from ckanext.satudata_pontianak.classification.notices import notices
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.incident_model import DownloadCount, Incident
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger.service import entry_table

NOW = dt.datetime.now(dt.UTC)
REASON = "Berkas memuat data pasien"
SAID = {
    "data_exposed": "Nomor induk kependudukan dari 2 orang",
    "exposed_when": "Sejak berkas dibuka sampai ditahan",
    "exposed_how": "Berkas dibuka tanpa kolom identitas dihapus",
    "handling": "Berkas ditahan dan diganti dengan berkas yang benar",
}


def begin(dataset, **values):
    """Begin an incident of the served files as the scan does."""
    served = [v.id for _, v in reads.pointers_of([dataset["id"]]).values()]
    given = {"ground": "scan", "versions": served, "kinds": ["nik"], "by": None}
    times = {"detected_at": NOW, "known_at": NOW}
    incident = incidents.begin(model.Session, dataset_id=dataset["id"], **given, **times, **values)
    model.Session.flush()
    return incident


def told(kind: str) -> set[str]:
    return set(model.Session.scalars(sa.select(Notice.user_id).where(Notice.kind == kind)))


def ids(city, *names: str) -> set[str]:
    return {city.users[name]["id"] for name in names}


OWNER = ("produsen", "produsen_2", "kepala_dinkes")
DESKS = ("walidata", "walidata_2", "ppid", "ppid_2")


def test_an_incident_has_its_clock_its_record_and_tells_owner_walidata_and_ppid(city) -> None:
    dataset = city.publish()
    incident = begin(dataset)
    assert begin(dataset) is incident
    assert incident.due_at - incident.known_at == dt.timedelta(hours=72)
    assert begin(dataset, vital=True).due_at - incident.known_at == dt.timedelta(hours=24)
    number = incident.number
    model.Session.commit()
    assert told("incident_begun") == ids(city, *OWNER, *DESKS)
    events = sa.select(entry_table.c.event).where(entry_table.c.dataset_id == dataset["id"])
    mine = [e for e in model.Session.scalars(events) if e.startswith("incident.")]
    assert mine == ["incident.begin", "incident.extend"]
    assert city.act("pengawas", "satudata_incident_show", incident=number)["number"] == number


def test_a_notice_is_written_with_what_it_tells_of_or_not_at_all(city) -> None:
    dataset = city.publish()
    begin(dataset)
    model.Session.rollback()
    assert not told("incident_begun")
    assert model.Session.query(Incident).count() == 0
    with pytest.raises(ValueError, match="may not carry"):
        notices.tell(model.Session, "hold_placed", ["x"], facts={"title": "Data Pasien"})
    with pytest.raises(ValueError, match="may not carry"):
        notices.tell(model.Session, "incident_begun", ["x"], facts={"due": "Data Pasien"})


def test_who_may_not_see_it_gets_the_answer_for_an_unknown_number(city, app) -> None:
    number = begin(city.publish()).number
    model.Session.commit()
    for who in ("warga", "produsen_lain", "pegawai_dinsos", "staf"):
        for name in (number, str(number), "tiada", 10**9):
            with pytest.raises(tk.ObjectNotFound):
                city.act(who, "satudata_incident_show", incident=name)
            with pytest.raises(tk.ObjectNotFound):
                city.act(who, "satudata_incident_dismiss", incident=name, reason=REASON)
        assert city.act(who, "satudata_incident_list")["count"] == 0
        page = app.get(f"/satudata/insiden/{number}", headers=city.token(who), status=404)
        assert "Jumlah Penduduk" not in page.body
    with pytest.raises(tk.NotAuthorized):
        city.act(None, "satudata_incident_list")
    for who in ("produsen", "walidata", "ppid", "penetap", "pengawas"):
        assert city.act(who, "satudata_incident_list", state="open")["count"] == 1
    # An editor of the owner agency knows of it, not who read what.
    assert city.act("produsen", "satudata_incident_show", incident=number)["exposure"] is None


def test_only_somebody_else_dismisses_it_and_ppid_concludes_it_with_what_the_law_asks(
    city, app
) -> None:
    dataset = city.publish()
    given = {"id": dataset["id"], "reason": REASON}
    for wrong in ("", "kemarin", "2026-11-24", "2099-01-01T00:00", "1999-01-01T00:00"):
        with pytest.raises(tk.ValidationError) as refused:
            city.act("walidata", "satudata_incident_begin", **given, known_at=wrong)
        assert list(refused.value.error_dict) == ["known_at"]
    with pytest.raises(tk.NotAuthorized):
        city.act("produsen", "satudata_incident_begin", **given, known_at=NOW.isoformat())
    known = (dt.datetime.now(dt.UTC)).isoformat()
    begun = city.act("walidata", "satudata_incident_begin", **given, known_at=known, vital=True)
    number = begun["number"]
    assert [c["hours"] for c in begun["clocks"]] == [24, 72]
    assert begun["hours_left"] == 23
    # Neither who began it, nor who reported it again, nor anybody without the duty.
    assert begun["ends"] == []
    again = city.act("walidata_2", "satudata_incident_begin", **given, known_at=known)
    assert (again["number"], again["ends"], again["due"]) == (number, [], begun["due"])
    with pytest.raises(tk.NotAuthorized):
        city.act("walidata_2", "satudata_incident_dismiss", incident=number, reason=REASON)
    for who in ("walidata", "produsen", "pengawas"):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, "satudata_incident_dismiss", incident=number, reason=REASON)
    with pytest.raises(tk.NotAuthorized):
        city.act("walidata_2", "satudata_incident_conclude", incident=number, **SAID)
    with pytest.raises(tk.ValidationError) as refused:
        city.act("ppid", "satudata_incident_conclude", incident=number)
    missing = {"data_exposed", "exposed_when", "exposed_how", "handling"}
    assert set(refused.value.error_dict) == {
        *missing,
        "subjects_told",
        "authority_told",
        "sector_told",
    }
    personal = {**SAID, "data_exposed": "NIK 6171014101900001 terungkap"}
    day = days.today().isoformat()
    dates = {"subjects_told": day, "authority_told": day, "sector_told": day}
    for wrong, field in (
        ({**personal, **dates}, "data_exposed"),
        ({**SAID, **dates, "subjects_told": "2099-01-01"}, "subjects_told"),
        ({**SAID, **dates, "authority_told": "2020-01-01"}, "authority_told"),
        ({**SAID, **dates, "sector_told": ["x"]}, "sector_told"),
    ):
        with pytest.raises(tk.ValidationError) as refused:
            city.act("ppid", "satudata_incident_conclude", incident=number, **wrong)
        assert list(refused.value.error_dict) == [field]
    done = city.act("ppid", "satudata_incident_conclude", incident=number, **SAID, **dates)
    assert (done["state"], done["hours_left"]) == ("concluded", None)
    assert done["receipt"]["entry"]
    with pytest.raises(tk.ValidationError) as refused:
        city.act("ppid_2", "satudata_incident_dismiss", incident=number, reason=REASON)
    assert refused.value.error_dict["code"] == ["ended"]
    assert told("incident_ended") == ids(city, *OWNER, *DESKS)
    page = app.get(f"/satudata/insiden/{number}", headers=city.token("walidata"))
    assert SAID["handling"] in page.body
    kept = sa.select(entry_table.c.text).where(entry_table.c.event == "incident.conclude")
    assert not any(SAID["handling"] in text for text in model.Session.scalars(kept))


def test_a_false_alarm_is_dismissed_after_its_findings_are_resolved(city, app, make_upload) -> None:
    """By another person than who called the strict finding a false alarm."""
    dataset = city.dataset(file=make_upload(b"catatan,nik\nA,6171014101900001\nB,6171020202850002"))
    version = reads.waiting_versions([dataset["id"]])[0]
    place = {"table": "", "column": "nik", "kind": "nik"}
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    table = shown["scans"][0]["findings"][0]["table"]
    city.step("produsen", dataset, "submit")
    incident = incidents.begin(
        model.Session,
        dataset_id=dataset["id"],
        ground="scan",
        versions=[version.id],
        kinds=["nik"],
        by=None,
        detected_at=NOW,
        known_at=NOW,
    )
    number, version_id = incident.number, version.id
    model.Session.commit()
    with pytest.raises(tk.ValidationError) as refused:
        city.act("walidata_2", "satudata_incident_dismiss", incident=number, reason=REASON)
    assert refused.value.error_dict["code"] == ["unresolved"]
    city.act(
        "walidata",
        "satudata_finding_resolve",
        id=dataset["id"],
        version=version_id,
        resolution="false_alarm",
        reason="Nomor contoh dari pelatihan",
        **{**place, "table": table or ""},
    )
    with pytest.raises(tk.NotAuthorized):
        city.act("walidata", "satudata_incident_dismiss", incident=number, reason=REASON)
    bad = app.post(
        f"/satudata/insiden/{number}",
        data={"end": "dismiss", "reason": "x"},
        headers=city.token("walidata_2"),
        status=422,
    )
    assert "invalid" in bad.body
    app.post(
        f"/satudata/insiden/{number}",
        data={"end": "dismiss", "reason": REASON},
        headers=city.token("walidata_2"),
        follow_redirects=False,
        status=302,
    )
    assert city.act("ppid", "satudata_incident_show", incident=number)["state"] == "dismissed"


def test_closed_data_are_told_by_name_and_open_data_by_version_and_hour(city, app) -> None:
    closed, opened = city.limit(), city.publish()
    urls = {
        d["id"]: f"/dataset/{d['id']}/resource/{d['resources'][0]['id']}/download"
        for d in (closed, opened)
    }
    for who in ("walidata", "walidata", "kepala_dinkes"):
        app.get(urls[closed["id"]], headers=city.token(who), status=200)
    for address in ("203.0.113.7", "203.0.113.7", "203.0.113.8"):
        app.get(urls[opened["id"]], environ_overrides={"REMOTE_ADDR": address}, status=200)
    assert app.test_client().head(urls[opened["id"]]).status_code == 200
    numbers = [begin(d).number for d in (closed, opened)]
    model.Session.commit()
    first, second = (
        city.act("ppid", "satudata_incident_show", incident=n)["exposure"] for n in numbers
    )
    named = {(r["user"], r["count"]) for r in first["reads"]}
    names = {who: city.users[who]["name"] for who in ("walidata", "kepala_dinkes")}
    assert named == {(names["walidata"], 2), (names["kepala_dinkes"], 1)}
    assert first["downloads"]["count"] == 0
    assert second["reads"] == []
    (hour,) = second["downloads"]["hours"]
    assert (hour["count"], hour["clients"]) == (3, 2)
    kept = [str(row) for row in model.Session.execute(sa.select(DownloadCount.__table__))]
    assert not any("203.0.113" in row for row in kept)
    page = app.get(f"/satudata/insiden/{numbers[1]}", headers=city.token("ppid"))
    assert 'id="incident-downloads"' in page.body


def test_a_client_has_another_name_every_day_and_for_every_file(with_plugins) -> None:
    day = dt.date(2026, 11, 24)
    name = counting.pseudonym("203.0.113.7", "v1", day)
    assert name == counting.pseudonym("203.0.113.7", "v1", day)
    others = {
        counting.pseudonym("203.0.113.7", "v2", day),
        counting.pseudonym("203.0.113.8", "v1", day),
        counting.pseudonym("203.0.113.7", "v1", day + dt.timedelta(days=1)),
    }
    assert name not in others
    assert len(others) == 3


def test_a_download_goes_on_where_counting_fails(city, app) -> None:
    dataset = city.publish()
    address = f"/dataset/{dataset['id']}/resource/{dataset['resources'][0]['id']}/download"
    model.Session.execute(sa.text("ALTER TABLE satudata_download_count RENAME TO away"))
    model.Session.commit()
    try:
        assert app.get(address, status=200).body
    finally:
        model.Session.rollback()
        model.Session.execute(sa.text("ALTER TABLE away RENAME TO satudata_download_count"))
        model.Session.commit()
    app.get(address, status=200)
    assert model.Session.query(DownloadCount).count() == 1
