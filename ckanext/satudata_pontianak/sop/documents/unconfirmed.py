"""What the definitions say of the law and nobody has compared with the official text yet.

Whoever signs a paper, or reads a page, sees one mark and its explanation; the list itself is for
who can confirm it: it stands on the page of the SOPs for who has a duty, and in
``ckan satudata check``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

import yaml

from ... import paths
from ...messages import Translate
from ...msgids import N_
from ...surface import yaml_text

MARK = "*"
EXPLAINED = N_("%(mark)s Not yet compared with the official text by Bagian Hukum.")
CONFIRMED = "verified"
SOURCES: Mapping[str, str] = {
    "secondary": N_("not yet read at the source"),
    "memory": N_("no source was found"),
    "copy": N_("not yet read at the source, but in a copy"),
    "told": N_("not yet read at the source"),
    "missing": N_("looked for and not found"),
}
"""What is known of a fact, by the status that stands beside it in a definition."""


@dataclass(frozen=True)
class Fact:
    """A reference to the law, how it is known, and where the definitions use it."""

    text: str
    status: str
    places: tuple[str, ...]


def marked(items: Iterable[Mapping[str, Any]]) -> str:
    """Return references in a row, with the mark behind those that nobody confirmed.

    :param items: each with ``text`` and ``status``.
    """
    return "; ".join(
        item["text"] if item["status"] == CONFIRMED else f"{item['text']}{MARK}" for item in items
    )


def explained(translate: Translate) -> str:
    """Return what the mark means."""
    return translate(EXPLAINED) % {"mark": MARK}


@lru_cache(maxsize=1)
def facts() -> tuple[Fact, ...]:
    """Return what is to be confirmed, by its text, with file and line of each use."""
    return tuple(find(paths.schemas()))


def find(folder: Path) -> list[Fact]:
    """Return what is to be confirmed in the definitions of a folder."""
    places: dict[tuple[str, str], list[str]] = {}
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("smki/*.yaml")]):
        root = yaml_text.tree(path.read_text("utf-8"))
        for text, status, line in _references(root):
            place = f"{path.relative_to(folder).as_posix()}:{line}"
            places.setdefault((text, status), []).append(place)
    return [Fact(text, status, tuple(found)) for (text, status), found in sorted(places.items())]


def _references(node: yaml.Node | None) -> Iterator[tuple[str, str, int]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _references(item)
    elif isinstance(node, yaml.MappingNode):
        held = {key.value: value for key, value in node.value}
        status, text = held.get("status"), held.get("text") or held.get("title")
        if _is_word(status) and _is_word(text) and status.value in SOURCES:
            yield text.value, status.value, node.start_mark.line + 1
        for value in held.values():
            yield from _references(value)


def _is_word(node: Any) -> TypeGuard[yaml.ScalarNode]:
    return isinstance(node, yaml.ScalarNode)
