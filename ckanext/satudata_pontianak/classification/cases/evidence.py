"""The evidence of a case: what the reviewer looks at, and its digest.

The digest covers the proposal, the versions' hashes, their scans, the dataset's metadata and
how often the case moved. A step that sends the digest it saw is refused when anything of it
changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...disclosure.places import LETTERHEAD, NOTE, SIGNATURE, is_outside, spans
from ...disclosure.sentences import SENTENCES
from ...ledger.canonical import digest_of
from ...messages import Message
from ...msgids import N_
from ..records import reads, text_findings
from ..records.case_reads import Loaded
from ..records.model import Scan, Version
from ..rules import findings, impact, kind_names, profiled, variables
from ..rules.anonymity import k_of
from ..rules.axes import Axes, classification
from ..rules.conditions import CaseContext, ScanFacts
from ..versions import fetching, renewal
from . import determination


def snapshot(loaded: Loaded) -> dict[str, Any]:
    """Return the evidence as it is now: versions with their scans, metadata, proposal."""
    case, files = loaded.case, loaded.files
    return {
        "case": case.id,
        "state": case.state,
        "proposal": case.proposal,
        "assessment": case.assessment,
        "pending": case.pending,
        "metadata": digest_of(loaded.values),
        "resolutions": [
            list(item)
            for item in sorted(
                {
                    (version.sha256 or "", *where, item.resolution)
                    for version in files.current
                    for where, item in loaded.said.get(version.id, {}).items()
                }
            )
        ],
        "changes": case.changes,
        "accepted": case.accepted_by,
        "without_version": list(files.without_version),
        "versions": [_version_item(v, files.scans.get(v.id)) for v in files.current],
        "moves": loaded.moves,
        **_texts_part(loaded),
        # Nothing where nothing is marked: what was seen before there were marks stays seen.
        **({"marks": sorted(loaded.marks.items())} if loaded.marks else {}),
    }


def _texts_part(loaded: Loaded) -> dict[str, Any]:
    """Return what the dataset's texts reveal; nothing where they reveal nothing."""
    if not loaded.texts:
        return {}
    said = loaded.said_of_texts
    found = []
    for item in loaded.texts:
        where = findings.place(item)
        answer = said[where].resolution if where in said else None
        found.append([*where, item["digest"], answer])
    return {"texts": sorted(found, key=lambda row: row[:4])}


def _version_item(version: Version, scan: Scan | None) -> dict[str, Any]:
    return {
        "id": version.id,
        "resource": version.resource_id,
        "sha256": version.sha256,
        "size": version.size,
        "name": version.filename,
        "scan": {"ruleset": scan.ruleset, "verdict": scan.verdict} if scan else None,
    }


def digest(evidence: Mapping[str, Any]) -> str:
    """Return the digest of a snapshot."""
    return digest_of(evidence)


