"""Keep what a person said of a finding."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ckan import model

from ..agencies.duties import Actor
from ..ledger import service as ledger
from ..msgids import N_
from . import cases, findings, repository, versions
from .axes import classification
from .messages import Message, NotAllowed, Refused, readable
from .model import Case, Resolution, Version
from .policy import has_duty


def check_person(actor: Actor, owner_org: str | None, case: Case | None) -> None:
    """Check that the person may resolve findings here.

    :raises NotAllowed: the person has not the duty, or is a proposer of the open case.
    """
    if not any(has_duty(actor, d, owner_org) for d in classification().findings.resolved_by):
        raise NotAllowed(
            "not_holder", Message(N_("Walidata and PPID resolve findings. Ask them to look."))
        )
    if case is not None and actor.id in repository.parts_of(case.id).get("proposer", ()):
        raise NotAllowed(
            "excluded",
            Message(N_("You proposed this dataset. Another person has to resolve its findings.")),
        )


def resolve(package: model.Package, actor: Actor, asked: dict[str, Any]) -> Any:
    """Resolve one finding, or say that unreadable content was inspected; return the receipt.

    :param asked: ``version``, ``table``, ``column``, ``kind``, ``resolution``, ``reason``,
        ``ground``; for an inspection only ``version``, ``resolution`` and ``reason`` count.
    :raises NotAllowed: the person has not the duty, or is a proposer of the open case.
    :raises Refused, InvalidFields: see :func:`.findings.check`.
    """
    rules = classification().findings
    case = repository.open_case(package.id, lock=True)
    check_person(actor, package.owner_org, case)
    version = model.Session.get(Version, readable(asked.get("version")) or "")
    if version is None or version.package_id != package.id or version.sha256 is None:
        raise Refused("no_finding", Message(N_("There is no such finding in this version.")))
    scan = repository.scans_of([version.id], versions.ruleset()).get(version.id)
    resolution = str(asked.get("resolution") or "")
    where, item = findings.INSPECTION, None
    if resolution != findings.INSPECTED:
        where = (
            str(asked.get("table") or ""),
            str(asked.get("column") or ""),
            str(asked.get("kind") or ""),
        )
        items = repository.findings_summary(scan.report) if scan else []
        item = next((i for i in items if findings.place(i) == where), None)
    ground = asked.get("ground") if resolution == findings.LAWFUL else None
    strict = findings.check(
        resolution,
        item,
        str(asked.get("reason") or ""),
        ground,
        scan.reason if scan is not None and scan.verdict == "failed" else None,
        rules,
    )
    model.Session.execute(
        sa.delete(Resolution).where(
            Resolution.sha256 == version.sha256,
            Resolution.table_name == where[0],
            Resolution.column_name == where[1],
            Resolution.kind == where[2],
        )
    )
    model.Session.add(
        Resolution(
            package_id=package.id,
            sha256=version.sha256,
            table_name=where[0],
            column_name=where[1],
            kind=where[2],
            resolution=resolution,
            ground=ground,
            reason=str(asked["reason"]).strip(),
            resolved_by=actor.id,
        )
    )
    detail = {"version": version.id, "sha256": version.sha256, "place": list(where)}
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
        cases.add_step(
            case,
            actor,
            "finding.resolve",
            part="resolver" if strict else None,
            fields={**detail, "resolution": resolution, "reason": str(asked["reason"]).strip()},
            entry=receipt.entry,
        )
    model.Session.flush()
    return receipt
