"""Citations are read back by other programs as they were meant, whatever a title holds."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.portal.catalogue import citation
from ckanext.satudata_pontianak.portal.catalogue.citation import Work

HARD = 'Pajak & retribusi 100% {kota}_\\ #1 $5 ~x^2 "a"\r\nER  - \r\nTI  - lain'


def work(title: str = "Jumlah penduduk", author: str = "Dinas Kependudukan") -> Work:
    return Work(
        name="jumlah-penduduk",
        title=title,
        author=author,
        portal="Satu Data Pontianak",
        url="https://data.example.go.id/dataset/jumlah-penduduk",
        issued=dt.date(2026, 3, 4),
        accessed=dt.date(2026, 11, 25),
    )


def read_bibtex(text: str) -> tuple[str, dict[str, str]]:
    """Read one entry as BibTeX does: values between braces that it counts."""
    found = re.match(r"@misc\{([^,\s{}]+),\n", text)
    assert found
    fields, place = {}, found.end()
    while name := re.compile(r"  (\w+) = \{").match(text, place):
        place, depth, start = name.end(), 1, name.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[place], 0)
            place += 1
        fields[name[1]] = text[start : place - 1]
        place += text[place] == ","
        place += 1
    assert text[place:] == "}\n"
    return found[1], fields


def plain(text: str) -> str:
    """Undo what TeX would draw."""
    names = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}"}
    names |= {"textasciitilde": "~", "textasciicircum": "^"}
    pattern = r"\\(text\w+)\{\}|\\([$&#%_])|[{}]"
    return re.sub(pattern, lambda m: names[m[1]] if m[1] else m[2] or "", text)


def read_ris(text: str) -> list[tuple[str, str]]:
    return [(line[:2], line[6:]) for line in text.split("\r\n") if line]


@given(st.text(max_size=60), st.text(max_size=40))
def test_every_title_is_read_back(title, author) -> None:
    cited = work("A" + title, "B" + author)
    shown = citation.one_line(cited.title), citation.one_line(cited.author)
    _, fields = read_bibtex(citation.bibtex(cited))
    assert (plain(fields["title"]), plain(fields["author"])) == shown
    ris = read_ris(citation.ris(cited))
    assert [tag for tag, _ in ris] == "TY ID AU TI PB PY DA Y2 UR LA ER".split()
    assert (dict(ris)["TI"], dict(ris)["AU"]) == shown
    (item,) = json.loads(citation.csl(cited))
    assert (item["title"], item["author"]) == (shown[0], [{"literal": shown[1]}])


def test_a_hard_title_stays_within_its_field() -> None:
    key, fields = read_bibtex(citation.bibtex(work(HARD)))
    assert key == "dinas-kependudukan-2026-jumlah-penduduk"
    assert fields["year"] == "2026"
    assert fields["urldate"] == "2026-11-25"
    assert r"\&" in fields["title"]
    assert len(read_ris(citation.ris(work(HARD)))) == 11


@pytest.mark.parametrize("form", [citation.bibtex, citation.ris, citation.csl])
def test_each_form_says_who_what_when_and_where(form) -> None:
    text = form(work())
    for part in ("Jumlah penduduk", "Dinas Kependudukan", "2026", "https://data.example.go.id"):
        assert part in text
