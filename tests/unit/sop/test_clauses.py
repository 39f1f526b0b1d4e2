"""A step of a case names the row of the SOP that it carries out; enactments come from a person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.satudata_pontianak.sop.documents import enactment, library
from ckanext.satudata_pontianak.sop.documents.clauses import clause, of_request, of_screen, of_state
from ckanext.satudata_pontianak.sop.documents.document import Symbol
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError

from .made import built, definitions

DEFS = definitions()
WORKFLOW = DEFS.workflow
GOOD = """\
klasifikasi:
  definition: "%s"
  number: "1/2026"
  made: 2026-01-02
  revised: "-"
  effective: 2026-02-01
  office: Jabatan Contoh
  person: Orang Contoh
"""


@pytest.mark.parametrize(
    ("state", "step", "kind", "document"),
    [
        ("draft", "submit", "classify", "klasifikasi"),
        ("verification", "approve", "classify", "publikasi"),
        ("consequence_test", "assess", "classify", "uji-konsekuensi"),
        ("approval", "send_back", "classify", "uji-konsekuensi"),
        ("verification", "return", "classify", "publikasi"),
        ("verification", "approve", "remove", "penarikan"),
        ("verification", "return", "remove", "penarikan"),
        ("verification", "accept", "move", "publikasi"),
        ("verification", "return", "move", "publikasi"),
    ],
)
def test_a_step_is_told_where_most_is_said_of_it(state, step, kind, document) -> None:
    found = clause(built(), DEFS, state, step, kind)
    assert found is not None
    assert found.name == document
    row = built()[document].rows[found.number - 1]
    transition = WORKFLOW.named(state, step, kind)
    assert transition is not None
    assert row.activity.msgid == transition.step
    assert row.lane == transition.by
    assert row.symbol is Symbol.PROCESS


def test_every_step_and_every_state_that_somebody_holds_has_a_clause() -> None:
    for t in WORKFLOW.transitions.values():
        for kind in t.kinds:
            if t.name != "adopt":
                assert clause(built(), DEFS, t.source, t.name, kind), (t.source, t.name, kind)
    for state in WORKFLOW.states.values():
        assert state.end or of_state(built(), DEFS, state.name, "classify")


def test_every_step_of_a_request_has_a_clause_on_each_of_its_roads() -> None:
    rules = DEFS.requests
    for state in rules.states:
        for t in rules.from_state(state):
            for road in t.roads:
                assert of_request(built(), DEFS, state, t.name, road)


def test_every_screen_of_the_portal_has_a_row_and_no_other_is_named() -> None:
    pages = Path(library.__file__).parents[2] / "portal"
    text = "".join(p.read_text("utf-8") for p in pages.rglob("*") if p.suffix in (".py", ".html"))
    used = set(re.findall(r"""screen(?:="|\(')(\w+)""", text))
    assert used == set(DEFS.sop.screens)
    assert all(of_screen(built(), DEFS, screen) for screen in used)
    assert of_screen(built(), DEFS, "tiada") is None


def test_what_no_sop_tells_of_has_none() -> None:
    assert clause(built(), DEFS, "draft", "adopt", "classify") is None
    assert clause(built(), DEFS, "draft", "tiada", "classify") is None


@pytest.fixture
def enactments(tmp_path: Path):
    """A file in which a test says who enacted what; nobody did afterwards."""
    yield tmp_path / "sop.yaml"
    library.enacted_in(None)


def test_an_enactment_of_this_definition_is_printed(enactments: Path) -> None:
    mark = library.mark("klasifikasi", "json")
    enactments.write_text(GOOD % built()["klasifikasi"].definition, "utf-8")
    library.enacted_in(enactments)
    shown = library.shown("klasifikasi")
    assert (shown["status"], shown["enactment"]["person"]) == ("enacted", "Orang Contoh")
    assert "Orang Contoh" in library.written("klasifikasi", "html").decode()
    assert library.mark("klasifikasi", "json") != mark
    assert library.shown("publikasi")["status"] == "draft"


def test_an_enactment_of_an_earlier_definition_leaves_a_draft(enactments: Path) -> None:
    enactments.write_text(GOOD % ("0" * 64), "utf-8")
    library.enacted_in(enactments)
    assert library.shown("klasifikasi")["status"] == "draft"
    assert "Orang Contoh" not in library.written("klasifikasi", "html").decode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace("klasifikasi", "tiada"), "line 1: unknown SOP 'tiada'"),
        (GOOD.replace("  person: Orang Contoh\n", ""), "'person' is missing"),
        ("klasifikasi: yes\n", "Expected `object`"),
        ("- klasifikasi\n", "a mapping is expected"),
    ],
)
def test_a_wrong_file_is_refused(enactments: Path, text: str, reason: str) -> None:
    enactments.write_text(text, "utf-8")
    with pytest.raises(DefinitionError, match=reason):
        library.enacted_in(enactments)


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(DefinitionError, match="cannot be read"):
        enactment.read(Path("/tiada/sop.yaml"), built())
