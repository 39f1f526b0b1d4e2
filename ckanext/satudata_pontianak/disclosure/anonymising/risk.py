"""How well a table hides its persons: k-anonymity, l-diversity, risk of re-identification.

An *equivalence class* is the set of rows with equal quasi-identifiers. An empty cell is a value
like others: whoever attacks sees that it is empty.

- **k** is the size of the smallest class (Sweeney 2002).
- **l** of a sensitive column is the fewest different values of it within a class, and its
  *entropy* form the smallest exponential of the entropy (Machanavajjhala et al. 2007).
- **Prosecutor**: who is sought is known to be in the table; the risk of a row is 1/size.
- **Journalist**: who is sought may not be in it; the risk is 1/size in the population. Without a
  population the prosecutor's risk is its upper bound and is given.
- **Marketer**: the expected share of rows that are matched rightly: classes/rows (El Emam 2013).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, TypedDict

Classes = Mapping[Any, int]


class DiversityMeasured(TypedDict):
    """l-diversity of a sensitive column, as it is told."""

    distinct: int
    entropy: float


class RiskMeasured(TypedDict):
    """What was measured, as it is told."""

    rows: int
    classes: int
    k: int
    prosecutor: Annotated[float, "risks lie between 0 and 1"]
    prosecutor_average: float
    journalist: float
    marketer: float
    at_risk: Annotated[float, "share of the rows that fewer are like than the threshold says"]
    quasi_identifiers: list[str]
    diversity: dict[str, DiversityMeasured]


@dataclass(frozen=True)
class Diversity:
    """l-diversity of one sensitive column; ``entropy`` is e to the smallest entropy."""

    distinct: int
    entropy: float


@dataclass(frozen=True)
class Risk:
    """What was measured. Only numbers and names of columns; risks lie between 0 and 1.

    ``at_risk`` is the share of rows in classes smaller than the threshold that was asked for.
    """

    rows: int
    classes: int
    k: int
    prosecutor: float
    prosecutor_average: float
    journalist: float
    marketer: float
    at_risk: float
    quasi_identifiers: tuple[str, ...] = ()
    diversity: Mapping[str, Diversity] = field(default_factory=dict)

    def to_json(self) -> RiskMeasured:
        document: Any = asdict(self)
        document["quasi_identifiers"] = list(self.quasi_identifiers)
        for name in ("prosecutor", "prosecutor_average", "journalist", "marketer", "at_risk"):
            document[name] = round(document[name], 6)
        for item in document["diversity"].values():
            item["entropy"] = round(item["entropy"], 6)
        return document


def measure(
    classes: Classes,
    threshold: int,
    *,
    quasi_identifiers: tuple[str, ...] = (),
    values: Mapping[str, Mapping[Hashable, Mapping[Hashable, int]]] | None = None,
    population: Classes | None = None,
) -> Risk:
    """Measure from counts.

    :param classes: class → number of its rows, each at least 1.
    :param threshold: classes smaller than this are at risk.
    :param values: sensitive column → class → value → number of rows.
    :param population: class → number of persons in the population, for the journalist's risk; a
        class that is not in it, or is smaller there than in the table, counts with its own size.
    """
    rows, count = sum(classes.values()), len(classes)
    if not rows:
        return Risk(0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, quasi_identifiers)
    k = min(classes.values())
    outside = population or {}
    journalist = max(1 / max(size, outside.get(key, 0)) for key, size in classes.items())
    return Risk(
        rows=rows,
        classes=count,
        k=k,
        prosecutor=1 / k,
        prosecutor_average=count / rows,
        journalist=journalist,
        marketer=sum(s / max(s, outside.get(key, 0)) for key, s in classes.items()) / rows,
        at_risk=sum(size for size in classes.values() if size < threshold) / rows,
        quasi_identifiers=quasi_identifiers,
        diversity={column: _diversity(by_class) for column, by_class in (values or {}).items()},
    )


def _diversity(by_class: Mapping[Hashable, Mapping[Hashable, int]]) -> Diversity:
    return Diversity(
        min(len(counts) for counts in by_class.values()),
        math.exp(min(_entropy(counts) for counts in by_class.values())),
    )


def _entropy(counts: Mapping[Hashable, int]) -> float:
    total = sum(counts.values())
    return -sum(n / total * math.log(n / total) for n in counts.values())
