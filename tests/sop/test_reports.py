"""The reports over the ledger, as each person gets them."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.ledger import service as ledger
from ckanext.satudata_pontianak.sop.audit import reports

from ..language.reading import spoken

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "transparency.py"


def case_of(city: Any, dataset: dict[str, Any]) -> str:
    """Return the id of the last case that the ledger tells of a dataset."""
    entry = ledger.entry_table
    query = sa.select(entry.c.case_id).where(
        entry.c.dataset_id == dataset["id"], entry.c.event == "case.open"
    )
    return model.Session.scalars(query.order_by(entry.c.id.desc())).first()


def put_astray(city: Any, dataset: dict[str, Any], **more: Any) -> int:
    """Write a step that no engine would have taken; return the number of its entry."""
    told = {
        "event": "case.approve",
        "actor_id": city.users["warga"]["id"],
        "duty": "walidata",
        "dataset_id": dataset["id"],
        "case_id": case_of(city, dataset),
        "before": {"state": "verification"},
        "after": {"state": "decided"},
    }
    receipt = ledger.append(model.Session, **(told | more))
    model.Session.commit()
    return receipt.entry


def test_the_numbers_for_everybody_are_those_of_a_script_over_the_ledger(city, tmp_path) -> None:
    dinkes = city.orgs["dinkes"]["id"]

    def told_of_dinkes(told: dict[str, Any]) -> Counter[str]:
        rows = [row for row in told["decisions"]["by_agency"] if row["agency"] == dinkes]
        return Counter({level: row[level] for row in rows for level in ("biasa", "terbatas")})

    # The ledger remembers what other tests did.
    reports.forget()
    before = told_of_dinkes(city.act(None, "satudata_transparency"))
    city.publish()
    dataset = city.limit()
    city.seal("sangat_rahasia")
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="all", reason="Diperiksa.")
    city.step("produsen", city.dataset(), "submit")
    entry = ledger.entry_table
    path = tmp_path / "ledger.jsonl"
    texts = model.Session.scalars(sa.select(entry.c.text).order_by(entry.c.id))
    path.write_text("\n".join(texts), "utf-8")
    today = days.today()
    asked = [sys.executable, str(SCRIPT), str(path), "--year", str(today.year)]
    done = subprocess.run([*asked, "--today", str(today)], capture_output=True, check=True)
    reports.forget()
    told = city.act(None, "satudata_transparency")
    agencies = told.pop("agencies")
    told.pop("ledger")  # where the portal counted from; the script was given a file
    assert json.loads(done.stdout) == json.loads(json.dumps(told))
    assert agencies[dinkes] == "Dinkes"
    # One is open; the limited one is held wholly, and the catalogue does not list it either.
    assert told_of_dinkes(told) == before + Counter(biasa=1)


def test_what_ran_as_written_has_no_deviation_and_what_did_not_is_named(city) -> None:
    good, wrong = city.limit(), city.publish()
    number = put_astray(city, wrong)
    told = city.act("pengawas", "satudata_conformance")
    mine = {d["dataset"]: d for d in told["deviations"]["list"]}
    assert good["id"] not in mine
    found = [d for d in told["deviations"]["list"] if d["dataset"] == wrong["id"]]
    assert {d["entry"] for d in found} == {number}
    assert "wrong_state" in {d["code"] for d in found}
    assert found[0]["dataset_name"] == wrong["name"]
    rows = {(r["agency"], r["state"], r["step"]) for r in told["steps"]}
    assert (good["owner_org"], "consequence_test", "assess") in rows
    # The definition stands in the ledger once, whoever took a step under it.
    entry = ledger.entry_table
    kept = sa.select(entry.c.body["after"]["workflow"].astext).where(
        entry.c.event == "workflow.change"
    )
    hashes = list(model.Session.scalars(kept))
    assert len(hashes) == len(set(hashes)) == len(told["definitions"])


def test_of_what_somebody_may_not_know_there_is_no_trace(city) -> None:
    sealed = city.seal("sangat_rahasia")
    put_astray(city, sealed)
    for who, knows in (("pengawas", True), ("ppid", True), ("walidata", False)):
        told = json.dumps(city.act(who, "satudata_conformance"))
        assert (sealed["id"] in told) is knows


@pytest.mark.parametrize("action", ["satudata_conformance", "satudata_evidence"])
def test_the_reports_are_for_whose_duty_it_is(city, action) -> None:
    for who in ("pengawas", "walidata", "ppid", "penetap"):
        assert city.act(who, action)
    for who in (None, "warga", "produsen", "staf", "admin"):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, action)


@pytest.mark.parametrize(
    ("action", "asked", "field"),
    [
        ("satudata_conformance", {"from": "kemarin"}, "from"),
        ("satudata_conformance", {"to": 7}, "to"),
        ("satudata_conformance", {"to": "9999-01-01"}, "to"),
        ("satudata_conformance", {"from": "2026-02-01", "to": "2026-01-31"}, "from"),
        ("satudata_transparency", {"year": "x"}, "year"),
        ("satudata_transparency", {"year": 9999}, "year"),
        ("satudata_evidence", {"year": 1}, "year"),
    ],
)
def test_what_cannot_be_read_is_said(city, action, asked, field) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        city.act("pengawas", action, **asked)
    assert set(refused.value.error_dict) == {field}


def test_the_pages_and_files(city, app) -> None:
    put_astray(city, city.publish())
    public = app.get("/satudata/transparansi", status=200).body
    assert public.count('role="img"') >= 3
    for page in (public, app.get("/satudata/prosedur", status=200).body):
        lead, _, rest = page.partition('class="sd-lead"')[2].partition("</figure>")
        assert (lead.count("<li>"), lead.count("<svg"), "<details" in lead) == (5, 1, False)
        # The rest unfolds: no head of it stands outside.
        rest = rest.partition("<footer")[0]
        assert rest.count("<summary><h2") == rest.count("<h2") >= 3
    assert "<script" not in public.partition('id="content"')[2].partition("<footer")[0]
    table = app.get("/satudata/transparansi.csv", status=200)
    rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows[0]) == 4
    assert {len(row) for row in rows} == {4}
    assert len(rows) > 20
    app.get("/satudata/transparansi?year=1", status=404)
    for path in ("/satudata/kesesuaian", "/satudata/bukti"):
        assert app.get(path, follow_redirects=False).status_code == 302
        app.get(path, headers=city.token("warga"), status=403)
        assert app.get(path, headers=city.token("pengawas"), status=200)
        printed = app.get(f"{path}.pdf", headers=city.token("pengawas"), status=200).data
        reader = pypdf.PdfReader(io.BytesIO(printed))
        root: Any = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "id"
        assert float(reader.pages[0].mediabox.width) == pytest.approx(841.89, abs=0.1)
    path = "/satudata/kesesuaian"
    bad = app.get(f"{path}?from=x", headers=city.token("pengawas"), status=400)
    assert 'role="alert"' in bad.body
    app.get(f"{path}.csv?from=x", headers=city.token("pengawas"), status=400)
    app.get(f"{path}.csv", headers=city.token("pengawas"), status=200)


CODED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-|\b20\d\d-\d\d-\d\d\b|\b(?!hand_on|ask_law)[a-z]+_[a-z_]+\b|\bNone\b|abracadabra"
)
"""What programs call things, and dates as they write them.

