"""Findings and what people said of them: pure rules over a scan's report.

A resolution is bound to the bytes (SHA-256), the place, the kind and the rule that found it: new
bytes, a new place, a new kind or a changed rule is a new finding. Whether a rule changed is said
by kind (:mod:`.disclosure.ruleset`), so that a ruleset that knows one kind better
does not ask again about all others. What lapsed is offered for confirmation.
Source: design section 3 (Findings); UU 27/2022 article 4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...messages import Message
from ...msgids import N_
from . import kind_names
from .axes import FindingRules
from .refusals import InvalidFields, Refused, check_reason

FALSE_ALARM = "false_alarm"
LAWFUL = "lawfully_public"
INSPECTED = "inspected"
RESOLUTIONS = (FALSE_ALARM, LAWFUL, INSPECTED)

Place = tuple[str, str, str]

METADATA = "metadata:"
"""Before the name of a field: where a finding in a dataset's own texts stands."""


@dataclass(frozen=True)
class Said:
    """What somebody said of one finding, and who."""

    resolution: str
    by: str | None = None
    rule: str = ""
    carried: bool = False
    """It was said of the file before, and stands for this one: :mod:`.signatures`."""


RULES = "rules"
"""Where a scan's report keeps kind → its rule, for those that are older than the ruleset."""


def rule_of(ruleset: str, report: Mapping[str, Any], kind: str) -> str:
    """Return the rule by which a scan looks for a kind: the ruleset that changed it last."""
    return str((report.get(RULES) or {}).get(kind, ruleset))


def lasting(
    said: Mapping[Place, Said], ruleset: str, report: Mapping[str, Any]
) -> dict[Place, Said]:
    """Return what still stands under the rules of a scan; the rest lapsed.

    :param said: what was said of the same bytes, under whatever rules.
    """
    return {
        where: item
        for where, item in said.items()
        if item.rule == rule_of(ruleset, report, where[2])
    }


def of_texts(
    items: Sequence[Mapping[str, Any]], answers: Mapping[str, Mapping[Place, Said]]
) -> dict[Place, Said]:
    """Return place → what stands, for the findings in a dataset's texts.

    :param answers: digest of a text in its place → place → what was said there.
    """
    found = {place(item): answers.get(str(item["digest"]), {}) for item in items}
    return {where: said[where] for where, said in found.items() if where in said}


BYTES, RULE = "bytes", "rule"


@dataclass(frozen=True)
class Earlier:
    """What somebody said of such a finding before, and why it does not count any more.

    ``lapsed``: ``bytes`` where the content changed, ``rule`` where the rule did.
    """

    id: str
    sha256: str
    where: Place
    resolution: str
    ground: str | None
    reason: str
    at: str
    lapsed: str = BYTES


def offered(
    sha256: str | None, open_places: Collection[Place], before: Sequence[Earlier]
) -> dict[Place, Earlier]:
    """Return place → the earlier answer that may be confirmed there, the newest of each place.

    An inspection is offered for the very bytes only: other bytes have to be read anew.

    :param open_places: where findings are that nothing stands of.
    :param before: what was said in the same file of the dataset, newest first.
    """
    result: dict[Place, Earlier] = {}
    for item in before:
        same = item.sha256 == sha256
        if item.where in open_places and item.where not in result:
            if item.where == INSPECTION and not same:
                continue
            result[item.where] = replace(item, lapsed=RULE if same else BYTES)
    return result


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
        raise Refused(
            "never_lawful", Message(NOT_ALLOWED, {"kind": kind_names.called(str(item["kind"]))})
        )
    return strict and resolution == FALSE_ALARM
