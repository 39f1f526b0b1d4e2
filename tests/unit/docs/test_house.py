"""The house: no circle of imports, deferred and for types included; no crowded folder."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = "ckanext.satudata_pontianak"
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "ckanext").rglob("*.py")
}
FULL = 26
"""More files of Python than this stand in no folder."""
FLAT = {"versions": "migrations: alembic reads one folder, in which a file stays for ever"}
"""Folders that may hold more, and why."""
ROOMS = ("access", "agencies", "classification", "portal", "sop")
"""Rooms with rooms in them."""


LATE = {
    "plugin": "the DataStore's plugin may be absent",
    "classification.cli": "a command loads what it does, and no more",
    "classification.writes.harvest_sources": "the harvester's plugin may be absent",
    "disclosure.child": "nothing of a reader runs before its limits",
    "disclosure.tabular_child": "nothing of a reader runs before its limits",
    "tidying.child": "nothing of a reader runs before its limits",
    "disclosure.readers.archive": "what is inside is read by any of the readers",
    "disclosure.readers.gzip": "what is inside is read by any of the readers",
}
"""Modules with imports of ours inside a function, and why they stand there; migrations too."""


@cache
def tree(path: Path) -> ast.Module:
    """Return what a module is made of, read once."""
    return ast.parse(path.read_text("utf-8"))


def imported(name: str) -> Iterator[str]:
    """Return the modules of ours that a module imports, wherever it does."""
    path = FILES[name]
    here = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in FILES)
        elif isinstance(node, ast.ImportFrom):
            parts = here[: len(here) - node.level + 1] if node.level else []
            module = ".".join([*parts, *(node.module or "").split(".")]).strip(".")
            for each in node.names:
                inner = f"{module}.{each.name}"
                yield from (one for one in (inner if inner in FILES else module,) if one in FILES)


@cache
def graph() -> dict[str, set[str]]:
    """Return what each module imports of ours."""
    return {name: {one for one in imported(name) if one != name} for name in FILES}


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return a circle in a graph, if there is one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def test_no_module_imports_one_that_imports_it() -> None:
    assert circle(graph()) == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_folder_of_a_room_imports_one_that_imports_it(room) -> None:
    inside, folders = f"{PACKAGE}.{room}", defaultdict(set)

    def folder(name: str) -> str:
        whole = name if FILES[name].name == "__init__.py" else name.rpartition(".")[0]
        return ".".join(whole.removeprefix(inside).split(".")[:2]) or "."

    of_room = {name for name in FILES if name == inside or name.startswith(inside + ".")}
    for name in of_room:
        for other in graph()[name] & of_room:
            if folder(other) != folder(name):
                folders[folder(name)].add(folder(other))
    assert circle(folders) == []


def test_imports_stand_at_the_top_but_for_a_reason() -> None:
    late = set()
    for name, path in FILES.items():
        functions = (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))
        inside = (node for function in functions for node in ast.walk(function))
        if any(
            isinstance(n, ast.ImportFrom) and (n.level or PACKAGE in str(n.module)) for n in inside
        ):
            late.add(name.removeprefix(f"{PACKAGE}."))
    assert {name for name in late if not name.startswith("migration.")} == set(LATE)


def test_jobs_are_put_on_the_queue_in_one_place() -> None:
    places = [name for name, path in FILES.items() if "enqueue_job(" in path.read_text("utf-8")]
    assert places == [f"{PACKAGE}.classification.records.job_queue"]


def test_a_text_with_its_parameters_is_one_class() -> None:
    """What has a code or a field beside it holds a message."""
    classes = (
        (name, node)
        for name, path in FILES.items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    )
    named = {
        f"{name}.{node.name}"
        for name, node in classes
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        if one.target.id == "msgid"
    }
    assert named == {f"{PACKAGE}.messages.Message"}


ENDPOINT = re.compile(r"""["'](satudata[a-z_]*)\.([a-z_]+)""")


def endpoints_named_upwards() -> Iterator[str]:
    """Give each place where a room, or a template of it, names a page of a room above it."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = [re.findall(r"\w+", layer) for layer in contracts["contracts"][0]["layers"]]
    height = {room: -number for number, layer in enumerate(layers) for room in layer}
    house = ROOT / "ckanext" / "satudata_pontianak"
    files = [p for kind in ("py", "html") for p in house.glob(f"*/**/*.{kind}")]
    texts = {path.relative_to(house): path.read_text("utf-8") for path in files}
    made = re.compile(r'Blueprint\("(\w+)"')
    shown_by = {name: p.parts[0] for p, text in texts.items() for name in made.findall(text)}
    contract = (ROOT / "tests" / "access" / "contract.yaml").read_text("utf-8")
    known = set(re.findall(r"satudata[a-z_]*\.[a-z_]+", contract))
    for path, text in texts.items():
        own = height.get(path.parts[0], 0)
        for blueprint, view in ENDPOINT.findall(text):
            # What ends with a line is put together: the rest comes later.
            is_page = view.endswith("_") or f"{blueprint}.{view}" in known
            if is_page and blueprint in shown_by and height[shown_by[blueprint]] > own:
                yield f"{path}: {blueprint}.{view}"


def test_no_room_names_a_page_of_a_room_above() -> None:
    """It asks ``surface/page_names.py``; who shows the page declares there what it is known as."""
    assert list(endpoints_named_upwards()) == []


def test_docstrings_name_parameters_in_one_way() -> None:
    other = re.compile(r"^\s+(Args|Arguments|Raises|Returns|Yields|Attributes):$", re.MULTILINE)
    found = [name for name, path in FILES.items() if other.search(path.read_text("utf-8"))]
    assert found == [], "write :param name:, :returns:, :raises Error:"


def test_no_folder_is_crowded() -> None:
    counts: dict[Path, int] = defaultdict(int)
    for path in (*FILES.values(), *(ROOT / "tests").rglob("*.py")):
        counts[path.parent.relative_to(ROOT)] += 1
    assert {
        str(folder): n for folder, n in counts.items() if n > FULL and folder.name not in FLAT
    } == {}


def test_the_circle_that_is_looked_for_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert graph()[f"{PACKAGE}.plugin"] > {f"{PACKAGE}.portal.views"}
