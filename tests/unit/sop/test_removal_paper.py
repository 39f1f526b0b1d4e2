"""The paper of a removal: it names what goes, and nothing that was not recorded."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import docx
import pypdf
import pytest

from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.sop.files import official_files, official_word
from ckanext.satudata_pontianak.sop.papers import removal
from ckanext.satudata_pontianak.sop.papers.removal import Said

from . import papers
from .made import definitions

FILES = Said(
    dataset="Penduduk menurut kecamatan",
    case="A1B2C3D4",
    agency="Dinas Kesehatan",
    whole=False,
    files=(("Rincian 2025", "CSV"), ("Peta <lama>", "GeoJSON")),
    kept=("Ringkasan",),
    level="biasa",
    number=None,
    reason="Salah unggah",
    office="Walidata",
    basis=({"text": "Perpres 39/2019 Pasal 21", "status": "verified"},),
    receipt=None,
)
WHOLE = replace(FILES, whole=True, kept=())


def paper(said: Said, *, draft: bool = False) -> dict[str, Any]:
    frame = replace(papers.frame(draft=draft), number=None, copies=())
    return removal.removal_paper(said, frame, definitions().classification, indonesian.translator())


def printed(told: dict[str, Any]) -> str:
    pages = pypdf.PdfReader(io.BytesIO(official_files.pdf(told))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def edited(told: dict[str, Any]) -> str:
    file = docx.Document(io.BytesIO(official_word.docx(told)))
    texts = [p.text for p in file.paragraphs]
    texts += [c.text for t in file.tables for row in t.rows for c in row.cells]
    return " ".join(" ".join(texts).split())


@pytest.mark.parametrize("form", [printed, edited])
def test_it_names_the_files_that_go_or_says_that_the_whole_dataset_does(form: Any) -> None:
    text = form(paper(FILES))
    for wanted in (
        "Berita Acara Penghapusan", "Hanya berkas yang disebut di bawah ini", "Rincian 2025",
        "Peta <lama>", "GeoJSON", "Berkas yang tetap ada", "Ringkasan", "Salah unggah",
        "Dinas Kesehatan", "Walidata", "Perpres 39/2019 Pasal 21", "A1B2C3D4", "30 November 2026",
        "bukan tanda tangan elektronik", "Nomor: …",
    ):  # fmt: skip
        assert wanted.casefold() in text.casefold(), wanted
    assert "Seluruh dataset" not in text
    whole = form(paper(WHOLE))
    assert "Seluruh dataset beserta semua berkasnya" in whole
    assert "Rincian 2025" in whole
    assert "Hanya berkas" not in whole
    assert "Berkas yang tetap ada" not in whole
    assert "Seluruh dataset. Tidak ada berkasnya." in form(paper(replace(WHOLE, files=())))


@pytest.mark.parametrize("form", [printed, edited])
def test_place_and_day_stand_once_above_two_signatures(form: Any) -> None:
    text = form(paper(FILES))
    assert text.count("Pontianak, 30 November 2026") == 1
    assert text.count("NIP ……") == 2
    draft = form(paper(FILES, draft=True))
    assert "KONSEP: belum ditetapkan" in draft
    assert "30 November 2026" not in draft
