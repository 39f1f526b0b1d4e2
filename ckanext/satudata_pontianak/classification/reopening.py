"""Open a case on something decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model

from ..agencies import registry
from ..agencies.duties import Actor
from ..msgids import N_
from . import cases, repository
from .axes import Axes
from .definition import KINDS, workflow
from .effects import decision_axes
from .messages import InvalidFields, Message, NotAllowed, Refused
from .model import Case
from .parts import Reopening
from .policy import has_duty

FIELDS = frozenset({"case_kind", "reason", "owner_org", "license_id"})


def roads_of(actor: Actor, owner_org: str | None) -> list[Reopening]:
    """Return the entries of the file's ``reopening`` list that this person may use."""
    return [r for r in workflow().reopening if has_duty(actor, r.by, owner_org)]


def reopen(package: model.Package, actor: Actor, fields: Mapping[str, Any]) -> Case:
    """Open a case of the wanted kind, in the caller's transaction.

    :param fields: ``case_kind`` (default classify), ``reason``, and ``owner_org`` (for a move)
        or ``license_id`` where they are to change.
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
    if repository.open_case(package.id) is not None:
        raise Refused("case_open", Message(definition.messages["case_open"]))
    decision = repository.decision_in_force(package.id)
    if decision is None:
        raise Refused("nothing_decided", Message(definition.messages["nothing_decided"]))
    changes = _changes(package, kind, fields)
    return cases.open_new(
        package.id,
        actor,
        proposal=Axes.of(decision_axes(decision)),
        reason=str(fields["reason"]).strip(),
        kind=kind,
        state=allowed[0].to,
        changes=changes,
    )


def _changes(package: model.Package, kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    errors: dict[str, list[Message]] = {}
    for name in sorted(set(fields) - FIELDS):
        errors[name] = [
            Message(
                "The step '%(step)s' knows no field '%(field)s'.",
                {"step": "reopen", "field": name},
            )
        ]
    if kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        errors["case_kind"] = [Message("Choose one of: %(choices)s.", {"choices": known})]
    if not str(fields.get("reason") or "").strip():
        errors["reason"] = [Message("Fill in this field.")]
    changes: dict[str, Any] = {}
    target = registry.agency(str(fields.get("owner_org") or "")) if kind == "move" else None
    if kind == "move" and (target is None or target.id == package.owner_org):
        errors["owner_org"] = [Message(N_("Choose the agency that is to receive the dataset."))]
    elif target is not None:
        changes["owner_org"] = target.id
    licence = fields.get("license_id")
    if licence:
        if licence not in model.Package.get_license_register():
            errors["license_id"] = [Message(N_("There is no such licence."))]
        changes["license_id"] = licence
    if errors:
        raise InvalidFields(errors)
    return changes
