"""What Walidata said of a signature stands for the next file of a dataset, and is recorded so.

The file before is the one that is served: a decision was made on it. While something of the dataset
is held, everything is asked anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert

from ckan import model

from ...ledger import service as ledger
from ..records import reads
from ..records.model import Resolution, Scan, Version, new_id, now
from ..rules import findings, signatures

EVENT = "finding.carry"


def carry(version: Version, scan: Scan) -> None:
    """Keep for a version what was said of the signature of the one before; the caller commits.

    Nobody's earlier word is replaced: what was said of these very bytes stands.
    """
    items = reads.findings_summary(scan.report)
    if version.sha256 is None or not any(signatures.signs(item) for item in items):
        return
    served = reads.pointers_of([version.package_id]).get(version.resource_id)
    if served is None or served[1].id == version.id or reads.active_holds(version.package_id):
        return
    old = served[1]
    scans = reads.scans_of([old.id])
    said = reads.answers_of([old], scans).get(old.id, {})
    if not said:
        return
    before = reads.findings_summary(scans[old.id].report)
    rule = findings.rule_of(scan.ruleset, scan.report, signatures.SIGNED_BY)
    for where, earlier in signatures.carried(items, before, said, rule).items():
        _keep(version, scan, where, _row(old, earlier), rule)


def _row(old: Version, where: findings.Place) -> Resolution:
    query = sa.select(Resolution).where(
        Resolution.sha256 == old.sha256,
        Resolution.table_name == where[0],
        Resolution.column_name == where[1],
        Resolution.kind == where[2],
    )
    return model.Session.scalars(query).one()


def _keep(version: Version, scan: Scan, where: findings.Place, said: Resolution, rule: str) -> None:
    statement = pg_insert(Resolution).values(
        id=new_id(),
        package_id=version.package_id,
        sha256=version.sha256,
        table_name=where[0],
        column_name=where[1],
        kind=where[2],
        resolution=said.resolution,
        ground=said.ground,
        reason=said.reason,
        resolved_by=said.resolved_by,
        resolved_at=now(),
        ruleset=scan.ruleset,
        rule=rule,
        carried_from=said.carried_from or said.id,
    )
    kept = statement.on_conflict_do_nothing().returning(Resolution.id)
    if model.Session.scalar(kept) is None:
        return
    ledger.append(
        model.Session,
        event=EVENT,
        actor_id=None,
        dataset_id=version.package_id,
        case_id=version.case_id,
        detail={
            "version": version.id,
            "sha256": version.sha256,
            "place": list(where),
            "ruleset": scan.ruleset,
            "rule": rule,
            "carried": said.carried_from or said.id,
        },
    )
