"""What a scan returns: dataclasses, and their JSON form (docs: ``satudata scan --json``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from .finding import Finding
from .reasons import Reason
from .sentences import explain
from .totals import TOTAL, TYPES


class Verdict(StrEnum):
    """The three answers. Whatever is neither read completely nor empty of findings fails."""

    CLEAR = "clear"
    FINDINGS = "findings"
    FAILED = "failed"


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as reports tell it, with its sentence."""
    return {
        "kind": finding.kind,
        "count": finding.count,
        "share": round(finding.share, 6),
        "score": round(finding.score, 2),
        "class": finding.personal_class.value,
        "hard": finding.hard,
        "reason": finding.reason.code,
        "explanation": explain(finding.reason),
        "sample": finding.sample,
        "where": finding.where.to_json() if finding.where else None,
    }


@dataclass(frozen=True)
class Column:
    """A column by its position from 0; ``name`` is None where the table has no heading.

    ``type`` and ``total`` are those of :mod:`.totals`; a column with findings has no total.
    """

    index: int
    name: str | None
    findings: tuple[Finding, ...] = ()
    type: str | None = None
    total: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "index": self.index,
            "name": self.name,
            "type": self.type,
            "total": None if self.findings else self.total,
            "findings": [finding_json(f) for f in self.findings],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Column:
        name, kind, total = data["name"], data.get("type"), data.get("total")
        if kind not in (None, *TYPES) or not (total is None or TOTAL.match(total)):
            raise ValueError("a type or a total is not one")
        findings = tuple(Finding.from_json(f) for f in data["findings"])
        return cls(
            index=int(data["index"]),
            name=None if name is None else str(name),
            findings=findings,
            type=kind,
            total=None if findings else total,
        )


@dataclass(frozen=True)
class Table:
    """A sheet or a delimited file; also the text beside the cells, when it reveals something.

    ``person_level`` says whether a row is a person, ``level_reason`` by which evidence.
    """

    name: str | None
    rows: int
    person_level: bool
    columns: tuple[Column, ...]
    level_reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "rows": self.rows,
            "person_level": self.person_level,
            "level_reason": self.level_reason,
            "level_explanation": explain(self.level_reason) if self.level_reason else None,
            "columns": [c.to_json() for c in self.columns],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Table:
        name, why = data["name"], data.get("level_reason")
        return cls(
            name=None if name is None else str(name),
            rows=int(data["rows"]),
            person_level=bool(data["person_level"]),
            columns=tuple(Column.from_json(c) for c in data["columns"]),
            level_reason=None if why is None else str(why),
        )


@dataclass(frozen=True)
class FileReport:
    """The verdict over one file. ``reason`` is set exactly when it failed."""

    path: str
    verdict: Verdict
    reason: Reason | None
    tables: tuple[Table, ...]
    ruleset: str

    @classmethod
    def failed(cls, path: str, ruleset: str, code: str, **params: str) -> FileReport:
        return cls(path, Verdict.FAILED, Reason(code, params), (), ruleset)

    def at(self, path: str) -> FileReport:
        return replace(self, path=path)

    def without_totals(self) -> FileReport:
        tables = tuple(
            replace(t, columns=tuple(replace(c, total=None) for c in t.columns))
            for t in self.tables
        )
        return replace(self, tables=tables)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(f for t in self.tables for c in t.columns for f in c.findings)

    def to_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "verdict": self.verdict.value,
            "reason": self.reason.code if self.reason else None,
            "params": dict(self.reason.params) if self.reason else {},
            "explanation": explain(self.reason) if self.reason else None,
            "tables": [t.to_json() for t in self.tables],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], ruleset: str) -> FileReport:
        """Rebuild a report; raise ``KeyError``, ``TypeError`` or ``ValueError`` if it is not one.

        A report that contradicts itself is refused, so that no garbled output can be clear.
        """
        verdict = Verdict(data["verdict"])
        reason = data["reason"]
        params = {str(k): str(v) for k, v in data["params"].items()}
        report = cls(
            path=str(data["path"]),
            verdict=verdict,
            reason=None if reason is None else Reason(str(reason), params),
            tables=tuple(Table.from_json(t) for t in data["tables"]),
            ruleset=ruleset,
        )
        consistent = {
            Verdict.FAILED: report.reason is not None,
            Verdict.FINDINGS: report.reason is None and bool(report.findings),
            Verdict.CLEAR: report.reason is None and not report.findings,
        }
        if not consistent[verdict]:
            raise ValueError("the verdict does not agree with the findings")
        return report


def to_json(reports: Iterable[FileReport], ruleset: str) -> dict[str, Any]:
    """Return the document that ``satudata scan --json`` prints."""
    return {"ruleset": ruleset, "files": [r.to_json() for r in reports]}


def findings_key(report: FileReport) -> frozenset[tuple[str | None, str, str]]:
    """Return the set of (table, column, kind); a column without a heading is ``#index``."""
    return frozenset(
        (table.name, f"#{column.index}" if column.name is None else column.name, finding.kind)
        for table in report.tables
        for column in table.columns
        for finding in column.findings
    )
