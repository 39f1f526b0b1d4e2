"""The beginning of a description without its markup, as pages draw it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak.portal.catalogue.search import MARKUP, SUMMARY, satudata_summary

LETTERS = "ab Z. ,-+=1)(!:\"'/é%;?@$^{}0 *_`[]<>&#|~\\\n"


def of_page(text: str) -> list[str]:
    return str(tk.h.markdown_extract(text, extract_length=SUMMARY)).split()


@given(st.text(st.sampled_from(LETTERS), min_size=1, max_size=300) | st.text(min_size=1))
def test_a_summary_is_what_pages_make_of_it(text: str) -> None:
    assert satudata_summary(text).split() == of_page(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Jumlah penduduk (jiwa), 1.234 di tiap kelurahan: lihat http://contoh.id/a?b=1.", None),
        ("**Penting**: <b>a</b> & b", "Penting: a & b"),
        ("- satu\n- dua", "satu dua"),
        ("kata " * 100, " ".join(["kata"] * 43) + "..."),
    ],
)
def test_with_and_without_markup(text: str, told: str | None) -> None:
    assert " ".join(satudata_summary(text).split()) == (told or text)
    assert bool(MARKUP.search(text)) == (told is not None and "kata" not in text)


def test_nothing() -> None:
    assert satudata_summary(None) == satudata_summary("") == ""
