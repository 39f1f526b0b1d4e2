"""docs/architecture.md and the pages beside it tell of this tree and no other."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "ckanext" / "satudata_pontianak"
PAGES = {
    name: (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    for name in ("architecture", "questions", "rooms", "hooks", "recipes")
}
TEXT = PAGES["architecture"]
WHOLE = "\n".join(PAGES.values())
QUOTED = sorted(set(re.findall(r"`([^`\s]+)`", WHOLE)))
PATHS = [q for q in QUOTED if "/" in q or q.endswith((".py", ".yaml", ".toml", ".cfg"))]
FURNITURE = "actions answers auth schema validators model views helpers jobs cli".split()


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_named_exists(path: str) -> None:
    if path in [f"{name}.py" for name in FURNITURE]:
        assert list(PACKAGE.glob(f"*/{path}")), f"no room has a {path}"
    else:
        assert (ROOT / path).exists() or (PACKAGE / path).exists()


def rooms() -> list[str]:
    """Return the folders of the package that hold code."""
    return sorted(
        folder.name
        for folder in PACKAGE.iterdir()
        if folder.is_dir() and list(folder.rglob("*.py")) and not folder.name.startswith("_")
    )


@pytest.mark.parametrize("room", rooms())
def test_a_room_of_the_tree_is_named(room: str) -> None:
    assert f"`{room}/`" in TEXT


def test_every_module_beside_the_rooms_is_named() -> None:
    modules = {p.name for p in PACKAGE.glob("*.py") if p.name != "__init__.py"}
    assert modules == {m for m in modules if m in TEXT}


def test_the_direction_of_dependencies_is_the_one_that_is_checked() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    told = re.search(r"```\n(plugin → .*?)\n```", TEXT, re.DOTALL)
    assert told
    names = [re.findall(r"\w+", part) for part in told[1].split("→")]
    checked = [re.findall(r"\w+", layer) for layer in layers]
    known = {name for part in names for name in part}
    assert names == [
        kept for layer in checked if (kept := [name for name in layer if name in known])
    ]
    assert set(rooms()) - {"migration"} <= known


def test_tables_that_are_named_exist() -> None:
    models = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*model.py"))
    for table in re.findall(r"`(satudata_[a-z_]+)`", WHOLE):
        if table not in ("satudata_ledger", "satudata_classification_transition"):
            assert f'"{table}"' in models


HANGS = re.compile(
    r"event\.listen\(|signals\.\w+\.connect\(|_logged_in\.connect\(|render_template\.connect\("
    r"|jinja_env\.|_request_funcs|\.wsgi_app = |session_interface = |\._[A-Z]+\[|error_handler_spec"
)


def test_every_place_where_we_hang_on_ckan_is_named_with_its_test() -> None:
    hanging = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "migration" not in path.parts and HANGS.search(path.read_text("utf-8"))
    }
    lines = PAGES["hooks"].splitlines()
    rows = [line.split("|")[1:] for line in lines if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([\w/]+\.py)`", row[0])} == hanging
    assert all(re.search(r"`tests/\S+\.py`", row[3]) for row in rows)


NAMED = sorted(set(re.findall(r"`([\w/]+\.py)`:\s+`(\w+)\(\)`", WHOLE)))


def defined(file: Path) -> set[str]:
    """Return the names of the functions of a file, and of what its classes do."""
    tree = ast.parse(file.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "function"), NAMED)
def test_a_function_that_is_named_exists(path: str, function: str) -> None:
    assert function in defined(PACKAGE / path)


def test_five_walks_name_files_and_functions() -> None:
    part = TEXT.split("## Five walks through the house")[1].split("\n## ")[0]
    walks = re.split(r"(?m)^### ", part)[1:]
    assert len(walks) == 5
    for walk in walks:
        steps = re.findall(r"(?m)^\d\. ", walk)
        assert len(steps) >= 5
        assert len(re.findall(r"`\w+\(\)`", walk)) >= 4
        assert len(set(re.findall(r"`[a-z_/]+\.py`", walk))) <= 10, "more than one keeps in mind"


def test_a_newcomer_reads_it_in_twenty_minutes() -> None:
    assert len(TEXT.split()) < 5000
    for name in ("questions", "rooms", "hooks", "recipes", "access-contract", "scan"):
        assert f"]({name}.md)" in TEXT or f"({name}.md)" in TEXT
