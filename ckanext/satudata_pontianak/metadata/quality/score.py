"""How many points a dataset has, which it lacks, and what it would have after each fix. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .definition import Check, Place, Quality
from .rules import RULES, Facts


@dataclass(frozen=True)
class Told:
    """What a check says of a dataset."""

    name: str
    check: Check
    met: bool


@dataclass(frozen=True)
class Part:
    """The points of a dimension."""

    points: int
    possible: int


@dataclass(frozen=True)
class Score:
    """The quality of a dataset: never the number alone, always with what is lost.

    :ivar told: every check, in the order of the definition.
    """

    told: tuple[Told, ...]

    @property
    def points(self) -> int:
        """How many points it has."""
        return sum(one.check.points for one in self.told if one.met)

    @property
    def possible(self) -> int:
        """How many points there are."""
        return sum(one.check.points for one in self.told)

    @property
    def lost(self) -> list[Told]:
        """What is not met, the greatest gain first."""
        missing = [one for one in self.told if not one.met]
        return sorted(missing, key=lambda one: -one.check.points)

    @property
    def forecast(self) -> int:
        """How many points it has once every fix is made: all, since each check says its fix."""
        return self.possible

    def parts(self) -> Mapping[str, Part]:
        """Return the points by dimension, in the order of the definition."""
        found: dict[str, Part] = {}
        for one in self.told:
            had = found.get(one.check.dimension, Part(0, 0))
            gained = one.check.points if one.met else 0
            found[one.check.dimension] = Part(had.points + gained, had.possible + one.check.points)
        return found


def scored(definition: Quality, facts: Facts, *, with_files: bool = True) -> Score:
    """Return the quality of a dataset by what is known of it.

    :param definition: checks and points.
    :param facts: fields and files, as one reader has them.
    :param with_files: also what is asked of files; not of a reader who has none of them.
    """
    return Score(
        tuple(
            Told(name, check, RULES[check.rule](facts, check.field))
            for name, check in definition.checks.items()
            if with_files or check.place is Place.DATASET
        )
    )
