"""Warnings that repeat a rule of a definition: named in ``sop.yaml``, told from the rule itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...classification.rules.workflow import PART_LABELS
from ...messages import Message
from .definition import Definitions, Warned


def warning(defs: Definitions, item: Warned) -> Message:
    """Return a warning: a sentence of ``sop.yaml``, or the rule that it names."""
    return Message(item.label) if item.label else RULES[item.rule](defs)


def no_files(defs: Definitions) -> Message:
    """Return which levels keep no files."""
    rules = defs.classification
    levels = [n for n, level in rules.levels.items() if not level.stores_files]
    return Message(
        "At these levels no file may be stored: %(levels)s.",
        {"levels": [Message(rules.label("tingkat_keamanan", n)) for n in levels]},
    )


def different_people(defs: Definitions) -> Message:
    """Return the parts of a case that must be taken by different people."""
    parts = dict.fromkeys(p for t in defs.workflow.transitions.values() for p in t.exclude)
    return Message(
        "These parts of one case are taken by different people: %(parts)s.",
        {"parts": [Message(PART_LABELS.get(part, part)) for part in parts]},
    )


def review_before_end(defs: Definitions) -> Message:
    """Return when a case opens before a decision ends."""
    return Message(
        "A review begins %(days)s working days before a decision ends. After its end nothing opens "
        "by itself.",
        {"days": defs.workflow.review_before_working_days},
    )


def strict_findings(defs: Definitions) -> Message:
    """Return which findings are never lawfully public."""
    strict = defs.classification.findings.strict
    kinds = [kind.replace("_", " ").upper() for kind in sorted(strict.kinds)]
    classes = [
        Message(defs.classification.label("data_pribadi", c)) for c in sorted(strict.classes)
    ]
    return Message(
        "Never lawfully public: %(kinds)s. As a false alarm they are resolved only by somebody "
        "other than who approves.",
        {"kinds": [*kinds, *classes]},
    )


def undecided_kept(defs: Definitions) -> Message:
    """Return how long undecided bytes are kept."""
    return Message(
        "Files that nobody decided are kept for %(days)s days.",
        {"days": defs.classification.retention.undecided_days},
    )


def hold_escalates(defs: Definitions) -> Message:
    """Return when a hold comes to PPID's desk."""
    return Message(
        "A hold that stands for %(days)s working days comes to PPID's desk; the hold stays.",
        {"days": defs.classification.holds.escalate_after_working_days},
    )


def extended_once(defs: Definitions) -> Message:
    """Return by how much an answer may be put off."""
    return Message(
        "The deadline of an answer is extended at most once, by %(days)s working days.",
        {"days": defs.requests.extension.working_days},
    )


def objection_within(defs: Definitions) -> Message:
    """Return until when a refusal may be objected to."""
    return Message(
        "Whoever was refused may object within %(days)s working days.",
        {"days": defs.requests.objection.within_working_days},
    )


def access_ends(defs: Definitions) -> Message:
    """Return how long access lasts at most, road by road."""
    return Message(
        "Access is for one person and ends after at most: %(roads)s.",
        {
            "roads": [
                Message(
                    "%(road)s: %(days)s days", {"road": Message(r.label), "days": r.longest_days}
                )
                for r in defs.requests.roads.values()
            ]
        },
    )


def may_withdraw(defs: Definitions) -> Message:
    """Return that a request may be taken back."""
    return Message(defs.requests.withdraw.step)


RULES: Mapping[str, Callable[[Definitions], Message]] = {
    f.__name__: f
    for f in (
        no_files,
        different_people,
        review_before_end,
        strict_findings,
        undecided_kept,
        hold_escalates,
        extended_once,
        objection_within,
        access_ends,
        may_withdraw,
    )
}
