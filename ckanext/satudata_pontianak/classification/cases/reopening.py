"""Open a case on something decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...ledger import service as ledger
from ...messages import Message
from ...msgids import N_
from ...surface.repeating import repeated
from ..notices import step_notices
from ..records import reads
from ..rules.axes import Axes, classification
from ..rules.definition import KINDS, workflow
from ..rules.definition_types import Reopening
from ..rules.policy import has_duty
from ..rules.refusals import InvalidFields, NotAllowed, Refused, readable
from . import record
from .effects import decision_axes

FIELDS = frozenset({"case_kind", "reason", "owner_org", "license_id", "resources", "removes"})
WHOLE = "dataset"
"""What ``removes`` says of a removal that takes the whole dataset."""
MAX_REASON = 4000


def roads_of(actor: Actor, owner_org: str | None) -> list[Reopening]:
    """Return the entries of the file's ``reopening`` list that this person may use."""
    return [r for r in workflow().reopening if has_duty(actor, r.by, owner_org)]


def reopen(package: model.Package, actor: Actor, fields: Mapping[str, Any]) -> ledger.Receipt:
    """Open a case of the wanted kind, in the caller's transaction; return the receipt.

    :param fields: ``case_kind`` (default classify), ``reason``, ``owner_org`` (for a move) or
        ``license_id`` where they are to change; for a removal ``resources`` (ids of decided files)
        or ``removes: dataset``, never neither.
    :raises NotAllowed: nobody of the file's ``reopening`` list.
    :raises Refused: nothing is decided, or a case is open.
    :raises InvalidFields: fields are missing or wrong.
    """
    definition = workflow()
    kind = str(fields.get("case_kind") or "classify")
    allowed = [r for r in roads_of(actor, package.owner_org) if kind in r.kinds]
    if not allowed:
        raise NotAllowed(
            "may_not_reopen", Message(definition.messages["may_not_reopen"], {"kind": kind})
        )
    if reads.open_case(package.id) is not None:
        raise Refused("case_open", Message(definition.messages["case_open"]))
    decision = reads.decision_in_force(package.id)
    if decision is None:
        raise Refused("nothing_decided", Message(definition.messages["nothing_decided"]))
    changes = _changes(package, kind, fields)
    case, receipt = record.opened(
        package.id,
        actor,
        proposal=Axes.of(decision_axes(decision)),
        reason=str(fields["reason"]).strip(),
        kind=kind,
        state=allowed[0].to,
        changes=changes,
    )
    if package.owner_org not in actor.publishes_for:
        step_notices.tell(package, case, actor, step_notices.OPENED)
    return receipt


def _wrong(reason: object) -> Message | None:
    """Return what is wrong with the reason of a case."""
    if not isinstance(reason, str) or not reason.strip():
        return Message("Fill in this field.")
    if set(reason.split()) <= classification().superseded.replaced_by:
        # These words say in a case that the portal opened it, and of what comes by itself.
        return Message(N_("Write the reason in words."))
    if readable(reason) is None:
        return Message("The text holds a character that is not allowed.")
    if len(reason) > MAX_REASON:
        return Message("At most %(count)s characters.", {"count": MAX_REASON})
    return None


def _changes(package: model.Package, kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    errors: dict[str, list[Message]] = {}
    for name in sorted(set(fields) - FIELDS):
        errors[repeated(name)] = [
            Message(
                "The step '%(step)s' knows no field '%(field)s'.",
                {"step": "reopen", "field": repeated(name)},
            )
        ]
    if kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        errors["case_kind"] = [Message("Choose one of: %(choices)s.", {"choices": known})]
    reason = fields.get("reason")
    said = _wrong(reason)
    if said is not None:
        errors["reason"] = [said]
    changes: dict[str, Any] = {}
    wanted = fields.get("owner_org") if kind == "move" else None
    target = registry.agency(readable(wanted) or "")
    if kind == "move" and (target is None or target.id == package.owner_org):
        errors["owner_org"] = [Message(N_("Choose the agency that is to receive the dataset."))]
    elif target is not None:
        changes["owner_org"] = target.id
    licence = fields.get("license_id")
    if licence:
        if not isinstance(licence, str) or licence not in model.Package.get_license_register():
            errors["license_id"] = [Message(N_("There is no such licence."))]
        else:
            changes["license_id"] = licence
    try:
        changes.update(_files(package, kind, fields.get("resources")))
        _check_whole(kind, fields.get("removes"), "resources" in changes)
    except ValueError as problem:
        errors["resources"] = [problem.args[0]]
    if errors:
        raise InvalidFields(errors)
    return changes


def _check_whole(kind: str, removes: Any, files: bool) -> None:
    """Refuse a removal that does not say what goes, or says two things.

    :raises ValueError: with the message.
    """
    if removes not in (None, "", WHOLE) or (removes and kind != "remove"):
        raise ValueError(Message(N_("Only a removal takes the whole dataset.")))
    if kind == "remove" and files == bool(removes):
        raise ValueError(
            Message(N_("Say what goes: choose the files, or the whole dataset, and not both."))
        )


def _files(package: model.Package, kind: str, raw: Any) -> dict[str, list[str]]:
    """Return which decided files a removal is about."""
    if raw in (None, "", []):
        return {}
    if kind != "remove":
        raise ValueError(Message(N_("Only a removal names files.")))
    ids = [raw] if isinstance(raw, str) else raw
    served = reads.pointers_of([package.id])
    if not isinstance(ids, list) or not all(isinstance(i, str) and i in served for i in ids):
        raise ValueError(Message(N_("Name decided files of this dataset, by their ids.")))
    return {"resources": sorted(set(ids))}
