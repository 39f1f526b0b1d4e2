"""Keep what a person said of a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...ledger import service as ledger
from ...messages import Message
from ...msgids import N_
from ..cases import record, show_scans
from ..records import case_reads, reads, rulesets
from ..records.model import Case, Resolution, Version
from ..rules import findings
from ..rules.axes import classification
from ..rules.policy import has_duty
from ..rules.refusals import NotAllowed, Refused, readable


def check_person(actor: Actor, owner_org: str | None, case: Case | None) -> None:
    """Check that the person may resolve findings here.

    :raises NotAllowed: the person has not the duty, or is a proposer of the open case.
    """
    if not any(has_duty(actor, d, owner_org) for d in classification().findings.resolved_by):
        raise NotAllowed(
            "not_holder", Message(N_("Walidata and PPID resolve findings. Ask them to look."))
        )
    if case is not None and actor.id in reads.parts_of(case.id).get("proposer", ()):
        raise NotAllowed(
            "excluded",
            Message(N_("You proposed this dataset. Another person has to resolve its findings.")),
        )


@dataclass(frozen=True)
class _Found:
    """One finding, or what a person may inspect: where it is, in which bytes, by which rule."""

    sha256: str
    where: findings.Place
    item: Mapping[str, Any] | None
    ruleset: str
    rule: str
    failure: str | None = None
    version: str | None = None


def resolve(package: model.Package, actor: Actor, asked: dict[str, Any]) -> Any:
    """Resolve one finding, or say that unreadable content was inspected; return the receipt.

    :param asked: ``version`` (``metadata`` for the dataset's own texts), ``table``, ``column``,
        ``kind``, ``resolution``, ``reason``, ``ground``; for an inspection only ``version``,
        ``resolution`` and ``reason`` count. With ``earlier``, the id of an answer that lapsed, what
        is not said is taken from that answer: it is confirmed, and recorded as said now.
    :raises NotAllowed: the person has not the duty, or is a proposer of the open case.
    :raises Refused, InvalidFields: see :func:`..rules.findings.check`.
    """
    rules = classification().findings
    case = reads.open_case(package.id, lock=True)
    check_person(actor, package.owner_org, case)
    earlier = _earlier(package.id, asked)
    if earlier is not None:
        kept = {key: getattr(earlier, key) for key in ("resolution", "ground", "reason")}
        asked = {**kept, **{key: value for key, value in asked.items() if value}}
    resolution = str(asked.get("resolution") or "")
    found = _find(package, case, asked, inspects=resolution == findings.INSPECTED)
    ground = asked.get("ground") if resolution == findings.LAWFUL else None
    reason = str(asked.get("reason") or "")
    strict = findings.check(resolution, found.item, reason, ground, found.failure, rules)
    where = found.where
    if earlier is not None and (earlier.table_name, earlier.column_name, earlier.kind) != where:
        raise Refused("no_finding", NO_FINDING)
    confirms = earlier.id if earlier is not None else None
    model.Session.execute(
        sa.delete(Resolution).where(
            Resolution.sha256 == found.sha256,
            Resolution.table_name == where[0],
            Resolution.column_name == where[1],
            Resolution.kind == where[2],
        )
    )
    model.Session.add(
        Resolution(
            package_id=package.id,
            sha256=found.sha256,
            table_name=where[0],
            column_name=where[1],
            kind=where[2],
            resolution=resolution,
            ground=ground,
            reason=reason.strip(),
            resolved_by=actor.id,
            ruleset=found.ruleset,
            rule=found.rule,
        )
    )
    detail = {
        "version": found.version,
        "sha256": found.sha256,
        "place": list(where),
        "ruleset": found.ruleset,
        "rule": found.rule,
        "confirms": confirms,
    }
    receipt = ledger.append(
        model.Session,
        event="finding.resolve",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        case_id=case.id if case else None,
        detail={
            **detail,
            "resolution": resolution,
            "ground": ground,
            "part": "resolver" if strict else None,
        },
    )
    if case is not None:
        record.add_step(
            case,
            actor,
            "finding.resolve",
            part="resolver" if strict else None,
            fields={**detail, "resolution": resolution, "reason": reason.strip()},
            receipt=receipt,
        )
    model.Session.flush()
    return receipt


NO_FINDING = Message(N_("There is no such finding in this version."))
NO_EARLIER = Message(
    N_("There is no such earlier answer on this dataset. Say what the finding is, and why.")
)


def _earlier(package_id: str, asked: Mapping[str, Any]) -> Resolution | None:
    """Return the earlier answer that is to be confirmed; it was given on this dataset."""
    wanted = asked.get("earlier")
    if not wanted:
        return None
    row = model.Session.get(Resolution, readable(wanted) or "")
    same = row is not None and (
        row.package_id == package_id
        or model.Session.scalar(
            sa.select(Version.id)
            .where(Version.package_id == package_id, Version.sha256 == row.sha256)
            .limit(1)
        )
    )
    if not same:
        raise Refused("no_earlier", NO_EARLIER)
    return row


def _find(
    package: model.Package, case: Case | None, asked: Mapping[str, Any], *, inspects: bool
) -> _Found:
    """Return the finding that is asked for; without one its item is ``None``.

    :raises Refused: there is no such version.
    """
    where = findings.INSPECTION
    if not inspects:
        named = (str(asked.get(key) or "") for key in ("table", "column", "kind"))
        table, column, kind = named
        where = (table, column, kind)
    if asked.get("version") == show_scans.TEXTS:
        return _find_in_texts(package, case, where)
    version = model.Session.get(Version, readable(asked.get("version")) or "")
    if version is None or version.package_id != package.id or version.sha256 is None:
        raise Refused("no_finding", NO_FINDING)
    scan = reads.scans_of([version.id]).get(version.id)
    items = reads.findings_summary(scan.report) if scan else []
    ruleset, report = (scan.ruleset, scan.report) if scan else ("", {})
    return _Found(
        sha256=version.sha256,
        where=where,
        item=None if inspects else next((i for i in items if findings.place(i) == where), None),
        ruleset=ruleset,
        rule=findings.rule_of(ruleset, report, where[2]),
        failure=scan.reason if scan is not None and scan.verdict == "failed" else None,
        version=version.id,
    )


def _find_in_texts(package: model.Package, case: Case | None, where: findings.Place) -> _Found:
    items = case_reads.load(case, package).texts if case is not None else ()
    item = next((i for i in items if findings.place(i) == where), None)
    if item is None:
        raise Refused("no_finding", NO_FINDING)
    rule = rulesets.rules().get(where[2], rulesets.newest())
    return _Found(str(item["digest"]), where, item, rulesets.newest(), rule)
