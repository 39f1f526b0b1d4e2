"""No expression of the package takes time that grows faster than what it is given.

Strangers decide what most of them are matched against. Compared are processor times of one
expression over a text and over one four times as long: no clock and no other machine.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import re
import time
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import ckanext.satudata_pontianak as package

ROOT = Path(package.__file__).parent
SHORT = 1500
TIMES = 4
LINEAR = 9  # times as long for a text four times as long; the square is 16
NOTICED = 0.02  # seconds of a processor; what is shorter than this is not compared
CALLS = ("compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")

ONCE = frozenset({"fullmatch", "match"})
"""Calls that begin at the beginning of a text alone: nothing is looked for with them."""
ASKED = frozenset({"pattern", "flags", "groups", "groupindex"})
# Those are seen where they are called by their name; these are called from lists and tables.
WHOLE = frozenset(
    {
        r"(?:.*_)?(?:semester|smt)(?:_.*)?",
        r"(?:.*_)?(?:triwulan|tw|kuartal|quarter)(?:_.*)?",
        r"(?:.*_)?(?:bulan|bln|month)(?:_.*)?",
    }
)


def _flags(call: ast.Call) -> int:
    names = re.findall(r"re\.([A-Z]+)", ast.unparse(call))
    return sum({getattr(re, name) for name in names if hasattr(re, name)}, re.RegexFlag(0))


@cache
def trees() -> dict[Path, ast.Module]:
    """Return every module of the package, read; a node knows what it stands in."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        tree = found[path] = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                child.above = node  # type: ignore[attr-defined]
    return found


@cache
def held_whole() -> frozenset[tuple[Path | None, str]]:
    """Return the names that are only ever held against the beginning of a text, or asked.

    One that begins with a line below is of its module.
    """
    uses: dict[tuple[Path | None, str], set[str]] = {}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                above = node.above  # type: ignore[attr-defined]
                use = above.attr if isinstance(above, ast.Attribute) else "elsewhere"
                uses.setdefault(_held(path, node.id), set()).add(use)
    return frozenset(n for n, found in uses.items() if found & ONCE and found <= ONCE | ASKED)


def expressions() -> Iterator[tuple[str, re.Pattern, bool]]:
    """Give every expression that the package writes as a literal, its place, and if it is whole."""
    for path, tree in trees().items():
        for call in ast.walk(tree):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            if call.func.attr not in CALLS or ast.unparse(call.func.value) not in ("re", "regex"):
                continue
            text = call.args[0] if call.args else None
            if isinstance(text, ast.Constant) and isinstance(text.value, str | bytes):
                place = f"{path.relative_to(ROOT)}:{text.value!r}"
                whole = call.func.attr in ONCE or _held(path, _named(call)) in held_whole()
                yield place, re.compile(text.value, _flags(call)), whole


def _held(path: Path, name: str) -> tuple[Path | None, str]:
    return (path if name.startswith("_") else None), name


def _named(call: ast.Call) -> str:
    """Return the name that what is called here is given, if any."""
    above = call.above  # type: ignore[attr-defined]
    target = above.targets[0] if isinstance(above, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def compiled() -> Iterator[tuple[str, re.Pattern, bool]]:
    """Give every expression that stands in a module of the rooms which read what others wrote."""
    for room in ("disclosure", "metadata", "surface"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = ".".join([package.__name__, *path.relative_to(ROOT).with_suffix("").parts])
            for held, value in vars(
                importlib.import_module(name.removesuffix(".__init__"))
            ).items():
                if isinstance(value, re.Pattern):
                    place = f"{path.relative_to(ROOT)}:{held}"
                    yield place, value, _held(path, held) in held_whole()


def samples(pattern: re.Pattern) -> list[str]:
    """Return a sign for each part of an expression, and some that stand for every text."""
    text = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    signs = dict.fromkeys("a ")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind, sign in (
            ("\\d", "1"), ("\\s", " "), ("\\w", "a"), ("\\n", "\n"), ("\\t", "\t"), ("0-9", "0"),
        ):  # fmt: skip
            if kind in text:
                signs[sign] = None
    for sign in re.sub(r"\\[a-zA-Z]|[\\^$|?*+(){}\[\]]", "", text):
        signs[sign] = None
    for sign in re.findall(r"\\([^a-zA-Z0-9])", text):
        signs[sign] = None
    return list(signs)[:7]


def words(pattern: re.Pattern) -> list[str]:
    """Return the words that stand in an expression as they are."""
    text = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    return list(dict.fromkeys(re.findall(r"[A-Za-z<]{2,}", re.sub(r"\\[a-zA-Z]", " ", text))))[:6]


def units(pattern: re.Pattern) -> list[str]:
    """Return what hostile texts for an expression are made of, again and again."""
    signs = samples(pattern)
    made = [*signs, *words(pattern)]
    made += [one + other for one, other in itertools.pairwise([*signs, signs[0]])]
    return made


def cost(pattern: re.Pattern, text: str, *, whole: bool) -> float:
    """Return the processor time that an expression needs for a text."""
    given = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
    begun = time.thread_time()
    pattern.fullmatch(given)  # type: ignore[arg-type]
    pattern.match(given)  # type: ignore[arg-type]
    if whole:
        return time.thread_time() - begun
    for _ in pattern.finditer(given):  # type: ignore[arg-type]
        if time.thread_time() - begun > 20:
            break
    return time.thread_time() - begun


def grows(pattern: re.Pattern, unit: str, *, whole: bool = False) -> bool:
    """Tell whether the time of an expression grows faster than its text."""
    end = "\x01"
    long = unit * (SHORT * TIMES // len(unit)) + end
    if (taken := cost(pattern, long, whole=whole)) < NOTICED:
        return False
    short = unit * (SHORT // len(unit)) + end
    least = min(cost(pattern, short, whole=whole) for _ in range(3))
    again = min(taken, cost(pattern, long, whole=whole))
    return again > NOTICED and again > LINEAR * least


def costly(rooms: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the expressions of some rooms that grow too fast, each with a text that shows it."""
    bad = []
    # One that stands in two places is whole if it is in both.
    known: dict[re.Pattern, tuple[str, bool]] = {}
    for place, pattern, whole in [*expressions(), *compiled()]:
        before = known.get(pattern, ("", True))[1]
        known[pattern] = place, (whole and before) or pattern.pattern in WHOLE
    for pattern, (place, whole) in known.items():
        if place.startswith(rooms):
            bad += [(place, u) for u in units(pattern) if grows(pattern, u, whole=whole)][:1]
    return bad


@pytest.mark.slow
def test_what_is_called_from_lists_is_still_there() -> None:
    assert {pattern.pattern for _, pattern, _ in expressions()} >= WHOLE


@pytest.mark.long
def test_no_expression_over_what_a_request_brings_costs_more_than_its_text() -> None:
    rooms = "access accounts agencies jepin ledger portal smki sop surface"
    assert costly(tuple(rooms.split())) == []


@pytest.mark.long
@pytest.mark.parametrize("room", ["classification", "disclosure", "metadata"])
def test_no_expression_over_what_a_file_holds_costs_more_than_its_text(room) -> None:
    assert costly((room,)) == []
