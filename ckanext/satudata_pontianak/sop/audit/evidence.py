"""Evidence sheets (``schemas/evidence.yaml``): what an assessor asks for, with measured numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec

from ... import paths
from ...msgids import N_
from ...surface.yaml_source import Basis, Source, Status, Text
from ..documents.definition import definitions
from .counted import NOTHING, Counted
from .tables import Cell, Share

Page = Literal["procedure", "requests", "sops", "transparency", "conformance", "jepin"]


@dataclass(frozen=True)
class Measured:
    """What the numbers are computed from."""

    conformance: Mapping[str, Any]
    transparency: Mapping[str, Any]
    events: Mapping[str, int]
    """How often each thing happened: event, or ``event:outcome`` where it was not done."""
    stock: Mapping[str, int]
    """How many there are now of datasets, scans and the like."""
    counted: Counted = NOTHING
    holdings: Mapping[str, float | None] = field(default_factory=dict)
    """How well the datasets that are decided now are described, readable and on time."""

    def happened(self, *events: str) -> int:
        """Return how often these things happened; a trailing dot stands for all that begin so."""
        return sum(
            count
            for name, count in self.events.items()
            if ":" not in name and any(_names(event, name) for event in events)
        )


def _names(event: str, name: str) -> bool:
    return name.startswith(event) if event.endswith(".") else name == event


def _stock(key: str) -> Callable[[Measured], Cell]:
    return lambda m: m.stock[key]


def _held(key: str) -> Callable[[Measured], Cell]:
    return lambda m: Share(m.holdings.get(key))


def _told(report: str, *way: str) -> Callable[[Measured], Cell]:
    def number(measured: Measured) -> Cell:
        found: Any = getattr(measured, report)
        for key in way:
            found = found[key]
        return found

    return number


def _happened(*events: str) -> Callable[[Measured], Cell]:
    return lambda m: m.happened(*events)


def _median_check(measured: Measured) -> Cell:
    """Return the median of the working days of Walidata's check, over all that it can end in."""
    rows = [
        r
        for r in measured.conformance["steps"]
        if r["agency"] is None and r["state"] == "verification" and r["step"] == "approve"
    ]
    return rows[0]["median"] if rows else None


