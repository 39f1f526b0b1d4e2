"""Incidents of information security: any clerk reports, a role concludes, each notice by itself."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.smki import incidents
from ckanext.satudata_pontianak.smki.records.model import SmkiIncident
from ckanext.satudata_pontianak.smki.rules.incident_rules import security_incidents

WHAT = "Laptop dinas dengan berkas bantuan hilang di terminal."
TEXTS = {
    "exposed": "Daftar penerima bantuan, sekitar dua ratus baris.",
    "cause": "Laptop dibawa keluar tanpa disk terenkripsi.",
    "lessons": "Semua laptop dinas dienkripsi sebelum akhir bulan.",
}
MEASURE = "Akun pada laptop itu diakhiri dan polisi diberi tahu."
HOME = "/satudata/keamanan/insiden"


def ago(**span) -> str:
    return (dt.datetime.now(days.CITY) - dt.timedelta(**span)).strftime("%Y-%m-%dT%H:%M")


def report(city, who="produsen", **asked):
    given = {"kind": "loss", "severity": "high", "known_at": ago(hours=5), "what": WHAT, **asked}
    return city.act(who, "satudata_smki_incident_report", **given)


def told(kind: str) -> set[str]:
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return set(model.Session.scalars(query.where(Notice.kind == kind)))


def step(city, who, name, row, **asked):
    return city.act(who, f"satudata_smki_incident_{name}", incident=row["number"], **asked)


def test_any_clerk_reports_and_who_handles_it_is_told_at_once(city) -> None:
    row = report(city, "staf")
    assert (row["state"], row["personal"], row["handles"]) == ("open", True, False)
    due = dt.datetime.fromisoformat(row["due"]) - dt.datetime.fromisoformat(row["known"])
    assert due == dt.timedelta(hours=72)
    names = {city.users[n]["name"] for n in ("walidata", "walidata_2", "ppid", "ppid_2")}
    assert told("smki_incident") == names
    assert [r["number"] for r in city.act("staf", "satudata_smki_incident_list")["results"]] == [
        row["number"]
    ]


def test_it_is_seen_by_who_reported_it_and_who_handles_incidents_alone(city) -> None:
    row = report(city)
    for who in ("produsen", "walidata", "ppid", "pengawas", "penetap"):
        assert city.act(who, "satudata_smki_incident_show", incident=row["number"])["texts"]
    for who in ("produsen_lain", "kepala_dinkes"):
        with pytest.raises(tk.ObjectNotFound) as there:
            city.act(who, "satudata_smki_incident_show", incident=row["number"])
        with pytest.raises(tk.ObjectNotFound) as nowhere:
            city.act(who, "satudata_smki_incident_show", incident=999999)
        assert str(there.value) == str(nowhere.value)
        assert city.act(who, "satudata_smki_incident_list")["count"] == 0
    for who in (None, "warga"):
        for name in ("report", "list", "show", "measure", "judge", "conclude"):
            with pytest.raises(tk.NotAuthorized):
                city.act(who, f"satudata_smki_incident_{name}", incident=row["number"])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "lain"}, "kind"),
        ({"kind": ["loss"]}, "kind"),
        ({"severity": ""}, "severity"),
        ({"known_at": "kemarin"}, "known_at"),
        ({"known_at": "2999-01-01T10:00"}, "known_at"),
        ({"what": "singkat"}, "what"),
        ({"what": "x" * 4001}, "what"),
        ({"what": "NIK 6171012501900001 ada di laptop itu."}, "what"),
        ({"personal": "mungkin"}, "personal"),
    ],
)
def test_a_report_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        report(city, **asked)
    assert set(refusal.value.error_dict) == {field}
    assert city.act("walidata", "satudata_smki_incident_list")["count"] == 0


def test_each_kind_has_the_clocks_that_the_file_gives_it(city) -> None:
    known = dt.datetime.now(dt.UTC)
    rules = security_incidents()

    def hours(kind: str, **of) -> float | None:
        due = rules.due(kind, known, **{"personal": False, "vital": False, **of})
        return None if due is None else (due - known) / dt.timedelta(hours=1)

    assert [hours(kind) for kind in ("leak", "loss", "account", "defacement", "down")] == [
        72, 72, None, None, None,
    ]  # fmt: skip
    assert hours("down", vital=True) == 24
    assert hours("account", personal=True) == 72
    assert hours("leak", vital=True) == 24


def test_measures_stand_by_their_time_and_a_later_judgement_moves_no_clock(city) -> None:
    row = report(city, kind="down", severity="low", what="Portal tidak dapat dibuka warga.")
    assert row["due"] is None
    step(city, "walidata", "measure", row, at=ago(hours=1), measure="Layanan dihidupkan kembali.")
    first = step(city, "walidata_2", "measure", row, at=ago(hours=3), measure=MEASURE)
    assert first["steps"][0]["text"] == MEASURE
    for who, asked in (
        ("walidata", {"at": ago(hours=9), "measure": MEASURE}),
        ("walidata", {"at": "2999-01-01T10:00", "measure": MEASURE}),
        ("walidata", {"at": ago(hours=1), "measure": ""}),
    ):
        with pytest.raises(tk.ValidationError):
            step(city, who, "measure", row, **asked)
    judged = step(city, "ppid", "judge", row, severity="critical", vital=True)
    due = dt.datetime.fromisoformat(judged["due"]) - dt.datetime.fromisoformat(row["known"])
    assert due == dt.timedelta(hours=24)
    assert {n["name"] for n in judged["notices"] if n["due"]} == {"sector"}


def test_who_reported_it_handles_nothing_without_a_role(city) -> None:
    row = report(city)
    for name, asked in (
        ("measure", {"at": ago(hours=1), "measure": MEASURE}),
        ("judge", {"severity": "low"}),
        ("conclude", TEXTS),
    ):
        with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
            step(city, "produsen", name, row, **asked)


def test_it_is_concluded_by_its_role_with_each_notice_or_its_reason(city) -> None:
    row = report(city)
    with pytest.raises(tk.ValidationError):
        step(city, "walidata", "conclude", row, **TEXTS)
    with pytest.raises(tk.ValidationError) as refusal:
        step(city, "ppid", "conclude", row, **{**TEXTS, "lessons": ""})
    wanted = {"lessons", "subjects_told", "authority_told", "sector_told"}
    assert set(refusal.value.error_dict) == wanted
    notices = {
        "subjects_told": days.today().isoformat(),
        "authority_reason": "Lembaga belum ditetapkan; surat disimpan.",
        "sector_told": days.today().isoformat(),
    }
    for wrong, field in (
        ({"subjects_reason": "Tidak perlu karena dienkripsi."}, "subjects_told"),
        ({"sector_told": "2020-01-01"}, "sector_told"),
        ({"sector_told": "kapan"}, "sector_told"),
        ({"authority_reason": "pendek"}, "authority_reason"),
    ):
        with pytest.raises(tk.ValidationError) as refusal:
            step(city, "ppid", "conclude", row, **{**TEXTS, **notices, **wrong})
        assert set(refusal.value.error_dict) == {field}
    done = step(city, "ppid", "conclude", row, **TEXTS, **notices)
    assert (done["state"], done["hours_left"]) == ("closed", None)
    said = {n["name"]: (n["day"], n["reason"]) for n in done["notices"]}
    assert said["authority"] == (None, notices["authority_reason"])
    assert said["public"] == (None, None)
    with pytest.raises(tk.ValidationError):
        step(city, "ppid", "measure", row, at=ago(hours=1), measure=MEASURE)
    query = sa.select(entry_table.c.text).where(entry_table.c.event.startswith("smki.incident"))
    texts = model.Session.scalars(query).all()
    assert len(texts) >= 2
    assert not any(word in text for text in texts for word in (WHAT, *TEXTS.values()))


def test_who_reported_an_incident_does_not_conclude_it(city) -> None:
    row = report(city, "ppid")
    with pytest.raises(tk.ValidationError) as refusal:
        step(city, "ppid", "conclude", row, **TEXTS)
    assert "Somebody else concludes it" in str(refusal.value.error_dict)
    assert not city.act("ppid", "satudata_smki_incident_show", incident=row["number"])["concludes"]
    shown = city.act("ppid_2", "satudata_smki_incident_show", incident=row["number"])
    assert shown["concludes"]


def test_its_deadline_is_told_by_the_hour_before_and_after(city) -> None:
    number = report(city)["number"]
    row = model.Session.scalars(sa.select(SmkiIncident).where(SmkiIncident.number == number)).one()
    due = row.due_at
    assert incidents.remind(due - dt.timedelta(hours=25)) == 0
    soon = incidents.remind(due - dt.timedelta(hours=23))
    assert soon > 0
    assert incidents.remind(due - dt.timedelta(hours=20)) == 0
    assert incidents.remind(due + dt.timedelta(hours=1)) == soon
    assert incidents.remind(due + dt.timedelta(hours=20)) == 0
    assert incidents.remind(due + dt.timedelta(hours=26)) == soon


@pytest.mark.parametrize("name", ["subjects", "authority", "sector", "public"])
def test_the_draft_of_each_letter_holds_what_was_recorded_and_nobodys_name(city, app, name) -> None:
    row = report(city)
    step(city, "walidata", "measure", row, at=ago(hours=1), measure=MEASURE)
    address = f"{HOME}/{row['number']}/surat/{name}"
    for form, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        got = app.get(f"{address}.{form}", headers=city.token("ppid"))
        assert (got.status_code, got.headers["Cache-Control"]) == (200, "private, no-store")
        assert got.data.startswith(begins)
    assert app.get(f"{address}.docx", headers=city.token("produsen_lain")).status_code == 404
    assert app.get(f"{address}.exe", headers=city.token("ppid")).status_code == 404
    other = f"{HOME}/{row['number']}/surat/siapa.pdf"
    assert app.get(other, headers=city.token("ppid")).status_code == 404


def test_a_clerk_reports_and_ppid_concludes_by_pages(city, app) -> None:
    clerk, ppid = city.token("staf"), city.token("ppid")
    assert app.get(HOME, follow_redirects=False).status_code == 302
    assert app.get(HOME, headers=city.token("warga")).status_code == 403
    sent = {"kind": "leak", "severity": "high", "known_at": ago(hours=2), "what": WHAT,
            "personal": "true", "vital": "false"}  # fmt: skip
    assert app.post(HOME, headers=clerk, data={**sent, "what": "x"}).status_code == 422
    made = app.post(HOME, headers=clerk, data=sent, follow_redirects=False)
    assert made.status_code == 302
    address = "/satudata" + made.headers["Location"].partition("/satudata")[2]
    assert WHAT in app.get(address, headers=clerk).body
    assert app.get(address, headers=city.token("produsen_lain")).status_code == 404
    measured = {"act": "measure", "at": ago(hours=1), "measure": MEASURE}
    assert app.post(address, headers=clerk, data=measured).status_code == 403
    assert app.post(address, headers=ppid, data=measured, follow_redirects=False).status_code == 302
    assert MEASURE in app.get(address, headers=ppid).body
    ended = {"act": "conclude", **TEXTS}
    assert app.post(address, headers=ppid, data=ended).status_code == 422
    today = days.today().isoformat()
    ended |= {"subjects_told": today, "authority_told": today, "sector_told": today}
    assert app.post(address, headers=ppid, data=ended, follow_redirects=False).status_code == 302
    assert TEXTS["lessons"] in app.get(address, headers=clerk).body
