"""No line of a flowchart crosses a shape, and nothing lies upon anything else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.sop.documents.building import build_all
from ckanext.satudata_pontianak.sop.documents.document import Document
from ckanext.satudata_pontianak.sop.drawing import paging
from ckanext.satudata_pontianak.sop.drawing.flowchart import BESIDE, Edge, Node, lay_out

from .charts import along, faults, inside
from .made import built, definitions, raw, shown

pytestmark = pytest.mark.slow


@st.composite
def charts(draw: st.DrawFn) -> tuple[list[Node], list[Edge], list[float], list[float]]:
    """Any procedure on a page: rows in any lane, lines from anywhere to anywhere."""
    lanes = draw(st.lists(st.floats(8, 60), min_size=1, max_size=8))
    rows = draw(st.lists(st.floats(12, 70), min_size=1, max_size=14))
    kinds = st.sampled_from(["process", "decision", "terminator", "connector"])
    places = st.integers(0, len(lanes) - 1)
    nodes = [Node(f"r{n}", n, draw(places) + 1, draw(kinds)) for n in range(len(rows))]
    edges: list[Edge] = []
    pairs = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, len(rows) - 1))
    for source, target in draw(st.lists(pairs, max_size=30, unique=True)):
        edges.append(Edge(f"r{source}", f"r{target}", aside=draw(st.booleans())))
        if nodes[source].symbol == "decision":
            aside = edges[-1].aside
            edges[-1] = Edge(f"r{source}", f"r{target}", "T" if aside else "Y", aside)
    for n in range(len(rows)):
        if draw(st.booleans()):
            nodes.append(Node(f"in{n}", n, 0, BESIDE))
            edges.append(Edge(f"in{n}", f"r{n}"))
        if draw(st.booleans()):
            nodes.append(Node(f"out{n}", n, len(lanes) + 1, BESIDE))
            edges.append(Edge(f"r{n}", f"out{n}"))
    return nodes, edges, [13.0, *lanes, 13.0], rows


@settings(max_examples=400, deadline=None)
@given(charts())
def test_any_procedure_is_drawn_without_a_fault(chart) -> None:
    nodes, edges, lanes, rows = chart
    drawn = lay_out(nodes, edges, lanes, rows)
    assert len(drawn.lines) == len(edges)
    assert faults(drawn) == []


@pytest.mark.parametrize("document", built().values(), ids=lambda d: d.name)
def test_every_sop_is_drawn_without_a_fault(document: Document) -> None:
    for page in paging.paged(shown(document)):
        assert faults(page.chart) == []


@pytest.mark.parametrize("document", built().values(), ids=lambda d: d.name)
def test_every_line_of_an_sop_is_drawn_or_continued_by_number(document: Document) -> None:
    view = shown(document)
    drawn: set[tuple[str, str]] = set()
    for page in paging.paged(view):
        for line in page.chart.lines:
            drawn.add((line.edge.source, line.edge.target))
    for row in view["rows"]:
        for link in row["next"]:
            source, target = str(row["number"]), str(link["number"])
            straight = (source, target) in drawn
            assert straight or {(source, f"out{source}"), (f"in{target}", target)} <= drawn


@st.composite
def workflows(draw: st.DrawFn) -> dict[str, Any]:
    """Return the workflow with further states and steps between any two of its desks."""
    workflow = raw("workflow")
    desks = [name for name, state in workflow["states"].items() if not state.get("end")]
    holders = st.sampled_from(["produsen_data", "walidata", "ppid", "atasan_ppid", "pengawas"])
    for number in range(draw(st.integers(1, 4))):
        name = f"desk_{number}"
        workflow["states"][name] = {
            "label": draw(st.text("abc ", min_size=1, max_size=60).filter(str.strip)),
            "holder": draw(holders),
            "due_working_days": draw(st.none() | st.integers(1, 400)),
        }
        source = draw(st.sampled_from(desks))
        steps = [
            (source, name),
            *((name, t) for t in draw(st.sets(st.sampled_from(desks), min_size=1))),
        ]
        for place, (begin, end) in enumerate(steps):
            workflow["transitions"].append(
                {
                    "name": f"step_{number}_{place}",
                    "label": f"Step {number} {place}",
                    "from": begin,
                    "to": end,
                    "by": draw(holders),
                    "kinds": draw(
                        st.sampled_from([["classify"], ["remove"], ["classify", "remove"]])
                    )
                    if place
                    else ["classify", "remove"],
                    "effect": "note_referral",
                    "step": draw(st.text("words of a step ", min_size=1, max_size=300)).strip()
                    or "x",
                }
            )
        desks.append(name)
    return workflow


# A workflow is read for each example: shrinking one would take minutes.
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(workflows())
def test_any_workflow_is_drawn_without_a_fault(workflow: dict[str, Any]) -> None:
    documents = build_all(definitions(workflow=workflow))
    told = {row.key for document in documents.values() for row in document.rows}
    for state in workflow["states"]:
        if state.startswith("desk_"):
            assert any(key == f"case:{state}" or key.startswith(f"step-{state}-") for key in told)
    for name in ("klasifikasi", "uji-konsekuensi", "publikasi", "penarikan"):
        for page in paging.paged(shown(documents[name])):
            assert faults(page.chart) == []


def test_two_answers_of_a_choice_never_share_a_way() -> None:
    """Yes and no to rows further down, in the same lane, run in tracks of their own."""
    nodes = [
        Node("d", 0, 0, "decision"),
        *(Node(n, r, 0, "process") for r, n in ((1, "a"), (2, "b"), (3, "c"))),
    ]
    edges = [Edge("d", "b", "Y"), Edge("d", "c", "T", aside=True)]
    yes, no = lay_out(nodes, edges, [30], [20] * 4).lines
    assert not {x for x, _ in yes.points[2:4]} & {x for x, _ in no.points[1:3]}


def test_the_geometry_sees_what_is_wrong() -> None:
    """A line through a box and a line upon a line are seen, so that the tests above can fail."""
    nodes = [Node("a", 0, 0, "process"), Node("b", 1, 0, "process"), Node("c", 2, 0, "process")]
    chart = lay_out(nodes, [Edge("a", "c")], [20], [20, 20, 20])
    through = ((10.0, 0.0), (10.0, 60.0))
    assert all(inside(through, box) for _, box in chart.shapes.values())
    assert along(through, ((10.0, 30.0), (10.0, 90.0)))
    assert not along(through, ((10.5, 30.0), (10.5, 90.0)))


@pytest.mark.parametrize(
    ("nodes", "edges", "rows"),
    [
        ([Node("a", 0, 0, "process"), Node("b", 0, 0, "process")], [], [20]),
        ([Node("a", 0, 0, "process"), Node("b", 0, 1, "process")], [], [20]),
        ([Node("a", 0, 0, "process")], [Edge("a", "z")], [20]),
        ([Node("a", 0, 0, "process")], [], [7]),
    ],
)
def test_what_cannot_be_drawn_is_refused(nodes, edges, rows) -> None:
    with pytest.raises(ValueError, match=r"two shapes|not on the page|too low"):
        lay_out(nodes, edges, [20, 20], rows)


@given(st.lists(st.integers(1, 60)))
def test_ranges_say_the_same_numbers(numbers: list[int]) -> None:
    told: set[int] = set()
    for text in paging.ranges(numbers):
        first, _, last = text.partition("–")
        told |= set(range(int(first), int(last or first) + 1))
    assert told == set(numbers)
