"""Opens what ``schemas/surface/`` declares, for CKAN's own tests alone.

They bring fields, types and searches that this portal refuses by name; what becomes of such a call
behind the declarations is what they are here to tell. The declarations are replaced in memory as
they are read: it stands among the tests, which no wheel carries and no site loads, and there is no
option for it.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict, replace

from ckanext.satudata_pontianak.surface import declared


class Every(frozenset[str]):
    """A set of names in which every name is."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)


class EachOf(tuple[str, ...]):
    """Names that are gone through as they are, and among which is every other one."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)


def _arguments(read: Any) -> Any:
    none = frozenset()
    return replace(
        read, closed=none, text=none, count=none, flag=none, object=Every(), texts=none, lists={},
        objects={}, text_of={}, one_of={}, needs={}, accounts=none, reads=(), writes=(),
    )  # fmt: skip


def _keys(read: Any) -> Any:
    shape = type(next(iter(read.kinds.values())))

    class Open(shape, frozen=True):
        def names(self) -> frozenset[str]:
            return Every(super().names())

        def value(self, key: str) -> Any:
            return "any"

    return replace(
        read,
        kinds={name: Open(**{**asdict(kind), "nested": {}}) for name, kind in read.kinds.items()},
        extras=replace(read.extras, ignored=Every()),
        acts={name: replace(act, keys=None, listed={}) for name, act in read.acts.items()},
    )


def _methods(read: Any) -> Any:
    return replace(read, own="", acts=frozenset(), actions=Every(), needed=())


def _parameters(read: Any) -> Any:
    class Open(type(read), frozen=True):
        def may(self, field: str, use: Any) -> bool:
            return True

    def widened(one: Any) -> Any:
        choices = EachOf(one.choices) if one.choices else ()
        return replace(one, choices=choices, most=10**9, fewest=-(10**9))

    actions = {
        action: {name: widened(one) for name, one in taken.items()}
        for action, taken in read.actions.items()
    }
    return Open(**{**asdict(read), "actions": actions, "pairs": EachOf(read.pairs)})


def _types(read: Any) -> Any:
    return replace(
        read,
        groups=EachOf(read.groups),
        organizations=EachOf(read.organizations),
        members=EachOf(read.members),
        capacities=EachOf(read.capacities),
    )


def _accounts(read: Any) -> Any:
    """Take CKAN's own eight characters, and as many tries as its tests make of one address."""
    return replace(
        read,
        tries=type(read.tries)(*[("100000 per 1 minute",)] * 5),
        resets=replace(read.resets, mailbox=("100000 per 1 hour",), address=("100000 per 1 hour",)),
        passwords=replace(read.passwords, shortest=8, words=()),
    )


OPENED = {
    "accounts": _accounts,
    "arguments": _arguments,
    "keys": _keys,
    "methods": _methods,
    "parameters": _parameters,
    "types": _types,
}
_load = declared.load


def _opened(name: str, shape: Any) -> Any:
    read = _load(name, shape)
    return OPENED[name](read) if name in OPENED else read


# Before any module of ours takes it from there by name.
declared.load = _opened

from ckanext.satudata_pontianak.accounts import passwords  # noqa: E402
from ckanext.satudata_pontianak.agencies import keys as agency_keys  # noqa: E402
from ckanext.satudata_pontianak.classification.records import dataset_types  # noqa: E402
from ckanext.satudata_pontianak.metadata import validators  # noqa: E402
from ckanext.satudata_pontianak.surface import parameters  # noqa: E402

_known = dataset_types.known
dataset_types.known = lambda: Every(_known())
agency_keys.undeclared = lambda names, agency: set()
parameters._KINDS["nothing"] = lambda parameter, value, own: value

# Passwords of their people are made at random: now and then one is a word and a number.
passwords.is_common = lambda folded, words: False
# A dataset of theirs has no agency, and for want of one almost none of them would get to its point.
validators.satudata_owner_required = lambda key, data, errors, context: None
