"""How often an address may ask for what costs much, from ``schemas/surface/rates.yaml``."""

from __future__ import annotations

import threading
from functools import cache

import limits
import msgspec

from . import declared

# draft-ietf-httpapi-ratelimit-headers-10
POLICY, LEFT = "RateLimit-Policy", "RateLimit"


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Readings that cost alike: what asks for them, and how often an address may."""

    name: str
    each: tuple[str, ...]
    endpoints: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    named: bool = False
    """Counted of who has a name as well, by person."""

    def items(self) -> list[limits.RateLimitItem]:
        """Return its rates as the library counts them."""
        return [limits.parse(rate) for rate in self.each]

    def _called(self, item: limits.RateLimitItem) -> str:
        # A string of RFC 9651; our names hold nothing that it would have to escape.
        return f'"{self.name} per {item.GRANULARITY.name}"'

    def policy(self) -> str:
        """Return its rates as the field ``RateLimit-Policy`` says them."""
        said = (f"{self._called(i)};q={i.amount};w={i.get_expiry()}" for i in self.items())
        return ", ".join(said)

    def left(self, item: limits.RateLimitItem, left: int, seconds: int) -> str:
        """Return what is left of a rate, and for how long, as the field ``RateLimit`` says it."""
        return f"{self._called(item)};r={left};t={seconds}"


class Rates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration."""

    at_once: int
    waiting: int
    patience_seconds: float
    wait_seconds: int
    kinds: tuple[Kind, ...]


@cache
def rates() -> Rates:
    """Return the declaration.

    :raises ValueError: it has another shape, a rate that is none, or names something twice.
    """
    read = declared.load("rates", Rates)
    for kind in read.kinds:
        kind.items()
    for names in (
        [name for kind in read.kinds for name in kind.endpoints],
        [name for kind in read.kinds for name in kind.actions],
        [kind.name for kind in read.kinds],
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"rates.yaml: named twice: {', '.join(twice)}")
    if read.at_once < 1 or read.wait_seconds < 1:
        raise ValueError("rates.yaml: at_once and wait_seconds are at least 1")
    if read.waiting < 0 or not 0 <= read.patience_seconds <= 60:
        raise ValueError("rates.yaml: waiting is 0 or more, patience_seconds at most 60")
    return read


def kind(name: str) -> Kind:
    """Return a kind of readings by its name."""
    return next(kind for kind in rates().kinds if kind.name == name)


@cache
def _by_endpoint() -> dict[str, Kind]:
    return {name: kind for kind in rates().kinds for name in kind.endpoints}


@cache
def _by_action() -> dict[str, Kind]:
    return {name: kind for kind in rates().kinds for name in kind.actions}


def kind_of(endpoint: str | None, action: str | None = None) -> Kind | None:
    """Return the kind of a request, by its endpoint or by the action that it calls."""
    if action is not None:
        return _by_action().get(action)
    return _by_endpoint().get(endpoint or "")


class Places:
    """Places for what costs much, in one process, and some room to wait for one."""

    def __init__(self, count: int, waiting: int = 0) -> None:
        """Make so many places, for which so many may wait."""
        self._free = count
        self._room = waiting
        # A place that somebody forgot is put back by whoever happens to collect it.
        self._changed = threading.Condition(threading.RLock())

    @property
    def room(self) -> int:
        """Return how many more may wait."""
        return self._room

    def take(self, patience: float = 0) -> Place | None:
        """Return a place, ``None`` where all are taken and none becomes free in time.

        :param patience: Seconds to wait for one, where there is room to wait.
        """
        with self._changed:
            if self._free <= 0 and patience and self._room > 0:
                self._room -= 1
                try:
                    self._changed.wait_for(lambda: self._free > 0, patience)
                finally:
                    self._room += 1
            if self._free <= 0:
                return None
            self._free -= 1
        return Place(self)

    def put_back(self) -> None:
        """Count a place as free again; places do this themselves."""
        with self._changed:
            self._free += 1
            self._changed.notify()


class Place:
    """A place that is given back once: by who has it, or when nobody knows of it any more."""

    def __init__(self, places: Places) -> None:
        """Hold what was taken."""
        self._places: Places | None = places

    def give(self) -> None:
        """Give it back."""
        places, self._places = self._places, None
        if places is not None:
            places.put_back()

    def __del__(self) -> None:
        """Give back what somebody forgot."""
        self.give()
