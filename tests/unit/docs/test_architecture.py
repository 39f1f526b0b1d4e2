"""docs/architecture.md tells of this tree and no other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "ckanext" / "satudata_pontianak"
DOCUMENT = ROOT / "docs" / "architecture.md"
TEXT = DOCUMENT.read_text("utf-8")
QUOTED = sorted(set(re.findall(r"`([^`\s]+)`", TEXT)))
PATHS = [q for q in QUOTED if "/" in q or q.endswith((".py", ".yaml", ".toml", ".cfg"))]
FURNITURE = "actions auth schema validators model views helpers jobs cli".split()


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
    for table in re.findall(r"`(satudata_[a-z_]+)`", TEXT):
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
    table = TEXT.split("## What hangs on CKAN")[1].split("\n## ")[0]
    rows = [line.split("|")[1:] for line in table.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([\w/]+\.py)`", row[0])} == hanging
    assert all(re.search(r"`tests/\S+\.py`", row[3]) for row in rows)
