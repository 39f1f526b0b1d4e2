"""What codes are called on a page. Every text goes through gettext when it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import ckan.plugins.toolkit as tk

from ...classification.rules.axes import classification
from ...classification.rules.kind_names import KINDS
from ...msgids import NP_


def _(message: str) -> str:
    """Mark a message id for extraction without translating it here."""
    return message


class Look(NamedTuple):
    """How a level or verdict is shown: text and icon say it, colour only helps."""

    label: str
    icon: str
    css: str


LEVELS = {
    "biasa": Look(_("Open data"), "unlock", "open"),
    "terbatas": Look(_("Limited data"), "lock", "limited"),
    "rahasia": Look(_("Secret"), "ban", "closed"),
    "sangat_rahasia": Look(_("Top secret"), "ban", "closed"),
    # In the place of a level, while somebody checks.
    "held": Look(_("Held back for now"), "hand", "closed"),
}
UNDECIDED = Look(_("Not decided yet"), "hourglass-half", "undecided")

VERDICTS = {
    "clear": Look(_("Nothing found"), "check-circle", "clear"),
    "findings": Look(_("Personal data found"), "exclamation-triangle", "findings"),
    "failed": Look(_("Could not be checked"), "times-circle", "failed"),
    "pending": Look(_("Check still running"), "hourglass-half", "pending"),
}

CASE_KINDS = {
    "classify": _("Classification"),
    "remove": _("Removal"),
    "move": _("Move to another agency"),
}

REASONS = {
    "new_dataset": _("New dataset"),
    "new_bytes": _("New or changed files"),
    "changed_axes": _("Changed classification"),
    "waiting_versions": _("Files that arrived during the last case"),
    "period_ends": _("The decision ends or is due for review"),
    "held_long": _("Held for long"),
    "link_changed": _("What is behind a link changed"),
    "new_findings": _("A new scan found something in what is served"),
    "adopted": _("Dataset from before this portal"),
}

# UU 14/2008, article 17: what each letter protects, in a few words.
EXEMPTIONS = {
    "a": _("a – hinders law enforcement"),
    "b": _("b – harms intellectual property or fair competition"),
    "c": _("c – endangers defence and security of the state"),
    "d": _("d – reveals natural wealth of Indonesia"),
    "e": _("e – harms national economic resilience"),
    "f": _("f – harms foreign relations"),
    "g": _("g – reveals an authentic deed of a personal kind, or a last will"),
    "h": _("h – reveals a personal secret"),
    "i": _("i – confidential memorandum or letter between or within public bodies"),
    "j": _("j – may not be disclosed under a law"),
}

# UU 27/2022, article 20: on what personal data are processed.
PROCESSING = {
    "persetujuan": _("consent"),
    "perjanjian": _("contract"),
    "kewajiban_hukum": _("legal obligation"),
    "kepentingan_vital": _("vital interest"),
    "tugas_publik": _("task in the public interest, public service or authority"),
    "kepentingan_sah": _("legitimate interest"),
}

CHOICES = {
    "pasal_pengecualian": EXEMPTIONS,
    "dasar_pemrosesan": PROCESSING,
    "lanjut": {"walidata": "Walidata"},
}


RESOLUTIONS = {
    "false_alarm": _("False alarm"),
    "lawfully_public": _("Personal data that may lawfully be public"),
    "inspected": _("Inspected by a person"),
}
GROUNDS = {
    "jabatan": _("It belongs to an office that the person holds"),
    "persetujuan": _("The person agreed to it"),
    "peraturan": _("A statute says so"),
}
ADVICE = {
    "rows": _("delete these rows from the file"),
    "drop": _("remove the column"),
    "mask": _("mask the values"),
    "generalise": _("make them coarser, such as age bands or kelurahan"),
    "aggregate": _("publish counts instead of rows"),
    "raise": _("propose a higher level"),
    "rewrite": _("take it out of the text"),
}
CITY_POLICY = _("Protected by the city's own policy")
LAPSED = {
    "bytes": _("the content changed since"),
    "rule": _("the rule of the check changed since"),
}
HOLD_SCOPES = {
    "data": _("The data only; the description stays visible"),
    "all": _("Everything, also that the dataset exists"),
}
SCANS_OF_CASE = {
    "clear": _("nothing found in the files"),
    "findings": _("personal data found in the files"),
    "failed": _("files could not be checked"),
    "pending": _("check still running"),
    "none": _("no file"),
}

LIKENESS = {
    "new": _("nothing decided before"),
    "unchanged": _("classification and columns unchanged"),
    "changed": _("classification or columns changed"),
}
COLUMN_TYPES = {
    "number": NP_("kind of values", "number"),
    "date": _("date"),
    "text": _("text"),
    "empty": _("empty"),
}


def level(name: str | None) -> Look:
    """Return how a level is shown; without a decision it says so."""
    return _told(LEVELS.get(name or "", UNDECIDED))


def verdict(name: str) -> Look:
    """Return how the verdict of a scan is shown; what is unknown was not checked."""
    return _told(VERDICTS.get(name, VERDICTS["failed"]))


def _told(look: Look) -> Look:
    return look._replace(label=tk._(look.label))


def kind(name: str) -> str:
    """Return what a kind of personal data is called."""
    return tk._(KINDS[name]) if name in KINDS else name


def case_kind(name: str) -> str:
    """Return what a kind of case is called."""
    return tk._(CASE_KINDS[name]) if name in CASE_KINDS else name


def reason(name: str) -> str:
    """Return why a case was opened; a person's own words stay as they are.

    What came later, such as the day on which a decision is reviewed, stands behind it.
    """
    words, later = name.split(" "), []
    while words and words[-1] in REASONS:
        later.insert(0, tk._(REASONS[words.pop()]))
    return "; ".join(filter(None, [" ".join(words), *later]))


def choice(field: str, value: str) -> str:
    """Return what a choice of a field is called."""
    label = CHOICES.get(field, {}).get(value)
    return tk._(label) if label else value


def resolution(name: str) -> str:
    """Return what somebody said of a finding."""
    return tk._(RESOLUTIONS[name]) if name in RESOLUTIONS else name


def ground(name: str) -> str:
    """Return on which ground personal data is lawfully public."""
    return tk._(GROUNDS[name]) if name in GROUNDS else name


def advice(names: Iterable[str]) -> str:
    """Return what may be done about a finding, as one sentence."""
    *others, last = [tk._(ADVICE[name]) for name in names if name in ADVICE] or [""]
    if not others:
        return last
    return tk._("%(others)s, or %(last)s") % {"others": ", ".join(others), "last": last}


def personal_class(name: str) -> str:
    """Return which class of personal data a finding is."""
    if name == "kebijakan_kota":
        return tk._(CITY_POLICY)
    return tk._(classification().label("data_pribadi", name))


def lapsed(name: str) -> str:
    """Return why an earlier answer does not count any more."""
    return tk._(LAPSED[name]) if name in LAPSED else name


def hold_scope(name: str) -> str:
    """Return what a hold covers."""
    return tk._(HOLD_SCOPES[name]) if name in HOLD_SCOPES else name


def scan_of_case(name: str) -> str:
    """Return the worst verdict over the files of a case."""
    return tk._(SCANS_OF_CASE[name]) if name in SCANS_OF_CASE else name


def likeness(name: str) -> str:
    """Return how a case stands to what is decided."""
    return tk._(LIKENESS[name]) if name in LIKENESS else name


def column_type(name: str) -> str:
    """Return what a type of column is called."""
    return tk._(COLUMN_TYPES[name]) if name in COLUMN_TYPES else name
