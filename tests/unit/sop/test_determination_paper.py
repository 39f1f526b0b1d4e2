"""The papers that decide an exemption: what stands on them, page by page and word by word."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from ckanext.satudata_pontianak.sop.files import emblem, official_files, official_word
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError

from . import papers
from .papers import FIRST, SECOND


def printed(paper: dict[str, Any]) -> str:
    pages = pypdf.PdfReader(io.BytesIO(official_files.pdf(paper))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def shown(paper: dict[str, Any]) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", official_files.part(paper)).split())


def edited(paper: dict[str, Any]) -> str:
    file = docx.Document(io.BytesIO(official_word.docx(paper)))
    texts = [p.text for p in file.paragraphs]
    texts += [c.text for t in file.tables for row in t.rows for c in row.cells]
    return " ".join(" ".join(texts).split())


EVERY = pytest.mark.parametrize("form", [printed, shown, edited])


@EVERY
def test_a_decree_has_the_form_of_one_and_says_who_what_and_to_whom(form: Any) -> None:
    text = form(papers.letter())
    folded = text.casefold()
    for wanted in (
        "Pemerintah Kota Pontianak", "Keputusan Atasan PPID", "Nomor: 7/PPID/2026", "Menimbang",
        "Mengingat", "Memutuskan:", "Menetapkan", "Kesatu", "Kedua", "Ketiga", "Keempat",
        "Pasal 17 huruf h angka 2", "Dataset 1", "A1B2C3D1", "Dinas Sosial", "Tembusan",
        "Kepala Bidang Informasi dan Komunikasi Publik", "Unit yang didengar: Dinas Kesehatan",
        "UU 27/2022 Pasal 20, tugas atau pelayanan publik", "Kesusilaan: Tidak berpengaruh",
        "Ditetapkan di Pontianak", "bukan tanda tangan elektronik", "Atasan PPID,",
    ):  # fmt: skip
        assert wanted.casefold() in folded, wanted
    assert "jumlah" not in folded
    assert "dikonfirmasi" not in folded
    assert text.count("30 November 2026") == 1
    assert text.count("Belum dicocokkan dengan naskah resminya") == 1
    assert "Seorang Penguji" not in text


@EVERY
def test_several_items_stand_on_one_sheet_and_in_one_decree(form: Any) -> None:
    for paper in (papers.sheet(FIRST, SECOND), papers.letter(FIRST, SECOND)):
        text = form(paper)
        assert "Daftar lokasi gudang obat" in text
        assert "Hasil pemeriksaan laboratorium pasien" in text
        assert "Kepentingan lebih besar yang dilindungi: Perlindungan pasien" in text


def test_columns_are_as_wide_in_every_program_as_they_are_on_paper() -> None:
    """Word reads the widths of the cells, LibreOffice those of the grid."""
    for paper, at in ((papers.sheet(), 1), (papers.letter(), 1)):
        table = docx.Document(io.BytesIO(official_word.docx(paper))).tables[at]
        grid = [column.width for column in table.columns]
        assert grid == [cell.width for cell in table.rows[0].cells]
        assert len(set(grid)) > 1


@EVERY
def test_a_draft_says_so_and_leaves_number_and_date_to_who_signs(form: Any) -> None:
    text = form(papers.letter(draft=True))
    assert "KONSEP: belum ditetapkan" in text
    assert "Nomor: …" in text
    assert "pada tanggal …" in text
    assert "2026" not in text.replace("24 November 2026", "")


@EVERY
def test_a_paper_states_no_weighing_that_nobody_recorded(form: Any) -> None:
    text = form(papers.letter(FIRST, replace(FIRST, weighed={})))
    assert "telah ditimbang;" in text
    assert "kepentingan yang lebih besar daripada" not in text
    assert "kepentingan yang lebih besar daripada" in form(papers.letter(FIRST))


@EVERY
def test_one_line_of_the_definition_says_who_signs(form: Any) -> None:
    text = form(papers.letter(signed_by="pimpinan_badan_publik"))
    assert "keputusan pimpinan badan publik" in text.casefold()
    assert "Pimpinan Badan Publik," in text
    assert "Atasan PPID" not in text


def test_who_signs_is_one_of_the_declared_offices() -> None:
    with pytest.raises(DefinitionError, match="signed_by"):
        papers.letter(signed_by="walidata")


def test_what_was_not_recorded_says_so_and_a_decree_without_recipients_names_none() -> None:
    bare = replace(
        FIRST, if_opened=None, recipients=(), recipients_basis=None, personal="tidak_ada"
    )
    text = shown(papers.letter(bare))
    assert "Konsekuensi bila dibuka: tidak tercatat" in text
    assert "hanya diberikan kepada penerima" not in text
    assert "KEEMPAT" not in text
    assert "Undang-Undang Nomor 27 Tahun 2022" not in text


def test_the_emblem_is_a_file_of_the_operators_and_its_place_stays_neutral(tmp_path: Path) -> None:
    assert emblem.read(None) is None
    picture = tmp_path / "lambang.png"
    # The smallest PNG: one white point.
    picture.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
            "0000000c4944415478da63f8ffff3f0005fe02fea7d6059b0000000049454e44ae426082"
        )
    )
    address = emblem.read(picture)
    assert address is not None
    paper = papers.letter()
    assert "Lambang" in shown(paper)
    paper["head"]["emblem"] = address
    assert f'<img src="{address}"' in official_files.part(paper)
    assert official_files.pdf(paper)
    assert len(docx.Document(io.BytesIO(official_word.docx(paper))).inline_shapes) == 2
    picture.write_text("<svg onload='x'/>")
    with pytest.raises(emblem.EmblemError):
        emblem.read(picture)
    with pytest.raises(emblem.EmblemError):
        emblem.read(tmp_path / "none.png")
