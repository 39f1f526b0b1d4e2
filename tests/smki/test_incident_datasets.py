"""Several datasets in one incident of information security: each reader sees what they may know."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.smki.rules.incident_rules import security_incidents
from ckanext.satudata_pontianak.sop.papers import incident_letter

from ..refusals import refusal_of
from .destroying import propose, term
from .test_incidents import HOME, TEXTS, report, step


def named(city, who: str, row, dataset, name: str = "dataset_add"):
    return city.act(who, f"satudata_smki_incident_{name}", incident=row["number"], id=dataset["id"])


def shown(city, who: str, row) -> tuple[set[str], int]:
    found = city.act(who, "satudata_smki_incident_show", incident=row["number"])
    return {each["name"] for each in found["datasets"]}, found["datasets_counted"]


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
    for dataset in (opened, draft, secret):
        named(city, "kepala_dinkes", row, dataset)
    assert shown(city, "kepala_dinkes", row) == ({opened["name"], draft["name"]}, 1)
    for who in ("walidata", "ppid", "penetap", "pengawas"):
        found, counted = shown(city, who, row)
        assert counted == 1
        assert opened["name"] in found
        assert secret["name"] not in found
    assert shown(city, "pengawas", row)[0] <= {opened["name"], draft["name"]}
    other = report(city, "pegawai_dinsos")
    named(city, "walidata", other, opened)
    assert shown(city, "pegawai_dinsos", other) == ({opened["name"]}, 0)
    hidden = city.dataset()
    city.step("produsen", hidden, "submit")
    named(city, "walidata", other, hidden)
    assert shown(city, "pegawai_dinsos", other) == ({opened["name"]}, 0)
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
        named(city, "walidata", row, second, "dataset_remove")
    named(city, "walidata", row, second)
    done = named(city, "ppid", row, second, "dataset_remove")
    assert [each["id"] for each in done["datasets"]] == [first["id"]]
    assert done["receipt"]["entry"] > 0
    named(city, "walidata", row, second)
    today = days.today().isoformat()
    notices = {f"{name}_told": today for name in ("subjects", "authority", "sector")}
    step(city, "ppid", "conclude", row, **TEXTS, **notices)
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


def test_an_open_incident_stops_the_destruction_until_it_is_concluded(city) -> None:
    dataset, row = city.publish(), report(city, kind="down", severity="low")
    term(city, dataset)
    named(city, "walidata", row, dataset)
    with refusal_of("") as refused:
        propose(city, dataset)
    assert "information security" in refused.value.error_dict[""][0]
    step(city, "walidata", "conclude", row, **TEXTS)
    assert propose(city, dataset)["state"] == "proposed"


def test_a_letter_names_how_many_and_those_that_the_reader_may_know(city) -> None:
    opened, secret = city.publish(), city.seal("sangat_rahasia")
    row = report(city, "kepala_dinkes")
    named(city, "kepala_dinkes", row, opened)
    named(city, "kepala_dinkes", row, secret)
    found = city.act("walidata", "satudata_smki_incident_show", incident=row["number"])
    notice = security_incidents().notices["authority"]
    paper = incident_letter.letter(found, notice, days.today(), indonesian.translator())
    (facts,) = [block["facts"] for block in paper["blocks"] if block["kind"] == "facts"]
    (said,) = [f["texts"] for f in facts if f["label"] == "Dataset yang tersangkut"]
    assert said == ["2", opened["title"]]
    assert str(paper).count(opened["title"]) == 1


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
    listed = app.get(f"{HOME}/{row['number']}", headers=city.token("ppid")).body
    assert page in listed
