"""Reads a definition in the shape of a class, so that an error names file, line and reason."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict, TypeVar

import msgspec
import yaml

from . import yaml_text

Shape = TypeVar("Shape")
_ONE = threading.Lock()
"""The first reading of a shape in several threads at once ends the process."""
Path_ = tuple[str | int, ...]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Positive = Annotated[int, msgspec.Meta(ge=1)]
Days = Annotated[int, msgspec.Meta(ge=0)]


Status = Literal["verified", "secondary", "memory"]


class Basis(TypedDict):
    """A law, and how well it is known."""

    text: Text
    status: Status


class Labelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has a label and nothing else: a text without quotes ends at its first comma."""

    label: Text


Bases = Annotated[tuple[Basis, ...], msgspec.Meta(min_length=1)]
_DAY = "tag:yaml.org,2002:timestamp"
_WHERE = re.compile(r"^(.*?)(?: - at `(?:(key)` in `)?\$(.*)`)?$", re.DOTALL)
_PART = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")


class DefinitionError(ValueError):
    """A definition file is wrong. The message names file, line and reason."""


class Source:
    """A parsed YAML file that remembers on which line each value stands."""

    def __init__(self, name: str, text: str) -> None:
        """Parse ``text``; ``name`` is used in messages.

        :raises DefinitionError: the text is not YAML, or a key stands twice.
        """
        self.name = name
        self._lines: dict[tuple[str, ...], int] = {}
        try:
            node = yaml_text.tree(text)
            if node is not None:
                self._index(node, ())
            self.data: Any = yaml_text.held(node)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise DefinitionError(f"{name}, line {line}: {error.problem}") from error
        if not isinstance(self.data, dict):
            raise DefinitionError(f"{name}, line 1: a mapping is expected")

    @classmethod
    def read(cls, path: Path) -> Source:
        """Read and parse the file at ``path``.

        :raises DefinitionError: the file is missing, unreadable or not YAML.
        """
        try:
            return cls(path.name, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise DefinitionError(f"{path.name}: cannot be read: {error}") from error

    def _index(self, node: yaml.Node, path: tuple[str, ...]) -> None:
        self._lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise DefinitionError(
                        f"{self.name}, line {line}: the key '{key.value}' stands twice"
                    )
                seen.add(key.value)
                self._index(value, (*path, key.value))
                self._lines[(*path, key.value)] = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                self._index(value, (*path, str(number)))
        self._check_day(node)

    def _check_day(self, node: yaml.Node) -> None:
        """A day such as 2027-13-01 looks like one to YAML, and fails without a line."""
        keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else [node]
        for each in keys:
            if each.tag == _DAY:
                try:
                    yaml_text.parse(each.value)
                except ValueError as error:
                    line = each.start_mark.line + 1
                    raise DefinitionError(
                        f"{self.name}, line {line}: '{each.value}' is no date: {error}"
                    ) from error

    def shaped(self, shape: type[Shape], *path: str) -> Shape:
        """Return what stands under ``path`` as an instance of ``shape``.

        ``shape`` is a frozen ``msgspec.Struct`` with ``forbid_unknown_fields``. One with a field
        ``name`` that stands in a mapping is called by its key there.

        :raises DefinitionError: it has another shape; naming the line of what is wrong.
        """
        data = self.data
        for number, key in enumerate(path):
            known = isinstance(data, dict) and key in data
            self.require(f"'{key}' is missing", known, *path[:number])
            data = data[key]
        try:
            with _ONE:
                found = msgspec.convert(data, shape)
            return _named(found)
        except msgspec.ValidationError as error:
            reason, wrong = _wrong(data, shape, str(error))
            raise self.fail(reason, *path, *wrong) from error

    def line(self, *path: str | int) -> int:
        """Return the line of ``path``, or of the nearest part of it that exists."""
        place = tuple(map(str, path))
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def fail(self, reason: str, *path: str | int) -> DefinitionError:
        """Return an error that points at ``path``; the caller raises it."""
        return DefinitionError(f"{self.name}, line {self.line(*path)}: {reason}")

    def require(self, reason: str, condition: bool, *path: str | int) -> None:
        """Raise :class:`DefinitionError` at ``path`` unless ``condition`` holds."""
        if not condition:
            raise self.fail(reason, *path)

    def known(self, what: str, names: Any, among: Any, *path: str | int) -> None:
        """Raise :class:`DefinitionError` at ``path`` unless each of the names is one of these."""
        for name in names:
            self.require(f"unknown {what} '{name}'", name in among, *path)

    def whole(self, what: str, names: Any, there: Any, *path: str | int) -> None:
        """Raise :class:`DefinitionError` at ``path`` unless each of these names is there."""
        for name in names:
            self.require(f"the {what} '{name}' is missing", name in there, *path)

    def exactly(self, what: str, names: Any, there: Any, *path: str | int) -> None:
        """Raise :class:`DefinitionError` unless what is there has these names and no others."""
        for name in there:
            self.known(what, [name], names, *path, name)
        self.whole(what, names, there, *path)


def _named(shaped: Shape) -> Shape:
    """Return a definition whose parts know by which key they stand in it, where no name is said."""
    parts = msgspec.structs.asdict(shaped) if isinstance(shaped, msgspec.Struct) else {"": shaped}
    for mapping in parts.values():
        for key, part in mapping.items() if isinstance(mapping, dict) else ():
            if isinstance(part, msgspec.Struct) and getattr(part, "name", None) == "":
                msgspec.structs.force_setattr(part, "name", key)
    return shaped


def _wrong(data: Any, shape: Any, message: str) -> tuple[str, Path_]:
    """Return reason and place of msgspec's message.

    msgspec writes ``[...]`` for any key of a mapping: which one it is is found by asking again
    with each of them alone.
    """
    found = _WHERE.match(message)
    reason, of_key, place = found.groups() if found else (message, None, "")
    path: list[str | int] = []
    for key, number in _PART.findall(place or ""):
        if number == "...":
            path.append(_alone(data, shape, message, path))
        else:
            path.append(int(number) if number else key)
    if of_key and (key := re.search(r"'(.*)'", reason)):
        path.append(key.group(1))
    named = [str(part) for part in path if isinstance(part, str)]
    missing = re.match(r"Object missing required field `(.*)`$", reason)
    if missing:
        reason = f"'{missing.group(1)}' is missing"
    unknown = re.match(r"Object contains unknown field `(.*)`$", reason)
    if unknown:
        reason, path = f"unknown key '{unknown.group(1)}'", [*path, unknown.group(1)]
    return (f"'{named[-1]}': {reason}" if named else reason), tuple(path)


def _alone(data: Any, shape: Any, message: str, path: list[str | int]) -> str | int:
    place = data
    for part in path:
        place = place[part]
    items = place if isinstance(place, dict) else dict(enumerate(place))
    for key, value in items.items():
        try:
            msgspec.convert(_with(data, path, {key: value}), shape)
        except msgspec.ValidationError as error:
            if str(error) == message:
                return key
    return next(iter(items), "")


def _with(data: Any, path: list[str | int], value: Any) -> Any:
    """Return data in which another value stands at a path."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(data, dict):
        return {**data, first: _with(data[first], rest, value)}
    return [_with(each, rest, value) if n == first else each for n, each in enumerate(data)]
