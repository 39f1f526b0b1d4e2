"""The procedure as a few sentences and one drawing: both follow the workflow."""

from __future__ import annotations

from lxml import etree

from ckanext.satudata_pontianak.classification.rules.definition import workflow
from ckanext.satudata_pontianak.classification.rules.main_road import main_road
from ckanext.satudata_pontianak.sop.audit import transparency_lead
from ckanext.satudata_pontianak.sop.audit.tables import Language
from ckanext.satudata_pontianak.sop.drawing.road import Arrow, Station, road

SVG = "{http://www.w3.org/2000/svg}"


def test_the_main_road_leads_from_a_draft_to_a_decision_in_five_steps() -> None:
    flow = workflow()
    steps = main_road(flow)
    assert [(step.source, step.target) for step in steps] == [
        ("draft", "verification"),
        ("verification", "consequence_test"),
        ("verification", "decided"),
        ("consequence_test", "approval"),
        ("approval", "decided"),
    ]
    assert all(step.by != "operator" for step in steps)
    assert flow.withdrawn_state not in {step.target for step in steps}


def test_each_arrow_is_drawn_with_its_number_and_read_out() -> None:
    stations = [Station("a", "Satu & <dua>", "PPID"), Station("b", "Dua"), Station("c", "Tiga")]
    drawn = etree.fromstring(
        road("Jalan", stations, [Arrow("a", "b", "Ajukan"), Arrow("a", "c", "Setujui")])
    )
    words = [text.text for text in drawn.iter(f"{SVG}text")]
    assert words == ["Satu & <dua>", "PPID", "Dua", "Tiga", "1", "2"]
    assert len(list(drawn.iter(f"{SVG}rect"))) == 3
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == (
        "Jalan. 1. Satu & <dua> → Dua: Ajukan; 2. Satu & <dua> → Tiga: Setujui"
    )


def test_what_is_drawn_stands_within_the_picture() -> None:
    stations = [Station(str(n), "Panjang sekali namanya " * 4, "dan " * 30) for n in range(5)]
    arrows = [Arrow("0", str(n), "x") for n in range(1, 5)]
    drawn = etree.fromstring(road("Jalan", stations, arrows))
    left, top, wide, high = map(float, str(drawn.get("viewBox")).split())
    for text in drawn.iter(f"{SVG}text"):
        assert left <= float(text.get("x", "")) <= left + wide
        assert top <= float(text.get("y", "")) <= top + high


def test_the_year_is_told_in_five_sentences() -> None:
    told = {
        "cases": {"opened": 1200, "open": 3, "overdue": 1, "share_as_written": None},
        "decisions": {"taken": 9},
        "requests": {"asked": 4, "granted": 2, "refused": 1, "waiting": 1},
    }
    said = transparency_lead.sentences(told, 5000, Language(lambda text: text, "id"))
    assert len(said) == 5
    assert "1.200" in said[0]
    assert said[1].startswith("–")
    assert "5.000" in said[4]
