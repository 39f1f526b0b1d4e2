"""How long what comes in may be, from ``schemas/surface/bounds.yaml``, and what is too long.

Everything here is linear in what it is given and stops at the first bound that is passed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec

from ..messages import Message
from ..msgids import N_
from . import declared
from .repeating import repeated

UNREADABLE, ADDRESS, BODY, FIELD, HEADERS = 400, 414, 413, 422, 431
# What a bound was passed by, and what is told of it.
SAID = {
    "path": N_("The address is too long. It may have at most %(most)s characters."),
    "query": N_(
        "What follows the question mark of the address is too long. It may have at most %(most)s "
        "characters and %(fields)s fields. Send long questions to the API in the body of a POST."
    ),
    "headers": N_(
        "The headers of the request are too long. Delete the cookies of this site and try again."
    ),
    "body": N_("What was sent is too large. Here it may have at most %(most)s bytes."),
    "fields": N_("The form has too many fields. It may have at most %(most)s."),
    "text": N_(
        "“%(field)s” is too long: it has %(given)s characters and may have at most %(most)s."
        " Shorten it and send it again; your browser's back button leads to what you wrote."
    ),
    "entries": N_("“%(field)s” has too many entries. It may have at most %(most)s."),
    "values": N_("What was sent has too many values. It may have at most %(most)s."),
    "depth": N_("What was sent is nested too deeply. It may have at most %(most)s levels."),
    "number": N_("“%(field)s” is a number that is too large, or none at all."),
    "name": N_("The name of a field is too long. It may have at most %(most)s characters."),
    "sign": N_(
        "“%(field)s” holds a character that no text may hold (a NUL, or half of a pair of UTF-16). "
        "Write it again without it: it often comes along when something is copied from a program."
    ),
    "signs": N_(
        "The address or a header of the request holds a NUL, which none may hold. Write the "
        "address again, or begin at the start page."
    ),
}
SHOWN_NAME = 60
_TYPED = frozenset({"text", "search", "url", "tel", "email", "password", "textarea"})
# Neither PostgreSQL's text and JSON nor UTF-8 has these.
_SIGNS = re.compile("[\x00\ud800-\udfff]")
_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[{\]}]', re.DOTALL)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of every request, in bytes."""

    path: int
    query: int
    query_fields: int
    header: int
    headers: int


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The bound of the bodies that some paths take."""

    kind: str
    paths: tuple[str, ...]
    bytes: int
    files: bool = False
    actions: tuple[str, ...] = ()


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of what JSON and forms are made of."""

    depth: int
    entries: int
    keys: int
    values: int
    fields: int
    name: int
    number: int
    filename: int


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The bound of the texts of some fields, in characters."""

    kind: str
    characters: int
    names: tuple[str, ...]


class Lists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The bound of some lists."""

    kind: str
    entries: int
    names: tuple[str, ...]


class Bounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration."""

    request: Request
    bodies: tuple[Body, ...]
    strangers: int
    shape: Shape
    default: int
    texts: tuple[Texts, ...]
    lists: tuple[Lists, ...]
    unbounded: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse a field with two bounds, and a path with none."""
        for kinds in (self.texts, self.lists):
            declared.once(name for kind in kinds for name in kind.names)
        if "/**" not in self.bodies[-1].paths or self.bodies[-1].files:
            raise ValueError("the last kind of body must take every path, and no file")


class Refused(Exception):
    """Something passed its bound.

    :ivar status: The code of HTTP that says so.
    :ivar kind: One of ``SAID``.
    :ivar message: What is said.
    """

    def __init__(self, status: int, kind: str, **values: Any) -> None:
        """Say what passed its bound, and which one."""
        super().__init__(kind)
        self.status = status
        self.kind = kind
        self.message = Message(SAID[kind], values)

    @property
    def field(self) -> str | None:
        """Return the name of the field, where one is too long."""
        return self.message.params.get("field")


@cache
def bounds() -> Bounds:
    """Return the declaration.

    :raises ValueError: it has another shape, names a field twice, or bounds not every path.
    """
    return declared.load("bounds", Bounds)


@cache
def _characters() -> dict[str, int]:
    return {name: kind.characters for kind in bounds().texts for name in kind.names}


@cache
def _entries() -> dict[str, int]:
    return {name: kind.entries for kind in bounds().lists for name in kind.names}


def longest(name: str) -> int:
    """Return how many characters the text of a field may have."""
    return _characters().get(bare(name), bounds().default)


def most_typed(name: str, kind: str = "text") -> int | None:
    """Return how many characters may be typed into a field of a form; ``None`` where none are.

    :param kind: The type of the field, as HTML calls it.
    """
    return longest(name) if kind in _TYPED else None


def bare(name: str) -> str:
    """Return the name of a field without the place of its list: ``resources__0__name``."""
    return name.rsplit("__", 1)[-1]


def head(path: str, query: str, headers: Iterable[tuple[str, str]]) -> None:
    """Check what stands before the body of a request.

    :raises Refused: something of it is too long.
    """
    most = bounds().request
    if len(path) > most.path:
        raise Refused(ADDRESS, "path", most=most.path)
    if "\x00" in path:
        raise Refused(UNREADABLE, "signs")
    if len(query) > most.query or query.count("&") >= most.query_fields:
        raise Refused(ADDRESS, "query", most=most.query, fields=most.query_fields)
    total = 0
    for name, value in headers:
        total += len(name) + len(value)
        if len(value) > most.header or total > most.headers:
            raise Refused(HEADERS, "headers")
        if "\x00" in value:
            raise Refused(UNREADABLE, "signs")


