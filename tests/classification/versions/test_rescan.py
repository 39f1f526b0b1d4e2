"""A new ruleset: tried first; once enforced, what it finds in what is served has consequences."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification import cli, jobs
from ckanext.satudata_pontianak.classification.records import reads, rulesets
from ckanext.satudata_pontianak.classification.records.incident_model import Incident
from ckanext.satudata_pontianak.classification.records.model import KnownRuleset, Scan, now
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.classification.rescan import rescan as rescanning
from ckanext.satudata_pontianak.classification.rescan.consequences import Rescanned
from ckanext.satudata_pontianak.classification.versions import versions
from ckanext.satudata_pontianak.ledger.service import entry_table

from ...refusals import refusal_of

NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"
MOBILES = b"catatan,hp\nContoh,081234567890\nContoh Dua,081234567891\n"
ILLNESSES = b"nama,diagnosa\nSiti Aminah,Hipertensi\nBudi Santoso,Diabetes\nRina Lestari,Asma\n"
MAIL = b"catatan,surel\nContoh,seseorang@gmail.com\nContoh Dua,orang.lain@yahoo.com\n"


OLD = "2025.1"
WHY = "Alasan yang cukup panjang"


def enforced() -> str:
    """Try what is due, then enforce."""
    rescan()
    return rescan("--enforce")


def rescan(*options: str) -> str:
    """Run the command."""
    result = CliRunner().invoke(cli.rescan, list(options), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.fixture
def published_long_ago(
    city: Any, make_upload: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Publish a file under an older ruleset, to which it was clear."""

    def publish(content: bytes) -> Any:
        dataset = city.dataset(file=make_upload(content))
        with monkeypatch.context() as earlier:
            earlier.setattr(rulesets, "newest", lambda: OLD)
            if model.Session.get(KnownRuleset, OLD) is None:
                model.Session.add(KnownRuleset(ruleset=OLD, enforced_at=now()))
            version = reads.waiting_versions([dataset["id"]])[0]
            scan = versions.scan(version)
            scan.verdict, scan.report = "clear", {}
            model.Session.commit()
            city.step("produsen", dataset, "submit")
            city.step("walidata", dataset, "approve")
        model.Session.execute(sa.delete(Scan).where(Scan.ruleset != OLD))
        model.Session.commit()
        return city.act(None, "package_show", id=dataset["id"])

    return publish


@pytest.mark.parametrize("found", [NIKS, MOBILES, ILLNESSES])
def test_identifiers_that_a_new_ruleset_knows_hold_the_data_at_once(
    city, app, published_long_ago, found
) -> None:
    """Hard identifiers hold, and whatever the law calls specific."""
    dataset = published_long_ago(found)
    url = dataset["resources"][0]["url"]
    assert app.get(url, status=200)
    told = rescan()
    assert "Would be held: 1." in told
    assert app.get(url, status=200)
    assert "Held: 1." in rescan("--enforce", "--user", city.admin["name"])
    assert app.get(url, status=None).status_code == 403
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    (hold,) = shown["holds"]
    assert hold["reason"]
    (incident,) = model.Session.scalars(sa.select(Incident))
    assert (incident.ground, incident.hold_id) == ("scan", hold["id"])
    assert incident.due_at - incident.known_at == dt.timedelta(hours=72)
    told = set(model.Session.scalars(sa.select(Notice.user_id)))
    assert {city.users[name]["id"] for name in ("produsen", "walidata", "ppid")} <= told
    for who in ("walidata", "ppid"):
        with pytest.raises(tk.ValidationError) as refused:
            city.act(
                who,
                "satudata_hold_release",
                id=dataset["id"],
                hold=hold["id"],
                ground="false_alarm",
                reason="Alasan yang cukup panjang",
            )
        assert refused.value.error_dict["code"] == ["unresolved"]
    assert "0 datasets" in rescan()
    assert len(city.act("ppid", "satudata_classification_show", id=dataset["id"])["holds"]) == 1


def test_other_new_findings_open_a_case_and_leave_the_data(city, app, published_long_ago) -> None:
    dataset = published_long_ago(MAIL)
    assert "case" in enforced()
    assert app.get(dataset["resources"][0]["url"], status=200)
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert (shown["case"]["state"], shown["case"]["reason"]) == ("draft", "new_findings")
    assert shown["holds"] == []


def test_a_case_that_is_open_takes_the_reason_over(city, published_long_ago) -> None:
    dataset = published_long_ago(MAIL)
    city.step("produsen", dataset, "reopen", reason="Perlu ditinjau")
    enforced()
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["reason"] == "Perlu ditinjau new_findings"


def test_what_is_clear_stays_as_it_was(city, csv_bytes, published_long_ago) -> None:
    dataset = published_long_ago(csv_bytes)
    assert "Unchanged: 1" in enforced()
    assert city.act("produsen", "satudata_classification_show", id=dataset["id"])["case"] is None


