"""No template of ours says something that gettext does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "ckanext" / "satudata_pontianak"
TEMPLATES = sorted(
    path
    for path in PACKAGE.rglob("templates/**/*")
    if path.suffix in (".html", ".txt", ".svg", ".jinja2")
    and not path.name.endswith("_atom.html")  # written for machines
)
LEFT_OUT = re.compile(
    r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%-?\s*raw\b.*?endraw\s*-?%\}"
    r"|<(script|style|code|pre)\b.*?</\1>|<!--.*?-->",
    re.DOTALL,
)
FILLED_IN = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SPOKEN = re.compile(r"\b(?:title|alt|placeholder|aria-label|data-bs-title)\s*=\s*\"([^\"]*)\"")
ATTRIBUTE = re.compile(r"[\w-]+=\"[^\"]*(?:\"|$)|^[\w-]*\"")
"""What a macro adds to a tag that it does not open."""

TAG = re.compile(r"<[^>]*>")
ADDRESS = re.compile(r"\b[\w-]+(?:\.[\w-]+)+\b|/[\w/-]+")
WORD = re.compile(r"[^\W\d_]{2,}")
HOLE = "\x00"

SAME_EVERYWHERE = {
    # names of standards, formats and numbers, which no language translates
    *("SHA", "NIP", "API", "CSV", "XLSX", "PDF", "DOCX", "JSON", "ODS", "SVG", "PNG", "GeoJSON"),
    *("ID", "URL", "Atom", "ICS", "DCAT", "Turtle", "RDF", "BibTeX", "RIS", "CKAN", "SQL", "HTML"),
    *("LD", "Feed"),
    *("Jepin", "Play", "App", "Store", "HTTP"),
    *("curl", "Python", "JavaScript", "Walidata", "PPID", "DIP", "DIK", "SOP", "SK", "ODbL"),
    *("Satu", "Data", "Pontianak", "Bahasa", "Indonesia", "English", "nbsp", "mdash", "middot"),
}


def blank(match: re.Match[str]) -> str:
    return HOLE + "\n" * match.group().count("\n")


def bare(template: str) -> Iterator[tuple[int, str]]:
    """Give the texts of a template that people read as they stand, with their lines."""
    text = FILLED_IN.sub(blank, LEFT_OUT.sub(blank, template))
    for match in SPOKEN.finditer(text):
        yield text[: match.start()].count("\n") + 1, match.group(1)
    for number, line in enumerate(TAG.sub(blank, text).split("\n"), 1):
        parts = (ATTRIBUTE.sub("", part).strip() for part in line.split(HOLE))
        yield from ((number, part) for part in parts)


def unknown(text: str) -> list[str]:
    return [word for word in WORD.findall(ADDRESS.sub("", text)) if word not in SAME_EVERYWHERE]


def test_what_stands_bare_is_seen() -> None:
    template = (
        '{# note #}\n<p title="Shown">{{ _("a") }} left</p>\n<code>x</code>'
        "{% trans %}b{% endtrans %}"
        '\n<input name="quiet" placeholder="{{ _("c") }}">\n<b>SHA-256</b>'
    )
    found = [(line, text) for line, text in bare(template) if unknown(text)]
    assert found == [(2, "Shown"), (2, "left")]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_template_says_nothing_but_through_gettext(path: Path) -> None:
    said = [(line, text) for line, text in bare(path.read_text("utf-8")) if unknown(text)]
    assert said == []


PICTURE_TEXT = re.compile(r"<text\b[^>]*>[^<{]*[^\W\d_]{2,}", re.DOTALL)


def test_no_picture_holds_words() -> None:
    pictures = [p for p in PACKAGE.rglob("*.svg") if "templates" not in p.parts]
    assert [p for p in pictures if PICTURE_TEXT.search(p.read_text("utf-8"))] == []
