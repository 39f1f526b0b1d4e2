"""What our actions answer: their ``TypedDict``s, as tables of ``docs/api.md`` and as a check.

``python tests/answers.py --update`` writes the tables anew. What a field means stands with it in
the code, as ``Annotated[..., "..."]``; everything around the tables is written by hand.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

DOCUMENT = Path(__file__).parents[1] / "docs" / "api.md"
BLOCK = re.compile(r"(<!-- answer: ([\w, ]+) -->\n)(.*?)(<!-- end -->\n)", re.DOTALL)
WORDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Any: "anything",
    object: "anything",
}
UPDATE = "python tests/answers.py --update"


class Field(NamedTuple):
    """A field of an answer: what it is, whether it is always there, what is said of it."""

    kind: Any
    always: bool
    meaning: str


class Row(NamedTuple):
    """A line of a table: fields of one object that are alike."""

    names: list[str]
    words: str
    meaning: str


def ours() -> dict[str, Callable[..., Any]]:
    """Return name → action, of those that only this portal has."""
    # Libraries of the rooms read the configuration where they are imported: not before it is there.
    from ckanext.satudata_pontianak.plugin import ACTIONS

    found = {name: each for room in ACTIONS for name, each in room.get_actions().items()}
    return {name: each for name, each in found.items() if name.startswith("satudata_")}


def answer_of(action: Callable[..., Any]) -> Any:
    """Return what an action says that it answers."""
    return get_type_hints(action, include_extras=True)["return"]


@cache
def fields_of(kind: Any) -> dict[str, Field]:
    """Return the fields of a ``TypedDict`` in their order."""
    found = {}
    for name, said in get_type_hints(kind, include_extras=True).items():
        marks, inner = [], said
        while get_origin(inner) in (Annotated, NotRequired):
            marks += get_args(inner)[1:] or [NotRequired]
            inner = get_args(inner)[0]
        meaning = " ".join(one for one in marks if one is not NotRequired)
        found[name] = Field(inner, NotRequired not in marks, meaning)
    return found


def bare(kind: Any) -> Any:
    """Return a type without what is said of it."""
    return bare(get_args(kind)[0]) if get_origin(kind) in (Annotated, NotRequired) else kind


def parts(kind: Any) -> list[Any]:
    """Return what a value may be."""
    return list(get_args(kind)) if get_origin(kind) in (UnionType, Union) else [kind]


# --------------------------------------------------------------------------- the tables


class Told:
    """Where in the document each ``TypedDict`` has its table, as far as it was written."""

    def __init__(self) -> None:
        """Begin with the first line."""
        self.places: dict[Any, str] = {}
        self.whole: list[Any] = []

    def block(self, names: list[str]) -> str:
        """Return what stands between the marks of these actions, which answer the same."""
        answers = {repr(answer_of(ours()[name])): answer_of(ours()[name]) for name in names}
        assert len(answers) == 1, f"{', '.join(names)} do not answer the same"
        kind = bare(next(iter(answers.values())))
        if get_origin(kind) is list:
            return self._whole(
                names[0], bare(get_args(kind)[0]), "Result: a list, each ", "an item of "
            )
        return "\nor\n\n".join(self._whole(names[0], bare(one), "", "") for one in parts(kind))

    def _whole(self, action: str, kind: Any, before: str, item: str) -> str:
        if not is_typeddict(kind):
            return f"{before or 'Result: '}{self._words(kind)}.\n"
        if kind in self.places:
            return f"{before or 'Result: '}as {self.places[kind]}.\n"
        own = fields_of(kind)
        bases = [one for one in self.whole if fields_of(one).items() < own.items()]
        if bases:
            base = max(bases, key=lambda one: len(fields_of(one)))
            own = {name: field for name, field in own.items() if name not in fields_of(base)}
            before = f"{before or 'Result: '}as {self.places[base]}, and "
        self.places[kind] = f"{item}`{action}`"
        self.whole.append(kind)
        rows = [
            f"| {', '.join(r.names)} | {r.words} | {r.meaning} |\n"
            for r in self._rows(action, own, "")
        ]
        head = f"{before.removesuffix(' ').removesuffix(', each')}:\n\n" if before else ""
        return f"{head}| result | | |\n|---|---|---|\n{''.join(rows)}"

    def _rows(self, action: str, own: Mapping[str, Field], path: str) -> list[Row]:
        """Return the lines of an object's fields; those of which nothing is said share a line."""
        rows: list[Row] = []
        plain: dict[str, Row] = {}
        for name, field in own.items():
            new = [(k, at) for k, at in _inside(field.kind, path + name) if k not in self.places]
            words = self._words(field.kind) + ("" if field.always else "; not always there")
            self.places |= {kind: f"`{at}` of `{action}`" for kind, at in new}
            if words in plain and not field.meaning and not new:
                plain[words].names.append(f"`{name}`")
                continue
            rows.append(Row([f"`{path}{name}`"], words, field.meaning))
            if not field.meaning and not new:
                plain[words] = rows[-1]
            for kind, at in new:
                rows += self._rows(action, fields_of(kind), f"{at}.")
        return rows

    def _words(self, kind: Any, *, many: bool = False) -> str:
        """Return what a value is, in words; a ``TypedDict`` that has its table by its place."""
        kind = bare(kind)
        if kind in WORDS:
            return WORDS[kind] + "s" * (many and kind in (str, int, float))
        if is_typeddict(kind):
            place = self.places.get(kind)
            return ("objects" if many else "object") + (f", as {place}" if place else "")
        args = get_args(kind)
        if get_origin(kind) is Literal:
            return " or ".join(f"`{value}`" for value in args)
        if get_origin(kind) is list:
            return ("lists of " if many else "list of ") + self._words(args[0], many=True)
        if get_origin(kind) is tuple:
            return "list of " + self._words(args[0], many=True)
        if get_origin(kind) in (dict, Mapping):
            return f"object of {self._words(args[1], many=True)}, by name"
        assert get_origin(kind) in (UnionType, Union), kind
        said = [self._words(one, many=many) for one in args if one is not NoneType]
        return " or ".join(said) + ("; or `null`" if NoneType in args else "")


