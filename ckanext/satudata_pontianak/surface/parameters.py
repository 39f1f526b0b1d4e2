"""What a search may be asked, as ``schemas/surface/parameters.yaml`` declares it. Pure.

Every parameter of every action that searches is checked here before anything is looked for: its
name, its type, its bound. What is not declared is refused by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Literal

import msgspec

from ..messages import Message, Translate
from ..msgids import N_
from .declared import load
from .repeating import repeated

Use = Literal["search", "sort", "facet", "give"]
Kind = Literal[
    "query", "queries", "text", "texts", "pairs", "number", "switch", "choice", "sort", "facet",
    "give", "nothing",
]  # fmt: skip

_SORT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s+(asc|desc)", re.IGNORECASE)
_BAD = re.compile(r"[\x00\ud800-\udfff]")
_YES = frozenset({"true", "yes", "on", "t", "y", "1"})
_NO = frozenset({"false", "no", "off", "f", "n", "0"})
ORDER_OF_CKAN = "rank"
"""CKAN's old name for the order that it gives by itself."""


class _Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every part of the declaration has in common."""


class Query(_Declared, frozen=True):
    """Bounds of a question in Solr's language."""

    clauses: int
    depth: int
    before_wildcard: int
    wildcards: int
    fuzzy: int
    fuzzy_shortest: int
    slop: int
    boost: int


class Parameter(_Declared, frozen=True):
    """One parameter of an action: its kind and its bounds."""

    kind: Kind
    most: int = 0
    fewest: int = 0
    each: int = 0
    choices: tuple[str, ...] = ()


class Search(_Declared, frozen=True):
    """What searches may be asked."""

    query: Query
    sort_keys: int
    fields: dict[str, frozenset[Use]]
    values: dict[str, tuple[str, ...]]
    own_facets: frozenset[str]
    actions: dict[str, dict[str, Parameter]]
    pairs: tuple[str, ...]

    def may(self, field: str, use: Use) -> bool:
        """Tell whether a caller may name a field for this."""
        return use in self.fields.get(field, ())

    def named(self, use: Use) -> list[str]:
        """Return the fields that a caller may name for this, in order."""
        return sorted(field for field, uses in self.fields.items() if use in uses)


@cache
def search() -> Search:
    """Return the declaration; a misspelt one stops the start."""
    return load("parameters", Search)


class Refused(Exception):
    """A parameter or what it asks is not declared: a msgid with its parameters.

    :ivar parameter: the name of the parameter, once it is known.
    """

    def __init__(
        self, msgid: str, params: Mapping[str, Any] | None = None, parameter: str = ""
    ) -> None:
        super().__init__(msgid)
        self.message = Message(msgid, params or {})
        self.parameter = parameter

    def of(self, parameter: str) -> Refused:
        """Return this refusal as one of a parameter."""
        self.parameter = self.parameter or parameter
        return self

    def text(self, translate: Translate = str) -> str:
        """Return what is said, in the language of ``translate``."""
        return self.message.text(translate)


def checked(
    action: str,
    given: Mapping[str, Any],
    *,
    every_value: bool = False,
    lenient: bool = False,
) -> dict[str, Any]:
    """Return the parameters of an action, each of its kind and within its bounds.

    What is ``None`` or an empty text counts as not given. Questions are only measured here: they
    are read by :mod:`.search_query`.

    :param every_value: for a search of ours, which counts all values of a facet.
    :param lenient: leave out what is not declared instead of refusing it, for an address that a
        person typed or a link that is old; numbers are refused all the same.
    :raises Refused: a parameter that is not declared, or one that is not what was declared.
    """
    declared = search().actions[action]
    taken: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or value == "":
            continue
        parameter = declared.get(name) if isinstance(name, str) else None
        try:
            taken[name] = _taken(parameter, value, every_value)
        except Refused as refused:
            # A page of another number is not the first one.
            if not lenient or (parameter is not None and parameter.kind == "number"):
                raise _named(refused, name, declared) from None
    return {name: value for name, value in taken.items() if value is not _NOTHING}


_NOTHING = object()
_NO_PARAMETER = N_("There is no parameter '%(name)s' here; choose one of: %(choices)s.")


def _taken(parameter: Parameter | None, value: Any, own: bool) -> Any:
    if parameter is None:
        raise Refused(_NO_PARAMETER)
    return _KINDS[parameter.kind](parameter, value, own)


def _named(refused: Refused, name: Any, declared: Mapping[str, Parameter]) -> Refused:
    refused.of(repeated(name))
    if refused.message.msgid == _NO_PARAMETER:
        params = {"name": refused.parameter, "choices": ", ".join(declared)}
        refused.message = Message(_NO_PARAMETER, params)
    return refused


