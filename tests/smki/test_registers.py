"""Registers fill themselves, ask people for the rest, and tell nobody of what they may not know."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.ledger.service import entry_table
from ckanext.satudata_pontianak.smki import filling
from ckanext.satudata_pontianak.smki.records.model import SmkiEntry
from ckanext.satudata_pontianak.smki.rules.risks import TREATS

from ..jepin.apps import publish_app
from .lines import day, lay

WORTH = dict.fromkeys(("integrity", "availability", "authenticity", "non_repudiation"), 3)


def rows(city, who: str, register: str = "aset", **more):
    return city.act(who, "satudata_smki_entry_list", register=register, limit=500, **more)


def of_dataset(city, who: str, dataset, register: str = "aset", **more):
    found = rows(city, who, register, **more)["results"]
    return next((row for row in found if row["dataset"] == dataset["name"]), None)


def without_token(response) -> str:
    """Return a page without the token of its forms, which is another each time."""
    return re.sub(r'(content|value)="[\w.-]{60,}"', "", response.body)


def set_state(dataset, state: str) -> None:
    """Delete a dataset or bring it back, as its case does in the end."""
    model.Session.query(model.Package).filter_by(id=dataset["id"]).update({"state": state})
    model.Session.commit()


def risk(city, who: str = "walidata", **values):
    """Open a line of the register of risks."""
    given = {
        "threat": "Kunci rusak",
        "cause": "Kunci tidak punya salinan.",
        "asset": "keys",
        "likelihood": 3,
        "impact": 3,
        "treatment": "reduce",
        "measure": "Salinan dibuat setiap bulan.",
        "owner": "operator",
        "due": (days.today() + dt.timedelta(days=30)).isoformat(),
        "likelihood_after": 1,
        "impact_after": 3,
        **values,
    }
    given = {name: value for name, value in given.items() if value is not None}
    return city.act(who, "satudata_smki_entry_save", register="risiko", values=given)


def test_an_app_stands_there_as_software_and_its_place_is_asked_for(city) -> None:
    app = publish_app(city)
    filling.run()
    line = of_dataset(city, "walidata", app)
    assert line["title"] == app["title"]
    assert line["values"]["kind"] == tk._("Software")
    assert not line["values"].get("place")


def test_every_dataset_and_part_has_a_line_that_the_portal_keeps_true(city) -> None:
    dataset = city.publish()
    filling.run()
    line = of_dataset(city, "walidata", dataset)
    assert line["title"] == dataset["title"]
    assert line["values"]["level"] == tk._("Ordinary (open)")
    assert line["values"]["confidentiality"] == "1"
    assert line["values"]["files"] == "1"
    parts = {row["title"] for row in rows(city, "walidata")["results"] if not row["dataset"]}
    assert len(parts) == 7
    assert "Backups" in parts
    assert filling.run() == [], "running it again changes nothing"
    shown = city.act("walidata", "satudata_smki_entry_save", entry=line["id"], values=WORTH)
    assert shown["receipt"]["entry"]
    assert shown["values"]["integrity"] == "3"
    set_state(dataset, "deleted")
    filling.run()
    assert of_dataset(city, "walidata", dataset) is None
    row = model.Session.scalars(sa.select(SmkiEntry).where(SmkiEntry.id == line["id"])).one()
    assert row.ended_at is not None
    assert row.written["integrity"] == 3


def test_of_an_open_dataset_nothing_is_asked_and_another_value_stands(city, app) -> None:
    dataset, waiting = city.publish(), city.dataset()
    filling.run()
    line = of_dataset(city, "produsen", dataset)
    assert line["complete"]
    assert line["values"]["integrity"] == "2 (proposed by the portal)"
    assert tk._("Retention") in of_dataset(city, "produsen", waiting)["missing"]
    page = app.get(f"/satudata/keamanan/baris/{line['id']}", headers=city.token("produsen"))
    assert "2 (usul portal)" in page.body
    saved = city.act(
        "produsen", "satudata_smki_entry_save", entry=line["id"], values={"integrity": 3}
    )
    assert saved["values"]["integrity"] == "3"
    assert {f["name"] for f in saved["fields"] if f["proposed"]} == {
        "availability",
        "authenticity",
        "non_repudiation",
        "retention",
    }


def test_what_a_person_wrote_comes_back_with_the_dataset(city) -> None:
    dataset = city.publish()
    filling.run()
    line = of_dataset(city, "walidata", dataset)
    city.act("walidata", "satudata_smki_entry_save", entry=line["id"], values=WORTH)
    for state in ("deleted", "active"):
        set_state(dataset, state)
        filling.run()
    again = of_dataset(city, "walidata", dataset)
    assert again["id"] != line["id"]
    assert again["values"]["integrity"] == "3"


def test_what_the_portal_knows_follows_the_decision(city) -> None:
    dataset = city.dataset()
    filling.run()
    line = of_dataset(city, "walidata", dataset)
    assert line["values"]["confidentiality"] == "2"
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    city.act("walidata", "satudata_smki_entry_save", entry=line["id"], values=WORTH)
    assert [f.changed for f in filling.run() if f.register == "aset"] == [1]
    after = of_dataset(city, "walidata", dataset)
    assert after["values"]["confidentiality"] == "1"
    assert after["values"]["integrity"] == "3"


def test_of_what_somebody_may_not_know_there_is_no_line_anywhere(city, app) -> None:
    """A role gives no right: the list, its count, the line and the files are as without it."""
    lay(city, "koordinator", "warga")
    filling.run()
    before = rows(city, "warga")
    listed = city.act("warga", "satudata_smki_register_list")
    page = without_token(app.get("/satudata/keamanan/register/aset", headers=city.token("warga")))
    export = app.get("/satudata/keamanan/register/aset.csv", headers=city.token("warga")).data
    secret = city.seal("rahasia")
    filling.run()
    line = of_dataset(city, "ppid", secret)
    assert line is not None, "who may know of it has its line"
    assert rows(city, "warga") == before
    assert city.act("warga", "satudata_smki_register_list") == listed
    asked = {"headers": city.token("warga")}
    assert without_token(app.get("/satudata/keamanan/register/aset", **asked)) == page
    assert app.get("/satudata/keamanan/register/aset.csv", **asked).data == export
    for action, more in (
        ("satudata_smki_entry_show", {}),
        ("satudata_smki_entry_save", {"values": {"retention": "5 tahun"}}),
        ("satudata_smki_entry_end", {"reason": "Tidak dipakai lagi"}),
    ):
        with pytest.raises(tk.ObjectNotFound):
            city.act("warga", action, entry=line["id"], **more)


def test_numbers_of_lines_do_not_tell_how_many_datasets_have_lines(city, app) -> None:
    filling.run()
    first = risk(city)["number"]
    dataset = city.publish()
    filling.run()
    assert risk(city)["number"] == first + 1
    line = of_dataset(city, "walidata", dataset)
    assert line["number"] is None
    row = model.Session.get(SmkiEntry, line["id"])
    with pytest.raises(tk.ObjectNotFound):
        city.act("walidata", "satudata_smki_entry_show", entry=str(row.number))
    asked = {"headers": city.token("walidata")}
    page = app.get("/satudata/keamanan/register/aset", **asked)
    assert f"/satudata/keamanan/baris/{line['id']}" in page.body
    assert app.get(f"/satudata/keamanan/baris/{line['id']}", status=200, **asked)
    text = app.get("/satudata/keamanan/register/aset.csv", **asked).data.decode("utf-8-sig")
    numbers = [
        row[0] for row in csv.reader(io.StringIO(text), delimiter=";") if row and row[0].isdigit()
    ]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert len(numbers) == rows(city, "walidata")["count"]


def test_top_secret_is_only_counted_whoever_asks(city) -> None:
    filling.run()
    before = rows(city, "ppid")
    secret = city.seal("sangat_rahasia")
    filling.run()
    for who in ("ppid", "penetap", "pengawas", "walidata"):
        found = rows(city, who)
        assert found["counted"] == before["counted"] + 1
        assert of_dataset(city, who, secret) is None
        assert of_dataset(city, who, secret, state="ended") is None
    kept = sa.select(sa.func.count()).where(
        SmkiEntry.package_id == secret["id"], SmkiEntry.ended_at.is_(None)
    )
    assert model.Session.scalar(kept) == 0


def test_a_line_of_a_dataset_that_became_secret_is_gone_before_the_clock_runs(city) -> None:
    lay(city, "koordinator", "warga")
    dataset = city.dataset(file=False, jenis_informasi="dikecualikan", tingkat_keamanan="rahasia")
    filling.run()
    assert of_dataset(city, "warga", dataset) is None
    assert of_dataset(city, "walidata", dataset) is not None


def test_the_owner_agency_sees_and_writes_the_lines_of_its_datasets_alone(city) -> None:
    mine, other = city.publish(), city.publish()
    package = model.Package.get(other["id"])
    package.owner_org = city.orgs["disdukcapil"]["id"]
    model.Session.commit()
    filling.run()
    found = rows(city, "produsen")["results"]
    assert {row["dataset"] for row in found} == {mine["name"]}
    line = found[0]
    saved = city.act("produsen", "satudata_smki_entry_save", entry=line["id"], values=WORTH)
    assert saved["mine"]
    assert saved["missing"] == []
    registers = city.act("produsen", "satudata_smki_register_list")
    assert "risiko" not in {row["register"] for row in registers}
    with pytest.raises(tk.NotAuthorized):
        rows(city, "warga")
    with pytest.raises(tk.NotAuthorized):
        rows(city, "admin")


def test_only_declared_fields_are_taken_and_no_identifier(city) -> None:
    filling.run()
    line = rows(city, "walidata")["results"][0]

    def refused(values, key: str) -> str:
        with pytest.raises(tk.ValidationError) as refusal:
            city.act("walidata", "satudata_smki_entry_save", entry=line["id"], values=values)
        return str(refusal.value.error_dict[key])

    refused({"unknown": "x"}, "unknown")
    refused({"kind": "software"}, "kind")
    refused({"files": 3}, "files")
    refused({"integrity": 4}, "integrity")
    refused({"retention": "NIK 6171014508900001"}, "retention")
    refused("x", "values")
    row = model.Session.get(SmkiEntry, line["id"])
    assert row.written == {}


def test_a_line_by_hand_is_opened_and_ended_with_a_reason(city) -> None:
    values = {"name": "Aplikasi antrean", "kind": "software"}
    line = city.act("walidata", "satudata_smki_entry_save", register="aset", values=values)
    assert line["title"] == "Aplikasi antrean"
    assert line["ends"]
    with pytest.raises(tk.ValidationError):
        city.act("walidata", "satudata_smki_entry_end", entry=line["id"], reason="tua")
    ended = city.act(
        "walidata", "satudata_smki_entry_end", entry=line["id"], reason="Tidak dipakai lagi"
    )
    assert ended["ended"]
    assert ended["end_reason"] == "Tidak dipakai lagi"
    with pytest.raises(tk.ValidationError):
        city.act("produsen", "satudata_smki_entry_save", register="aset", values=values)


def test_the_ledger_says_that_something_was_written_and_never_what(city) -> None:
    line = risk(city, threat="Ancaman kenari")
    query = sa.select(entry_table.c.text).where(entry_table.c.event == "smki.entry_saved")
    texts = list(model.Session.scalars(query))
    assert any(line["id"] in text for text in texts)
    assert not any("kenari" in text or "salted" in text.partition("detail")[2] for text in texts)


def test_a_risk_is_accepted_by_who_may_until_a_day_and_falls_with_a_change(city) -> None:
    line = risk(city)
    until = (days.today() + dt.timedelta(days=90)).isoformat()

    def accept(who: str, **more):
        given = {"entry": line["id"], "until": until, "digest": line["risk"]["digest"], **more}
        return city.act(who, "satudata_smki_risk_accept", **given)

    with pytest.raises(tk.ValidationError):
        accept("walidata")
    for more in ({"until": ""}, {"digest": ""}, {"digest": "0" * 64}):
        with pytest.raises(tk.ValidationError) as refused:
            accept("penetap", **more)
        assert set(refused.value.error_dict) == set(more)
    found = accept("penetap")
    assert found["risk"]["accepted"]["stands"]
    assert found["risk"]["accepted"]["role"] == "pimpinan"
    assert found["risk"]["left"] == 9
    city.act("walidata", "satudata_smki_entry_save", entry=line["id"], values={"impact": 5})
    shown = city.act("penetap", "satudata_smki_entry_show", entry=line["id"])
    assert not shown["risk"]["accepted"]["stands"]
    with pytest.raises(tk.ValidationError):
        accept("penetap")


@pytest.mark.parametrize("change", [{"impact": 1}, {"owner": "ppid"}, {"controls": []}])
def test_who_changed_anything_of_a_risk_does_not_accept_it(city, change) -> None:
    line = risk(city, likelihood=2, impact=2, controls=["backup_fresh"])
    lay(city, "koordinator", "warga")
    assert city.act("warga", "satudata_smki_entry_show", entry=line["id"])["risk"]["may_accept"]
    line = city.act("warga", "satudata_smki_entry_save", entry=line["id"], values=change)
    until = (days.today() + dt.timedelta(days=90)).isoformat()
    given = {"entry": line["id"], "until": until, "digest": line["risk"]["digest"]}
    with pytest.raises(tk.ValidationError) as refused:
        city.act("warga", "satudata_smki_risk_accept", **given)
    assert tk._(TREATS) in str(refused.value.error_dict)


def test_a_risk_is_ended_by_nobody_who_treats_it_nor_while_it_is_bare(city) -> None:
    lay(city, "pemilik_risiko", "warga")
    reason = "Tidak berlaku lagi di sini"
    bare = risk(city, due=day(-1), owner="operator")
    treated = risk(city, owner="operator")
    for who, line in (("warga", bare), ("walidata", treated)):
        shown = city.act(who, "satudata_smki_entry_show", entry=line["id"])
        assert not shown["ends"]
        with pytest.raises(tk.ValidationError):
            city.act(who, "satudata_smki_entry_end", entry=line["id"], reason=reason)
    assert city.act("warga", "satudata_smki_entry_end", entry=treated["id"], reason=reason)["ended"]


def test_nobody_accepts_what_the_definition_gives_to_nobody(city) -> None:
    line = risk(city, likelihood=5, impact=5)
    until = (days.today() + dt.timedelta(days=90)).isoformat()
    given = {"until": until, "digest": line["risk"]["digest"]}
    with pytest.raises(tk.ValidationError):
        city.act("penetap", "satudata_smki_risk_accept", entry=line["id"], **given)


def test_the_catalogue_of_risks_is_there_and_nobody_ends_it(city) -> None:
    filling.run()
    found = rows(city, "walidata", "risiko")["results"]
    assert found
    assert not any(row["complete"] for row in found)
    shown = city.act("walidata", "satudata_smki_entry_show", entry=found[0]["id"])
    assert [f["suggested"] for f in shown["fields"] if f["name"] == "likelihood"] != [None]
    assert shown["risk"]["controls"]
    assert not shown["ends"]
    given = {"entry": found[0]["id"], "reason": "Tidak berlaku di sini"}
    with pytest.raises(tk.ValidationError):
        city.act("walidata", "satudata_smki_entry_end", **given)
    assert rows(city, "walidata", "risiko")["count"] == len(found)


@pytest.mark.parametrize("who", ["ppid", "produsen", "admin"])
def test_a_risk_is_nowhere_for_who_may_not_read_the_register(city, who) -> None:
    line = risk(city, threat="Ancaman kenari")
    for action, more in (
        ("satudata_smki_entry_list", {"register": "risiko"}),
        ("satudata_smki_entry_show", {"entry": line["id"]}),
        ("satudata_smki_risk_accept", {"entry": line["id"], "until": "2027-01-01"}),
    ):
        assert "kenari" not in str(refusal(city, who, action, more))


def refusal(city, who: str, action: str, params):
    with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)) as refused:
        city.act(who, action, **params)
    return refused.value
