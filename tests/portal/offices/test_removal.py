"""Removing what was decided: refused in words, on every page of core that offers it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid

import docx
import pypdf
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.access.hidden import knowing, signed_papers
from ckanext.satudata_pontianak.access.reading import removals
from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.model import Step
from ckanext.satudata_pontianak.portal.demo.paper import paper
from ckanext.satudata_pontianak.portal.operator import checks
from ckanext.satudata_pontianak.surface.references import Named

from ...refusals import refusal_of

SIGNED = paper("Berita acara bertanda tangan")


def test_what_is_being_checked_is_not_removed(desk, city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    resource = dataset["resources"][0]["id"]
    for path in (
        f"/dataset/delete/{dataset['name']}",
        f"/dataset/{dataset['name']}/resource/{resource}/delete",
    ):
        page = desk.post("kepala_dinkes", path, {})
        assert page.status == 409, path
        assert 'id="error-content"' in page.body
        assert "&#39;remove&#39;" not in page.body
    kept = city.act("produsen", "package_show", id=dataset["id"])
    assert kept["state"] == "active"
    assert [r["id"] for r in kept["resources"]] == [resource]


def with_two_files(city, make_upload):
    """Return an open dataset with a second file."""
    dataset = city.dataset()
    city.act(
        "produsen",
        "resource_create",
        package_id=dataset["id"],
        name="Rincian <2025>",
        upload=make_upload(b"kecamatan,jumlah\nPontianak Kota,7\n", "rincian.csv"),
    )
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    return dataset


def test_cores_delete_leads_into_the_form_filled_in_and_the_case_says_what_goes(
    desk, city, make_upload
) -> None:
    """One file of two goes: click, reason, open, submit, and Walidata's approval: five acts."""
    dataset = with_two_files(city, make_upload)
    name, form = dataset["name"], f"/satudata/berkas/{dataset['name']}/hapus"
    first, second = city.act("produsen", "package_show", id=name)["resources"]
    whole = desk.post("kepala_dinkes", f"/dataset/delete/{name}", {})
    assert (whole.status, whole.location.endswith(f"{form}?semua=1")) == (302, True)
    sent = desk.post("produsen", f"/dataset/{name}/resource/{second['id']}/delete", {})  # 1
    assert sent.status == 302
    page = desk.get("produsen", form + "?berkas=" + second["id"])
    assert f'value="{second["id"]}" id="road-resources-2" checked' in page.body
    assert f'value="{first["id"]}" id="road-resources-1">' in page.body
    # Nobody removes a dataset by a field that was left empty.
    for nothing in ({}, {"removes": "files"}, {"removes": "dataset", "resources": [first["id"]]}):
        refused = desk.post("produsen", form, {**nothing, "reason": "Salah unggah"})
        assert refused.status == 422, nothing
    chosen = {"removes": "files", "resources": [second["id"]], "reason": "Salah unggah"}
    assert desk.post("produsen", form, chosen).status == 302  # 2, 3: the reason, the button
    assert "Rincian &lt;2025&gt;" in desk.case("walidata", dataset).body
    assert desk.send("produsen", dataset, "submit").status == 302  # 4
    batch = desk.get("walidata", f"/satudata/antrean/pilihan?id={name}")
    assert "Rincian &lt;2025&gt;" in batch.body
    assert desk.send("walidata", dataset, "approve").status == 302  # 5
    kept = city.act(None, "package_show", id=name)["resources"]
    assert [r["id"] for r in kept] == [first["id"]]
    # The whole dataset goes by a word of its own.
    everything = {"removes": "dataset", "reason": "Tidak dipakai lagi"}
    assert desk.post("produsen", form, everything).status == 302
    assert "Seluruh dataset" in desk.case("walidata", dataset).body


def test_a_removal_by_the_api_says_what_goes(city) -> None:
    dataset = city.publish()
    file = dataset["resources"][0]["id"]
    for said in (
        {},
        {"resources": []},
        {"removes": "x"},
        {"removes": "dataset", "resources": file},
    ):
        with pytest.raises(tk.ValidationError) as refused:
            city.step("produsen", dataset, "reopen", case_kind="remove", reason="Usang", **said)
        assert list(refused.value.error_dict) == ["resources"], said
    with refusal_of("resources"):
        city.step("produsen", dataset, "reopen", reason="Usang", removes="dataset")


