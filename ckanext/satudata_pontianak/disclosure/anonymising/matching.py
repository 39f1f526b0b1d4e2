"""A plan meets a file: which treatment each of its columns gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..tabular import NamedColumn
from .lexicon import is_quasi
from .plan import Plan, Treatment
from .refusals import PlanError

# What such a column still says about a person can be known to others.
_TELLING = frozenset({"mask", "age_band", "year", "number_band", "kelurahan", "rare"})


@dataclass(frozen=True)
class Matched:
    """The plan in positions of the file's columns."""

    columns: tuple[NamedColumn, ...]
    treatments: tuple[Treatment, ...]
    quasi: tuple[int, ...]
    sensitive: tuple[int, ...]
    group_by: tuple[int, ...]

    @property
    def given(self) -> tuple[int, ...]:
        """The columns that remain."""
        return tuple(i for i, t in enumerate(self.treatments) if t.action != "drop")

    def labels(self, positions: Iterable[int]) -> tuple[str, ...]:
        """Return the headings of some columns."""
        return tuple(self.columns[i].label for i in positions)


def match(plan: Plan, columns: Sequence[NamedColumn]) -> Matched:
    """Find the plan's columns in a file.

    Quasi-identifiers are those that the plan names *and* those that remain and are such by their
    treatment or heading: who leaves one out of the plan, or calls it sensitive, does not make it
    harmless.

    :raises PlanError: ``unknown_column``, ``named_twice``, ``dropped_used``, ``nothing_left``.
    """
    find = _finder(columns)
    treatments = [plan.others] * len(columns)
    seen: set[int] = set()
    for name, item in plan.columns.items():
        position = find(name)
        if position in seen:
            raise PlanError("named_twice", column=name)
        seen.add(position)
        treatments[position] = item
    given = [i for i, item in enumerate(treatments) if item.action != "drop"]
    if not given:
        raise PlanError("nothing_left")

    def used(names: Sequence[str], use: str) -> list[int]:
        positions = [find(name) for name in names]
        for name, position in zip(names, positions, strict=True):
            if position not in given:
                raise PlanError("dropped_used", column=name, use=use)
        return positions

    sensitive = used(plan.sensitive, "sensitive")
    quasi = set(used(plan.quasi_identifiers, "quasi_identifiers"))
    quasi |= {i for i in given if treatments[i].action in _TELLING}
    quasi -= set(sensitive)
    quasi |= {
        i for i in given if treatments[i].action != "pseudonym" and is_quasi(columns[i].label)
    }
    by = used(plan.aggregate.by, "aggregate") if plan.aggregate else []
    return Matched(
        tuple(columns),
        tuple(treatments),
        tuple(sorted(quasi)),
        tuple(sensitive),
        tuple(by),
    )


def _finder(columns: Sequence[NamedColumn]) -> Callable[[str], int]:
    """Return what finds a column by its name, its heading, or its heading in other case."""
    names = {column.name: i for i, column in enumerate(columns)}
    labels = _once((column.label, i) for i, column in enumerate(columns))
    folded = _once((_fold(column.label), i) for i, column in enumerate(columns))

    def find(name: str) -> int:
        for known, wanted in ((names, name), (labels, name), (folded, _fold(name))):
            if wanted in known:
                return known[wanted]
        known_names = ", ".join(c.name for c in columns[:60])
        raise PlanError("unknown_column", column=name[:100], known=known_names)

    return find


def _fold(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


def _once(items: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """Return those whose key comes once."""
    found: dict[str, int] = {}
    twice = set()
    for key, value in items:
        if key in found:
            twice.add(key)
        found[key] = value
    return {k: v for k, v in found.items() if k not in twice}