def _inside(kind: Any, path: str) -> Iterator[tuple[Any, str]]:
    """Give the ``TypedDict``s within a type, and where a value of them stands."""
    kind = bare(kind)
    if is_typeddict(kind):
        yield kind, path
    elif get_origin(kind) in (list, tuple):
        yield from _inside(get_args(kind)[0], f"{path}[]")
    elif get_origin(kind) in (dict, Mapping):
        yield from _inside(get_args(kind)[1], f"{path}.*")
    elif get_origin(kind) in (UnionType, Union):
        for one in get_args(kind):
            yield from _inside(one, path)


def written(text: str) -> str:
    """Return the document with its tables as the code has them."""
    told = Told()
    return BLOCK.sub(lambda m: f"{m[1]}{told.block(m[2].split(', '))}{m[4]}", text)


# ---------------------------------------------------------------------------- the check


def problems(value: Any, kind: Any, where: str = "result") -> list[str]:
    """Return in which places a real answer is not what its action says that it answers."""
    kind = bare(kind)
    if get_origin(kind) in (UnionType, Union):
        tried = [problems(value, one, where) for one in get_args(kind)]
        return min(tried, key=len)
    if is_typeddict(kind):
        return _problems_of_object(value, kind, where)
    origin, args = get_origin(kind), get_args(kind)
    if origin is list:
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [p for i, one in enumerate(value) for p in problems(one, args[0], f"{where}[{i}]")]
    if origin in (dict, Mapping):
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        return [p for key, one in value.items() for p in problems(one, args[1], f"{where}.{key}")]
    if origin is Literal:
        return [] if value in args else [f"{where} is {value!r}, which is not declared"]
    if kind in (Any, object):
        return []
    wanted = (int, float) if kind is float else kind
    good = isinstance(value, wanted) and (kind is bool or not isinstance(value, bool))
    return [] if good else [f"{where} is no {WORDS.get(kind, 'null')}, but {type(value).__name__}"]


def watched(found: list[str]) -> Callable[[str, Callable[..., Any]], Callable[..., Any]]:
    """Return what lets an action run and writes down where its answer is not as it says."""
    kinds = {name: answer_of(action) for name, action in ours().items()}

    def watch(name: str, action: Callable[..., Any]) -> Callable[..., Any]:
        if name not in kinds:
            return action

        @functools.wraps(action)
        def call(context: Any, data_dict: Any) -> Any:
            answer = action(context, data_dict)
            found.extend(problems(answer, kinds[name], name))
            return answer

        return call

    return watch


def _problems_of_object(value: Any, kind: Any, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    known = fields_of(kind)
    found = [f"{where}.{k} is in no {kind.__name__}" for k in value if k not in known]
    found += [f"{where}.{k} is missing" for k, f in known.items() if f.always and k not in value]
    for name, field in known.items():
        if name in value:
            found += problems(value[name], field.kind, f"{where}.{name}")
    return found


if __name__ == "__main__":
    assert sys.argv[1:] == ["--update"], UPDATE
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8")), "utf-8")
