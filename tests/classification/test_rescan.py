"""A new ruleset: what it finds in what is served has consequences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification import cli, repository, versions
from ckanext.satudata_pontianak.classification.model import Scan

NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"
MOBILES = b"catatan,hp\nContoh,081234567890\nContoh Dua,081234567891\n"
ILLNESSES = b"nama,diagnosa\nSiti Aminah,Hipertensi\nBudi Santoso,Diabetes\nRina Lestari,Asma\n"
MAIL = b"catatan,surel\nContoh,seseorang@gmail.com\nContoh Dua,orang.lain@yahoo.com\n"


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
            earlier.setattr(versions, "ruleset", lambda: "2025.1")
            version = repository.waiting_versions([dataset["id"]])[0]
            scan = versions.scan(version)
            scan.verdict, scan.report = "clear", {}
            model.Session.commit()
            city.step("produsen", dataset, "submit")
            city.step("walidata", dataset, "approve")
        model.Session.execute(sa.delete(Scan).where(Scan.ruleset != "2025.1"))
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
    assert "hold" in rescan()
    assert app.get(url, status=None).status_code == 403
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    (hold,) = shown["holds"]
    assert hold["reason"]
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
    assert "case" in rescan()
    assert app.get(dataset["resources"][0]["url"], status=200)
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert (shown["case"]["state"], shown["case"]["reason"]) == ("draft", "new_findings")
    assert shown["holds"] == []


def test_a_case_that_is_open_takes_the_reason_over(city, published_long_ago) -> None:
    dataset = published_long_ago(MAIL)
    city.step("produsen", dataset, "reopen", reason="Perlu ditinjau")
    rescan()
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["reason"] == "Perlu ditinjau new_findings"


def test_what_is_clear_stays_as_it_was(city, csv_bytes, published_long_ago) -> None:
    dataset = published_long_ago(csv_bytes)
    assert "Unchanged: 1" in rescan()
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
    assert "Held: 1. Cases: 1. Unchanged: 0." in rescan()
