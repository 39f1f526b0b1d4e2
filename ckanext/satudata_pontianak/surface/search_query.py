"""A question in Solr's language, read into a tree of what is declared and written anew. Pure.

The text of a caller never reaches Solr. It is read by luqum; each part of luqum's tree that is
declared becomes one of ours, everything else is refused: regular expressions, local parameters,
functions, queries within queries, fields that nobody declared. What is sent is written from that
tree, with every sign of a word escaped, so that it means to Solr what it means here, also after
Solr's own unescaping.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from luqum import thread, tree

from ..msgids import N_
from .parameters import Refused, search
from .repeating import repeated

EVERYTHING = "*:*"
NOTHING = "(+*:* -*:*)"
"""The question that no document answers."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\(.)|([*?])|(.)", re.DOTALL)
_SPECIAL = re.compile(r'([+\-&|!(){}\[\]^"~*?:\\/<>=\'#,;%@$`])')
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_RESERVED = frozenset({"AND", "OR", "NOT", "TO"})


@dataclass(frozen=True)
class Leaf:
    """A word, phrase or range, as Solr is to read it."""

    text: str


@dataclass(frozen=True)
class State:
    """A value that stands in no document: it is asked for in another way."""

    field: str
    value: str


@dataclass(frozen=True)
class Named:
    """What is looked for in a field."""

    field: str
    node: Node


@dataclass(frozen=True)
class All:
    """Parts that a document has to fit (``True``), or must not (``False``)."""

    parts: tuple[tuple[bool, Node], ...]


