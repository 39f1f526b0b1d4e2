"""What the definitions say stands nowhere else: ends, levels and who reads what."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ckanext.satudata_pontianak.access.reading import explain
from ckanext.satudata_pontianak.classification.grants.request_definition import request_rules
from ckanext.satudata_pontianak.classification.incidents.definition import OPEN, incident_rules
from ckanext.satudata_pontianak.classification.records.incident_model import Incident
from ckanext.satudata_pontianak.classification.records.request_model import AccessRequest
from ckanext.satudata_pontianak.classification.rules.axes import READERS, classification
from ckanext.satudata_pontianak.classification.rules.definition import workflow
from ckanext.satudata_pontianak.classification.rules.policy import Answer
from ckanext.satudata_pontianak.portal.web import wording

ROOT = Path(__file__).parents[3] / "ckanext" / "satudata_pontianak"
LEVELS = set(classification().levels)
ENDS = {name for name, state in workflow().states.items() if state.end}
ENDS |= {*request_rules().end_states, *incident_rules().states} - {OPEN}
NO_CASE = {"Version", "version", "v"}
"""What has states of its own that are called alike: a version is withdrawn as well."""
STATES_NAMED = {
    "portal/demo/catalogue.py": "how far the cases of the demo are taken",
    "sop/audit/state_on_day.py": "which ends of a request count as its first answer",
    "sop/audit/transparency.py": "which ends of a request are counted as given or refused",
    "agencies/rules/proposal.py": "states of a proposed membership, which is no case",
    "classification/grants/request_definition.py": "names that the rules of requests speak of",
    "classification/grants/request_rules.py": "where withdrawing leads, which no step describes",
    "classification/incidents/definition.py": "names that the rules of incidents speak of",
    "classification/clock/requests.py": "where the clock leads, which no step describes",
    "classification/requests/store.py": "when a request was refused, which is when one may object",
}
LEVELS_NAMED = {
    "portal/web/wording.py": "the icon and the short word of each level",
    "classification/adoption/adoption.py": "what is proposed for what was public before",
}
IN_SQL = re.compile(
    r"(?<![\w.])(?:(\w+)\.)?(?:to_|from_)?state\s*(?:NOT\s+IN|IN|<>|!=|=)\s*\(?\s*('[^)]*'|'\w+')"
)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(("migration/", "portal/demo/data/")):
            yield name, ast.parse(path.read_text("utf-8"))


def literals(node: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and type(n.value) is str}


def owner_of_state(node: ast.AST) -> str | None:
    """Return whose state an expression is: ``case`` of ``case.state``; ``None``: it is no state."""
    if isinstance(node, ast.Attribute) and node.attr in ("state", "to_state", "from_state"):
        return node.value.id if isinstance(node.value, ast.Name) else ""
    if isinstance(node, ast.Subscript | ast.Call) and literals(node) & {"state", "to_state"}:
        return ""
    return None


def compared(node: ast.AST) -> Iterator[tuple[str | None, ast.AST]]:
    """Give whose state is compared with, or set to, what."""
    if isinstance(node, ast.Compare):
        for one in node.comparators:
            yield owner_of_state(node.left), one
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Attribute) and called.attr in ("in_", "not_in"):
        yield owner_of_state(called.value), node
    if isinstance(node, ast.Assign):
        for target in node.targets:
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            for part in parts:
                yield owner_of_state(part), node.value


def ends_named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for owner, value in compared(node):
            if owner is not None and owner not in NO_CASE and literals(value) & ENDS:
                yield f"line {getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            listed = [one.value for one in node.elts if isinstance(one, ast.Constant)]
            if len(ENDS.intersection(listed)) > 1:
                yield f"line {node.lineno}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for alias, values in IN_SQL.findall(node.value):
                if alias not in NO_CASE and set(re.findall(r"\w+", values)) & ENDS:
                    yield f"line {node.lineno}"


def test_no_module_says_which_states_are_ends() -> None:
    found = {name: list(ends_named(tree)) for name, tree in modules()}
    named = {name for name, places in found.items() if places}
    assert {n: found[n] for n in named - set(STATES_NAMED)} == {}
    assert [n for n in STATES_NAMED if n not in found] == []


@pytest.mark.slow
def test_no_module_or_template_names_a_level() -> None:
    named = {name for name, tree in modules() if literals(tree) & LEVELS}
    named = {name for name in named if not name.startswith("portal/demo/")}
    assert named - set(LEVELS_NAMED) == set()
    quoted = re.compile(rf"""['"]({"|".join(LEVELS)})['"]""")
    said = {name for name, tree in modules() for text in literals(tree) if quoted.search(text)}
    assert {n for n in said if not n.startswith("portal/demo/")} == set()
    pages = {p.name for p in ROOT.rglob("templates/**/*.html") if quoted.search(p.read_text())}
    assert pages == set()


def test_each_level_has_its_look_and_its_sentence() -> None:
    rules = classification()
    assert set(rules.levels) <= set(wording.LEVELS)
    assert set(explain.READERS) == READERS
    for name, level in rules.levels.items():
        text = explain.reason(Answer(False, name)).text()
        readers = rules.visibility[name]["data"]
        assert ("opens" in text, "closes" in text) == (level.open, not readers)
        if readers and not level.open:
            labels = text.split(": ", 1)[1].rstrip(".").split(", ")
            assert set(labels) == {explain.READERS[r] for r in readers}


def test_an_index_of_the_database_knows_the_running_states() -> None:
    """Another state needs a migration: PostgreSQL cannot ask a file."""
    one = {i.name: i for i in AccessRequest.__table__.indexes}["satudata_request_one_running"]
    told = str(one.dialect_options["postgresql"]["where"])
    assert tuple(re.findall(r"'(\w+)'", told)) == request_rules().running_states
    for one in Incident.__table__.indexes:
        where = one.dialect_options["postgresql"]["where"]
        assert where is None or re.findall(r"'(\w+)'", str(where)) == [OPEN]