def test_a_refused_file_says_why_and_how_to_ask(city, app) -> None:
    dataset = city.limit()
    file = dataset["resources"][0]["id"]
    path = f"/dataset/{dataset['name']}/resource/{file}/download/penduduk.csv"
    for who in ("warga", None):
        headers = {**city.token(who), "Accept": "text/html"}
        page = app.get(path, headers=headers, status=None)
        assert page.status_code in (401, 403)
        assert "satudata-closed-title" in page.body
        assert "satudata-ask" in page.body
        assert "Ajukan akses" in page.body


def test_ppid_is_not_told_to_refer_to_ppid(city, make_upload) -> None:
    dataset = city.dataset(file=make_upload(b"nama,nik\nSiti,6171014101900001\n"))
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    shown = city.act("ppid", "satudata_classification_show", id=dataset["id"])["case"]
    said = " ".join(item["reason"] for item in shown["blocked"])
    assert "NIK" in said or "nik" in said
    assert "eruskan ke PPID" not in said
    assert "refer it to PPID" not in said


def test_a_draft_is_removed(desk, city) -> None:
    dataset = city.dataset()
    resource = dataset["resources"][0]["id"]
    sent = desk.post("produsen", f"/dataset/{dataset['name']}/resource/{resource}/delete", {})
    assert sent.status == 302
    assert city.act("produsen", "package_show", id=dataset["id"])["resources"] == []
    sent = desk.post("kepala_dinkes", f"/dataset/delete/{dataset['name']}", {})
    assert sent.status == 302


def test_what_was_decided_is_not_made_a_draft_again(desk, city) -> None:
    """Core's button "Unpublish" would hide open data without a case: its form is refused."""
    dataset = city.publish()
    fields = {
        "title": dataset["title"],
        "name": dataset["name"],
        "owner_org": dataset["owner_org"],
        "_ckan_phase": "dataset_new_1",
        "save": "go-metadata-unpublish",
    }
    page = desk.post("produsen", f"/dataset/edit/{dataset['name']}", fields)
    assert page.status == 200
    assert 'class="satudata-form-errors"' in page.body
    assert city.act(None, "package_search", q=f"name:{dataset['name']}")["count"] == 1


