"""From blocked to open: a waiting file is masked, scanned again, and opened where it may be."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.classification.records.model import Version

from ...refusals import refusal_of

NAME = "Qanari Zwuxtono"
ROWS = [
    f"61710141{i % 12 + 1:02}90{i + 1:04},{NAME} {chr(65 + i)},0{i % 9 + 1}/02/1990,{'LP'[i % 2]}"
    for i in range(16)
]
PEOPLE = ("nik,nama,tanggal_lahir,jenis_kelamin\n" + "\n".join(ROWS) + "\n").encode()
FEW = {"columns": {"nik": "drop", "nama": "drop", "tanggal_lahir": "year"}}


@pytest.fixture
def blocked(city, make_upload):
    """A dataset whose file has findings, so that it cannot be opened."""
    return city.dataset(file=make_upload(PEOPLE, "warga.csv"), data_pribadi="dianonimkan")


def waiting(city, dataset, who: str = "produsen") -> dict:
    """Return the scan of the dataset's only version."""
    (scan,) = city.act(who, "satudata_classification_show", id=dataset["id"])["scans"]
    return scan


def mask(city, dataset, plan, who: str = "produsen", **more) -> dict:
    version = more.pop("version", None) or waiting(city, dataset)["version"]
    return city.act(
        who, "satudata_version_mask", id=dataset["id"], version=version, plan=plan, **more
    )


def test_a_masked_file_takes_the_place_of_the_blocked_one_and_is_opened(city, blocked) -> None:
    before = waiting(city, blocked)
    assert before["verdict"] == "findings"
    assert before["masked"] is None
    suggested = city.act(
        "produsen", "satudata_mask_suggest", id=blocked["id"], version=before["version"]
    )["plan"]
    assert suggested["columns"]["nik"] == {"do": "drop"}
    done = mask(city, blocked, json.dumps(suggested))
    (scan,) = done["scans"]
    assert (scan["verdict"], scan["file"]) == ("clear", "warga-disamarkan.csv")
    assert scan["version"] != before["version"]
    assert (scan["masked"]["k"], scan["masked"]["enough"]) == (8, True)
    assert scan["derived_from"] is None
    assert NAME not in json.dumps(done)
    city.step("produsen", blocked, "submit")
    assert city.step("walidata", blocked, "approve")["decision"]["level"] == "biasa"
    old = model.Session.get(Version, before["version"])
    assert old.state == "superseded"
    new = model.Session.get(Version, scan["version"])
    assert (new.state, new.masked["source"]["sha256"]) == ("approved", old.sha256)
    recorded = model.Session.execute(
        sa.text("SELECT text FROM satudata_ledger.entry WHERE event = 'version.add'")
    ).scalars()
    assert any('"masked"' in text and str(old.sha256) in text for text in recorded)


def test_too_few_alike_are_not_opened_also_when_brought_by_hand(city, make_upload) -> None:
    rows = "".join(f"{NAME} {i},{'LP'[i % 2]},{i}\n" for i in range(8))
    dataset = city.dataset(
        file=make_upload(f"nama,jenis_kelamin,nilai\n{rows}".encode(), "nilai.csv"),
        data_pribadi="dianonimkan",
    )
    done = mask(city, dataset, {"columns": {"nama": "drop"}})
    assert done["masked"]["k"] == 4
    assert done["masked"]["risk"]["quasi_identifiers"] == ["jenis_kelamin"]
    city.step("produsen", dataset, "submit")
    with pytest.raises(tk.ValidationError) as refused:
        city.step("walidata", dataset, "approve")
    assert refused.value.error_dict["code"] == ["anonymous_enough"]
    assert "k = 4" in str(refused.value.error_dict)
    masked = "jenis_kelamin;nilai\r\n" + "".join(f"{'LP'[i % 2]};{i}\r\n" for i in range(8))
    again = city.dataset(file=make_upload(masked.encode("utf-8-sig"), "lain.csv"))
    assert waiting(city, again)["masked"]["k"] == 4
    city.step("produsen", again, "submit")
    with refusal_of("transition", code="anonymous_enough"):
        city.step("walidata", again, "approve")