def _fits(body: Body, path: str) -> bool:
    parts = path.split("/")
    if body.actions and parts[-1] not in body.actions:
        return False
    return any(_like(pattern.split("/"), parts) for pattern in body.paths)


def _like(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    if pattern[-1] == "**":
        pattern, parts = pattern[:-1], parts[: len(pattern) - 1]
    if len(pattern) != len(parts):
        return False
    return all(want in ("*", part) for want, part in zip(pattern, parts, strict=True))


def largest_body(path: str, *, form_with_files: bool, known: bool, upload: int) -> int:
    """Return how many bytes the body of a request may have.

    :param path: The path, without the language that it may begin with.
    :param form_with_files: The body is a form that may hold files.
    :param known: The request brings a session or a token: strangers upload nothing.
    :param upload: Bytes of the largest upload of the site.
    """
    kind = next(body for body in bounds().bodies if _fits(body, path))
    if not known:
        return min(kind.bytes, bounds().strangers)
    return kind.bytes + (upload if kind.files and form_with_files else 0)


def text_of_json(data: bytes) -> None:
    """Check how deep JSON goes, before anything parses it.

    :raises Refused: it goes too deep, or has too many values.
    """
    most = bounds().shape
    if data.count(b",") > most.values:
        raise Refused(BODY, "values", most=most.values)
    if data.count(b"[") + data.count(b"{") <= most.depth:
        return
    depth = 0
    for found in _BRACKET.finditer(data):
        sign = found.group()
        if sign in (b"[", b"{"):
            depth += 1
            if depth > most.depth:
                raise Refused(FIELD, "depth", most=most.depth)
        elif sign in (b"]", b"}"):
            depth -= 1


@dataclass
class Walk:
    """One walk over what was sent, that ends at the first bound that is passed."""

    left: int = field(default_factory=lambda: bounds().shape.values)

    def fields(self, sent: Iterable[tuple[str, Sequence[Any]]]) -> None:
        """Check the fields of a query or a form, each with all its values.

        :raises Refused: one of them passes its bound.
        """
        for number, (name, values) in enumerate(sent, 1):
            if number > bounds().shape.fields:
                raise Refused(BODY, "fields", most=bounds().shape.fields)
            self._name(name)
            if len(values) > 1:
                self._list(values, bare(name), 1)
            else:
                for value in values:
                    self.value(value, bare(name), 1)

    def value(self, value: Any, name: str = "", depth: int = 0) -> None:
        """Check a value of JSON, or of a field.

        :raises Refused: it passes a bound.
        """
        self.left -= 1
        if self.left < 0:
            raise Refused(BODY, "values", most=bounds().shape.values)
        if isinstance(value, str):
            self._text(value, name)
        elif isinstance(value, bool) or value is None:
            return
        elif isinstance(value, int | float):
            largest = min(bounds().shape.number, 10 ** min(longest(name), 18))
            if not math.isfinite(value) or abs(value) > largest:
                raise Refused(FIELD, "number", field=shown(name))
        elif isinstance(value, Mapping):
            self._mapping(value, name, depth + 1)
        elif isinstance(value, list | tuple):
            self._list(value, name, depth + 1)

    def _text(self, text: str, name: str) -> None:
        most = _characters().get(name, bounds().default)
        # A browser counts a line's end as one, and sends two.
        if len(text) > most and len(text) - text.count("\r\n") > most:
            raise Refused(FIELD, "text", field=shown(name), given=len(text), most=most)
        check_signs(text, name)
        if text[:1] in ("[", "{") or (text[:1].isspace() and text.lstrip()[:1] in ("[", "{")):
            text_of_json(text.encode("utf-8", "replace"))

    def _name(self, name: Any) -> None:
        if not isinstance(name, str):
            return
        if len(name) > bounds().shape.name:
            raise Refused(FIELD, "name", most=bounds().shape.name)
        check_signs(name, name)

    def _mapping(self, value: Mapping[Any, Any], name: str, depth: int) -> None:
        most = bounds().shape
        if depth > most.depth:
            raise Refused(FIELD, "depth", most=most.depth)
        if len(value) > most.keys:
            raise Refused(FIELD, "entries", field=shown(name), most=most.keys)
        for key, inner in value.items():
            self._name(key)
            own = bare(key) if isinstance(key, str) else ""
            self.value(inner, own or name, depth)

    def _list(self, value: Sequence[Any], name: str, depth: int) -> None:
        if depth > bounds().shape.depth:
            raise Refused(FIELD, "depth", most=bounds().shape.depth)
        most = _entries().get(name, bounds().shape.entries)
        if len(value) > most:
            raise Refused(FIELD, "entries", field=shown(name), most=most)
        for inner in value:
            self.value(inner, name, depth)


def check_signs(text: str, name: str) -> None:
    """Refuse a text with a NUL or with half of a pair, of a field with this name.

    :raises Refused: it holds one.
    """
    if _SIGNS.search(text):
        raise Refused(FIELD, "sign", field=shown(name))


def shown(name: str) -> str:
    """Return the name of a field as it is told."""
    told = repeated(_SIGNS.sub("\N{REPLACEMENT CHARACTER}", name), SHOWN_NAME)
    return told or "JSON"