def test_a_removal_has_a_paper_that_names_what_goes(desk, city, app, make_upload) -> None:
    dataset = with_two_files(city, make_upload)
    name = dataset["name"]
    first, second = city.act("produsen", "package_show", id=name)["resources"]
    asked = {"case_kind": "remove", "reason": "Salah unggah"}
    city.step("produsen", dataset, "reopen", **asked, resources=[second["id"]])
    case = reads.open_case(dataset["id"])
    assert case is not None
    address = f"/satudata/penghapusan/{case.id}"
    # Before it is decided there is a draft: for who sees the case, and linked from it.
    assert address in desk.case("produsen", dataset).body
    for who in (None, "warga"):
        for end in ("", "/berita-acara.pdf", "/berita-acara.docx"):
            assert app.get(address + end, headers=city.token(who)).status_code == 404
    # Asked twice: where the reference is looked up, and where the paper is read.
    named = Named(case.id, "removal")
    for who, sees in (("warga", False), ("produsen_lain", False), ("walidata", True)):
        actor = registry.actor_for(city.users[who]["name"])
        assert (removals.read(actor, case.id) is not None) is sees, who
        assert (named not in knowing.look_up(actor, {named}).unknown) is sees, who
    draft = read_pdf(app.get(f"{address}/berita-acara.pdf", headers=city.token("walidata")))
    assert "KONSEP: belum ditetapkan" in draft
    city.step("produsen", dataset, "submit")
    done = city.step("walidata", dataset, "approve")
    page = desk.get("produsen", address)
    edited = app.get(f"{address}/berita-acara.docx", headers=city.token("produsen"))
    for text in (
        page.text,
        read_pdf(app.get(f"{address}/berita-acara.pdf", headers=city.token("produsen"))),
        read_docx(edited),
    ):
        for wanted in (
            "Berita Acara Penghapusan", "Hanya berkas yang disebut", "Berkas yang tetap ada",
            "Salah unggah", "Dinkes", "Walidata", "Perpres 39/2019 Pasal 22",
            done["receipt"]["code"], dataset["title"],
        ):  # fmt: skip
            assert wanted.casefold() in text.casefold(), wanted
        assert "Rincian <2025>" in text.replace("&lt;", "<").replace("&gt;", ">")
        assert "Seluruh dataset" not in text
    assert "no-store" in edited.headers["Cache-Control"]
    assert address in desk.case("produsen", dataset).body
    receipt = {"tanda-terima": done["receipt"]["code"]}
    looked_up = app.get(
        "/satudata/buku-catatan", query_string=receipt, headers=city.token("produsen")
    )
    assert f'href="{address}"' in looked_up.body

    # The whole dataset: it says so, and names the files that were still there.
    city.step("produsen", dataset, "reopen", **asked, removes="dataset")
    case = reads.open_case(dataset["id"])
    assert case is not None
    address = f"/satudata/penghapusan/{case.id}"
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    whole = read_pdf(app.get(f"{address}/berita-acara.pdf", headers=city.token("produsen")))
    assert "Seluruh dataset beserta semua berkasnya" in whole
    assert (first["name"] or "Berkas tanpa nama") in whole
    assert "Rincian" not in whole
    # The dataset is gone; who needs its paper reads it, as far as the policy named the dataset.
    readers = ("produsen", "walidata", "ppid", "penetap", "pengawas")
    for who, status in (*[(one, 200) for one in readers], ("warga", 404), ("produsen_lain", 404)):
        assert app.get(address, headers=city.token(who)).status_code == status, who
    for who in ("walidata", "pengawas"):
        assert f'href="{address}"' in desk.get(who, "/satudata/naskah").body
    assert app.get(f"/dataset/{name}", headers=city.token("walidata")).status_code == 404


def test_a_removal_of_what_is_closed_is_signed_by_ppid_and_one_withdrawn_has_no_paper(
    city, app
) -> None:
    dataset = city.limit()
    asked = {"case_kind": "remove", "reason": "Usang", "removes": "dataset"}
    city.step("produsen", dataset, "reopen", **asked)
    case = reads.open_case(dataset["id"])
    assert case is not None
    address = f"/satudata/penghapusan/{case.id}/berita-acara.pdf"
    text = read_pdf(app.get(address, headers=city.token("ppid")))
    assert "Disetujui oleh Pejabat Pengelola Informasi dan Dokumentasi (PPID)" in text
    assert "UU 14/2008 Pasal 17" in text
    city.step("produsen", dataset, "withdraw")
    assert app.get(address, headers=city.token("produsen")).status_code == 404