def frozen_part(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return what must not change after ``submit``: the proposal and the bytes."""
    return {
        "proposal": evidence["proposal"],
        "versions": [[v["resource"], v["sha256"]] for v in evidence["versions"]],
    }


UNSCANNED = ("failed", "pending")
OUTSIDE = {
    LETTERHEAD: N_("%(file)s, above the table: %(kind)s (row %(rows)s)"),
    SIGNATURE: N_("%(file)s, in the signatures below the table: %(kind)s (row %(rows)s)"),
    NOTE: N_("%(file)s, in the notes below the table: %(kind)s (row %(rows)s)"),
}


def finding_message(file: str, item: Mapping[str, Any]) -> Message:
    """Say in words where a finding is: file, column, kind and how many."""
    column = item.get("column")
    if column is None and item.get("index") is not None:
        column = str(int(item["index"]) + 1)
    params = {
        "file": file,
        "table": item.get("table") or "",
        "column": column or "-",
        "kind": kind_names.called(item["kind"]),
        "count": item["count"],
    }
    if is_outside(item):
        said = item["where"]["outside"][0]
        file = f"{file} ({item['table']})" if item.get("table") else file
        rows = spans(sorted({row for part in item["where"]["outside"] for row in part["rows"]}))
        return Message(OUTSIDE[said["part"]], {**params, "file": file, "rows": rows})
    if item.get("table"):
        return Message(
            "%(file)s, sheet '%(table)s', column '%(column)s': %(kind)s (%(count)s cells)", params
        )
    return Message("%(file)s, column '%(column)s': %(kind)s (%(count)s cells)", params)


def scan_facts(
    version: Version, scan: Scan | None, said: Mapping[findings.Place, findings.Said] | None = None
) -> ScanFacts:
    """Return a version's scan as the rules see it. Without a scan it is pending."""
    if scan is None:
        return ScanFacts(version.filename, "pending", k=k_of(version.masked))
    items = reads.findings_summary(scan.report)
    done = findings.outcome(scan.verdict, scan.reason, items, said or {}, classification().findings)
    details: list[Message] = []
    if scan.verdict == "failed":
        why = Message(scan.reason or "failed")
        details.append(
            Message(
                "%(file)s: could not be checked (%(reason)s)",
                {"file": version.filename, "reason": failure_message(scan) or why},
            )
        )
    details += [
        finding_message(version.filename, item)
        for item in items
        if findings.place(item) not in (said or {})
    ]
    return ScanFacts(
        version.filename,
        scan.verdict,
        resolved=done.resolved,
        lawfully_public=done.lawfully_public,
        inspected=done.inspected,
        details=tuple(details),
        k=k_of(version.masked),
    )


FAILURES = {
    **fetching.FAILURES,
    "bytes_missing": N_("the stored file is missing"),
}


def failure_message(scan: Scan) -> Message | None:
    """Say why a scan failed."""
    if scan.reason in FAILURES:
        return Message(FAILURES[scan.reason])
    sentence = SENTENCES.get(scan.reason or "")
    if sentence is None:
        return None
    files = scan.report.get("files") or [{}]
    params = files[0].get("params") or {}
    return Message(sentence, params)


def context_of(
    loaded: Loaded,
    evidence: Mapping[str, Any],
    missing_fields: Sequence[Message] = (),
) -> CaseContext:
    """Return the case as the engine sees it, with the digest of its present evidence.

    :param evidence: its :func:`snapshot`.
    """
    case, package, files = loaded.case, loaded.package, loaded.files
    resolvers = set(loaded.parts.get("resolver", ()))
    facts = []
    for version in files.current:
        scan, said = files.scans.get(version.id), loaded.said.get(version.id, {})
        items = reads.findings_summary(scan.report) if scan else []
        resolvers |= findings.strict_resolvers(items, said, classification().findings)
        stands = findings.standing(said, loaded.parts.get("proposer", ()))
        facts.append(scan_facts(version, scan, stands))
    facts += [ScanFacts(resource_id, "failed") for resource_id in files.without_version]
    resolvers |= findings.strict_resolvers(
        loaded.texts, loaded.said_of_texts, classification().findings
    )
    stands = findings.standing(loaded.said_of_texts, loaded.parts.get("proposer", ()))
    decision = loaded.decision
    intact = case.evidence is None or frozen_part(case.evidence) == frozen_part(evidence)
    assessed = Axes.of(case.assessment["axes"]) if case.assessment else None
    renews = renewal.is_renewal(case, decision, files)
    return CaseContext(
        id=case.id,
        kind=case.kind,
        state=case.state,
        owner_org=package.owner_org,
        title=package.title or "",
        kinds=found_kinds(loaded),
        impact=loaded.impact,
        rows=profiled.fit(
            loaded.values.get(profiled.FIELD), [(v.filename, v.sha256) for v in files.current]
        ),
        marked=marked(loaded),
        proposal=Axes.of(case.proposal),
        parts={**loaded.parts, "resolver": frozenset(resolvers)},
        scans=tuple(facts),
        texts=tuple(
            text_findings.message(item)
            for item in loaded.texts
            if findings.place(item) not in stands
        ),
        files=len(facts),
        described=bool((package.notes or "").strip()),
        missing_fields=tuple(missing_fields),
        decision_level=decision.tingkat_keamanan if decision else None,
        referral_open=reads.referral_open(case.package_id),
        assessed=assessed,
        proposed_recipients=tuple(_proposed(case.assessment).get("penerima") or ()),
        digest=digest(evidence),
        intact=intact,
        target_org=case.changes.get("owner_org"),
        accepted=case.accepted_by is not None,
        renewal=renews,
        determination=determination.of_case(loaded, renewal=renews),
    )


def marked(loaded: Loaded) -> variables.Marked:
    """Return which columns the files of a case hold that not everybody may have."""
    files = []
    for version in loaded.files.current:
        scan = loaded.files.scans.get(version.id)
        read = scan is not None and scan.verdict not in UNSCANNED
        columns = variables.columns_in(scan.report) if scan is not None and read else None
        files.append(variables.Held(version.filename, columns))
    files += [variables.Held(resource_id, None) for resource_id in loaded.files.without_version]
    return variables.held(loaded.marks, files)


def undescribed(loaded: Loaded) -> list[str]:
    """Return the columns of the files of a case of which the dictionary lacks something.

    Of a workbook that has a tidy table beside it, those of the table alone.
    """
    files = loaded.files
    tidied = {version.tidied["source"] for version in files.current if version.tidied}
    columns = [
        column
        for version in files.current
        if version.sha256 not in tidied and version.id in files.scans
        for column in variables.columns_in(files.scans[version.id].report)
    ]
    if not columns:
        return []
    return variables.lacking(columns, variables.described_of(loaded.case.package_id))


def found_kinds(loaded: Loaded) -> dict[str, str | None]:
    """Return kind → class by law of what the scans of a case found and nobody called an alarm."""
    case, files, proposers = loaded.case, loaded.files, loaded.parts.get("proposer", ())
    said = {i: findings.standing(answers, proposers) for i, answers in loaded.said.items()}
    axes = (case.assessment or {}).get("axes") or case.proposal
    found = kinds_of(files.current, files.scans, said, axes.get("data_pribadi"))
    return {**found, kind_names.UNREAD: None} if files.without_version else found


def kinds_of(
    versions: Iterable[Version],
    scans: Mapping[str, Scan],
    said: Mapping[str, Mapping[findings.Place, findings.Said]],
    class_: str | None,
) -> dict[str, str | None]:
    """Return kind → class by law of what versions hold.

    What no scan could read is a kind without a class, until somebody read it: then it is of
    the class that was proposed.

    :param class_: the class that was proposed of the whole.
    """
    found: dict[str, str | None] = {}
    unread = False
    for version in versions:
        scan, answers = scans.get(version.id), said.get(version.id, {})
        found |= impact.kinds(reads.findings_summary(scan.report) if scan else [], answers)
        facts = scan_facts(version, scan, answers)
        if facts.verdict in UNSCANNED:
            found.setdefault(kind_names.UNREAD, class_)
            unread = unread or not facts.inspected
    return {**found, kind_names.UNREAD: None} if unread else found


def _proposed(assessment: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return the fields of a test that PPID made."""
    return (assessment or {}).get("fields") or {}
