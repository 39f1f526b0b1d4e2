"""The policy's answer in words."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.plugins.toolkit as tk

from ...classification.rules.axes import classification
from ...classification.rules.policy import Answer, Channel
from ...messages import Message
from ...msgids import N_

RULES = {
    "undeclared": N_("There is no such type of dataset here, so that nobody decides on it."),
    "not_governed": N_("This type of dataset needs no decision."),
    "undecided": N_(
        "No decision was made yet. Until then only the owner agency and those who "
        "check it can see it."
    ),
    "waiting": N_(
        "This version waits for a decision; it is seen by its uploader, the owner agency "
        "and whoever checks it."
    ),
    "held": N_("The data are held back until a person has cleared them."),
    "superseded": N_(
        "A newer version took the place of this one, and this one is not given out now."
    ),
    "sealed": N_("This file is sealed and given to nobody."),
    "deleted": N_("This dataset was deleted."),
    "case_holder": N_("The open case lies on this person's desk."),
}
OPEN = N_("The decision on it opens this dataset to everyone.")
LIMITED = N_("The decision on it limits the data to: %(readers)s.")
CLOSED = N_("The decision on it closes this information; no file is kept.")
READERS = {
    "everyone": N_("everyone"),
    "owner_publishers": N_("the owner agency's editors and admins"),
    "owner_admins": N_("the owner agency's admins"),
    "owner_members": N_("the owner agency's members"),
    "walidata": N_("Walidata"),
    "ppid": N_("PPID"),
    "atasan_ppid": N_("PPID's superior"),
    "pengawas": N_("the supervisor"),
    "case_holder": N_("whoever holds the open case"),
    "case_duties": N_("whoever holds or held a step of the case"),
    "recipients": N_("members of the recipient agencies"),
    "grantees": N_("people with a grant"),
    "uploader": N_("whoever uploaded the file"),
    "sysadmin": N_("system administrators"),
}
WITHIN = {
    "owner_members": {"owner_publishers", "owner_admins"},
    "owner_publishers": {"owner_admins"},
}
"""Who is among whom."""
DATA = Channel.DATA.value


def reason(answer: Answer) -> Message:
    """Return why the policy answered so."""
    verdict = Message("Allowed.") if answer.allowed else Message("Not allowed.")
    rule = _of_level(answer.rule) or Message(RULES.get(answer.rule, RULES["undecided"]))
    return Message("%(verdict)s %(rule)s", {"verdict": verdict, "rule": rule})


def because(rule: str) -> Message:
    """Return why data are not given, where who may have them stands beside it.

    :param rule: of the policy's answer.
    """
    level = classification().levels.get(rule)
    if level is not None and not level.open and classification().visibility[rule][DATA]:
        return Message(N_("The decision on it limits the data to some readers."))
    return _of_level(rule) or Message(RULES.get(rule, RULES["undecided"]))


def _of_level(name: str) -> Message | None:
    """Return what a decision at this level means, as the definition has it; of no level nothing."""
    rules = classification()
    level = rules.levels.get(name)
    if level is None:
        return None
    if level.open:
        return Message(OPEN)
    may = rules.visibility[name][DATA]
    if not may:
        return Message(CLOSED)
    return Message(LIMITED, {"readers": [Message(READERS[r]) for r in READERS if r in may]})


def reader_labels(readers: Iterable[str]) -> list[str]:
    """Return who may, in the reader's language."""
    return [tk._(READERS[r]) for r in _widest(readers)]


def _widest(readers: Iterable[str]) -> list[str]:
    """Return who may, nobody twice: members of an agency are its editors and admins as well."""
    may = set(readers)
    for wider, narrower in WITHIN.items():
        if wider in may:
            may -= narrower
    return [r for r in READERS if r in may]
