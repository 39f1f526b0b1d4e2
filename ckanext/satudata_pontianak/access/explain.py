"""The policy's answer in words."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.plugins.toolkit as tk

from ..classification.messages import Message
from ..classification.policy import Answer

RULES = {
    "not_governed": "This type of dataset needs no decision.",
    "undecided": "No decision was made yet. Until then only the owner agency and those who "
    "check it can see it.",
    "biasa": "The decision in force opens this dataset to everyone.",
    "terbatas": "The decision in force limits the data to the owner agency, Walidata, PPID and "
    "the agencies named in it.",
    "rahasia": "The decision in force closes this information; no file is kept.",
    "sangat_rahasia": "The decision in force closes this information; no file is kept.",
    "waiting": "This version waits for a decision; it is seen by its uploader, the owner agency "
    "and whoever checks it.",
    "held": "The data are held back until a person has cleared them.",
    "sealed": "This file is sealed and given to nobody.",
    "deleted": "This dataset was deleted.",
    "case_holder": "The open case lies on this person's desk.",
}
READERS = {
    "everyone": "everyone",
    "owner_publishers": "the owner agency's editors and admins",
    "owner_admins": "the owner agency's admins",
    "owner_members": "the owner agency's members",
    "walidata": "Walidata",
    "ppid": "PPID",
    "atasan_ppid": "PPID's superior",
    "pengawas": "the supervisor",
    "case_holder": "whoever holds the open case",
    "case_duties": "whoever holds or held a step of the case",
    "recipients": "members of the recipient agencies",
    "grantees": "people with a grant",
    "uploader": "whoever uploaded the file",
    "sysadmin": "system administrators",
}


def reason(answer: Answer) -> Message:
    """Return why the policy answered so."""
    verdict = Message("Allowed.") if answer.allowed else Message("Not allowed.")
    rule = Message(RULES.get(answer.rule, RULES["undecided"]))
    return Message("%(verdict)s %(rule)s", {"verdict": verdict, "rule": rule})


def reader_labels(readers: Iterable[str]) -> list[str]:
    """Return who may, in the reader's language."""
    return [tk._(READERS[r]) for r in sorted(readers) if r in READERS]