def test_the_signed_paper_of_a_removal_is_brought_by_who_approved_it(
    desk, city, app, make_upload
) -> None:
    dataset = city.publish()
    city.step("produsen", dataset, "reopen", case_kind="remove", reason="Usang", removes="dataset")
    case = reads.open_case(dataset["id"])
    assert case is not None
    address, number = f"/satudata/penghapusan/{case.id}", "BA-7/2026"

    def bring(who, scan=SIGNED, **more):
        sent = {"id": case.id, "nomor": number, "scan": make_upload(scan), **more}
        return city.act(who, "satudata_signed_paper_create", **sent)

    with pytest.raises(tk.ValidationError) as refused:
        bring("walidata")
    assert list(refused.value.error_dict) == ["id"]  # it is a draft yet
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    for who, error in (
        ("produsen", tk.NotAuthorized),
        ("ppid", tk.NotAuthorized),
        ("pengawas", tk.NotAuthorized),
        ("produsen_lain", tk.ObjectNotFound),
        ("warga", tk.ObjectNotFound),
        (None, tk.NotAuthorized),
    ):
        with pytest.raises(error):
            bring(who)
    for wrong, field in (
        ({"nomor": ""}, "nomor"),
        ({"nomor": "x" * 121}, "nomor"),
        ({"nomor": ["BA"]}, "nomor"),
        ({"scan": b"kosong"}, "scan"),
    ):
        with pytest.raises(tk.ValidationError) as refused:
            bring("walidata", **wrong)
        assert list(refused.value.error_dict) == [field], wrong
    for odd in ("tiada", dataset["id"], {"a": 1}):
        with pytest.raises(tk.ObjectNotFound):
            bring("walidata", id=odd)
    # Over HTTP: what is not theirs to know of is one answer with what is not there.
    door = "/api/3/action/satudata_signed_paper_create"
    unseen, unknown = (
        app.post(door, data={"id": one, "nomor": number}, headers=city.token("warga"))
        for one in (case.id, str(uuid.uuid4()))
    )
    assert (unseen.status_code, unseen.json["error"]) == (404, unknown.json["error"])
    assert "Belum ada; harus ada paling lambat" in desk.get("produsen", address).text
    assert 'name="scan"' not in desk.get("produsen", address).body
    assert 'name="scan"' in desk.get("walidata", address).body
    # Nobody sends the form whom the page does not offer it.
    assert desk.post("produsen", address, {"nomor": number}).status == 403
    assert desk.post("walidata", address, {"nomor": number}).status == 422
    kept = bring("walidata")
    assert (kept["nomor"], kept["paper"]["sha256"]) == (number, hashlib.sha256(SIGNED).hexdigest())
    assert bring("walidata")["paper"]["id"] == kept["paper"]["id"]  # kept once
    page = desk.get("produsen", address)
    assert kept["paper"]["sha256"] in page.text
    assert "Unduh PDF" not in page.text
    printed = read_pdf(app.get(f"{address}/berita-acara.pdf", headers=city.token("produsen")))
    assert number in printed
    scan = f"/satudata/naskah/{kept['paper']['id']}.pdf"
    for who, status in (
        ("walidata", 200),
        ("ppid", 200),
        ("penetap", 200),
        ("pengawas", 200),
        ("produsen", 404),
        ("admin", 404),
        ("warga", 404),
    ):
        answer = app.get(scan, headers=city.token(who))
        assert answer.status_code == status, who
    sent = {"id": case.id, "nomor": number, "scan": (io.BytesIO(SIGNED), "ba.pdf")}
    again = app.post(door, data=sent, headers=city.token("walidata"))
    assert again.json["result"]["paper"]["id"] == kept["paper"]["id"]
    # Its number is of another book than that of a decision.
    with refusal_of("nomor"):
        city.act("ppid", "satudata_signed_paper_create", nomor=number, scan=make_upload(SIGNED))
    assert signed_papers.of_number(number) is None
    # Whoever reads the paper learns from its bytes what it is; others do not.
    for who, known in (("pengawas", True), ("walidata", True), ("produsen", False)):
        sha256 = kept["paper"]["sha256"]
        assert city.act(who, "satudata_receipt_show", sha256=sha256)["known"] is known, who
    # A new scan under a corrected number takes its place.
    assert bring("walidata", nomor="BA-8/2026")["paper"]["id"] != kept["paper"]["id"]
    assert "BA-8/2026" in desk.get("ppid", address).text


def test_the_number_and_the_signed_record_come_with_the_step(desk, city, make_upload) -> None:
    """Draft, number, scan: a removal is taken like every other decision that is signed."""
    dataset = city.publish()
    city.step("produsen", dataset, "reopen", case_kind="remove", reason="Usang", removes="dataset")
    case = reads.open_case(dataset["id"])
    assert case is not None
    city.step("produsen", dataset, "submit")
    form = desk.case("walidata", dataset)
    assert {"naskah", removals.NUMBER} <= set(form.fields["approve"])

    def approve(content, number):
        sent = {"naskah": (make_upload(content).stream, "ba.pdf"), removals.NUMBER: number}
        return desk.send("walidata", dataset, "approve", **sent)

    # A file that is none, or one without its number, takes no step.
    for content, number, told in ((b"bukan", "BA-1/2026", "bukan PDF"), (SIGNED, "", "Isi nomor")):
        refused = approve(content, number)
        assert refused.status == 422
        assert told in refused.text
    assert reads.open_case(dataset["id"]) is not None
    assert approve(SIGNED, "BA-1/2026").status == 302
    page = desk.get("walidata", f"/satudata/penghapusan/{case.id}")
    assert "BA-1/2026" in page.text
    assert hashlib.sha256(SIGNED).hexdigest() in page.text


