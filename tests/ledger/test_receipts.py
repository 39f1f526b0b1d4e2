"""A receipt that anyone can check: its code, a file or its hash, each answered for who asks."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.access.hidden import knowing
from ckanext.satudata_pontianak.classification.cases import show as presenting
from ckanext.satudata_pontianak.ledger import codes
from ckanext.satudata_pontianak.ledger.service import append
from ckanext.satudata_pontianak.ledger.tables import receipt_table
from ckanext.satudata_pontianak.surface import rates

from ..refusals import refusal_of

PAGE = "/satudata/buku-catatan"
UNKNOWN = "Bukan berkas yang boleh Anda lihat, atau tidak dikenal; berkas yang disimpan ulang"


def show(city: Any, who: str | None, **asked: Any) -> dict[str, Any]:
    return city.act(who, "satudata_receipt_show", **asked)


def page(app: Any, city: Any, who: str | None, pasted: str) -> str:
    asked = {"tanda-terima": pasted}
    return app.get(PAGE, query_string=asked, headers=city.token(who)).body


def state(body: str) -> str:
    return re.findall(r'data-satudata-receipt="(\w+)"', body)[0]


def test_a_citizen_with_a_file_learns_whether_it_is_the_published_one(
    city, sign, app, make_upload
) -> None:
    content = b"kecamatan,jumlah\nPontianak Kota,7\n"
    dataset = city.publish(file=make_upload(content, "jumlah.csv"), title="Jumlah Pasar")
    sha256 = hashlib.sha256(content).hexdigest()
    waiting = show(city, None, sha256=sha256)["records"][0]
    assert (waiting["covered"], waiting["proven"]) == (False, False)
    signed = sign()
    told = show(city, None, sha256=sha256.upper())
    (record,) = told["records"]
    assert record["dataset"] == {
        "id": dataset["id"], "name": dataset["name"], "title": "Jumlah Pasar",
    }  # fmt: skip
    (file,) = record["files"]
    assert (file["state"], file["sha256"], file["size"]) == ("served", sha256, len(content))
    assert record["decision"]["level"] == "biasa"
    assert record["proven"]
    assert told["head"]["head"]["root"] == signed.head.root
    body = page(app, city, None, f"{sha256}  jumlah.csv")
    assert state(body) == "found"
    for word in ("Terbukti", "Jumlah Pasar", sha256, record["code"], signed.head.root):
        assert word in body
    # One byte more is another file.
    other = hashlib.sha256(content + b"\n").hexdigest()
    assert show(city, None, sha256=other) == {"known": False, "records": [], "head": None}
    assert UNKNOWN in page(app, city, None, other)


def test_the_datasets_page_shows_the_receipt_of_its_decision_and_the_whole_hash(
    city, app, make_upload
) -> None:
    content = b"kecamatan,jumlah\nPontianak Timur,9\n"
    dataset = city.publish(file=make_upload(content, "jumlah.csv"))
    body = app.get(f"/dataset/{dataset['name']}").body
    code = presenting.code_of_decision(dataset["id"])
    assert code
    assert code in body
    assert hashlib.sha256(content).hexdigest() in body
    (record,) = show(city, None, code=code)["records"]
    assert record["dataset"]["id"] == dataset["id"]
    assert record["event"] == "case.approve"
    assert record["files"][0]["sha256"] == hashlib.sha256(content).hexdigest()
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["decision"]["receipt"] == code


def test_who_may_not_have_bytes_gets_the_answer_for_an_unknown_file(city, app, make_upload) -> None:
    content = b"gudang,obat\nTimur,4\n"
    limited = city.limit(file=make_upload(content, "gudang.csv"))
    sha256 = hashlib.sha256(content).hexdigest()
    nothing = {"known": False, "records": [], "head": None}
    code = presenting.code_of_decision(limited["id"])
    assert code
    for who in (None, "warga", "pengawas"):
        assert show(city, who, sha256=sha256) == nothing, who
        # What it is, everybody reads; which files it has, only who may have them.
        (record,) = show(city, who, code=code)["records"]
        assert (record["dataset"]["id"], record["files"]) == (limited["id"], []), who
        assert sha256 not in page(app, city, who, code)
    for who in ("produsen", "staf", "produsen_lain"):
        (record,) = show(city, who, sha256=sha256)["records"]
        assert record["files"][0]["state"] == "served", who
    body = page(app, city, "staf", code)
    assert sha256 in body
    assert f"/satudata/penetapan/{record['decision']['id']}" in body
    hidden = page(app, city, None, sha256)
    assert state(hidden) == "unknown"
    assert "/user/login?came_from=" in hidden


def test_a_receipt_of_something_closed_is_known_to_whose_it_is_and_to_the_auditor(
    city, app
) -> None:
    sealed = city.seal("sangat_rahasia")
    draft = city.dataset(title="Judul Rahasia Sekali")
    sent = city.step("produsen", draft, "submit")["receipt"]["code"]
    decided = presenting.code_of_decision(sealed["id"])
    assert decided
    nothing = show(city, None, code=codes.shown(codes.new()))
    assert nothing["known"] is False
    for who in (None, "warga", "produsen_lain"):
        for code in (sent, decided):
            assert show(city, who, code=code) == nothing, who
    (own,) = show(city, "produsen", code=sent)["records"]
    assert own["dataset"]["title"] == "Judul Rahasia Sekali"
    assert own["event"] == "case.submit"
    (audited,) = show(city, "pengawas", code=decided)["records"]
    assert audited["entry"]
    assert audited["files"] == []
    lost = page(app, city, None, sent)
    assert UNKNOWN in lost
    assert "Judul Rahasia" not in lost
    assert "Judul Rahasia" in page(app, city, "produsen", sent)


def test_without_the_look_up_a_closed_file_would_be_asked_for_another_way(
    city, monkeypatch
) -> None:
    """The stand-in is what makes both answers one: unplugged, a receipt tells of a draft."""
    sent = city.step("produsen", city.dataset(), "submit")["receipt"]["code"]
    monkeypatch.setattr(knowing, "look_up", lambda *_, **_more: knowing.Answer(set(), {}, {}))
    assert show(city, None, code=sent)["known"] is True


def test_an_older_version_that_was_open_is_known_while_the_data_are(city, make_upload) -> None:
    old, new = b"kecamatan,jumlah\nBarat,1\n", b"kecamatan,jumlah\nBarat,2\n"
    dataset = city.publish(file=make_upload(old, "jumlah.csv"))
    sha256 = hashlib.sha256(old).hexdigest()
    city.act(
        "produsen",
        "resource_update",
        id=dataset["resources"][0]["id"],
        name="Data",
        upload=make_upload(new, "jumlah.csv"),
    )
    waiting = hashlib.sha256(new).hexdigest()
    assert show(city, None, sha256=waiting)["known"] is False
    assert show(city, "produsen", sha256=waiting)["records"][0]["files"][0]["state"] == "waiting"
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert show(city, None, sha256=sha256)["records"][0]["files"][0]["state"] == "older"
    assert show(city, None, sha256=waiting)["records"][0]["files"][0]["state"] == "served"
    city.act("ppid", "satudata_hold_create", id=dataset["id"], scope="data", reason="x" * 20)
    for gone in (sha256, waiting):
        assert show(city, None, sha256=gone)["known"] is False


def test_what_is_no_receipt_is_refused_with_what_to_do(city, app) -> None:
    good = codes.shown(codes.new())
    bad = good[:-1] + ("A" if good[-1] != "A" else "B")
    for asked in (
        {}, {"code": "halo"}, {"code": bad}, {"code": 7}, {"code": ["x"]}, {"sha256": "f" * 63},
        {"sha256": {"a": 1}}, {"code": good, "sha256": "f" * 64}, {"code": f"a\x00{good}"},
    ):  # fmt: skip
        with refusal_of(*asked, "code"):
            show(city, "warga", **asked)
    assert state(page(app, city, None, bad)) == "slip"
    assert "Cocokkan dengan aslinya" in page(app, city, None, bad)
    assert state(page(app, city, None, f"{good} {codes.shown(codes.new())}")) == "none"


def test_look_ups_are_counted_by_address_and_by_person(city, app) -> None:
    most = rates.kind("receipts").items()[0].amount
    address = {"X-Forwarded-For": "198.51.100.77"}
    asked = {"tanda-terima": codes.shown(codes.new())}
    for headers in (address, {**address, **city.token("warga")}):
        got = [
            app.get(PAGE, query_string=asked, headers=headers, status=None).status_code
            for _ in range(most + 1)
        ]
        assert got == [200] * most + [429]
        # The page by itself is there for everybody.
        assert app.get(PAGE, headers=headers).status_code == 200
    path = f"/api/3/action/satudata_receipt_show?code={asked['tanda-terima']}"
    assert app.get(path, headers=address, status=None).status_code == 429


def test_every_entry_has_a_code_that_nobody_changes(city) -> None:
    told = append(model.Session, event="test.write", actor_id=None)
    model.Session.commit()
    columns = receipt_table.c
    kept = model.Session.scalar(sa.select(columns.code).where(columns.entry == told.entry))
    assert codes.shown(kept) == told.as_dict()["code"]
    for statement in (
        sa.update(receipt_table).where(columns.code == kept).values(entry=1),
        sa.delete(receipt_table).where(columns.code == kept),
    ):
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            model.Session.execute(statement)
        model.Session.rollback()