def test_a_derived_dataset_is_one_of_its_own(city, blocked) -> None:
    before = waiting(city, blocked)
    done = mask(city, blocked, FEW, target="derived")
    assert done["dataset_id"] != blocked["id"]
    (scan,) = done["scans"]
    assert scan["verdict"] == "clear"
    assert scan["derived_from"] == blocked["id"]
    assert done["case"]["state"] == "draft"
    # The original waits as it did, and the copy stands under the same agency and nobody's eyes.
    assert waiting(city, blocked)["version"] == before["version"]
    made = city.act("produsen", "package_show", id=done["dataset_id"])
    assert made["owner_org"] == blocked["owner_org"]
    assert made["title"] != blocked["title"]
    assert blocked["name"] not in json.dumps(made)
    with pytest.raises(tk.ObjectNotFound):
        city.act("warga", "package_show", id=done["dataset_id"])
    # Whoever sees the derived dataset's case and not the source learns nothing of the source.
    axes = {"jenis_informasi": "berkala", "tingkat_keamanan": "biasa"}
    city.step("produsen", {"id": made["id"]}, "submit", data_pribadi="dianonimkan", **axes)
    city.step("walidata", {"id": made["id"]}, "approve")
    assert city.act("warga", "package_show", id=made["id"])["title"] == made["title"]
    public = city.act("warga", "satudata_classification_show", id=made["id"])
    assert blocked["id"] not in json.dumps(public)


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("produsen_lain", tk.ObjectNotFound),
        ("warga", tk.ObjectNotFound),
        (None, tk.NotAuthorized),
        ("staf", (tk.ObjectNotFound, tk.NotAuthorized)),
        ("walidata", tk.NotAuthorized),
        ("pengawas", tk.NotAuthorized),
        ("admin", tk.NotAuthorized),
    ],
)
@pytest.mark.parametrize("action", ["satudata_version_mask", "satudata_mask_suggest"])
def test_only_who_may_write_the_case_masks(city, blocked, who, error, action) -> None:
    version = waiting(city, blocked)["version"]
    with pytest.raises(error):
        city.act(who, action, id=blocked["id"], version=version, plan=FEW)
    assert waiting(city, blocked)["version"] == version


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"columns": {"alamat": "drop"}}, "nik, nama, tanggal_lahir"),
        ({"columns": {"nik": "hide"}}, "pseudonym"),
        ({"columns": {"nik": NAME}}, "pseudonym"),
        ({"columns": {NAME: "drop"}}, "nik, nama"),
        ({"columns": {NAME: {"do": "mask", "first": 9}}}, "0–2"),
        ({NAME: 1}, "columns"),
        ("{", "JSON"),
        (None, "plan"),
        ({"columns": {"nik": "pseudonym"}}, "SATUDATA_MASK_SECRET"),
        ({**FEW, "suppress_below": 900}, ""),
    ],
)
def test_a_plan_that_cannot_be_carried_out_changes_nothing(
    city, blocked, plan, said, monkeypatch
) -> None:
    monkeypatch.delenv("SATUDATA_MASK_SECRET", raising=False)
    version = waiting(city, blocked)["version"]
    with pytest.raises(tk.ValidationError) as refused:
        mask(city, blocked, plan, version=version)
    assert said in str(refused.value.error_dict["plan"])
    assert NAME not in str(refused.value.error_dict)
    assert waiting(city, blocked)["version"] == version


@pytest.mark.parametrize("wrong", [{"version": "tiada"}, {"version": 7}, {"target": "lain"}])
def test_what_is_not_there_is_refused(city, blocked, wrong) -> None:
    with refusal_of(*wrong):
        mask(city, blocked, FEW, **wrong)


def test_a_pseudonym_with_a_secret_of_the_site(city, blocked, tmp_path, ckan_config, monkeypatch):
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef" * 4)
    secret.chmod(0o600)
    monkeypatch.setitem(ckan_config, config.MASK_SECRET_FILE, str(secret))
    plan = {"columns": {**FEW["columns"], "nik": "pseudonym"}}
    done = mask(city, blocked, plan)
    assert done["scans"][0]["verdict"] == "clear"
    assert "0123456789abcdef" not in json.dumps(done)
