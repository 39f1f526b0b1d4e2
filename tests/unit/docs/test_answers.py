"""docs/api.md says of every action of ours what it answers, as the types in the code do."""

from __future__ import annotations

import difflib
import re
from typing import Annotated, NotRequired, TypedDict, get_args, get_origin, is_typeddict

from ...answers import BLOCK, DOCUMENT, UPDATE, answer_of, ours, parts, problems, written

TEXT = DOCUMENT.read_text("utf-8")
TOLD = [name for match in BLOCK.finditer(TEXT) for name in match[2].split(", ")]


class Inner(TypedDict):
    number: int


class Sample(TypedDict):
    name: Annotated[str, "what it is called"]
    inner: list[Inner]
    more: NotRequired[float | None]


def declared(kind: object) -> bool:
    """Tell whether a type says the fields of an answer."""
    if get_origin(kind) is list:
        return declared(get_args(kind)[0])
    return all(is_typeddict(one) for one in parts(kind))


def test_each_action_says_what_it_answers() -> None:
    undeclared = [name for name, each in ours().items() if not declared(answer_of(each))]
    assert not undeclared, f"{undeclared}: give them a TypedDict to return"


def test_each_answer_has_its_table() -> None:
    missing = sorted(ours().keys() - set(TOLD))
    assert not missing, (
        f"{missing}: put '<!-- answer: NAME -->' and '<!-- end -->' into docs/api.md"
    )
    assert len(TOLD) == len(set(TOLD))


def test_the_tables_of_the_document_are_those_of_the_code() -> None:
    now = written(TEXT)
    changed = "\n".join(
        difflib.unified_diff(TEXT.splitlines(), now.splitlines(), "docs/api.md", "code", n=0)
    )
    assert now == TEXT, f"What actions answer changed; say it with `{UPDATE}`:\n{changed}"


def test_a_table_stands_in_the_section_of_its_action() -> None:
    for section in re.split(r"^#+ ", TEXT, flags=re.MULTILINE):
        for match in BLOCK.finditer(section):
            missing = [n for n in match[2].split(", ") if f"/action/{n}" not in section]
            assert not missing, (
                f"{missing}: their answer is told in another section than their call"
            )
    assert len(TOLD) == len(set(TOLD))


def test_what_an_answer_has_too_much_or_too_little_is_named() -> None:
    assert problems({"name": "a", "inner": [{"number": 1}]}, Sample) == []
    assert problems({"name": "a", "inner": [], "more": None}, Sample) == []
    assert problems({"name": "a", "inner": [{"number": 1, "new": 2}]}, Sample, "show") == [
        "show.inner[0].new is in no Inner"
    ]
    assert problems({"inner": [{}]}, Sample) == [
        "result.name is missing",
        "result.inner[0].number is missing",
    ]
    assert problems({"name": True, "inner": []}, Sample) == ["result.name is no text, but bool"]
