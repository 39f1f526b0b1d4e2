"""Signed papers: brought with the number or later, one for a batch, read by the duties alone."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.records.model import Decision
from ckanext.satudata_pontianak.ledger.service import entry_table
from ckanext.satudata_pontianak.portal.demo.paper import paper
from ckanext.satudata_pontianak.portal.operator import checks

from ...city import AXES_LIMITED, City
from ...looking import opened

SIGNED = paper("Naskah bertanda tangan")
PAGE = "/satudata/naskah"


def waiting(city: City) -> dict[str, Any]:
    """Return a dataset that waits for the approval of PPID's superior."""
    dataset = city.dataset(**AXES_LIMITED)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    proposed = {"penerima": ["disdukcapil"], "dasar_penerima": "Disdukcapil: tugas"}
    city.step("ppid", dataset, "assess", **city.assess_fields(**proposed))
    return dataset


def test_the_office_brings_one_paper_for_a_batch_and_only_the_duties_read_it(
    city, desk, app, make_upload
) -> None:
    both = [waiting(city), waiting(city)]
    number = "SK-21/2026"
    with pytest.raises(tk.ValidationError) as refused:
        city.act("ppid", "satudata_signed_paper_create", nomor=number, scan=make_upload(SIGNED))
    assert "nomor" in refused.value.error_dict
    # The step does not wait for the paper.
    opened(city, "penetap", both)
    city.act(
        "penetap",
        "satudata_classification_batch",
        items=[{"id": d["id"]} for d in both],
        transition="approve",
        nomor=number,
    )
    city.join("ppid", "sekretaris", "member")
    listed = city.act("sekretaris", "satudata_signed_paper_list")
    assert [(i["nomor"], i["decisions"], i["paper"]) for i in listed] == [(number, 2, None)]
    assert "Belum ada; harus ada paling lambat" in desk.get("sekretaris", PAGE).text
    for content, name in (
        (b"kosong", "scan"),
        (b"", "scan"),
        (b"%PDF-" + b"0" * 10_000_001, "scan"),
    ):
        sent = make_upload(content, "naskah.pdf")
        with pytest.raises(tk.ValidationError) as refused:
            city.act("sekretaris", "satudata_signed_paper_create", nomor=number, scan=sent)
        assert name in refused.value.error_dict
    sent = desk.post(
        "sekretaris", PAGE, {"nomor": number, "scan": (make_upload(SIGNED).stream, "n.pdf")}
    )
    assert sent.status == 302
    digest = hashlib.sha256(SIGNED).hexdigest()
    again = city.act("ppid", "satudata_signed_paper_create", nomor=number, scan=make_upload(SIGNED))
    assert (again["paper"]["sha256"], again["decisions"]) == (digest, 2)
    query = sa.select(entry_table.c.body).where(entry_table.c.event == "paper.record")
    model.Session.rollback()
    # The ledger keeps what earlier runs wrote; of this paper there is one entry, with its hash.
    kept = [body["detail"] for body in model.Session.scalars(query)]
    recorded = [d for d in kept if d["paper"] == again["paper"]["id"]]
    assert [(d["nomor"], d["sha256"]) for d in recorded] == [(number, digest)]

    address = f"{PAGE}/{again['paper']['id']}.pdf"
    for who in ("ppid", "penetap", "pengawas"):
        got = app.get(address, headers=city.token(who), status=200)
        assert got.data == SIGNED
        assert "sandbox" in got.headers["Content-Security-Policy"]
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert "no-store" in got.headers["Cache-Control"]
    other = f"{PAGE}/{again['paper']['id'][:-1]}x.pdf"
    for who in ("sekretaris", "produsen", "walidata", "admin"):
        hidden, unknown = (
            app.get(a, headers=city.token(who), status=404) for a in (address, other)
        )
        assert len(hidden.data) == len(unknown.data)
    assert app.get(address, follow_redirects=False).status_code == 302
    for who in ("produsen", "walidata", "admin"):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, "satudata_signed_paper_list")
        with pytest.raises(tk.NotAuthorized):
            city.act(who, "satudata_signed_paper_create", nomor=number, scan=make_upload(SIGNED))
    # Everybody who sees the decision compares the paper that they hold by its hash.
    decided = sa.select(Decision.id).where(Decision.package_id == both[1]["id"])
    shown = app.get(f"/satudata/penetapan/{model.Session.scalar(decided)}").body
    assert digest in shown
    assert PAGE not in shown


def test_the_superior_brings_it_with_the_number_and_a_wrong_file_takes_no_step(
    city, desk, make_upload
) -> None:
    dataset = waiting(city)
    form = desk.case("penetap", dataset)
    assert "naskah" in form.fields["approve"]
    fields = {"nomor": "SK-22/2026", "tempat": "Pontianak", "penerima": "disdukcapil"}
    wrong = {**fields, "naskah": (make_upload(b"bukan").stream, "naskah.pdf")}
    refused = desk.send("penetap", dataset, "approve", **wrong)
    assert refused.status == 422
    assert "bukan PDF" in refused.text
    assert city.act("penetap", "satudata_classification_show", id=dataset["id"])["decision"] is None
    right = {**fields, "naskah": (make_upload(SIGNED).stream, "naskah.pdf")}
    assert desk.send("penetap", dataset, "approve", **right).status == 302
    (item,) = city.act("penetap", "satudata_signed_paper_list")
    assert item["paper"]["sha256"] == hashlib.sha256(SIGNED).hexdigest()


def test_the_check_names_the_numbers_whose_paper_is_late(city, make_upload) -> None:
    dataset = waiting(city)
    city.step("penetap", dataset, "approve", nomor="SK-23/2026")
    assert not [f for f in checks.check_papers() if "numbers" in f.params]
    earlier = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    model.Session.execute(sa.update(Decision).values(decided_at=earlier))
    model.Session.commit()
    (found,) = checks.check_papers()
    assert found.params["numbers"] == "SK-23/2026"
    city.act("ppid", "satudata_signed_paper_create", nomor="sk-23/2026 ", scan=make_upload(SIGNED))
    assert checks.check_papers() == []


@pytest.mark.ckan_config("ckanext.satudata_pontianak.emblem", "/tidak/ada.png")
def test_the_check_names_an_emblem_that_cannot_be_read(city) -> None:
    (found,) = checks.check_papers()
    assert found.params["path"] == "/tidak/ada.png"
