"""Holds: data, or everything, taken out of sight at once; a person lifts them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ckan import model

from ..agencies.duties import Actor
from ..ledger import service as ledger
from ..msgids import N_
from . import evidence, notices, repository
from .axes import HoldGround, classification
from .definition import workflow
from .effects import set_private
from .messages import InvalidFields, Message, NotAllowed, Refused, check_reason
from .model import Hold, Step, now
from .policy import Facts, has_duty

SCOPES = ("data", "all")


def may(actor: Actor, facts: Facts, who: Iterable[str]) -> bool:
    """Tell whether the actor is one of the readers ``who`` names."""
    return actor.active and any(
        facts.owner_org in actor.administers
        if reader == "owner_admins"
        else has_duty(actor, reader, facts.owner_org)
        for reader in who
    )


def grounds_for(actor: Actor, facts: Facts) -> dict[str, HoldGround]:
    """Return the grounds on which this person may lift a hold that somebody else placed."""
    rules = classification().holds
    names = [
        name
        for duty, grounds in rules.lifted_by.items()
        if may(actor, facts, (duty,))
        for name in grounds
    ]
    return {name: rules.grounds[name] for name in dict.fromkeys(names)}


def place(package: model.Package, actor: Actor, facts: Facts, scope: str, reason: str) -> Any:
    """Place a hold in the caller's transaction; return the ledger's receipt.

    :raises NotAllowed: the person may not.
    :raises Refused: nothing is decided, so that nothing is given yet.
    :raises InvalidFields: scope unknown, reason too short.
    """
    if not may(actor, facts, classification().holds.placed_by):
        raise NotAllowed(
            "not_holder",
            Message(N_("Walidata, PPID and the owner agency's admins place a hold. Tell them.")),
        )
    if facts.decision is None:
        raise Refused("nothing_decided", Message(workflow().messages["nothing_decided"]))
    errors = check_reason(reason)
    if scope not in SCOPES:
        known = ", ".join(SCOPES)
        errors["scope"] = [Message("Choose one of: %(choices)s.", {"choices": known})]
    if errors:
        raise InvalidFields(errors)
    return _place(package, actor, scope, reason)


SCAN_REASON = N_("The scan found what identifies persons in a file that is given. It is checked.")


def place_by_scan(package: model.Package) -> Any:
    """Hold the data of a dataset because of what a scan found; return the ledger's receipt."""
    return _place(package, Actor(None, None), "data", SCAN_REASON)


def _place(package: model.Package, actor: Actor, scope: str, reason: str) -> Any:
    hold = Hold(package_id=package.id, scope=scope, reason=reason.strip(), placed_by=actor.id)
    model.Session.add(hold)
    model.Session.flush()
    if actor.id is not None:  # of what the scan holds, its incident tells
        people = set(notices.recipients("hold_placed", package.owner_org)) - {actor.id}
        notices.tell(model.Session, "hold_placed", people, dataset_id=package.id)
    return _record(package, actor, hold, "hold.create", reason)


def release(
    package: model.Package,
    actor: Actor,
    facts: Facts,
    hold_id: str,
    ground: str | None,
    reason: str,
) -> Any:
    """Lift a hold in the caller's transaction; return the ledger's receipt.

    :param ground: one of ``holds.grounds`` in ``classification.yaml``; ``None`` is the first
        that is this person's and fits.
    :raises NotAllowed: the person may not, or not on this ground, or placed it.
    :raises InvalidFields: ground unknown, reason too short.
    :raises Refused: there is no such hold, the served file still has what it was held for, or
        it was replaced and the ground says that nothing was wrong with it.
    """
    rules = classification().holds
    hold = model.Session.scalars(
        sa.select(Hold)
        .where(Hold.id == hold_id, Hold.package_id == package.id, Hold.released_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if hold is None:
        raise Refused("no_hold", Message(N_("There is no such hold on this dataset.")))
    allowed = grounds_for(actor, facts)
    if not allowed:
        raise NotAllowed("not_holder", Message(N_("Walidata or PPID lifts a hold. Ask them.")))
    if hold.placed_by == actor.id:
        raise NotAllowed(
            "excluded",
            Message(N_("You placed this hold. Another person of Walidata or PPID has to lift it.")),
        )
    errors = check_reason(reason)
    replaced = _replaced(package.id, hold)
    if ground is None:
        fits = [name for name, item in allowed.items() if not (item.same_bytes and replaced)]
        ground = next(iter([*fits, *allowed]))
    if not isinstance(ground, str) or ground not in rules.grounds:
        known = ", ".join(rules.grounds)
        errors["ground"] = [Message("Choose one of: %(choices)s.", {"choices": known})]
    if errors:
        raise InvalidFields(errors)
    if ground not in allowed:
        raise NotAllowed(
            "not_holder", Message(N_("Walidata lifts false alarms only. PPID lifts this hold."))
        )
    if rules.grounds[ground].same_bytes and replaced:
        raise Refused(
            "not_false_alarm",
            Message(
                N_(
                    "The file that was held was replaced or removed, so this was no false alarm. "
                    "PPID lifts the hold."
                )
            ),
        )
    unclear = _unresolved(package.id)
    if unclear:
        raise Refused(
            "unresolved",
            Message(
                N_(
                    "The served file still has unresolved findings: %(findings)s. Replace the "
                    "file, or resolve them first."
                ),
                {"findings": unclear},
            ),
        )
    hold.released_by, hold.released_at = actor.id, now()
    hold.release_reason, hold.release_ground = reason.strip(), ground
    model.Session.flush()
    return _record(package, actor, hold, "hold.release", reason)


def _replaced(package_id: str, hold: Hold) -> bool:
    """Tell whether other bytes are served now than when the hold was placed."""
    decided = sa.select(Step.id).where(
        Step.package_id == package_id, Step.at > hold.placed_at, Step.to_state == "decided"
    )
    return model.Session.scalar(decided.limit(1)) is not None


def _unresolved(package_id: str) -> list[Message]:
    """Return what is unresolved in the versions that are served."""
    served = [v for _, v in repository.pointers_of([package_id]).values()]
    level = repository.decision_in_force(package_id)
    if level is None or not classification().is_open(level.tingkat_keamanan):
        return []
    scans = repository.scans_of([v.id for v in served])
    said = repository.answers_of(served, scans)
    details: list[Message] = []
    for version in served:
        facts = evidence.scan_facts(version, scans.get(version.id), said.get(version.id))
        if not facts.passes:
            details += facts.details or (Message("%(file)s", {"file": version.filename}),)
    return details


def _record(package: model.Package, actor: Actor, hold: Hold, event: str, reason: str) -> Any:
    set_private(package)
    package.metadata_modified = now().replace(tzinfo=None)
    return ledger.append(
        model.Session,
        event=event,
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        detail={
            "hold": hold.id,
            "scope": hold.scope,
            "reason": reason.strip(),
            "ground": hold.release_ground,
        },
    )
