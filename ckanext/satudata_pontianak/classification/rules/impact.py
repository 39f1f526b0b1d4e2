"""Whether a decision waits for an impact assessment (UU 27/2022 article 34). Pure.

When one is needed, and which there are, is said in a room above, which joins (:func:`join`). While
nothing joined, every kind of personal data that was found is without one: closed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .findings import FALSE_ALARM, Place, Said, place
from .kind_names import UNREAD


@dataclass(frozen=True)
class Stand:
    """How assessments of a dataset stand: kinds that one covers.

    ``waiting``: one waits for which somebody said that it is needed, whatever was found.
    """

    covered: frozenset[str] = frozenset()
    waiting: bool = False


NONE = Stand()
Rule = Callable[[str | None, Mapping[str, str | None]], Collection[str]]
"""Gives the kinds that need one, of those found: by the level, and kind → its class by law."""


Look = Callable[[Sequence[str]], Mapping[str, Stand]]
"""Gives dataset → stand, of those of which there is an assessment, however many."""


def _all(level: str | None, found: Mapping[str, str | None]) -> Collection[str]:
    return found


def _none(package_ids: Sequence[str]) -> Mapping[str, Stand]:
    return {}


_joined: tuple[Rule, Look] = (_all, _none)


def join(rule: Rule, look: Look) -> None:
    """Have a rule say which kinds need an assessment, and ask for those that there are."""
    global _joined  # noqa: PLW0603 - one site has one rule
    _joined = (rule, look)


def stands(package_ids: Sequence[str]) -> Mapping[str, Stand]:
    """Return dataset → how its assessments stand."""
    return _joined[1](package_ids)


def missing(level: str | None, found: Mapping[str, str | None], stand: Stand) -> list[str]:
    """Return the kinds that need an assessment and have none."""
    return sorted({*_joined[0](level, found)} - stand.covered) if found else []


def waits(level: str | None, stand: Stand) -> bool:
    """Tell whether a decision at a level waits for an assessment that nobody concluded yet."""
    return stand.waiting and bool(missing(level, {UNREAD: None}, NONE))


def kinds(items: Sequence[Mapping[str, Any]], said: Mapping[Place, Said]) -> dict[str, str | None]:
    """Return kind → class of the findings of a scan that nobody called a false alarm."""
    return {
        str(item["kind"]): item.get("class")
        for item in items
        if (found := said.get(place(item))) is None or found.resolution != FALSE_ALARM
    }
