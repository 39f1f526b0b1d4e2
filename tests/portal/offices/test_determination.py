"""What decides an exemption: its six items, its period, and its papers."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import pypdf
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.model import Case, Decision
from ckanext.satudata_pontianak.classification.rules import indonesian

from ...city import AXES_LIMITED, City
from ...looking import opened

APPROVAL: dict[str, Any] = {"nomor": "SK-7/2026", "penerima": ["disdukcapil"]}


def with_ppid(city: City) -> dict[str, Any]:
    """Return a dataset whose consequence PPID has to test."""
    dataset = city.dataset(**AXES_LIMITED)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    return dataset


def test_an_exemption_lasts_no_longer_than_its_letter_allows_and_says_all_six_items(city) -> None:
    dataset = with_ppid(city)
    fields = city.assess_fields(pasal_pengecualian="a", akhir="2056-11-25")
    for number in (None, "6", "7"):
        wrong = {**fields, **({"angka_pengecualian": number} if number else {})}
        with pytest.raises(tk.ValidationError) as refused:
            city.step("ppid", dataset, "assess", **wrong)
        assert "angka_pengecualian" in refused.value.error_dict
    with pytest.raises(tk.ValidationError) as refused:
        city.step("ppid", dataset, "assess", **city.assess_fields(angka_pengecualian="1"))
    assert "angka_pengecualian" in refused.value.error_dict
    fields["angka_pengecualian"] = "5"
    with pytest.raises(tk.ValidationError) as refused:
        city.step("ppid", dataset, "assess", **fields)
    assert "24/11/2056" in refused.value.error_dict["akhir"][0]
    ends = {"akhir": "", "tanggal_reviu": "2056-11-25"}
    review = city.assess_fields(pasal_pengecualian="a", angka_pengecualian="5", **ends)
    with pytest.raises(tk.ValidationError) as refused:
        city.step("ppid", dataset, "assess", **review)
    assert "tanggal_reviu" in refused.value.error_dict
    city.step("ppid", dataset, "assess", **{**fields, "akhir": "2056-11-24"})

    # As an older version may have left it: a test that does not say everything.
    case = reads.open_case(dataset["id"])
    assert case is not None
    whole = dict(case.assessment or {})
    for lacking, label in (
        ({"pasal_pengecualian"}, "Kind of exempt information"),
        ({"konsekuensi_ditutup"}, "Reasons for the exemption"),
        ({"akhir"}, "Period of the exemption"),
    ):
        kept = {k: v for k, v in whole["fields"].items() if k not in lacking}
        _assessed(dataset["id"], {**whole, "fields": kept})
        with pytest.raises(tk.ValidationError) as refused:
            city.step("penetap", dataset, "approve", **APPROVAL)
        assert refused.value.error_dict["code"] == ["determination_complete"]
        assert label in refused.value.error_dict["transition"][0]
    assert reads.decision_in_force(dataset["id"]) is None
    _assessed(dataset["id"], whole)
    done = city.step("penetap", dataset, "approve", **APPROVAL)
    assert done["decision"]["basis"]["tempat"] == "Pontianak"


def _assessed(dataset_id: str, assessment: dict[str, Any]) -> None:
    change = sa.update(Case).where(Case.package_id == dataset_id).values(assessment=assessment)
    model.Session.execute(change)
    model.Session.commit()


WEIGHED = {
    "kepatutan": "Patut dirahasiakan",
    "kesusilaan": "Tidak berpengaruh",
    "kepentingan_umum": "Cukup dengan angka per kecamatan",
    "kepentingan_lebih_besar": "Persediaan obat bagi semua warga",
    "penguji": "Kepala Bidang Informasi Publik\nKepala Seksi Layanan Informasi",
    "didengar": "Instalasi Farmasi",
    "penerima": ["disdukcapil"],
    "dasar_penerima": "Disdukcapil: pemutakhiran data penerima obat",
}


def text_of(answer: Any) -> str:
    """Return the words of a PDF with single blanks between them."""
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_its_papers_say_what_was_recorded_and_nobody_signed(city, app) -> None:
    dataset = with_ppid(city)
    city.step("ppid", dataset, "assess", **city.assess_fields(**WEIGHED))
    case = reads.open_case(dataset["id"])
    assert case is not None
    draft = f"/satudata/penetapan/{case.id}"
    # Drafts first, for the two who sign; for others there is nothing yet.
    for who in (None, "produsen", "walidata"):
        assert app.get(draft, headers=city.token(who), status=404)
        assert app.get(f"{draft}/surat.pdf", headers=city.token(who), status=404)
    for who in ("ppid", "penetap"):
        shown = app.get(draft, headers=city.token(who), status=200).body
        assert "Belum ada yang ditetapkan" in shown
        assert draft in app.get(f"/satudata/berkas/{dataset['name']}", headers=city.token(who)).body
    printed = text_of(app.get(f"{draft}/surat.pdf", headers=city.token("penetap")))
    assert "KONSEP: belum ditetapkan" in printed
    assert "Nomor: …" in printed
    assert "pada tanggal …" in printed

    # The superior confirms whom PPID proposed.
    done = city.step("penetap", dataset, "approve", nomor="SK-7/2026", tempat="Singkawang")
    assert done["decision"]["recipients"] == ["disdukcapil"]
    query = sa.select(Decision.id).where(Decision.package_id == dataset["id"])
    base = f"/satudata/penetapan/{model.Session.scalar(query)}"
    page = app.get(base)
    printed = app.get(f"{base}/surat.pdf")
    reader = pypdf.PdfReader(io.BytesIO(printed.data))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "id"
    letter = text_of(printed)
    items = (
        "KEPUTUSAN ATASAN PPID", "Nomor: SK-7/2026", "Menimbang", "Mengingat", "MEMUTUSKAN:",
        "KESATU", "KEEMPAT", "1. Jenis klasifikasi informasi yang dikecualikan",
        "Daftar lokasi gudang obat", "2. Identitas PPID yang menetapkan", "Ppid",
        "Kepala Bidang Informasi Publik; Kepala Seksi Layanan Informasi", "Instalasi Farmasi",
        "3. Badan publik termasuk unit kerja", "Dinkes", "4. Jangka waktu pengecualian",
        "24 November 2026 sampai dengan", "5. Alasan pengecualian", "Persaingan usaha terganggu",
        "Kepatutan: Patut dirahasiakan", "Kepentingan lebih besar yang dilindungi: Persediaan obat",
        "Ditetapkan di Singkawang", "Penerima Disdukcapil", "pemutakhiran data penerima obat",
        dataset["title"], "Tembusan", "bukan tanda tangan elektronik",
    )  # fmt: skip
    assert [text for text in items if text not in letter] == []
    # The code opens the page that takes the receipt, which stands beside it to be typed.
    receipt = done["receipt"]["code"]
    assert f"/satudata/buku-catatan?tanda-terima={receipt}" in letter.replace("\n", "")
    assert f"Tanda terima: {receipt}" in letter
    looked_up = app.get("/satudata/buku-catatan", query_string={"tanda-terima": receipt}).body
    assert f'href="{base}"' in looked_up
    assert "dikonfirmasi" not in letter
    assert "Jumlah:" not in letter
    assert letter.count("* Belum dicocokkan dengan naskah resminya oleh Bagian Hukum.") == 1
    assert letter.count(indonesian.day(days.today())) == 1
    assert "tidak tercatat" not in letter
    # Nobody's name stands there: testers are told by office, and whoever signs writes theirs.
    for who in ("ppid", "penetap"):
        assert (city.users[who]["fullname"] or f"nama {who}") not in letter
    for answer in (printed, app.get(f"{base}/lembar.docx")):
        assert "no-store" in answer.headers["Cache-Control"]
    assert "Surat Penetapan Klasifikasi" in page.body
    # The page that the code opens proves the paper: its entry stands in the ledger.
    opened = app.get(f"/satudata/penetapan/{case.id}").body
    assert "Yang membuktikan naskah ini" in opened
    proof = re.search(r'href="(/satudata/buku-catatan\?tanda-terima=[0-9a-f]{64})"', opened)
    assert proof
    # The daily signature has not reached it here; it is known all the same.
    assert 'data-satudata-receipt="waiting"' in app.get(proof[1]).body
    read_as_files(app, base)


def read_as_files(app: Any, base: str) -> None:
    """Read the papers as the office edits them, and the sheet as it is printed."""
    sheet = app.get(f"{base}/lembar.docx")
    told = docx.Document(io.BytesIO(sheet.data))
    assert [cell.text for cell in told.tables[1].rows[0].cells] == [
        "No.", "Informasi", "Dasar hukum pengecualian", "Konsekuensi bila dibuka",
        "Konsekuensi bila ditutup", "Pertimbangan", "Jangka waktu",
    ]  # fmt: skip
    assert "Persaingan usaha terlindungi" in told.tables[1].rows[1].cells[4].text
    assert "Kesusilaan: Tidak berpengaruh" in told.tables[1].rows[1].cells[5].text
    edited = docx.Document(io.BytesIO(app.get(f"{base}/surat.docx").data))
    words = "\n".join(p.text for p in edited.paragraphs)
    words += "\n".join(c.text for t in edited.tables for row in t.rows for c in row.cells)
    assert "Nomor: SK-7/2026" in words
    assert "Menimbang" in words
    assert "bukan tanda tangan elektronik" in words
    assert "5. Alasan pengecualian" in words
    assert len(edited.inline_shapes) == 1
    assert "Nomor" in text_of(app.get(f"{base}/lembar.pdf"))


def test_recipients_are_proposed_with_their_basis_and_confirmed_in_one_act(city, app) -> None:
    first, second = with_ppid(city), with_ppid(city)
    lacking = {**WEIGHED, "penerima": ["disdukcapil", "ppid"]}
    with pytest.raises(tk.ValidationError) as refused:
        city.step("ppid", first, "assess", **city.assess_fields(**lacking))
    assert "dasar_penerima" in refused.value.error_dict
    personal = {**WEIGHED, "data_pribadi": "umum"}
    with pytest.raises(tk.ValidationError) as refused:
        city.step("ppid", first, "assess", **city.assess_fields(**personal))
    assert "dasar_pemrosesan" in refused.value.error_dict
    city.step("ppid", first, "assess", **city.assess_fields(**WEIGHED))
    other = {**WEIGHED, "penerima": ["ppid"], "dasar_penerima": "Ppid: layanan informasi"}
    told = city.assess_fields(**other, informasi="Daftar pemasok obat")
    city.step("ppid", second, "assess", **told)
    drafts = [reads.open_case(d["id"]) for d in (first, second)]
    ids = [case.id for case in drafts if case]
    drafted = f"/satudata/penetapan/{ids[0]}/lembar.pdf?bersama={ids[1]}"
    assert "Daftar pemasok obat" in text_of(app.get(drafted, headers=city.token("ppid")))

    # Several cases under one number, in one act; each keeps the recipients that PPID proposed.
    opened(city, "penetap", [first, second])
    done = city.act(
        "penetap",
        "satudata_classification_batch",
        items=[{"id": first["id"]}, {"id": second["id"]}],
        transition="approve",
        nomor="SK-8/2026",
    )
    assert done["refused"] == 0
    names = {}
    for dataset in (first, second):
        shown = city.act("penetap", "satudata_classification_show", id=dataset["id"])
        names[dataset["id"]] = shown["decision"]["recipients"]
    assert names == {first["id"]: ["disdukcapil"], second["id"]: ["ppid"]}
    sheet = text_of(app.get(f"/satudata/penetapan/{ids[1]}/lembar.pdf"))
    assert "Daftar lokasi gudang obat" in sheet
    assert "Daftar pemasok obat" in sheet
