"""How scans are shown: what was found, what was said of it, and what was said of it before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies.rules.duties import Actor
from ...disclosure.anonymising.suggesting import advice
from ...disclosure.places import is_outside, removal, told
from ...disclosure.sentences import explain
from ...messages import Message
from ...msgids import N_
from ..records import reads, rulesets, text_findings
from ..records.case_reads import Loaded
from ..records.model import Scan, Version
from ..rules import anonymity, findings
from ..rules.axes import classification
from ..rules.policy import Channel, Facts, VersionFacts, as_governed, decide
from ..rules.signatures import signs
from ..versions import comparison
from ..versions.table_state import Tabled
from . import answers, evidence


def moment(value: dt.datetime | None) -> str | None:
    """Return a moment as ISO text."""
    return value.isoformat() if value else None


def served_scans(package_id: str) -> list[answers.Scan]:
    """Return the scan of each version that is served, by the names of the files."""
    found = [version for _, version in reads.pointers_of([package_id]).values()]
    known = reads.scans_of([v.id for v in found])
    said = reads.answers_of(found, known)
    ordered = sorted(found, key=lambda v: (v.filename or "", v.id))
    return [scan_dict(v, known.get(v.id), said.get(v.id, {})) for v in ordered]


def scan_item(loaded: Loaded, version: Version, actor: Actor, facts: Facts) -> answers.Scan:
    """Return a version's scan; ``compared`` where it waits beside an approved one, else ``None``.

    Totals say something of the data themselves: they go to who may have both versions.
    """
    files = loaded.files
    scan, old = files.scans.get(version.id), files.served.get(version.resource_id)
    said = loaded.said.get(version.id, {})
    item: answers.Scan = {**scan_dict(version, scan, said), "compared": None}
    before = files.scans.get(old.id) if old is not None and old.id != version.id else None
    if before is not None and scan is not None and old is not None:
        totals = all(
            decide(actor, facts, Channel.DATA, VersionFacts(v is old, v.sealed, v.uploaded_by))
            for v in (version, old)
        )
        item["compared"] = comparison.compare(before.report, scan.report, totals=totals)
    return item


def in_short(loaded: Loaded) -> list[answers.Checked]:
    """Return of each version of a case whether it was masked here, and how much was found.

    Of what is read already: no query, however many cases. Findings that somebody answered, and
    the NIP of whoever signs, do not count.
    """
    files = loaded.files
    found: list[answers.Checked] = []
    for version in files.current:
        scan, said = files.scans.get(version.id), loaded.said.get(version.id, {})
        items = reads.findings_summary(scan.report) if scan else []
        unanswered = [i for i in items if findings.place(i) not in said and not signs(i)]
        found.append(
            {
                "version": version.id,
                "file": version.filename,
                "masked": version.masked is not None,
                "unanswered": len(unanswered),
            }
        )
    return found


def derived_from(version: Version, actor: Actor) -> str | None:
    """Return the id of the dataset that a version was derived from, to who may know of it."""
    source = ((version.masked or {}).get("source") or {}).get("dataset")
    if not source or source == version.package_id or model.Package.get(source) is None:
        return None
    known = decide(actor, as_governed(reads.facts_of(source)), Channel.EXISTS)
    return source if known else None


def scan_dict(
    version: Version, scan: Scan | None, said: Mapping[findings.Place, findings.Said]
) -> answers.Scan:
    """Return a scan with its findings in words; the samples in it are masked.

    :param said: what was said of findings in these bytes.
    """
    masked: Any = anonymity.shown(version.masked)
    result: answers.Scan = {
        "version": version.id,
        "resource": version.resource_id,
        "file": version.filename,
        "sha256": version.sha256,
        "size": version.size,
        "verdict": scan.verdict if scan else "pending",
        "ruleset": scan.ruleset if scan else rulesets.newest(),
        "finished": moment(scan.finished) if scan else None,
        "reason": None,
        "findings": [],
        "table": table_dict(version),
        "masked": masked,
    }
    if scan is None:
        return result
    if scan.verdict == "failed":
        message = evidence.failure_message(scan)
        result["reason"] = message.text(tk._) if message else scan.reason
    result["inspectable"] = findings.is_inspectable(
        scan.reason if scan.verdict == "failed" else None, classification().findings
    )
    result["inspected"] = findings.INSPECTION in said
    items = reads.findings_summary(scan.report)
    unanswered = {findings.place(item) for item in items} - said.keys()
    if result["inspectable"] and not result["inspected"]:
        unanswered.add(findings.INSPECTION)
    earlier: Mapping[findings.Place, findings.Earlier] = {}
    if unanswered:
        before = reads.earlier_answers(version.package_id, version.resource_id)
        earlier = findings.offered(version.sha256, unanswered, before)
    result["earlier"] = _earlier(earlier.get(findings.INSPECTION))
    result["tables"] = [
        _level(table)
        for file in scan.report.get("files", ())
        for table in file.get("tables", ())
        if any(column.get("type") for column in table.get("columns", ()))  # running text has none
    ]
    result["findings"] = [
        finding(item, evidence.finding_message(version.filename, item), said, earlier)
        for item in items
    ]
    return result


REWRITE = "rewrite"
"""What to do about a finding in a text."""


def finding(
    item: Mapping[str, Any],
    message: Message,
    said: Mapping[findings.Place, findings.Said],
    earlier: Mapping[findings.Place, findings.Earlier],
) -> answers.Finding:
    """Return what was found as people read it, with what was said of it."""
    where, found = findings.place(item), cast("answers.Found", item)
    table, column, kind = where
    return {
        "where": None,  # of what was found before places were
        **found,
        "place": told(item, tk._),
        "removal": removal(item, tk._),
        "outside": is_outside(item),
        "signs": signs(item),
        "key": {"table": table, "column": column, "kind": kind},
        "resolution": getattr(said.get(where), "resolution", None),
        "carried": getattr(said.get(where), "carried", False),
        "earlier": _earlier(earlier.get(where)),
        "explanation": explain(str(item.get("reason") or ""), tk._),
        "advice": [REWRITE] if where[0].startswith(findings.METADATA) else _advice(item, where[2]),
        "text": message.text(tk._),
    }


def _advice(item: Mapping[str, Any], kind: str) -> list[str]:
    outside = bool((item.get("where") or {}).get("outside"))
    return list(advice(kind, within=not is_outside(item), outside=outside))


def _earlier(item: findings.Earlier | None) -> answers.Earlier | None:
    """Return an earlier answer that may be confirmed, and why it lapsed."""
    if item is None:
        return None
    return {
        "id": item.id,
        "resolution": item.resolution,
        "ground": item.ground,
        "reason": item.reason,
        "at": item.at,
        "lapsed": item.lapsed,
    }


NOT_PERSONS = N_("A row is not a person: no column tells whom it is about.")


def _level(table: Mapping[str, Any]) -> answers.PersonLevel:
    """Return whether a row of a table is a person, and by which evidence."""
    why = table.get("level_reason")
    return {
        "name": table.get("name"),
        "rows": table.get("rows"),
        "person_level": bool(table.get("person_level")),
        "level_explanation": explain(str(why), tk._) if why else tk._(NOT_PERSONS),
    }


TEXTS = "metadata"
"""What stands for the version where a finding is in the texts of a dataset."""


def texts_dict(
    package_id: str,
    items: Collection[Mapping[str, Any]],
    said: Mapping[findings.Place, findings.Said],
) -> answers.TextScan | None:
    """Return what the texts of a dataset reveal, as a scan; ``None`` where that is nothing.

    :param said: what was said of it and stands.
    """
    if not items:
        return None
    earlier: dict[findings.Place, findings.Earlier] = {}
    if any(findings.place(item) not in said for item in items):
        before = reads.earlier_answers_of_text(package_id)
        for item in items:
            where = findings.place(item)
            if where not in said:
                earlier.update(findings.offered(str(item["digest"]), {where}, before))
    return {
        "version": "metadata",
        "verdict": "findings",
        "ruleset": rulesets.newest(),
        "findings": [finding(item, text_findings.message(item), said, earlier) for item in items],
    }


def table_dict(version: Version) -> answers.TableShown | None:
    """Return what became of the version's table in the DataStore, ``None`` before it was tried."""
    tabled = Tabled.of(version.tabled)
    if tabled is None:
        return None
    return {
        "state": tabled.state.value,
        "rows": tabled.rows,
        "columns": tabled.columns,
        "typed": tabled.typed,
        "reason": explain(tabled.reason, tk._) if tabled.reason else None,
    }


def waiting_dict(version: Version, scan: Scan | None) -> dict[str, Any]:
    """Return a waiting version for the dataset page of who may review it."""
    return {
        "id": version.id,
        "sha256": version.sha256,
        "size": version.size,
        "filename": version.filename,
        "kind": version.kind,
        "name": version.meta.get("name"),
        "uploaded": moment(version.created),
        "next_case": version.case_id is None,
        "verdict": scan.verdict if scan else "pending",
    }
