"""Read the YAML definitions so that an error names its file, line and reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ...surface import yaml_text

Path_ = tuple[str | int, ...]


class DefinitionError(Exception):
    """A definition file is wrong. The message names file, line and reason."""


class Source:
    """A parsed YAML file that remembers on which line each value stands."""

    def __init__(self, name: str, text: str) -> None:
        """Parse ``text``; ``name`` is used in messages.

        :raises DefinitionError: the text is not YAML, or a key stands twice.
        """
        self.name = name
        self._lines: dict[Path_, int] = {}
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

    def _index(self, node: yaml.Node, path: Path_) -> None:
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
                self._index(value, (*path, number))
        self._check_day(node)

    def _check_day(self, node: yaml.Node) -> None:
        """A day such as 2027-13-01 looks like one to YAML, and fails without a line."""
        keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else [node]
        for each in keys:
            if each.tag == "tag:yaml.org,2002:timestamp":
                try:
                    yaml_text.parse(each.value)
                except ValueError as error:
                    line = each.start_mark.line + 1
                    raise DefinitionError(
                        f"{self.name}, line {line}: '{each.value}' is no date: {error}"
                    ) from error

    def line(self, *path: str | int) -> int:
        """Return the line of ``path``, or of the nearest part of it that exists."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def fail(self, reason: str, *path: str | int) -> DefinitionError:
        """Return an error that points at ``path``; the caller raises it."""
        return DefinitionError(f"{self.name}, line {self.line(*path)}: {reason}")

    def require(self, reason: str, condition: bool, *path: str | int) -> None:
        """Raise :class:`DefinitionError` at ``path`` unless ``condition`` holds."""
        if not condition:
            raise self.fail(reason, *path)