@dataclass(frozen=True)
class Any:
    """Parts of which a document has to fit one."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Boost:
    """A part that counts more or less."""

    node: Node
    by: str


Node = Leaf | State | Named | All | Any | Boost
ALL_DOCUMENTS = Leaf(EVERYTHING)


class Unreadable(Refused):
    """A text that is no question: it does not parse."""


# ------------------------------------------------------------------------------------ reading


def read(text: str, *, lenient: bool = False) -> Node | None:
    """Return the tree of a question, ``None`` where nothing is asked.

    :param lenient: leave out what names an undeclared field instead of refusing it.
    :raises Unreadable: the text does not parse.
    :raises Refused: it parses and asks for what is not declared.
    """
    if _UNREADABLE.search(text):
        raise Unreadable(N_("The question holds a character that is not allowed."))
    if not text.strip():
        return None
    try:
        parsed = thread.parse(text)
    except (ValueError, ArithmeticError, RecursionError) as problem:
        raise Unreadable(
            N_("The question does not parse: look for quotes and brackets that are not closed.")
        ) from problem
    return _Reader(lenient).node(parsed, None, 0)


class _Reader:
    """Turns luqum's tree into ours, counting as it goes."""

    def __init__(self, lenient: bool) -> None:
        self.lenient = lenient
        self.clauses = 0
        self.bounds = search().query

    def node(self, item: tree.Item, field: str | None, depth: int) -> Node | None:
        if depth > self.bounds.depth:
            raise Refused(
                N_("The question has more than %(most)s levels of brackets."),
                {"most": self.bounds.depth},
            )
        read = _READERS.get(type(item))
        if read is None:
            raise Refused(N_("Regular expressions and the like are not searched for: write words."))
        return read(self, item, field, depth + 1)

    def _leaf(self, text: str) -> Leaf:
        self.clauses += 1
        if self.clauses > self.bounds.clauses:
            raise Refused(
                N_("The question has more than %(most)s parts."), {"most": self.bounds.clauses}
            )
        return Leaf(text)

    def word(self, item: tree.Word, field: str | None, _depth: int) -> Node | None:
        letters = _letters(item.value)
        if field is not None and (declared := search().values.get(field)) is not None:
            return self._state(field, "".join(c for c, _ in letters), declared)
        if item.value == "*":
            return ALL_DOCUMENTS if field is None else self._leaf("[* TO *]")
        if not any(wild for _, wild in letters):
            text = "".join(c for c, _ in letters)
            if field is None and not any(c.isalnum() for c in text):
                return None  # signs alone are looked for nowhere
            return self._leaf(_word(text))
        self._check_wildcards(letters)
        return self._leaf("".join(c if wild else _escaped(c) for c, wild in letters))

    def _check_wildcards(self, letters: list[tuple[str, bool]]) -> None:
        before = 0
        for _, wild in letters:
            if wild:
                break
            before += 1
        if before < self.bounds.before_wildcard:
            raise Refused(
                N_("Write at least %(fewest)s letters before a * or ?."),
                {"fewest": self.bounds.before_wildcard},
            )
        if sum(wild for _, wild in letters) > self.bounds.wildcards or any(
            c.isspace() for c, _ in letters
        ):
            raise Refused(
                N_("A word may hold at most %(most)s of * and ?."),
                {"most": self.bounds.wildcards},
            )

    def _state(self, field: str, value: str, declared: tuple[str, ...]) -> Node:
        if value not in declared:
            raise Refused(
                N_("There is no value '%(value)s' of %(field)s; choose one of: %(choices)s."),
                {"value": repeated(value), "field": field, "choices": ", ".join(declared)},
            )
        self._leaf(value)
        return State(field, value)

    def phrase(self, item: tree.Phrase, field: str | None, _depth: int) -> Node | None:
        text = _plain(item.value[1:-1])
        if field is not None and (declared := search().values.get(field)) is not None:
            return self._state(field, text, declared)
        if field is None and not any(c.isalnum() for c in text):
            return None
        return self._leaf(_phrase(text))

    def fuzzy(self, item: tree.Fuzzy, field: str | None, depth: int) -> Node | None:
        found = self.word(item.term, field, depth)
        if not isinstance(found, Leaf):
            return found
        # Without a number luqum says a half, as Lucene once did.
        away = self.bounds.fuzzy if item.degree == 0.5 else item.degree
        letters = _letters(item.term.value)
        if (
            not 1 <= away <= self.bounds.fuzzy
            or away != int(away)
            or any(wild for _, wild in letters)
            or len(letters) < self.bounds.fuzzy_shortest
        ):
            raise Refused(
                N_(
                    "~ follows a word of at least %(fewest)s letters, with a number up to %(most)s."
                ),
                {"fewest": self.bounds.fuzzy_shortest, "most": self.bounds.fuzzy},
            )
        return Leaf(f"{found.text}~{int(away)}")

    def proximity(self, item: tree.Proximity, field: str | None, depth: int) -> Node | None:
        found = self.phrase(item.term, field, depth)
        if not 0 <= item.degree <= self.bounds.slop:
            raise Refused(
                N_("~ after a phrase is a number up to %(most)s."), {"most": self.bounds.slop}
            )
        return Leaf(f"{found.text}~{item.degree}") if isinstance(found, Leaf) else found

    def boost(self, item: tree.Boost, field: str | None, depth: int) -> Node | None:
        node = self.node(item.expr, field, depth)
        by = round(float(item.force), 3)
        if not 0 < by <= self.bounds.boost:
            raise Refused(
                N_("^ is a number above 0 and up to %(most)s."), {"most": self.bounds.boost}
            )
        return None if node is None else Boost(node, f"{by:g}")

    def range(self, item: tree.Range, field: str | None, _depth: int) -> Node:
        return self._range(
            field, item.low, item.high, "[" if item.include_low else "{",
            "]" if item.include_high else "}",
        )  # fmt: skip

    def open_range(self, item: tree.OpenRange, field: str | None, _depth: int) -> Node:
        if isinstance(item, tree.From):
            return self._range(field, item.a, None, "[" if item.include else "{", "]")
        return self._range(field, None, item.a, "[", "]" if item.include else "}")

    def _range(
        self, field: str | None, low: tree.Item | None, high: tree.Item | None, opens: str,
        closes: str,
    ) -> Node:  # fmt: skip
        if field is None or field in search().values:
            raise Refused(N_("A range belongs to a field, as in tahun:[2020 TO 2024]."))
        return self._leaf(f"{opens}{_bound(low)} TO {_bound(high)}{closes}")

    def named(self, item: tree.SearchField, _field: str | None, depth: int) -> Node | None:
        everything = isinstance(item.expr, tree.Word) and item.expr.value == "*"
        if item.name == "*" and everything:
            return ALL_DOCUMENTS
        if not _NAME.fullmatch(item.name) or not search().may(item.name, "search"):
            if self.lenient:
                return None
            raise Refused(
                N_("The field '%(field)s' cannot be searched."), {"field": repeated(item.name)}
            )
        node = self.node(item.expr, item.name, depth)
        if node is None or isinstance(node, State):
            return node
        return node if item.name in search().values else Named(item.name, node)

    def group(self, item: tree.BaseGroup, field: str | None, depth: int) -> Node | None:
        return self.node(item.expr, field, depth)

    def signed(self, item: tree.UnaryOperator, field: str | None, depth: int) -> Node | None:
        node = self.node(item.a, field, depth)
        if node is None or isinstance(item, tree.Plus):
            return node
        return _all([(False, node)])

    def joined(self, item: tree.BaseOperation, field: str | None, depth: int) -> Node | None:
        found = [self.node(part, field, depth) for part in item.children]
        nodes = [node for node in found if node is not None]
        if isinstance(item, tree.OrOperation):
            return _any(nodes)
        return _all([(True, node) for node in nodes])


_READERS: Mapping[type, Callable[..., Node | None]] = {
    tree.Word: _Reader.word,
    tree.Phrase: _Reader.phrase,
    tree.Fuzzy: _Reader.fuzzy,
    tree.Proximity: _Reader.proximity,
    tree.Boost: _Reader.boost,
    tree.Range: _Reader.range,
    tree.From: _Reader.open_range,
    tree.To: _Reader.open_range,
    tree.SearchField: _Reader.named,
    tree.Group: _Reader.group,
    tree.FieldGroup: _Reader.group,
    tree.Plus: _Reader.signed,
    tree.Not: _Reader.signed,
    tree.Prohibit: _Reader.signed,
    tree.AndOperation: _Reader.joined,
    tree.OrOperation: _Reader.joined,
    tree.UnknownOperation: _Reader.joined,
}


