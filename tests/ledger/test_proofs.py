"""Heads, proofs and entries through the API and the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.ledger import heads, merkle, proving
from ckanext.satudata_pontianak.ledger.service import append

from ..refusals import refusal_of


def entry(**said) -> dict:
    receipt = append(model.Session, **{"event": "test.write", "actor_id": None, **said})
    model.Session.commit()
    return receipt.as_dict()


def test_a_receipt_is_proven_to_anybody_without_the_entry(city, sign) -> None:
    dataset = city.dataset()
    receipt = city.step("produsen", dataset, "submit")["receipt"]
    asked = city.act(None, "satudata_ledger_verify", **receipt)
    assert (asked["known"], asked["covered"], asked["proven"]) == (True, False, False)
    before = sign()
    entry()
    signed = sign()
    asked = city.act(None, "satudata_ledger_verify", hash=receipt["hash"])
    assert asked == {
        "known": True,
        "entry": receipt["entry"],
        "hash": receipt["hash"],
        "covered": True,
        "proven": True,
        "head": signed.as_dict(),
    }
    proof = city.act(None, "satudata_ledger_proof", entry=receipt["entry"])
    assert proof["head"] == signed.as_dict()
    heads.read(proof["head"]).check()
    assert dataset["id"] not in json.dumps(proof)
    told = (receipt["hash"], proof["leaf"], proof["size"], proof["path"], signed.head.root)
    assert merkle.included(*told)
    grown = city.act(
        None, "satudata_ledger_proof", **{"from": before.head.size, "to": signed.head.size}
    )
    told = (before.head.size, signed.head.size, grown["path"], before.head.root, signed.head.root)
    assert merkle.consistent(*told)
    assert grown["root_from"] == before.head.root


def test_a_wrong_receipt_is_known_to_nobody(city) -> None:
    receipt = entry()
    for wrong in (
        {"hash": "0" * 64},
        {"hash": receipt["hash"], "entry": receipt["entry"] + 1},
    ):
        assert not city.act(None, "satudata_ledger_verify", **wrong)["known"]


BAD = [
    ("satudata_ledger_verify", {"hash": "x"}),
    ("satudata_ledger_verify", {"hash": ["a" * 64]}),
    ("satudata_ledger_verify", {"entry": 1}),
    ("satudata_ledger_proof", {}),
    ("satudata_ledger_proof", {"entry": 1, "from": 1}),
    ("satudata_ledger_proof", {"entry": "satu"}),
    ("satudata_ledger_proof", {"entry": 10**30}),
    ("satudata_ledger_proof", {"entry": -1}),
    ("satudata_ledger_proof", {"from": 2, "to": 1}),
    ("satudata_ledger_proof", {"from": 1, "to": 10**12}),
    ("satudata_ledger_head", {"size": 0}),
    ("satudata_ledger_list", {"after": 1, "before": 2}),
    ("satudata_ledger_list", {"limit": 1001}),
    ("satudata_ledger_list", {"since": "kemarin"}),
    ("satudata_ledger_list", {"until": "9999-12-31"}),
    ("satudata_ledger_list", {"event": "a\x00"}),
    ("satudata_ledger_list", {"id": ["x"]}),
]


def test_bad_parameters_are_said(city) -> None:
    entry()
    for action, asked in BAD:
        with refusal_of(*asked, "entry", "hash", "to", "from"):
            city.act("pengawas", action, **asked)
    for action, asked in (
        ("satudata_ledger_proof", {"entry": 10**12}),
        ("satudata_ledger_head", {"size": 10**12}),
    ):
        with pytest.raises(tk.ObjectNotFound):
            city.act(None, action, **asked)


@pytest.mark.parametrize("who", ["warga", "walidata", "ppid", "admin", None])
def test_entries_are_for_the_auditor_alone(city, who) -> None:
    with pytest.raises(tk.NotAuthorized):
        city.act(who, "satudata_ledger_list")


def test_the_auditor_reads_entries_of_every_level_with_their_values(city) -> None:
    start = entry()["entry"]
    dataset = city.seal("sangat_rahasia")
    found = city.act("pengawas", "satudata_ledger_list", id=dataset["id"], event="case.")
    assert [e["event"] for e in found["entries"]] == [
        "case.approve",
        "case.assess",
        "case.refer",
        "case.submit",
        "case.open",
    ]
    said = found["entries"][2]["said"]
    assert said["actor_name"] == "walidata"
    assert said["detail"]["fields"]["catatan"] == "Perlu diuji"
    assert "Perlu diuji" not in found["entries"][2]["text"]
    first = city.act("pengawas", "satudata_ledger_list", after=start, limit=2)
    more = city.act("pengawas", "satudata_ledger_list", after=first["next"], limit=2)
    assert [e["entry"] for e in first["entries"] + more["entries"]] == [
        start + n for n in range(1, 5)
    ]
    back = city.act("pengawas", "satudata_ledger_list", before=start + 5, limit=2)
    assert [e["entry"] for e in back["entries"]] == [start + 4, start + 3]
    acted = city.act("pengawas", "satudata_ledger_list", actor="ppid", since="2026-01-01")
    assert {e["actor_id"] for e in acted["entries"]} == {city.users["ppid"]["id"]}


def test_what_came_since_the_head_is_verified_for_anybody(city, sign) -> None:
    sign()
    entry()
    told = city.act(None, "satudata_ledger_verify")
    assert told["ok"]
    assert told["entries"] - told["covered"] >= 1
    head = city.act(None, "satudata_ledger_head")
    assert head["uncovered"] == head["entries"] - head["head"]["size"] >= 1
    sizes = head["head"]["size"]
    assert city.act(None, "satudata_ledger_head", size=sizes)["signature"] == head["signature"]


@pytest.fixture
def run(cli):
    """Run ``ckan satudata`` with these words; return exit status and what it says."""

    def ran(*args: str) -> tuple[int, str]:
        done = cli.invoke(ckan, ["satudata", *args])
        model.Session.rollback()
        return done.exit_code, done.output

    return ran


def test_an_export_is_verified_without_ckan(city, signer, tmp_path, run) -> None:
    entry(actor_name="budi")
    path = tmp_path / "ledger.txt"
    code, said = run("ledger", "export", str(path))
    assert code == 0, said
    assert run("ledger", "export", str(path))[0] == 1
    assert "budi" not in path.read_text()
    assert path.read_text().splitlines()[-1].startswith("head\t")
    code, said = run("ledger", "verify")
    assert code == 0, said
    command = [str(Path(sys.executable).parent / "satudata")]
    done = subprocess.run(
        [*command, "ledger", "verify", str(path), "--key", signer.key, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], told["key_checked"]) == (0, True, True)
    assert told["entries"] == told["covered"] == proving.size(model.Session)


def test_the_head_is_printed_and_a_person_forgotten_by_command(city, signer, run) -> None:
    user = city.person("dilupakan")
    entry(actor_id=user["id"], actor_name=user["name"])
    code, said = run("ledger", "head")
    assert code == 0, said
    heads.read_text(said.strip().splitlines()[-1]).check()
    code, said = run("ledger", "forget", "--user", user["name"], "--yes")
    assert code == 0, said
    found = call_action(
        "satudata_ledger_list", {"user": "", "ignore_auth": True}, event="ledger.forget"
    )
    assert found["entries"][0]["said"]["detail"]["person"] == user["id"]
    assert run("ledger", "forget", "--yes")[0] == 2


def test_anybody_pastes_a_receipt_and_sees_it_proven(city, sign, app) -> None:
    receipt = entry()
    old, unsigned = receipt, json.dumps(receipt)
    sign()
    fresh = entry()
    for pasted, state in (
        (unsigned, "proven"),
        (f"Hash: {old['hash'].upper()}.", "proven"),
        (fresh["hash"], "waiting"),
        ("f" * 64, "unknown"),
        (json.dumps({"entry": 1, "hash": fresh["hash"]}), "unknown"),
        ("halo", "none"),
        ("x" * 2000, "none"),
    ):
        page = app.get("/satudata/buku-catatan", query_string={"tanda-terima": pasted})
        assert f'data-satudata-receipt="{state}"' in page.body


def test_heads_are_published_and_asked_for_again_with_their_mark(city, sign, app) -> None:
    entry()
    signed = sign()
    for form in ("json", "csv", "atom"):
        got = app.get(f"/satudata/buku-catatan/kepala.{form}")
        assert signed.head.root in got.body
        assert signed.signature in got.body
        mark = {"If-None-Match": got.headers["ETag"]}
        assert app.get(f"/satudata/buku-catatan/kepala.{form}", headers=mark).status_code == 304
    known = app.get("/satudata/buku-catatan/kepala.json").json["heads"]
    assert heads.read(known[0]) == signed
    assert "BEGIN PUBLIC KEY" in app.get("/satudata/buku-catatan/kunci.pem").body


def test_only_the_auditor_has_a_page_of_entries(city, app) -> None:
    receipt = entry(actor_name="<b>budi</b>")
    url = "/satudata/buku-catatan/entri"
    page = app.get(url, headers=city.token("pengawas"))
    assert receipt["hash"] in page.body
    assert "&lt;b&gt;budi" in page.body
    assert page.headers["Cache-Control"] == "private, no-store"
    wrong = app.get(url, query_string={"since": "x"}, headers=city.token("pengawas"))
    assert 'aria-invalid="true"' in wrong.body
    filtered = app.get(url, query_string={"outcome": "refused"}, headers=city.token("pengawas"))
    assert f">{receipt['hash']}<" not in filtered.body
    app.get(url, headers=city.token("warga"), status=403)
    assert app.get(url, follow_redirects=False).status_code == 302
