"""The list of what the definitions say of the law and nobody confirmed yet."""

from __future__ import annotations

from pathlib import Path

from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.sop.documents import unconfirmed
from ckanext.satudata_pontianak.sop.documents.unconfirmed import Fact

from .made import SCHEMAS

ROOT = SCHEMAS.parent
READ_BY_CITIZENS = ROOT / "ckanext" / "satudata_pontianak" / "portal" / "templates"


def test_a_fact_is_told_once_with_every_place_that_uses_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "x:\n"
        "- basis: [{text: Act 1, status: verified}, {text: Act 2, status: memory}]\n"
        "- {basis: {text: Act 2, status: memory}}\n"
        "y: {title: Act 3, status: told}\n"
        "z: {text: Act 4, status: running}\n"
    )
    assert unconfirmed.find(tmp_path) == [
        Fact("Act 2", "memory", ("a.yaml:2", "a.yaml:3")),
        Fact("Act 3", "told", ("a.yaml:4",)),
    ]


def test_the_list_has_what_the_definitions_mark() -> None:
    found = {fact.text: fact for fact in unconfirmed.facts()}
    assert found["UU 14/2008 Pasal 22 ayat (7)"].status == "memory"
    assert all(fact.places for fact in found.values())
    assert "UU 14/2008 Pasal 17" not in found


def test_one_mark_stands_behind_what_nobody_confirmed_and_is_explained_once() -> None:
    items = [{"text": "A", "status": "verified"}, {"text": "B", "status": "secondary"}]
    assert unconfirmed.marked(items) == "A; B*"
    assert unconfirmed.explained(indonesian.translator()).startswith("* Belum dicocokkan")


def test_no_page_says_in_its_text_that_something_is_to_be_confirmed() -> None:
    saying = [p for p in READ_BY_CITIZENS.rglob("*.html") if "Bagian Hukum" in p.read_text("utf-8")]
    # Who has a duty reads the list; the page about the portal says it once of the whole list.
    assert sorted(p.name for p in saying) == ["about.html", "sop_index.html"]
