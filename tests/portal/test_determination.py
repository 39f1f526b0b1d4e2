"""What decides an exemption: its six items, its period, and its papers."""

from __future__ import annotations

import io
from typing import Any

import docx
import pypdf
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification import repository
from ckanext.satudata_pontianak.classification.model import Case, Decision

from ..conftest import AXES_LIMITED, City

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
    with pytest.raises(tk.ValidationError) as refused:
        city.step("ppid", dataset, "assess", **fields)
    assert "2056-11-24" in refused.value.error_dict["akhir"][0]
    review = city.assess_fields(pasal_pengecualian="a", akhir="", tanggal_reviu="2056-11-25")
    with pytest.raises(tk.ValidationError) as refused:
        city.step("ppid", dataset, "assess", **review)
    assert "tanggal_reviu" in refused.value.error_dict
    city.step("ppid", dataset, "assess", **{**fields, "akhir": "2056-11-24"})

    # As an older version may have left it: a test that does not say everything.
    case = repository.open_case(dataset["id"])
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
    assert repository.decision_in_force(dataset["id"]) is None
    _assessed(dataset["id"], whole)
    done = city.step("penetap", dataset, "approve", **APPROVAL)
    assert done["decision"]["basis"]["tempat"] == "Pontianak"


def _assessed(dataset_id: str, assessment: dict[str, Any]) -> None:
    change = sa.update(Case).where(Case.package_id == dataset_id).values(assessment=assessment)
    model.Session.execute(change)
    model.Session.commit()


def test_its_papers_say_what_was_recorded_and_nobody_signed(city, app) -> None:
    dataset = with_ppid(city)
    city.step("ppid", dataset, "assess", **city.assess_fields())
    city.step("penetap", dataset, "approve", **APPROVAL, tempat="Singkawang")
    query = sa.select(Decision.id).where(Decision.package_id == dataset["id"])
    base = f"/satudata/penetapan/{model.Session.scalar(query)}"
    page = app.get(base)
    printed = app.get(f"{base}/surat.pdf")
    reader = pypdf.PdfReader(io.BytesIO(printed.data))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "id"
    letter = " ".join(reader.pages[0].extract_text().split())
    person = city.users["ppid"]["fullname"] or city.users["ppid"]["name"]
    items = (
        "1. Jenis klasifikasi informasi yang dikecualikan", "Daftar lokasi gudang obat",
        "2. Identitas PPID yang menetapkan", "Ppid", person, "3. Badan publik termasuk unit kerja",
        "Dinkes", "4. Jangka waktu pengecualian", "24 November 2026 sampai dengan",
        "5. Alasan pengecualian", "Persaingan usaha terganggu", "6. Tempat dan tanggal penetapan",
        "Singkawang", "Nomor: SK-7/2026",
    )  # fmt: skip
    assert [text for text in items if text not in letter] == []
    assert "dikonfirmasi" not in letter
    assert letter.count("* Belum dicocokkan dengan naskah resminya oleh Bagian Hukum.") == 1
    assert "tidak tercatat" not in letter
    # The superior's name stands nowhere: whoever signs writes it.
    assert (city.users["penetap"]["fullname"] or "penetap") not in letter
    sheet = app.get(f"{base}/lembar.docx")
    told = docx.Document(io.BytesIO(sheet.data))
    assert [cell.text for cell in told.tables[0].rows[0].cells] == [
        "No.", "Informasi", "Dasar hukum pengecualian", "Konsekuensi bila dibuka",
        "Konsekuensi bila ditutup", "Jangka waktu",
    ]  # fmt: skip
    assert "Persaingan usaha terlindungi" in told.tables[0].rows[1].cells[4].text
    edited = docx.Document(io.BytesIO(app.get(f"{base}/surat.docx").data))
    assert len(edited.tables[0].rows) == 6
    assert pypdf.PdfReader(io.BytesIO(app.get(f"{base}/lembar.pdf").data)).pages
    for answer in (printed, sheet):
        assert "no-store" in answer.headers["Cache-Control"]
    assert "Surat Penetapan Klasifikasi" in page.body
