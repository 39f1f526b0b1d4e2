"""What time it is, is asked in one place, and set to another by a call alone."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ckanext.satudata_pontianak import clock, days
from ckanext.satudata_pontianak.classification.records import stale_index

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "ckanext" / "satudata_pontianak"
OWN = HOUSE / "clock.py"
PAST = dt.datetime(2024, 2, 29, 18, 30, tzinfo=dt.UTC)  # 1 March in Pontianak
SYSTEM = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
    "func": {"now", "current_timestamp", "current_date", "localtimestamp", "clock_timestamp"},
}
"""What asks the system, or PostgreSQL: the name before the last dot, and that behind it."""
IN_SQL = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\)"
    r"|\bcurrent_(timestamp|date|time)\b|\blocaltime(stamp)?\b|\[\* TO NOW",
    re.IGNORECASE,
)
WORDS = re.compile(
    r"\bset_to\b|\b_ahead\b|\bfrom time\b"
    + "".join(rf"|\b{before}\.({'|'.join(names)})\b" for before, names in SYSTEM.items())
)


@cache
def modules() -> list[tuple[Path, ast.Module]]:
    """Give every module of ours with such a word, but migrations: those are run once."""
    texts = {path: path.read_text("utf-8") for path in HOUSE.rglob("*.py")}
    return [
        (path, ast.parse(text))
        for path, text in texts.items()
        if "migration" not in path.parts and (WORDS.search(text) or IN_SQL.search(text))
    ]


def asked(tree: ast.Module) -> Iterator[str]:
    """Give each place where a module asks what time it is."""
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        if node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            before = getattr(node.value, "id", getattr(node.value, "attr", ""))
            if node.attr in SYSTEM.get(before, ()):
                yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield f"{node.lineno}: from time import ..."
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in said
            and IN_SQL.search(node.value)
        ):
            yield f"{node.lineno}: {node.value[:60]}"


def test_nothing_else_of_ours_asks_what_time_it_is() -> None:
    places = [
        f"{path.relative_to(ROOT)}:{place}"
        for path, tree in modules()
        if path != OWN
        for place in asked(tree)
    ]
    assert places == []
    assert list(asked(ast.parse(OWN.read_text("utf-8"))))


@pytest.mark.parametrize(
    "line",
    [
        "dt.datetime.now(dt.UTC)",
        "Column(default=datetime.utcnow)",
        "date.today()",
        "time.time()",
        "from time import time",
        "sa.func.now()",
        "sa.text('SELECT now()')",
        "sa.text(f'SELECT {x} WHERE until < CURRENT_TIMESTAMP')",
    ],
)
def test_whoever_asks_is_found(line) -> None:
    assert list(asked(ast.parse(line)))


def test_the_time_is_set_for_a_while_and_goes_on_from_there() -> None:
    before = clock.now()
    with clock.set_to(PAST):
        first, second = clock.now(), clock.now()
        assert PAST <= first <= second < PAST + dt.timedelta(minutes=1)
        assert days.today() == dt.date(2024, 3, 1)
        with clock.set_to(PAST + dt.timedelta(days=400)):
            assert days.today().year == 2025
        assert clock.now() < PAST + dt.timedelta(minutes=1)
    assert before <= clock.now() < before + dt.timedelta(minutes=1)


def test_what_processes_leave_to_one_another_is_of_the_time_of_the_system() -> None:
    before = dt.datetime.now(dt.UTC)
    with clock.set_to(PAST):
        assert before <= clock.system() <= dt.datetime.now(dt.UTC)
        # A document made in this process is younger than a mark set before in another.
        assert stale_index.stamp() >= stale_index.stamp(before)


def test_what_breaks_off_sets_it_back() -> None:
    with pytest.raises(LookupError), clock.set_to(PAST):
        raise LookupError
    assert clock.now() > PAST + dt.timedelta(days=365)


def test_only_a_call_of_the_demo_sets_it() -> None:
    """No option, variable, header or field can: what it stands on is named, and who calls it."""
    tree = ast.parse(OWN.read_text("utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported == {"__future__", "collections.abc", "contextlib", "datetime"}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"open", "exec", "eval", "__import__", "input"}
    callers = {
        path.relative_to(HOUSE).parts[:2]
        for path, found in modules()
        for node in ast.walk(found)
        if path != OWN
        if (isinstance(node, ast.Attribute) and node.attr in {"set_to", "_ahead"})
        or (isinstance(node, ast.Constant) and node.value in {"set_to", "_ahead"})
    }
    assert callers <= {("portal", "demo")}