def test_the_check_names_removals_whose_signed_record_is_late(desk, city, make_upload) -> None:
    def late() -> list[str]:
        found = [f.params["numbers"] for f in checks.check_papers() if "numbers" in f.params]
        return sorted("; ".join(found).split("; ")) if found else []

    bare, named = city.publish(), city.publish()
    gone = {}
    for dataset, more in ((bare, {}), (named, {removals.NUMBER: "BA-2/2026"})):
        asked = {"case_kind": "remove", "reason": "Usang", "removes": "dataset"}
        city.step("produsen", dataset, "reopen", **asked)
        case = reads.open_case(dataset["id"])
        assert case is not None
        city.step("produsen", dataset, "submit")
        done = city.step("walidata", dataset, "approve", **more)
        gone[dataset["id"]] = case.id, done["receipt"]["code"]
    assert late() == []
    page = desk.get("walidata", "/satudata/naskah").text
    assert page.count("Belum ada; harus ada paling lambat") == 2
    earlier = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    steps = sa.update(Step).where(Step.case_id.in_([case for case, _ in gone.values()]))
    model.Session.execute(steps.values(at=earlier))
    model.Session.commit()
    # By its number; by the receipt of the step while it has none.
    assert late() == sorted(["BA-2/2026", gone[bare["id"]][1]])
    assert desk.get("walidata", "/satudata/naskah").text.count("(Terlambat)") == 2
    # The number that came with the step need not be given again.
    for dataset, more in ((named, {}), (bare, {"nomor": "BA-3/2026"})):
        sent = {"id": gone[dataset["id"]][0], "scan": make_upload(SIGNED), **more}
        kept = city.act("walidata", "satudata_signed_paper_create", **sent)
        assert kept["nomor"] in ("BA-2/2026", "BA-3/2026")
    assert late() == []


def test_where_nothing_was_removed_yet_the_page_of_papers_says_so(desk) -> None:
    page = desk.get("walidata", "/satudata/naskah").body
    assert "Tidak ada." in page.partition("Penghapusan</h2>")[2]


def test_the_paper_of_what_was_top_secret_is_for_who_might_know_of_it(city, app) -> None:
    dataset = city.seal("sangat_rahasia")
    case_id = removed(city, dataset)
    address = f"/satudata/penghapusan/{case_id}"
    named = Named(case_id, "removal")
    for who, status in (
        ("ppid", 200),
        ("penetap", 200),
        ("pengawas", 200),
        ("kepala_dinkes", 200),
        ("walidata", 404),
        ("produsen", 404),
        ("warga", 404),
    ):
        assert app.get(address, headers=city.token(who)).status_code == status, who
        actor = registry.actor_for(city.users[who]["name"])
        assert (removals.read(actor, case_id) is not None) is (status == 200), who
        assert (named not in knowing.look_up(actor, {named}).unknown) is (status == 200), who


def removed(city, dataset) -> str:
    """Remove a whole dataset that is not open; return the id of the case."""
    asked = {"case_kind": "remove", "reason": "Usang", "removes": "dataset"}
    city.step("kepala_dinkes", dataset, "reopen", **asked)
    case = reads.open_case(dataset["id"])
    assert case is not None
    case_id = case.id
    city.step("kepala_dinkes", dataset, "submit")
    if case.state == "verification":
        city.step("walidata", dataset, "refer", catatan="Tidak terbuka")
    city.step("ppid_2", dataset, "approve")
    return case_id


def read_pdf(answer) -> str:
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def read_docx(answer) -> str:
    file = docx.Document(io.BytesIO(answer.data))
    texts = [p.text for p in file.paragraphs]
    texts += [c.text for t in file.tables for row in t.rows for c in row.cells]
    return " ".join(" ".join(texts).split())
