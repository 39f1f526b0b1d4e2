"""Extractors for the catalogue: our YAML definitions, and Python read as a tree.

Babel's own extractor of Python takes every string that stands in a call, so that
``_(RULES["undecided"])`` would bring the key ``undecided``. Ours takes literals only.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any, TypeGuard

import yaml

from ...surface import yaml_text

SHOWN = ("label", "help", "help_text", "form_placeholder", "message", "step", "output")
"""Keys whose text is shown to people."""

Found = tuple[int, str, Any, list[str]]
"""Line, function, argument or arguments, comments: what Babel expects of an extractor."""


def extract_yaml(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Found]:
    """Give the texts of a YAML definition that are shown to people, with their lines.

    :param options: ``keys``: other keys than usual; ``maps``: keys below which every text
        is shown.
    """
    keys = frozenset(str(options.get("keys") or " ".join(SHOWN)).split())
    maps = frozenset(str(options.get("maps") or "").split())
    root = yaml_text.tree(fileobj.read().decode("utf-8"))
    if root is not None:
        yield from _shown(root, keys, maps, inside=False)


def _shown(
    node: yaml.Node, keys: frozenset[str], maps: frozenset[str], *, inside: bool
) -> Iterator[Found]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _shown(item, keys, maps, inside=inside)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not _is_text(value):
                yield from _shown(value, keys, maps, inside=key.value in maps)
            elif value.value and (inside or key.value in keys):
                yield value.start_mark.line + 1, "", value.value, []


def _is_text(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str"


def extract_python(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Found]:
    """Give the literal texts in calls of the functions that the keywords name."""
    for node in ast.walk(ast.parse(fileobj.read())):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node)
        if name not in keywords or not node.args:
            continue
        for arguments in _alternatives([_texts(a) for a in node.args]):
            if any(arguments):
                yield node.lineno, name, arguments, []


REFUSALS = frozenset(
    ["ValidationError", "NotFound", "ObjectNotFound", "NotAuthorized", "Invalid", "abort"]
)
"""What is raised, or called, with a message for people."""

_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}+")


def _is_said(text: str) -> bool:
    """Tell whether a text says something: two words in a line, with a blank between them."""
    for line in text.split("\n"):
        words = list(_WORD.finditer(line))
        if words and " " in line[words[0].end() : words[-1].start()]:
            return True
    return False


def extract_refusals(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Found]:
    """Give the messages that are raised as they stand, outside gettext; holes become ``%s``."""
    for node in ast.walk(ast.parse(fileobj.read())):
        if isinstance(node, ast.Call):
            name = _called(node)
            if name in REFUSALS:
                for argument in [*node.args, *(k.value for k in node.keywords)]:
                    for text in _bare(argument):
                        yield node.lineno, "", text, []
        elif isinstance(node, ast.Dict):
            for text in _unauthorized(node):
                yield node.lineno, "", text, []


def _unauthorized(node: ast.Dict) -> Iterator[str]:
    """Give what an auth function answers: ``{"success": False, "msg": ...}``."""
    said = {k.value: v for k, v in zip(node.keys, node.values, strict=True) if _is_key(k)}
    if "success" in said and "msg" in said:
        yield from _bare(said["msg"])


def _is_key(node: ast.expr | None) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant)


def _bare(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from _bare(value)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for value in node.elts:
            yield from _bare(value)
    elif isinstance(node, ast.IfExp):
        yield from _bare(node.body)
        yield from _bare(node.orelse)
    elif (text := _text(node)) is not None and _is_said(text):
        yield text


def _text(node: ast.expr) -> str | None:
    """Return a literal text, one that is filled in, or several in a row."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        parts = [_text(p) if isinstance(p, ast.Constant) else "%s" for p in node.values]
        return "".join(p or "" for p in parts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _text(node.left)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
        return None if left is None and right is None else f"{left or '%s'}{right or '%s'}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _text(node.func.value) if node.func.attr == "format" else None
    return None


def _called(node: ast.Call) -> str:
    """Return the last name of what is called; empty where it has none."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _texts(node: ast.expr) -> list[str | None]:
    """Return the texts that an argument can be: two for ``a if x else b``, none unless literal."""
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return [None]


def _alternatives(arguments: list[list[str | None]]) -> list[tuple[str | None, ...]]:
    """Return the calls that can happen: the longest list of alternatives sets their number."""
    count = max(len(texts) for texts in arguments)
    return [tuple(t[i] if i < len(t) else t[-1] for t in arguments) for i in range(count)]
