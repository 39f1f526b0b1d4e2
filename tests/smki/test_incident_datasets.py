"""Several datasets in one incident of information security: each reader sees what they may know."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.incident_model import DownloadCount
from ckanext.satudata_pontianak.classification.records.model import Decision
from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.smki import incidents
from ckanext.satudata_pontianak.smki.destruction import reading
from ckanext.satudata_pontianak.smki.records.personal_data_model import SubjectRequest
from ckanext.satudata_pontianak.smki.rules.incident_rules import security_incidents
from ckanext.satudata_pontianak.sop.papers import incident_letter

from ..refusals import refusal_of
from .destroying import propose, term
from .test_incidents import HOME, TEXTS, report, step

TOLD = {
    f"{name}_reason": "Tidak perlu menurut hukum." for name in ("subjects", "authority", "sector")
}


def named(city, who: str, row, dataset, name: str = "dataset_add"):
    return city.act(who, f"satudata_smki_incident_{name}", incident=row["number"], id=dataset["id"])


def shown(city, who: str, row) -> set[str]:
    found = city.act(who, "satudata_smki_incident_show", incident=row["number"])
    return {each["name"] for each in found["datasets"]}


def events(dataset) -> list[str]:
    query = sa.select(entry_table.c.event).where(
        entry_table.c.dataset_id == dataset["id"],
        entry_table.c.event.startswith("smki.incident_"),
    )
    return list(model.Session.scalars(query.order_by(entry_table.c.id)))


def test_each_reader_sees_the_datasets_that_they_may_know_of(city) -> None:
    opened, draft = city.publish(), city.dataset()
    secret = city.seal("sangat_rahasia")
    row = report(city, "kepala_dinkes")
    for dataset in (opened, draft):
        named(city, "kepala_dinkes", row, dataset)
    handlers = ("walidata", "ppid", "penetap", "pengawas")
    asked = {"incident": row["number"]}
    before = [city.act(who, "satudata_smki_incident_show", **asked) for who in handlers]
    named(city, "kepala_dinkes", row, secret)
    after = [city.act(who, "satudata_smki_incident_show", **asked) for who in handlers]
    hours = {"hours_left": 0}
    assert [each | hours for each in before] == [each | hours for each in after]
    assert shown(city, "kepala_dinkes", row) == {opened["name"], draft["name"]}
    for who in handlers:
        assert opened["name"] in shown(city, who, row)
        assert shown(city, who, row) <= {opened["name"], draft["name"]}
    other = report(city, "pegawai_dinsos")
    named(city, "walidata", other, opened)
    assert shown(city, "pegawai_dinsos", other) == {opened["name"]}
    hidden = city.dataset()
    city.step("produsen", hidden, "submit")
    named(city, "walidata", other, hidden)
    assert shown(city, "pegawai_dinsos", other) == {opened["name"]}
    steps = city.act("pegawai_dinsos", "satudata_smki_incident_show", incident=other["number"])
    assert [each["action"] for each in steps["steps"]] == ["report"]


def test_an_unknown_dataset_is_as_one_that_they_may_not_know_of(city, app) -> None:
    hidden, row = city.dataset(), report(city, "pegawai_dinsos")
    for name in ("dataset_add", "dataset_remove", "exposure"):
        said = []
        for id_ in (hidden["name"], "tiada-sama-sekali"):
            action = f"satudata_smki_incident_{name}"
            answer = city.over_http(app, "pegawai_dinsos", action, incident=row["id"], id=id_)
            said.append((answer.status_code, answer.body.replace(id_, "")))
        assert said[0] == said[1], name
        assert said[0][0] == 404
    address = f"{HOME}/{row['number']}"
    pages = []
    for id_ in (hidden["name"], "tiada-sama-sekali"):
        data = {"act": "dataset_add", "id": id_}
        answer = app.post(address, headers=city.token("pegawai_dinsos"), data=data)
        body = re.sub(r'(content|value)="[\w.-]{60,}"', "", answer.body).replace(id_, "")
        pages.append((answer.status_code, body))
    assert pages[0] == pages[1]
    assert pages[0][0] == 422


def test_datasets_are_named_and_taken_out_while_it_is_open(city) -> None:
    first, second, row = city.publish(), city.publish(), report(city)
    for who in ("produsen_lain", "warga"):
        with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
            named(city, who, row, first)
    named(city, "produsen", row, first)
    with refusal_of("id"):
        named(city, "walidata", row, first)
    with refusal_of("id"):
        named(city, "ppid", row, second, "dataset_remove")
    named(city, "walidata", row, second)
    for who in ("produsen", "walidata", "pengawas"):
        with refusal_of(""):
            named(city, who, row, second, "dataset_remove")
    done = named(city, "ppid", row, second, "dataset_remove")
    assert [each["id"] for each in done["datasets"]] == [first["id"]]
    assert done["receipt"]["entry"] > 0
    named(city, "walidata", row, second)
    step(city, "ppid", "conclude", row, **TEXTS, **TOLD)
    for name in ("dataset_add", "dataset_remove"):
        with refusal_of(""):
            named(city, "walidata", row, first, name)
    assert events(first) == ["smki.incident_named", "smki.incident_concluded"]
    assert events(second) == [
        "smki.incident_named",
        "smki.incident_taken_out",
        "smki.incident_named",
        "smki.incident_concluded",
    ]


def test_who_reported_an_incident_takes_nothing_out_of_it(city) -> None:
    dataset, row = city.publish(), report(city, "ppid")
    named(city, "walidata", row, dataset)
    with refusal_of("") as refused:
        named(city, "ppid", row, dataset, "dataset_remove")
    assert "reported" in refused.value.error_dict[""][0]
    assert shown(city, "ppid", row) == {dataset["name"]}


def test_nothing_is_taken_out_while_its_destruction_is_proposed(city) -> None:
    dataset, leak = city.publish(), report(city)
    down = report(city, kind="down", severity="low")
    term(city, dataset)
    proposed = propose(city, dataset)
    named(city, "walidata", leak, dataset)
    named(city, "ppid", down, dataset)
    with refusal_of("id"):
        named(city, "ppid", leak, dataset, "dataset_remove")
    reason = "Dataset ini masih diperlukan untuk insiden."
    city.act("ppid", "satudata_smki_destruction_refuse", id=proposed["id"], reason=reason)
    assert named(city, "ppid", leak, dataset, "dataset_remove")["datasets"] == []
    named(city, "walidata", leak, dataset)
    for each in (leak, down):
        step(city, "ppid" if each is leak else "walidata", "conclude", each, **TEXTS, **TOLD)


def test_who_proposed_a_destruction_takes_its_dataset_out_of_no_incident(city) -> None:
    dataset, row = city.publish(), report(city, kind="down", severity="low")
    term(city, dataset)
    proposed = propose(city, dataset, "walidata")
    reason = "Dataset ini masih diperlukan untuk insiden."
    city.act("walidata", "satudata_smki_destruction_refuse", id=proposed["id"], reason=reason)
    named(city, "ppid", row, dataset)
    with refusal_of(""):
        named(city, "walidata", row, dataset, "dataset_remove")
    assert named(city, "walidata_2", row, dataset, "dataset_remove")["datasets"] == []


def test_a_destruction_that_they_may_not_know_of_is_an_unknown_dataset(city) -> None:
    dataset, row = city.publish(), report(city, kind="down", severity="low")
    term(city, dataset)
    propose(city, dataset)
    named(city, "ppid", row, dataset)
    handler = city.person("staf")
    given = {"role": "ttis", "user": handler["name"], "nomor_sk": "SK/1/2026"}
    given["from"] = days.today().isoformat()
    city.act("walidata", "satudata_smki_role_create", **given)
    said = []
    for id_ in (dataset["id"], "tiada-sama-sekali"):
        with pytest.raises(tk.ObjectNotFound) as refused:
            named(city, "staf", row, {"id": id_}, "dataset_remove")
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert shown(city, "staf", row) == {dataset["name"]}


def test_one_person_names_only_so_many(city, monkeypatch) -> None:
    monkeypatch.setattr(incidents, "MOST_NAMED", 2)
    first, second, third, row = (*(city.publish() for _ in range(3)), report(city))
    named(city, "produsen", row, first)
    named(city, "produsen", row, second)
    named(city, "ppid", row, second, "dataset_remove")
    with refusal_of("id"):
        named(city, "produsen", row, third)
    assert named(city, "walidata", row, third)["datasets"]


def test_an_open_incident_stops_the_destruction_until_it_is_concluded(city) -> None:
    dataset, row = city.publish(), report(city, kind="down", severity="low")
    term(city, dataset)
    named(city, "walidata", row, dataset)
    with refusal_of("") as refused:
        propose(city, dataset)
    assert "information security" in refused.value.error_dict[""][0]
    step(city, "walidata", "conclude", row, **TEXTS)
    assert propose(city, dataset)["state"] == "proposed"


def test_a_letter_names_what_everybody_may_know_and_no_number(city) -> None:
    opened, closed, secret = city.publish(), city.seal("rahasia"), city.seal("sangat_rahasia")
    row = report(city, "kepala_dinkes")
    for dataset in (opened, closed, secret):
        named(city, "kepala_dinkes", row, dataset)
    found = city.act("kepala_dinkes", "satudata_smki_incident_show", incident=row["number"])
    assert {each["name"] for each in found["datasets"]} == {opened["name"], closed["name"]}
    notice = security_incidents().notices["authority"]
    paper = incident_letter.letter(found, notice, days.today(), indonesian.translator())
    (facts,) = [block["facts"] for block in paper["blocks"] if block["kind"] == "facts"]
    (said,) = [f["texts"] for f in facts if f["label"] == "Dataset yang tersangkut"]
    always = "Jumlahnya, dan nama yang boleh disebut, dilengkapi oleh yang mengetahui semuanya."
    assert said == [opened["title"], always]
    assert str(paper).count(opened["title"]) == 1


def test_who_sees_neither_of_two_stops_is_told_one_sentence_for_both(city) -> None:
    dataset, row = city.publish(), report(city, "ppid", kind="down", severity="low")
    term(city, dataset)
    check = {"id": dataset["id"]}

    def against(who: str) -> list[str]:
        return city.act(who, "satudata_smki_destruction_check", **check)["against"]

    assert against("produsen") == []
    named(city, "walidata", row, dataset)
    assert against("produsen") == [reading.HIDDEN]
    assert "information security" in against("walidata")[0]
    moment = dt.datetime.now(dt.UTC)
    asked = {"kind": "access", "channel": "letter", "agenda": "1/2026", "due_at": moment}
    asked |= {"received_at": moment, "package_id": dataset["id"]}
    model.Session.add(SubjectRequest(**asked))
    model.Session.commit()
    assert against("produsen") == [reading.HIDDEN]
    with refusal_of("") as refused:
        propose(city, dataset)
    assert refused.value.error_dict[""] == [reading.HIDDEN]
    step(city, "walidata", "conclude", row, **TEXTS)
    assert against("produsen") == [reading.HIDDEN]


def test_who_had_the_data_is_shown_as_in_an_incident_of_one_dataset(city, app) -> None:
    dataset, other, row = city.publish(), city.publish(), report(city)
    named(city, "walidata", row, dataset)
    app.get(dataset["resources"][0]["url"])
    page = f"{HOME}/{row['number']}/dataset/{dataset['name']}"
    asked = {"incident": row["number"], "id": dataset["id"]}
    found = city.act("ppid", "satudata_smki_incident_exposure", **asked)
    assert found["exposure"]["downloads"]["count"] == 1
    assert [w["file"] for w in found["exposure"]["windows"]] == ["penduduk.csv"]
    assert app.get(page, headers=city.token("ppid")).status_code == 200
    with pytest.raises(tk.ObjectNotFound):
        city.act("ppid", "satudata_smki_incident_exposure", **{**asked, "id": other["id"]})
    with pytest.raises(tk.ObjectNotFound):
        city.act("produsen_lain", "satudata_smki_incident_exposure", **asked)
    assert page in app.get(f"{HOME}/{row['number']}", headers=city.token("ppid")).body
    assert events(dataset)[-2:] == ["smki.incident_looked"] * 2


def test_who_had_the_data_is_told_from_the_hour_at_which_it_was_known(city) -> None:
    dataset, row = city.publish(), report(city)
    named(city, "walidata", row, dataset)
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=3)
    made = sa.update(Decision).where(Decision.package_id == dataset["id"])
    model.Session.execute(made.values(decided_at=before))
    asked = {"incident": row["number"], "id": dataset["id"]}
    (window,) = city.act("ppid", "satudata_smki_incident_exposure", **asked)["exposure"]["windows"]
    hour = before.replace(minute=0, second=0, microsecond=0)
    counted = DownloadCount(version_id=window["version"], hour=hour, client="x", count=7)
    model.Session.add(counted)
    model.Session.commit()
    found = city.act("ppid", "satudata_smki_incident_exposure", **asked)["exposure"]
    assert [each["from"] for each in found["windows"]] == [row["known"]]
    assert found["downloads"]["count"] == 0


def test_who_reports_an_incident_learns_no_readers_by_it(city, app) -> None:
    dataset, row = city.publish(), report(city, "ppid")
    named(city, "ppid", row, dataset)
    asked = {"incident": row["number"], "id": dataset["id"]}
    with pytest.raises(tk.ObjectNotFound):
        city.act("ppid", "satudata_smki_incident_exposure", **asked)
    page = f"{HOME}/{row['number']}/dataset/{dataset['name']}"
    assert app.get(page, headers=city.token("ppid")).status_code == 404
    assert page not in app.get(f"{HOME}/{row['number']}", headers=city.token("ppid")).body
    assert city.act("walidata", "satudata_smki_incident_exposure", **asked)["exposure"]["windows"]
    assert events(dataset) == ["smki.incident_named", "smki.incident_looked"]