def _text(parameter: Parameter, value: Any, _own: bool, most: int = 0) -> str:
    if not isinstance(value, str):
        raise Refused(N_("Give a text."))
    most = most or parameter.most
    if len(value) > most:
        raise Refused(N_("Give at most %(most)s characters."), {"most": most})
    if _BAD.search(value):
        raise Refused(N_("The text holds a character that is not allowed."))
    return value


def _list(parameter: Parameter, value: Any) -> Sequence[Any]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        raise Refused(N_("Give a list of texts."))
    if len(items) > parameter.most:
        raise Refused(N_("Give at most %(most)s of them."), {"most": parameter.most})
    return items


def _texts(parameter: Parameter, value: Any, own: bool) -> list[str]:
    return [_text(parameter, item, own, parameter.each) for item in _list(parameter, value)]


def _pairs(parameter: Parameter, value: Any, own: bool) -> list[str]:
    pairs = _texts(parameter, value, own)
    allowed = search().pairs
    for pair in pairs:
        field, colon, _ = pair.partition(":")
        if not colon or field not in allowed:
            raise Refused(
                N_("Write field:words, the field one of: %(choices)s."),
                {"choices": ", ".join(allowed)},
            )
    return pairs


def _number(parameter: Parameter, value: Any, own: bool) -> int:
    if own and value == -1:
        return -1
    is_text = isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,18}\s*", value)
    if isinstance(value, bool) or not (isinstance(value, int) or is_text):
        raise Refused(_BETWEEN, {"fewest": parameter.fewest, "most": parameter.most})
    number = int(value)
    if not parameter.fewest <= number <= parameter.most:
        raise Refused(_BETWEEN, {"fewest": parameter.fewest, "most": parameter.most})
    return number


_BETWEEN = N_("Give a whole number from %(fewest)s to %(most)s.")


def _switch(_parameter: Parameter, value: Any, _own: bool) -> bool:
    said = str(value).strip().casefold() if isinstance(value, (bool, int, str)) else ""
    if said not in _YES | _NO:
        raise Refused(N_("Give true or false."))
    return said in _YES


def _choice(parameter: Parameter, value: Any, _own: bool) -> Any:
    if value == ORDER_OF_CKAN:
        return _NOTHING
    if not isinstance(value, str) or value not in parameter.choices:
        raise Refused(N_("Choose one of: %(choices)s."), {"choices": ", ".join(parameter.choices)})
    return value


def _sort(parameter: Parameter, value: Any, own: bool) -> Any:
    text = _text(parameter, value, own).strip()
    if text == ORDER_OF_CKAN:
        return _NOTHING
    keys = text.split(",")
    if len(keys) > search().sort_keys:
        raise Refused(N_("Give at most %(most)s of them."), {"most": search().sort_keys})
    written = []
    for key in keys:
        found = _SORT.fullmatch(key.strip())
        if found is None or not search().may(found[1], "sort"):
            raise Refused(
                N_("Write a field and asc or desc, the field one of: %(choices)s."),
                {"choices": ", ".join(search().named("sort"))},
            )
        written.append(f"{found[1]} {found[2].lower()}")
    return ", ".join(written)


def _facet(parameter: Parameter, value: Any, own: bool) -> list[str]:
    if isinstance(value, str):  # as an address carries it
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = [value]
    names = _list(parameter, value)
    for name in names:
        if not isinstance(name, str) or not (
            search().may(name, "facet") or (own and name in search().own_facets)
        ):
            raise _no_field(name, "facet")
    return list(dict.fromkeys(names))


def _give(parameter: Parameter, value: Any, own: bool) -> list[str]:
    items = value if isinstance(value, (list, tuple)) else [value]
    asked = [
        part for item in items for part in re.split(r"[,\s]+", _text(parameter, item, own)) if part
    ]
    if "*" in asked:
        asked = [name for name in asked if name != "*"] + search().named("give")
    for name in asked:
        if not search().may(name, "give"):
            raise _no_field(name, "give")
    return list(dict.fromkeys(asked))


def _no_field(name: Any, use: Use) -> Refused:
    return Refused(
        N_("The field '%(field)s' is not given; choose of: %(choices)s."),
        {"field": repeated(name), "choices": ", ".join(search().named(use))},
    )


def _nothing(_parameter: Parameter, value: Any, _own: bool) -> Any:
    if value:
        raise Refused(N_("Nothing may be given here."))
    return _NOTHING


_KINDS: Mapping[str, Callable[[Parameter, Any, bool], Any]] = {
    "query": _text,
    "queries": _texts,
    "text": _text,
    "texts": _texts,
    "pairs": _pairs,
    "number": _number,
    "switch": _switch,
    "choice": _choice,
    "sort": _sort,
    "facet": _facet,
    "give": _give,
    "nothing": _nothing,
}