def _all(parts: list[tuple[bool, Node]]) -> Node | None:
    """Return what fits all parts, in one form: without nesting, and never of negatives alone."""
    flat: dict[tuple[bool, Node], None] = {}
    for wanted, node in parts:
        inner = node.parts if wanted and isinstance(node, All) else ((wanted, node),)
        flat.update(dict.fromkeys(inner))
    kept = [part for part in flat if part != (True, ALL_DOCUMENTS)]
    if not any(wanted for wanted, _ in kept):
        # Solr finds nothing for negatives alone within brackets.
        kept = [(True, ALL_DOCUMENTS), *kept] if flat else []
    if not kept:
        return None
    return kept[0][1] if len(kept) == 1 else All(tuple(kept))


def _any(nodes: list[Node]) -> Node | None:
    flat: dict[Node, None] = {}
    for node in nodes:
        flat.update(dict.fromkeys(node.parts if isinstance(node, Any) else (node,)))
    if not flat:
        return None
    return next(iter(flat)) if len(flat) == 1 else Any(tuple(flat))


def _letters(written: str) -> list[tuple[str, bool]]:
    """Return the letters of a word after Solr's unescaping, each with whether it is a wildcard."""
    letters = []
    for code, escaped, wild, letter in _ESCAPE.findall(written):
        letters.append((chr(int(code, 16)) if code else escaped or wild or letter, bool(wild)))
    _check_readable("".join(c for c, _ in letters))
    return letters


def _plain(written: str) -> str:
    """Return the text of a phrase after Solr's unescaping, its blanks as single ones."""
    return " ".join("".join(c for c, _ in _letters(written)).split())


def _check_readable(text: str) -> None:
    if _UNREADABLE.search(text):
        raise Unreadable(N_("The question holds a character that is not allowed."))


def _word(text: str) -> str:
    """Return a word that Solr reads as these letters and nothing else."""
    if not text or re.search(r"\s", text):
        return _phrase(" ".join(text.split()))
    return f"\\{text}" if text in _RESERVED else _escaped(text)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _phrase(text: str) -> str:
    return f'"{_escaped(text)}"'


def _bound(item: tree.Item | None) -> str:
    if item is None:
        return "*"
    sign = ""
    if isinstance(item, tree.Prohibit):
        sign, item = "-", item.a
    if isinstance(item, tree.Phrase):
        return _phrase(sign + _plain(item.value[1:-1]))
    if not isinstance(item, tree.Word):
        raise Refused(N_("A range goes from one value to another."))
    if item.value == "*":
        return "*"
    letters = _letters(item.value)
    if any(wild for _, wild in letters):
        raise Refused(N_("A range goes from one value to another."))
    return _phrase(" ".join((sign + "".join(c for c, _ in letters)).split()))


# ------------------------------------------------------------------------------------ writing


def write(node: Node, states: Callable[[str, str], str], *, signed: bool = False) -> str:
    """Return the text that Solr reads as this tree.

    :param states: gives the question for a value that stands in no document.
    :param signed: with a sign before every part, as filters have it: CKAN looks for ``+state``.
    """
    if isinstance(node, All):
        return " ".join(_part(wanted, part, states) for wanted, part in node.parts)
    if signed and node != ALL_DOCUMENTS:
        return _part(True, node, states)
    return _bare(node, states)


def _part(wanted: bool, node: Node, states: Callable[[str, str], str]) -> str:
    return ("+" if wanted else "-") + _inner(node, states)


def _inner(node: Node, states: Callable[[str, str], str]) -> str:
    text = _bare(node, states)
    return f"({text})" if isinstance(node, (All, Any)) else text


def _grouped(node: Node, states: Callable[[str, str], str]) -> str:
    text = _bare(node, states)
    return text if isinstance(node, (Leaf, State)) else f"({text})"


def _bare(node: Node, states: Callable[[str, str], str]) -> str:
    match node:
        case Leaf(text):
            return text
        case State(field, value):
            return f"({states(field, value)})"
        case Named(field, inner):
            return f"{field}:{_grouped(inner, states)}"
        case Boost(inner, by):
            return f"{_grouped(inner, states)}^{by}"
        case Any(parts):
            return " OR ".join(_inner(part, states) for part in parts)
        case All():
            return write(node, states)


def fields_of(node: Node) -> frozenset[str]:
    """Return the fields that a tree names."""
    match node:
        case Named(field, inner):
            return fields_of(inner) | {field}
        case State(field, _):
            return frozenset({field})
        case Boost(inner, _):
            return fields_of(inner)
        case All(parts):
            return frozenset().union(*(fields_of(part) for _, part in parts))
        case Any(parts):
            return frozenset().union(*(fields_of(part) for part in parts))
    return frozenset({"*"}) if node == ALL_DOCUMENTS else frozenset()


def quoted(text: str) -> str:
    """Return a value as a phrase that Solr reads as these letters and nothing else."""
    return _phrase(" ".join(_UNREADABLE.sub(" ", text).split()))


cached = lru_cache(maxsize=1024)(read)
"""Pages ask the same filters again and again; to read one takes longer than to look for it."""
