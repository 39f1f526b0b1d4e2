"""Findings and what people said of them: pure rules over a scan's report.

A resolution is bound to the bytes (SHA-256), the place and the kind: new bytes, a new place or
a new kind is a new finding. Source: design section 3 (Findings); UU 27/2022 article 4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..msgids import N_
from .axes import FindingRules
from .messages import InvalidFields, Message, Refused, check_reason

FALSE_ALARM = "false_alarm"
LAWFUL = "lawfully_public"
INSPECTED = "inspected"
RESOLUTIONS = (FALSE_ALARM, LAWFUL, INSPECTED)

Place = tuple[str, str, str]


@dataclass(frozen=True)
class Said:
    """What somebody said of one finding, and who."""

    resolution: str
    by: str | None = None


def column_key(item: Mapping[str, Any]) -> str:
    """Return the name of a column, or its number where it has none."""
    name = item.get("column")
    return f"#{item.get('index')}" if name is None else str(name)


def place(item: Mapping[str, Any]) -> Place:
    """Return table, column and kind: what a resolution is bound to within the bytes."""
    return (str(item.get("table") or ""), column_key(item), str(item["kind"]))


INSPECTION: Place = ("", "", INSPECTED)


def is_inspectable(reason: str | None, rules: FindingRules) -> bool:
    """Tell whether a failed scan is of content that is merely unreadable."""
    return reason in rules.inspectable


@dataclass(frozen=True)
class Outcome:
    """How the resolutions stand to a report."""

    resolved: bool
    lawfully_public: bool
    inspected: bool


def outcome(
    verdict: str,
    reason: str | None,
    items: Sequence[Mapping[str, Any]],
    said: Mapping[Place, Said],
    rules: FindingRules,
) -> Outcome:
    """Tell whether every finding of a report is resolved, and how."""
    answers = [said.get(place(item)) for item in items]
    every = all(a is not None and a.resolution in (FALSE_ALARM, LAWFUL) for a in answers)
    lawful = [a for a in answers if a is not None and a.resolution == LAWFUL]
    return Outcome(
        resolved=every,
        lawfully_public=every and bool(lawful),
        inspected=(verdict == "failed" and is_inspectable(reason, rules) and INSPECTION in said),
    )


def standing(said: Mapping[Place, Said], proposers: Collection[str]) -> dict[Place, Said]:
    """Return what counts in a case: nothing that its proposers said, before or after.

    A resolution outlives its case, so who gave it may be a proposer of a later one.
    """
    return {where: item for where, item in said.items() if item.by not in proposers}


def strict_resolvers(
    items: Sequence[Mapping[str, Any]], said: Mapping[Place, Said], rules: FindingRules
) -> set[str]:
    """Return who called a strict finding a false alarm, or inspected the content.

    They do not approve these bytes, in whatever case, and in none, they said it.
    """
    strict = {place(i) for i in items if rules.is_strict(str(i["kind"]), i.get("class"))}
    return {
        item.by
        for where, item in said.items()
        if item.by and (where == INSPECTION or (where in strict and item.resolution == FALSE_ALARM))
    }


NOT_ALLOWED = N_(
    "'%(kind)s' is never lawfully public. Return the file, or refer it to PPID; only a false "
    "alarm can be resolved."
)


def check(
    resolution: str,
    item: Mapping[str, Any] | None,
    reason: str,
    ground: str | None,
    failure: str | None,
    rules: FindingRules,
) -> bool:
    """Check one resolution; return whether it is a strict one.

    :param item: the finding; ``None`` for an inspection.
    :param failure: why the scan failed, for an inspection.
    :returns: whether who resolved it may not approve the case: so it is for a strict kind
        called a false alarm, and for an inspection.
    :raises InvalidFields: resolution unknown, reason too short, ground missing.
    :raises Refused: this finding cannot be resolved so.
    """
    errors: dict[str, list[Message]] = {}
    if resolution not in RESOLUTIONS:
        known = ", ".join(RESOLUTIONS)
        errors["resolution"] = [Message("Choose one of: %(choices)s.", {"choices": known})]
    errors.update(check_reason(reason))
    if resolution == LAWFUL and ground not in rules.grounds:
        known = ", ".join(rules.grounds)
        errors["ground"] = [Message("Choose one of: %(choices)s.", {"choices": known})]
    if errors:
        raise InvalidFields(errors)
    if resolution == INSPECTED:
        if not is_inspectable(failure, rules):
            raise Refused(
                "not_inspectable",
                Message(N_("What is broken or hostile is not inspected. Upload another file.")),
            )
        return True
    if item is None:
        raise Refused("no_finding", Message(N_("There is no such finding in this version.")))
    strict = rules.is_strict(str(item["kind"]), item.get("class"))
    if strict and resolution == LAWFUL:
        raise Refused("never_lawful", Message(NOT_ALLOWED, {"kind": item["kind"]}))
    return strict and resolution == FALSE_ALARM