def test_a_dry_run_says_what_would_be_held_and_changes_nothing(
    city, app, published_long_ago
) -> None:
    held, opened = published_long_ago(NIKS), published_long_ago(MAIL)
    told = rescan("--dry-run").splitlines()
    assert told == [
        "2 datasets to scan.",
        f"{held['id']}: hold (nik)",
        f"{opened['id']}: case (email)",
        "Would be held: 1. Would open cases: 1. Unchanged: 0.",
    ]
    for dataset in (held, opened):
        assert app.get(dataset["resources"][0]["url"], status=200)
        shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
        assert shown["holds"] == []
        assert shown["case"] is None
    assert "Held: 1. Cases: 1. Unchanged: 0." in enforced()


def test_the_worker_tries_and_the_trial_is_reported_before_anything_follows(
    city, published_long_ago
) -> None:
    first, second = published_long_ago(NIKS), published_long_ago(MAIL)
    assert "2 left" in rescan("--report")
    with pytest.raises(AssertionError):
        rescan("--enforce")
    # What was decided first is tried first, a portion at a time.
    assert next(rescanning.run(seconds=60)).dataset_id == first["id"]
    assert "1 datasets tried, 1 left" in rescan("--report")
    # A worker that was killed behind the scan left a dataset begun: it is due again.
    rescanning._keep(Rescanned(first["id"], 0, rescanning.BEGUN))
    model.Session.commit()
    assert rescanning.due() == [first["id"], second["id"]]
    jobs.follow_rules()
    told = json.loads(rescan("--report", "--json"))
    assert (told["tried"], told["left"], told["enforced"]) == (2, 0, False)
    assert [(d["id"], d["consequence"], d["applied"]) for d in told["datasets"]] == [
        (first["id"], "hold", None),
        (second["id"], "case", None),
    ]
    shown = city.act("walidata", "satudata_classification_show", id=first["id"])
    assert (shown["holds"], shown["case"]) == ([], None)
    assert (shown["scans"][0]["ruleset"], shown["scans"][0]["verdict"]) == (OLD, "clear")
    rescanning.enforce(None)
    jobs.follow_rules()
    shown = city.act("walidata", "satudata_classification_show", id=first["id"])
    assert len(shown["holds"]) == 1
    assert shown["scans"][0]["ruleset"] == rulesets.newest()
    with pytest.raises(AssertionError):
        rescan("--enforce")
    event = sa.select(entry_table.c.body).where(entry_table.c.event == "ruleset.enforce")
    body = model.Session.scalars(event.order_by(entry_table.c.id.desc())).first()
    assert (body["before"]["ruleset"], body["after"]["ruleset"]) == (OLD, rulesets.newest())
    assert body["detail"]["trial"] == {"hold": 1, "case": 1, "none": 0}


@pytest.mark.parametrize("unchanged", [True, False])
def test_what_was_said_lasts_only_while_its_rule_does_and_is_confirmed_then(
    city, app, make_upload, monkeypatch, unchanged
) -> None:
    """A lapsed answer is no new hit: the data stay, and a case asks for the confirmation."""
    with monkeypatch.context() as earlier:
        earlier.setattr(rulesets, "newest", lambda: OLD)
        earlier.setattr(rulesets, "rules", dict)
        model.Session.add(KnownRuleset(ruleset=OLD, enforced_at=now()))
        model.Session.commit()
        dataset = city.dataset(file=make_upload(NIKS))
        city.step("produsen", dataset, "submit")
        shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
        said = {"resolution": "false_alarm", "reason": WHY}
        (scan,) = shown["scans"]
        for item in scan["findings"]:
            where = {"version": scan["version"], **item["key"]}
            city.act("walidata", "satudata_finding_resolve", id=dataset["id"], **where, **said)
        city.step("walidata_2", dataset, "approve")
    monkeypatch.setattr(rulesets, "rules", lambda: {"nik": OLD} if unchanged else {})
    enforced()
    public = city.act(None, "package_show", id=dataset["id"])
    assert app.get(public["resources"][0]["url"], status=200)
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    assert shown["holds"] == []
    assert (shown["case"] is None) is unchanged
    (item,) = shown["scans"][0]["findings"]
    if unchanged:
        assert item["resolution"] == "false_alarm"
        return
    assert item["resolution"] is None
    assert (item["earlier"]["reason"], item["earlier"]["lapsed"]) == (WHY, "rule")
    city.step("produsen", dataset, "submit")
    with refusal_of("transition", code="scans_clear"):
        city.step("walidata_2", dataset, "approve")
    where = {"id": dataset["id"], "version": shown["scans"][0]["version"], **item["key"]}
    confirmed = {**where, "earlier": item["earlier"]["id"]}
    with pytest.raises(tk.NotAuthorized):
        city.act("produsen", "satudata_finding_resolve", **confirmed)
    with pytest.raises(tk.ValidationError) as refused:
        city.act("walidata", "satudata_finding_resolve", **{**where, "earlier": "tiada"})
    assert refused.value.error_dict["code"] == ["no_earlier"]
    done = city.act("walidata", "satudata_finding_resolve", **confirmed)
    (item,) = done["scans"][0]["findings"]
    assert (item["resolution"], item["earlier"]) == ("false_alarm", None)
    assert done["case"]["history"][-1]["fields"]["confirms"] == confirmed["earlier"]
    with pytest.raises(tk.NotAuthorized):
        city.step("walidata", dataset, "approve")
    assert city.step("walidata_2", dataset, "approve")["decision"]
