"""New bytes at the gate: in which case they are, and with what they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from ...agencies import registry
from ..cases import record, steps
from ..records.model import Case, Version
from ..versions import versions
from .plan import PENDING_DATASET_FIELDS

if TYPE_CHECKING:
    from .write import Gate


def frozen(case: Case | None) -> bool:
    """The case has left the owner agency's desk: its evidence must not change."""
    return case is not None and case.state != steps.workflow().first_state


def takes_bytes(case: Case | None) -> bool:
    """New bytes belong to this case; else they wait for the next one.

    A case about removing or moving decides nothing of bytes.
    """
    return case is not None and case.kind == "classify" and not frozen(case)


def pending(gate: Gate) -> dict[str, Any]:
    """Return the period and coverage that came with new bytes and wait with them.

    A title of which only the month changes tells of those bytes, and waits as well.
    """
    changed = gate.plan.changed_fields
    found = {key: changed[key] for key in PENDING_DATASET_FIELDS if key in changed}
    if gate.served and gate.plan.title_moves and "title" in changed:
        found["title"] = changed["title"]
    return found


def readopt(gate: Gate, case: Case) -> None:
    """Take the bytes of a withdrawn case into the new one, where nothing else is served."""
    query = (
        sa.select(Version)
        .where(Version.package_id == case.package_id, Version.state == "withdrawn")
        .order_by(Version.created.desc())
    )
    taken = {v.resource_id for v in gate.waiting}
    for version in model.Session.scalars(query):
        if version.resource_id not in gate.served and version.resource_id not in taken:
            taken.add(version.resource_id)
            gate.waiting.append(version)
            version.state, version.case_id = "waiting", case.id
            if version.uploaded_by:
                person = registry.actor_for(version.uploaded_by)
                record.record_change(case, person, "version.add", {"carried_over": True})
    model.Session.flush()


def rename_waiting(gate: Gate) -> None:
    """Let a new name of an undecided resource reach the version that waits for it."""
    for version in gate.waiting:
        if version.resource_id in gate.plan.renamed and version.resource_id not in gate.served:
            version.meta = {**version.meta, **gate.plan.renamed[version.resource_id]}


def add_versions(
    gate: Gate, package_id: str, case: Case | None, resources: list[dict[str, Any]]
) -> None:
    target = case if takes_bytes(case) else None
    came_with = {record.PENDING: pending(gate)} if target is None and pending(gate) else {}
    for change in gate.plan.bytes:
        known = gate.files.get(change.resource_id, {})
        meta = known.get("meta") or dict(resources[change.index])
        versions.add_version(
            package_id,
            change.resource_id,
            target,
            kind="upload" if change.upload is not None else "link",
            meta={k: _plain(meta.get(k)) for k in versions.META_FIELDS if k in meta} | came_with,
            actor_id=gate.actor.id,
            sha256=known.get("sha256"),
            size=known.get("size"),
            filename=known.get("filename") or str(change.link or ""),
            mimetype=known.get("mimetype"),
            masked=known.get("masked"),
            tidied=known.get("tidied"),
        )
        detail = {"resource": change.resource_id, "sha256": known.get("sha256")}
        if known.get("masked"):
            made = known["masked"]
            detail["masked"] = {"k": made["k"], "source": made["source"]["sha256"]}
        if known.get("tidied"):
            made = known["tidied"]
            detail["tidied"] = {"digest": made["digest"], "sha256": made["source"]}
        if target is not None:
            record.record_change(target, gate.actor, "version.add", detail)
        else:
            # These bytes are for the next case: they make nobody a proposer of this one.
            record.record_waiting(package_id, gate.actor, detail)


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
