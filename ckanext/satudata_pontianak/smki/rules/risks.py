"""Reads ``risks.yaml``: how risks are measured, who accepts which, and the catalogue. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from ...agencies.rules.objection import EMPTY, NO_DATE, Objection
from ...messages import Message
from ...msgids import N_
from ...surface.yaml_source import Labelled, Positive, Source, Text

Scale = Annotated[tuple[Labelled, ...], msgspec.Meta(min_length=5, max_length=5)]
Step = Annotated[int, msgspec.Meta(ge=1, le=5)]
HIGHEST = 25

TREATS = N_("Whoever treats a risk, or wrote in its line, does not accept it.")
ABOVE = N_("A risk of this level (%(level)s) is not yours to accept.")
NEVER = N_("A risk of this level (%(level)s) is accepted by nobody. Lower it first.")
UNMEASURED = N_(
    "Say first how likely the risk is and how hard it hits, before and after treatment."
)
PAST = N_("Name a day that lies ahead.")
TOO_FAR = N_("A risk is accepted for at most %(days)s days.")


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level of risk: up to which product, and who accepts it."""

    label: Text
    up_to: Positive
    accepted_by: tuple[str, ...]
    name: str = ""


class Risk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A risk of the catalogue, with what lowers it and what shows it."""

    threat: Text
    cause: Text
    asset: str
    likelihood: Step
    impact: Step
    controls: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    shown_by: str
    name: str = ""


class RisksFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``risks.yaml``."""

    version: Text
    likelihood: Scale
    impact: Scale
    levels: Annotated[dict[str, Level], msgspec.Meta(min_length=1)]
    appetite: Positive
    longest_acceptance_days: Positive
    risks: Annotated[dict[str, Risk], msgspec.Meta(min_length=1)]

    @classmethod
    def of(
        cls,
        source: Source,
        *,
        roles: Collection[str],
        controls: Collection[str],
        assets: Collection[str],
    ) -> RisksFile:
        """Return what ``source`` holds, checked against roles, controls and assets.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        ends = [level.up_to for level in file.levels.values()]
        whole = ends == sorted(set(ends)) and ends[-1] == HIGHEST
        source.require(f"'up_to' has to rise to {HIGHEST}", whole, "levels")
        for name, level in file.levels.items():
            source.known("role", level.accepted_by, roles, "levels", name, "accepted_by")
        for name, risk in file.risks.items():
            source.known("asset", [risk.asset], assets, "risks", name, "asset")
            source.known("control", risk.controls, controls, "risks", name, "controls")
            source.known("control", [risk.shown_by], risk.controls, "risks", name, "shown_by")
        return file

    def level(self, score: int) -> Level:
        """Return the level of a product of likelihood and impact."""
        return next(each for each in self.levels.values() if score <= each.up_to)


@dataclass(frozen=True)
class Acceptance:
    """That somebody accepted what is left of a risk until a day: of exactly what was written."""

    by: str
    role: str
    at: str
    until: dt.date
    digest: str


def score(values: Mapping[str, Any], *, after: bool = False) -> int | None:
    """Return likelihood × impact, before treatment or after it; ``None``: nobody measured it."""
    end = "_after" if after else ""
    one, other = values.get(f"likelihood{end}"), values.get(f"impact{end}")
    return one * other if isinstance(one, int) and isinstance(other, int) else None


def left(values: Mapping[str, Any], today: dt.date) -> int | None:
    """Return what is left of a risk today: after its treatment once that is done."""
    treated = day(values, "treated")
    done = treated is not None and treated <= today
    return score(values, after=True) if done else score(values)


def day(values: Mapping[str, Any], name: str) -> dt.date | None:
    """Return a day that was written."""
    return dt.date.fromisoformat(values[name]) if values.get(name) else None


def stands(acceptance: Acceptance | None, digest: str, today: dt.date) -> bool:
    """Tell whether an acceptance stands today, of what is written now."""
    return acceptance is not None and acceptance.digest == digest and acceptance.until >= today


def overdue(values: Mapping[str, Any], today: dt.date) -> bool:
    """Tell whether a treatment was to be done and is not."""
    until = day(values, "due")
    return until is not None and until < today and not values.get("treated")


def uncovered(
    rules: RisksFile, values: Mapping[str, Any], today: dt.date, *, accepted: bool
) -> bool:
    """Tell whether a risk is above the appetite with neither acceptance nor a running treatment."""
    now = left(values, today)
    if accepted or (now is not None and now <= rules.appetite):
        return False
    running = not values.get("treated") and values.get("treatment") in ("reduce", "avoid", "share")
    until = day(values, "due")
    return not (running and until is not None and until >= today)


def accepting_role(rules: RisksFile, score: int, held: Collection[str]) -> str | None:
    """Return the role in which somebody accepts a risk of this size, if they hold one."""
    return next((role for role in rules.level(score).accepted_by if role in held), None)


def objections(
    rules: RisksFile,
    values: Mapping[str, Any],
    *,
    person: str,
    held: Collection[str],
    treaters: Collection[str],
    until: dt.date | None,
    given: bool,
    today: dt.date,
) -> list[Objection]:
    """Return everything that speaks against a person's accepting what is left of a risk.

    Which level it is follows from what is left today: a treatment that is only planned lowers
    nothing.

    :param held: the roles that the person carries.
    :param treaters: who carries the role of the risk's owner, and who wrote in its line.
    :param until: the day on which the acceptance ends; ``given``: whether something was said.
    """
    found: list[Objection] = []
    size = left(values, today)
    if size is None:
        found.append(Objection("entry", Message(UNMEASURED)))
    elif not rules.level(size).accepted_by:
        found.append(Objection("entry", Message(NEVER, {"level": _level(rules, size)})))
    elif accepting_role(rules, size, held) is None:
        found.append(Objection("entry", Message(ABOVE, {"level": _level(rules, size)})))
    if person in treaters:
        found.append(Objection("entry", Message(TREATS)))
    longest = today + dt.timedelta(days=rules.longest_acceptance_days)
    if until is None:
        found.append(Objection("until", Message(NO_DATE if given else EMPTY)))
    elif until <= today:
        found.append(Objection("until", Message(PAST)))
    elif until > longest:
        found.append(Objection("until", Message(TOO_FAR, {"days": rules.longest_acceptance_days})))
    return found


def _level(rules: RisksFile, size: int) -> Message:
    return Message(rules.level(size).label)
