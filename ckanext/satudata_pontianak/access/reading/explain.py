"""The policy's answer in words."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.plugins.toolkit as tk

from ...classification.rules.messages import Message
from ...classification.rules.policy import Answer
from ...msgids import N_

RULES = {
    "undeclared": N_("There is no such type of dataset here, so that nobody decides on it."),
    "not_governed": N_("This type of dataset needs no decision."),
    "undecided": N_(
        "No decision was made yet. Until then only the owner agency and those who "
        "check it can see it."
    ),
    "biasa": N_("The decision on it opens this dataset to everyone."),
    "terbatas": N_(
        "The decision on it limits the data to the owner agency, Walidata, PPID and "
        "the agencies named in it."
    ),
    "rahasia": N_("The decision on it closes this information; no file is kept."),
    "sangat_rahasia": N_("The decision on it closes this information; no file is kept."),
    "waiting": N_(
        "This version waits for a decision; it is seen by its uploader, the owner agency "
        "and whoever checks it."
    ),
    "held": N_("The data are held back until a person has cleared them."),
    "sealed": N_("This file is sealed and given to nobody."),
    "deleted": N_("This dataset was deleted."),
    "case_holder": N_("The open case lies on this person's desk."),
}
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


def reason(answer: Answer) -> Message:
    """Return why the policy answered so."""
    verdict = Message("Allowed.") if answer.allowed else Message("Not allowed.")
    rule = Message(RULES.get(answer.rule, RULES["undecided"]))
    return Message("%(verdict)s %(rule)s", {"verdict": verdict, "rule": rule})


def reader_labels(readers: Iterable[str]) -> list[str]:
    """Return who may, in the reader's language."""
    return [tk._(READERS[r]) for r in sorted(readers) if r in READERS]
