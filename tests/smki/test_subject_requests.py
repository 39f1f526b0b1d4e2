"""Requests of data subjects: recorded by a clerk, examined, answered in time by who answers."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.smki.destruction import reading
from ckanext.satudata_pontianak.smki.personal_data import subject_requests
from ckanext.satudata_pontianak.smki.records.personal_data_model import SubjectRequest

ANSWER = "Salinan data diberikan di loket terhadap bukti diri."
HOME = "/satudata/keamanan/data-pribadi/permintaan"
NAMES = ("record", "identify", "dataset_add", "answer", "list", "show")


def ago(**span) -> str:
    return (dt.datetime.now(days.CITY) - dt.timedelta(**span)).strftime("%Y-%m-%dT%H:%M")


def record(city, who="staf", **asked):
    given = {"kind": "access", "channel": "letter", "received_at": ago(hours=5),
             "agenda": "487/PDP/2026", **asked}  # fmt: skip
    return city.act(who, "satudata_smki_subject_record", **given)


def step(city, who, name, row, **asked):
    return city.act(who, f"satudata_smki_subject_{name}", request=row["number"], **asked)


def answer(city, who, row, **asked):
    given = {"outcome": "fulfilled", "answer": ANSWER, "letter": "488/PDP/2026", **asked}
    return step(city, who, "answer", row, **given)


def told(kind: str) -> set[str]:
    query = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
    return set(model.Session.scalars(query.where(Notice.kind == kind)))


def name_pejabat_pdp(city, who: str) -> None:
    asked = {"role": "pejabat_pdp", "user": city.users[who]["name"], "nomor_sk": "SK/1/2026"}
    city.act("walidata", "satudata_smki_role_create", **asked, **{"from": days.today().isoformat()})


def stored(row) -> SubjectRequest:
    query = sa.select(SubjectRequest).where(SubjectRequest.number == row["number"])
    return model.Session.scalars(query).one()


def test_a_clerk_records_it_and_who_answers_is_told_at_once(city) -> None:
    row = record(city)
    assert (row["state"], row["checks"], row["answers"]) == ("received", True, False)
    due = dt.datetime.fromisoformat(row["due"]) - dt.datetime.fromisoformat(row["received"])
    assert due == dt.timedelta(hours=72)
    assert row["hours_left"] == 66
    assert told("smki_subject") == {city.users[n]["name"] for n in ("ppid", "ppid_2")}


def test_the_pejabat_pdp_answers_from_the_day_on_which_one_is_named(city) -> None:
    row = record(city)
    step(city, "staf", "identify", row, proof="in_person")
    name_pejabat_pdp(city, "produsen_lain")
    with pytest.raises(tk.ValidationError):
        answer(city, "ppid", row)
    assert answer(city, "produsen_lain", row)["outcome"] == "fulfilled"


def test_a_deputy_answers_once_the_deadline_is_near(city) -> None:
    row = record(city, received_at=ago(hours=49))
    step(city, "staf", "identify", row, proof="in_person")
    name_pejabat_pdp(city, "produsen_lain")
    assert step(city, "ppid", "show", row)["answers"]
    assert answer(city, "ppid", row)["outcome"] == "fulfilled"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "lain"}, "kind"),
        ({"kind": ["access"]}, "kind"),
        ({"channel": ""}, "channel"),
        ({"received_at": "kemarin"}, "received_at"),
        ({"received_at": "2026-11-30"}, "received_at"),
        ({"received_at": "2999-01-01T10:00"}, "received_at"),
        ({"received_at": "0001-01-01T10:00"}, "received_at"),
        ({"received_at": ago(days=91)}, "received_at"),
        ({"agenda": ""}, "agenda"),
        ({"agenda": "4"}, "agenda"),
        ({"agenda": "x" * 201}, "agenda"),
        ({"agenda": "487/PDP\n2026"}, "agenda"),
        ({"agenda": "Surat dari NIK 6171012501900001"}, "agenda"),
    ],
)
def test_a_record_is_refused_with_the_field_that_is_wrong(city, asked, field) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        record(city, **asked)
    assert set(refusal.value.error_dict) == {field}
    assert city.act("ppid", "satudata_smki_subject_list")["count"] == 0


def test_it_is_seen_by_who_recorded_it_and_who_answers_or_audits_alone(city) -> None:
    row = record(city)
    for who in ("staf", "ppid", "ppid_2", "pengawas"):
        assert step(city, who, "show", row)["agenda"] == row["agenda"]
        assert city.act(who, "satudata_smki_subject_list", state="open")["count"] == 1
    for who in ("produsen_lain", "walidata", "penetap"):
        for name in ("show", "identify", "answer"):
            with pytest.raises(tk.ObjectNotFound) as there:
                step(city, who, name, row)
            with pytest.raises(tk.ObjectNotFound) as nowhere:
                step(city, who, name, {"number": 999999})
            assert str(there.value) == str(nowhere.value)
        assert city.act(who, "satudata_smki_subject_list")["count"] == 0
    for who in (None, "warga"):
        for name in NAMES:
            with pytest.raises(tk.NotAuthorized):
                step(city, who, name, row)


def test_nothing_is_told_before_an_office_has_seen_who_asks(city) -> None:
    row = record(city)
    with pytest.raises(tk.ValidationError) as refusal:
        answer(city, "ppid", row)
    assert "outcome" in refusal.value.error_dict
    with pytest.raises(tk.ValidationError):
        answer(city, "ppid", row, outcome="refused", ground="not_held")
    with pytest.raises(tk.ValidationError):
        step(city, "pengawas", "identify", row, proof="in_person")
    with pytest.raises(tk.ValidationError):
        step(city, "staf", "identify", row, proof="percaya saja")
    seen = step(city, "staf", "identify", row, proof="in_person")
    office = city.act("admin", "organization_show", id="dinkes")["title"]
    assert (seen["state"], seen["identity"]["office"]) == ("identified", office)
    with pytest.raises(tk.ValidationError):
        step(city, "ppid", "identify", row, proof="registry")
    done = answer(city, "ppid", row)
    assert (done["state"], done["hours_left"], done["late"]) == ("answered", None, False)
    with pytest.raises(tk.ValidationError):
        answer(city, "ppid", row)


def test_who_does_not_show_who_they_are_is_answered_with_what_is_missing(city) -> None:
    row = record(city)
    assert row["grounds"] == ["not_shown"]
    done = answer(city, "ppid", row, outcome="refused", ground="not_shown")
    assert (done["outcome"], done["ground"], done["identity"]) == ("refused", "not_shown", None)


def test_a_refusal_needs_a_ground_that_fits_what_was_asked(city) -> None:
    row = record(city, kind="erasure")
    seen = step(city, "ppid", "identify", row, proof="registry")
    assert "retention" in seen["grounds"]
    assert "harm" not in seen["grounds"]
    for wrong in ({"ground": ""}, {"ground": "harm"}, {"ground": "not_shown"}):
        with pytest.raises(tk.ValidationError) as refusal:
            answer(city, "ppid", row, outcome="refused", **wrong)
        assert set(refusal.value.error_dict) == {"ground"}
    for wrong, field in (
        ({"answer": "singkat"}, "answer"),
        ({"answer": "NIK 6171012501900001 ditolak oleh kami."}, "answer"),
        ({"letter": ""}, "letter"),
        ({"letter": "6171012501900001"}, "letter"),
    ):
        with pytest.raises(tk.ValidationError) as refusal:
            answer(city, "ppid", row, outcome="refused", ground="retention", **wrong)
        assert set(refusal.value.error_dict) == {field}
    assert answer(city, "ppid", row, outcome="refused", ground="retention")["ground_label"]


def test_each_step_is_in_the_ledger_and_no_word_of_it(city) -> None:
    row = record(city)
    step(city, "ppid", "identify", row, proof="signature")
    done = answer(city, "ppid", row)
    query = sa.select(entry_table.c.id, entry_table.c.event, entry_table.c.text).where(
        entry_table.c.event.startswith("smki.subject"),
        entry_table.c.id >= row["receipt"]["entry"],
    )
    entries = model.Session.execute(query.order_by(entry_table.c.id)).all()
    assert [e.event for e in entries] == [
        "smki.subject_record", "smki.subject_identify", "smki.subject_answer",
    ]  # fmt: skip
    assert [s["receipt"] for s in done["steps"]] == [e.id for e in entries]
    assert not any(w in e.text for e in entries for w in (ANSWER, row["agenda"], "488/PDP"))


def test_its_deadline_is_told_by_the_hour_before_and_after(city) -> None:
    due = stored(record(city)).due_at
    assert subject_requests.remind(due - dt.timedelta(hours=25)) == 0
    soon = subject_requests.remind(due - dt.timedelta(hours=23))
    assert soon == 2
    assert subject_requests.remind(due - dt.timedelta(hours=20)) == 0
    assert subject_requests.remind(due + dt.timedelta(hours=1)) == soon
    assert subject_requests.remind(due + dt.timedelta(hours=20)) == 0
    assert subject_requests.remind(due + dt.timedelta(hours=26)) == soon


def test_a_dataset_is_named_to_who_may_see_it_and_to_others_as_though_there_was_none(city) -> None:
    closed = city.seal()["id"]
    row = record(city, "produsen", id=closed)
    assert row["dataset"]["id"] == closed
    plain = record(city, "produsen")
    assert step(city, "ppid", "show", row)["dataset"]["id"] == closed
    name_pejabat_pdp(city, "produsen_lain")
    seen, other = (step(city, "produsen_lain", "show", one) for one in (row, plain))
    assert seen["dataset"] is None
    assert set(seen) == set(other)
    for named in (closed, "tidak-ada"):
        with pytest.raises(tk.ObjectNotFound) as refusal:
            record(city, "produsen_lain", id=named)
        assert str(refusal.value) == str(tk.ObjectNotFound(tk._("Dataset not found")))


def test_a_request_that_names_no_dataset_is_matched_with_those_that_hold_the_data(city) -> None:
    closed, opened = city.seal()["id"], city.publish()["id"]
    row = record(city, "produsen")
    for each in (closed, opened):
        seen = step(city, "ppid", "dataset_add", row, id=each)
    assert [each["id"] for each in seen["datasets"]] == [closed, opened]
    with pytest.raises(tk.ValidationError) as refusal:
        step(city, "ppid", "dataset_add", row, id=closed)
    assert set(refusal.value.error_dict) == {"id"}
    name_pejabat_pdp(city, "produsen_lain")
    assert [e["id"] for e in step(city, "produsen_lain", "show", row)["datasets"]] == [opened]
    for named in (closed, "tidak-ada"):
        with pytest.raises(tk.ObjectNotFound) as missing:
            step(city, "produsen_lain", "dataset_add", row, id=named)
        assert str(missing.value) == str(tk.ObjectNotFound(tk._("Dataset not found")))


def test_that_a_dataset_was_found_stands_in_its_ledger_and_in_no_step_of_the_request(city) -> None:
    opened, row = city.publish()["id"], record(city)
    done = step(city, "ppid", "dataset_add", row, id=opened)
    assert [each["action"] for each in done["steps"]] == ["record"]
    assert "subject" in reading.stops_of(opened)
    query = sa.select(entry_table.c.event).where(entry_table.c.id == done["receipt"]["entry"])
    assert model.Session.scalar(query) == "smki.subject_named"
    for who in ("pengawas", "walidata"):
        with pytest.raises((tk.ValidationError, tk.ObjectNotFound)):
            step(city, who, "dataset_add", row, id=opened)
    answer(city, "ppid", row, outcome="refused", ground="not_shown")
    assert "subject" not in reading.stops_of(opened)
    with pytest.raises(tk.ValidationError):
        step(city, "ppid", "dataset_add", row, id=city.publish()["id"])


def test_a_dataset_that_was_named_wrongly_is_taken_out_by_who_answers(city) -> None:
    named, other, row = city.publish()["id"], city.publish()["id"], record(city, "staf")
    step(city, "ppid", "dataset_add", row, id=named)
    for who, asked in (("staf", named), ("ppid", other)):
        with pytest.raises(tk.ValidationError):
            step(city, who, "dataset_remove", row, id=asked)
    for asked in ("tidak-ada", city.seal()["id"]):
        with pytest.raises(tk.ObjectNotFound):
            step(city, "staf", "dataset_remove", row, id=asked)
    done = step(city, "ppid", "dataset_remove", row, id=named)
    assert done["datasets"] == []
    assert [each["action"] for each in done["steps"]] == ["record"]
    assert "subject" not in reading.stops_of(named)
    query = sa.select(entry_table.c.event).where(entry_table.c.id == done["receipt"]["entry"])
    assert model.Session.scalar(query) == "smki.subject_taken_out"
    # It may be named anew, and stands once.
    again = step(city, "ppid", "dataset_add", row, id=named)
    assert [each["id"] for each in again["datasets"]] == [named]
    assert "subject" in reading.stops_of(named)


def test_the_form_offers_what_the_officer_finds_and_takes_it_out_again(city, app) -> None:
    row, ppid = record(city, "staf"), city.token("ppid")
    public = city.publish(title="Penerima bantuan menurut kecamatan")
    hidden = city.dataset(title="Penerima bantuan yang belum diputuskan")
    address = f"/satudata/keamanan/data-pribadi/permintaan/{row['number']}"
    body = app.post(address, headers=ppid, data={"act": "search", "q": "penerima bantuan"}).body
    assert f'value="{public["id"]}"' in body
    assert hidden["id"] not in body
    for act in ("name", "take_out"):
        sent = {"act": act, "id": public["id"]}
        posted = app.post(address, headers=ppid, data=sent, follow_redirects=False)
        assert posted.status_code == 302, act
    assert f"/dataset/{public['name']}" not in app.get(address, headers=ppid).body
    # Who names no dataset is offered no search.
    other = city.token("staf_2") if "staf_2" in city.users else city.token("pengawas")
    refused = app.post(address, headers=other, data={"act": "search", "q": "penerima"})
    assert refused.status_code in (403, 404)


def test_what_was_answered_in_time_or_late_or_not_yet_is_counted(city) -> None:
    for hours in (5, 80, 5, 80):
        row = record(city, received_at=ago(hours=hours))
        if hours == 80 or not subject_requests.answered(*ever()).in_time:
            if subject_requests.answered(*ever()).late:
                continue
            step(city, "staf", "identify", row, proof="in_person")
            answer(city, "ppid", row)
    assert subject_requests.answered(*ever()) == (1, 1, 2, 1)
    told = Counter[str]()
    for year in {int(ago(hours=hours)[:4]) for hours in (5, 80)}:
        sheets = city.act("walidata", "satudata_evidence", year=year)["frameworks"]
        told.update(next(s for f in sheets for s in f["sheets"] if s["code"] == "IK-08")["numbers"])
    assert [told[f"subjects_{n}"] for n in ("in_time", "late", "open", "overdue")] == [1, 1, 2, 1]


def ever() -> tuple[dt.datetime, dt.datetime, dt.datetime]:
    now = dt.datetime.now(dt.UTC)
    return now - dt.timedelta(days=30), now + dt.timedelta(days=1), now


def test_a_clerk_records_and_ppid_answers_by_pages(city, app) -> None:
    clerk, ppid = city.token("staf"), city.token("ppid")
    assert app.get(HOME, follow_redirects=False).status_code == 302
    assert app.get(HOME, headers=city.token("warga")).status_code == 403
    closed = city.seal()["id"]
    sent = {"kind": "access", "channel": "desk", "received_at": ago(hours=2), "agenda": "9/PDP"}
    assert app.post(HOME, headers=clerk, data={**sent, "agenda": ""}).status_code == 422
    other = city.token("produsen_lain")
    for named in (closed, "tidak-ada"):
        assert app.post(HOME, headers=other, data={**sent, "id": named}).status_code == 422
    made = app.post(HOME, headers=clerk, data=sent, follow_redirects=False)
    assert made.status_code == 302
    address = "/satudata" + made.headers["Location"].partition("/satudata")[2]
    assert "9/PDP" in app.get(address, headers=clerk).body
    assert app.get(address, headers=other).status_code == 404
    public = city.publish()["name"]
    for named, status in (("tidak-ada", 422), (public, 302)):
        sent = {"act": "name", "id": named}
        posted = app.post(address, headers=ppid, data=sent, follow_redirects=False)
        assert posted.status_code == status
    assert f"/dataset/{public}" in app.get(address, headers=clerk).body
    answered = {"act": "answer", "outcome": "fulfilled", "answer": ANSWER, "letter": "10/PDP"}
    assert app.post(address, headers=clerk, data=answered).status_code == 403
    assert app.post(address, headers=ppid, data=answered).status_code == 422
    shown = {"act": "identify", "proof": "in_person"}
    assert app.post(address, headers=clerk, data=shown, follow_redirects=False).status_code == 302
    assert app.post(address, headers=ppid, data=answered, follow_redirects=False).status_code == 302
    assert ANSWER in app.get(address, headers=clerk).body
    assert app.get(f"{HOME}?state=answered", headers=ppid).body.count("data-subject=") == 1