NUMBERS: Mapping[str, tuple[str, Callable[[Measured], Cell]]] = {
    "datasets": (N_("Datasets under the workflow"), _stock("datasets")),
    "share_decided": (
        N_("Share of datasets with a decision in force"),
        lambda m: Share(
            round(m.stock["decided"] / m.stock["datasets"], 4) if m.stock["datasets"] else None
        ),
    ),
    "decisions_in_force": (
        N_("Decisions in force"),
        _told("conformance", "decisions", "in_force"),
    ),
    "decisions_taken": (N_("Decisions taken"), _told("conformance", "decisions", "taken")),
    "decisions_expired": (
        N_("Decisions in force past their end"),
        _told("conformance", "decisions", "expired"),
    ),
    "share_as_written": (
        N_("Share that ran as written"),
        lambda m: Share(m.conformance["cases"]["share_as_written"]),
    ),
    "deviations": (N_("Deviations"), _told("conformance", "deviations", "total")),
    "late_steps": (
        N_("Steps after their deadline"),
        lambda m: m.conformance["deviations"]["by_code"].get("late", 0),
    ),
    "cases_overdue": (
        N_("Open cases past their deadline"),
        _told("conformance", "cases", "overdue"),
    ),
    "median_check": (N_("Median of working days until Walidata approved"), _median_check),
    "returned": (N_("Proposals returned to the owner agency"), _happened("case.return")),
    "requests_asked": (N_("Requests for access"), _told("transparency", "requests", "asked")),
    "requests_answered": (
        N_("Requests for access answered"),
        _told("transparency", "requests", "answered"),
    ),
    "objections": (N_("Objections"), _told("transparency", "requests", "objections")),
    "subjects_in_time": (
        N_("Requests of data subjects answered within 3 × 24 hours"),
        _stock("subjects_in_time"),
    ),
    "subjects_late": (
        N_("Requests of data subjects answered later"),
        _stock("subjects_late"),
    ),
    "subjects_open": (N_("Open requests of data subjects"), _stock("subjects_open")),
    "subjects_overdue": (
        N_("Open requests of data subjects past their deadline"),
        _stock("subjects_overdue"),
    ),
    "holds_placed": (N_("Holds placed"), _told("conformance", "holds", "placed")),
    "holds_active": (N_("Holds in force"), _told("conformance", "holds", "active")),
    "incidents": (N_("Incidents"), _told("transparency", "incidents")),
    "emergency_access": (
        N_("Times that emergency access was begun"),
        _told("transparency", "emergency_access"),
    ),
    "refused_attempts": (
        N_("Refused attempts"),
        lambda m: sum(n for name, n in m.events.items() if name.endswith(":refused")),
    ),
    "reads_recorded": (N_("Recorded reads of data that are not open"), _happened("data.read")),
    "findings_resolved": (N_("Findings resolved by a person"), _happened("finding.resolve")),
    "versions_purged": (N_("Purges of files after their time"), _happened("version.purge")),
    "duties_changed": (
        N_("Changes of members, duties and delegations"),
        _happened("member.", "agency.", "delegation."),
    ),
    "ledger_entries": (N_("Entries in the ledger"), lambda m: sum(m.events.values())),
    "ledger_signed": (
        N_("Share of the ledger that is signed"),
        lambda m: Share(
            round(m.counted.signed / m.counted.entries, 4) if m.counted.entries else None
        ),
    ),
    "with_standard": (N_("Share of datasets with all parts of the standard"), _held("standard")),
    "with_metadata": (N_("Share of datasets with all required metadata"), _held("described")),
    "with_table": (N_("Share of datasets that a program reads as a table"), _held("readable")),
    "with_codes": (N_("Share of datasets whose area and affair are codes"), _held("coded")),
    "with_schedule": (
        N_("Share of datasets with a day or frequency of release"),
        _held("scheduled"),
    ),
    "on_time": (N_("Share of datasets that are not late by the calendar"), _held("on_time")),
    "age_months": (
        N_("Median of months from the end of the newest period to the day the data came"),
        lambda m: m.holdings.get("age_months"),
    ),
    "period_in_rows": (
        N_("Share of datasets whose newest period stands in the rows; else the declared year"),
        _held("from_rows"),
    ),
    "median_answer": (
        N_("Median of working days until a request was answered"),
        _told("transparency", "requests", "median_days"),
    ),
    "grants_running": (N_("Running grants of access"), _stock("grants")),
    "scans": (N_("Scanned files"), _stock("scans")),
    "scans_with_findings": (N_("Scanned files with findings"), _stock("findings")),
    "scans_failed": (N_("Files that could not be read"), _stock("failed")),
    "versions_masked": (N_("Files made by masking"), _stock("masked")),
}


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked for under one code, and what answers.

    ``also``: codes of the same in a framework of before.
    """

    code: Text
    label: Text
    help: Text
    numbers: tuple[str, ...] = ()
    sops: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def codes(self) -> str:
        """Return its code, with those of before."""
        return f"{self.code} ({', '.join(self.also)})" if self.also else self.code


class Framework(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A set of codes with the text that they stand in."""

    label: Text
    basis: Basis
    sheets: Annotated[tuple[Sheet, ...], msgspec.Meta(min_length=1)]
    status: Status | None = None
    name: str = ""

    @property
    def secondary(self) -> bool:
        """Codes or their structure were not read in the text itself."""
        return (self.status or self.basis["status"]) != "verified"


class EvidenceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``evidence.yaml``, checked."""

    version: Text
    frameworks: dict[str, Framework]

    @classmethod
    def of(cls, source: Source, sops: Collection[str]) -> EvidenceFile:
        """Return what ``source`` holds, checked.

        :param sops: the names of the SOPs.
        :raises DefinitionError: naming line and reason.
        """
        file = source.shaped(cls)
        for name, framework in file.frameworks.items():
            where = ("frameworks", name, "sheets")
            codes = {sheet.code for sheet in framework.sheets}
            source.require("a code stands twice", len(codes) == len(framework.sheets), *where)
            for number, sheet in enumerate(framework.sheets):
                source.known("number", sheet.numbers, NUMBERS, *where, number, "numbers")
                source.known("SOP", sheet.sops, sops, *where, number, "sops")
        return file


@lru_cache(maxsize=1)
def evidence_file() -> EvidenceFile:
    """Return the sheets in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    source = Source.read(paths.schemas() / "evidence.yaml")
    return EvidenceFile.of(source, definitions().sop.documents)


def measured(data: Measured) -> dict[str, Cell]:
    """Return every number by its name."""
    return {name: number(data) for name, (_, number) in NUMBERS.items()}
