"""A signed paper is known by hash and receipt to who reads such papers, and to nobody else."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.ledger import codes
from ckanext.satudata_pontianak.ledger.reading import codes_of
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.portal.demo.paper import paper

from ..access.doors import Try
from ..access.hidden.test_same_answer import answer, as_on_a_server, first_difference
from ..city import AXES_LIMITED
from ..statements import statements

__all__ = ["as_on_a_server"]

SIGNED = paper("Penetapan bertanda tangan")
NEWER = paper("Penetapan bertanda tangan, dipindai ulang")
NUMBER = "SK-31/2026"
PAGE = "/satudata/buku-catatan?tanda-terima="
API = "/api/3/action/satudata_receipt_show?"
READERS = ("ppid", "penetap", "pengawas")
OTHERS = (None, "warga", "produsen", "walidata", "admin", "sekretaris")
NOTHING = {"known": False, "records": [], "head": None}


def show(city: Any, who: str | None, **asked: Any) -> dict[str, Any]:
    return city.act(who, "satudata_receipt_show", **asked)


def decided(city: Any, **more: Any) -> dict[str, Any]:
    """Return a dataset that was excluded under the number."""
    dataset = city.dataset(**AXES_LIMITED, **more)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    proposed = {"penerima": ["disdukcapil"], "dasar_penerima": "Disdukcapil: tugas"}
    city.step("ppid", dataset, "assess", **city.assess_fields(**proposed))
    city.step("penetap", dataset, "approve", nomor=NUMBER)
    return dataset


def receipt_of(sha256: str) -> str:
    """Return the code of the entry by which a paper was brought."""
    model.Session.rollback()
    query = sa.select(entry_table.c.id).where(
        entry_table.c.event == "paper.record",
        entry_table.c.body["detail"]["sha256"].astext == sha256,
    )
    number = model.Session.scalars(query.order_by(entry_table.c.id.desc()).limit(1)).one()
    return codes_of(model.Session, [number])[number]


def test_a_signed_paper_is_known_to_who_reads_it_and_unknown_to_everybody_else(
    city, sign, app, as_on_a_server, make_upload
) -> None:
    dataset = decided(city, title="Gudang Obat")
    city.join("ppid", "sekretaris", "member")
    for content in (SIGNED, NEWER):
        scan = make_upload(content)
        city.act("sekretaris", "satudata_signed_paper_create", nomor=NUMBER, scan=scan)
    old, new = (hashlib.sha256(content).hexdigest() for content in (SIGNED, NEWER))
    signed, code = sign(), receipt_of(old)
    for who in READERS:
        for asked in ({"sha256": old}, {"code": code}):
            told = show(city, who, **asked)
            (record,) = told["records"]
            assert (record["paper"]["number"], record["paper"]["sha256"]) == (NUMBER, old), who
            assert record["paper"]["state"] == "older"
            (one,) = record["paper"]["decided"]
            assert one["dataset"]["name"] == dataset["name"]
            assert (one["decision"]["number"], one["decision"]["level"]) == (NUMBER, "terbatas")
            assert (record["event"], record["code"]) == ("paper.record", code)
            assert record["proven"]
            assert told["head"]["head"]["root"] == signed.head.root
        assert show(city, who, sha256=new)["records"][0]["paper"]["state"] == "newest"
    body = app.get(PAGE + old, headers=city.token("ppid")).body
    for word in ("Naskah bertanda tangan", NUMBER, old, "Gudang Obat", code, "Terbukti"):
        assert word in body, word
    for who in OTHERS:
        assert show(city, who, sha256=old) == NOTHING, who
        hashes = {"digits": old}, {"digits": secrets.token_hex(32)}
        for path in (PAGE, API + "sha256="):
            told = [
                answer(
                    as_on_a_server,
                    city.token(who),
                    Try("GET", path + names["digits"]),
                    names,
                )
                for names in hashes
            ]
            assert told[0] == told[1], (who, first_difference(*told))
        if who == "sekretaris":
            continue  # a receipt is also of whose act it was: without the paper
        made = codes.shown(codes.new())
        for path in (PAGE, API + "code="):
            told = [
                answer(as_on_a_server, city.token(who), Try("GET", path + one), {"code": one})
                for one in (code, made)
            ]
            assert told[0] == told[1], (who, first_difference(*told))
    (own,) = show(city, "sekretaris", code=code)["records"]
    assert (own["event"], own["paper"]) == ("paper.record", None)
    assert old not in str(own)


def test_who_may_not_have_it_costs_the_work_of_an_unknown_file(city, app, make_upload) -> None:
    decided(city)
    city.act("ppid", "satudata_signed_paper_create", nomor=NUMBER, scan=make_upload(SIGNED))
    digest = hashlib.sha256(SIGNED).hexdigest()
    code, headers = receipt_of(digest), city.token("warga")
    pairs = (
        (API + "sha256=" + digest, API + "sha256=" + secrets.token_hex(32)),
        (API + "code=" + code, API + "code=" + codes.shown(codes.new())),
    )
    for there, nowhere in pairs:
        for _ in range(2):  # the second finds the dataset that stands for none
            app.get(nowhere, headers=headers)
        with statements() as first:
            app.get(there, headers=headers)
        with statements() as second:
            app.get(nowhere, headers=headers)
        assert first == second


def test_the_same_bytes_as_a_file_of_open_data_tell_nothing_of_the_paper(city, make_upload) -> None:
    published = city.publish(file=make_upload(SIGNED, "naskah.pdf"), title="Naskah Terbuka")
    decided(city)
    city.act("ppid", "satudata_signed_paper_create", nomor=NUMBER, scan=make_upload(SIGNED))
    digest = hashlib.sha256(SIGNED).hexdigest()
    for who in (None, "warga", "walidata"):
        (record,) = show(city, who, sha256=digest)["records"]
        assert (record["dataset"]["id"], record["paper"]) == (published["id"], None), who
    both = show(city, "ppid", sha256=digest)["records"]
    assert [bool(record["paper"]) for record in both] == [False, True]