The ledger remembers the definition of tests/sop/test_follows.py, whose labels look like codes.
"""
ASTRAY: tuple[dict[str, Any], ...] = (
    {"event": "case.abracadabra", "after": {"state": "abracadabra"}},
    {"event": "version.add", "before": {}, "after": {}},
    {"event": "case.assess", "duty": None, "before": {"state": None}, "detail": {"fields": {}}},
    {"event": "case.open", "after": {"state": "approval", "due": "2026-01-02"}},
    {"event": "case.approve", "detail": {"break_glass": str(uuid.uuid4()), "fields": {}}},
)


def test_what_went_astray_is_told_in_words_on_the_page_and_in_its_files(city, app) -> None:
    dataset = city.publish()
    for step in ASTRAY:
        put_astray(city, dataset, **step)
    found = city.act("pengawas", "satudata_conformance")["deviations"]["list"]
    codes = {d["code"] for d in found if d["dataset"] == dataset["id"]}
    assert codes >= {"unknown_step", "wrong_state", "wrong_start", "late", "break_glass"}
    who, path = city.token("pengawas"), "/satudata/kesesuaian"
    body = app.get(path, headers={**who, "Accept": "text/html"}).body
    page = spoken(body.partition('id="content"')[2].partition("<footer")[0])
    table = app.get(f"{path}.csv", headers=who).data.decode("utf-8-sig").splitlines()
    printed = pypdf.PdfReader(io.BytesIO(app.get(f"{path}.pdf", headers=who).data))
    paper = [line for each in printed.pages for line in each.extract_text().splitlines()]
    for texts in (page, table, paper):
        # In a narrow column of the paper a title stands on several lines.
        assert texts is paper or any(dataset["title"] in text for text in texts)
        assert [text for text in texts if CODED.search(text)] == []


def test_the_command_reports_and_an_sop_is_still_written_by_its_name(city, cli, tmp_path) -> None:
    from ckan.cli.cli import ckan

    asked = ["satudata", "sop", "conformance"]
    told = cli.invoke(ckan, [*asked, "--json"])
    assert not told.exit_code, told.output
    # Lines of the log come first where a test ran before that let CKAN write them there.
    assert json.loads(told.stdout[told.stdout.index("{\n") :])["cases"]["total"] >= 0
    assert "as written" in cli.invoke(ckan, asked).output
    target = tmp_path / "laporan.pdf"
    assert not cli.invoke(ckan, [*asked, "--pdf", "--output", str(target)]).exit_code
    assert target.read_bytes().startswith(b"%PDF")
    for wrong in (["--pdf"], ["--from", "x"]):
        assert cli.invoke(ckan, [*asked, *wrong]).exit_code
    assert "klasifikasi" in cli.invoke(ckan, ["satudata", "sop"]).output
