"""Holds: data, or everything, taken out of sight at once; a person lifts them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any, TypedDict

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...ledger import service as ledger
from ...messages import Message
from ...msgids import N_
from ..cases import evidence
from ..cases.effects import set_private
from ..notices import notices
from ..records import reads
from ..records.model import Hold, Step, now
from ..rules import deadlines
from ..rules.axes import HoldGround, classification
from ..rules.definition import workflow
from ..rules.policy import Channel, Facts, as_governed, decide, has_duty
from ..rules.refusals import InvalidFields, NotAllowed, Refused, check_reason

SCOPES = ("data", "all")


def may(actor: Actor, facts: Facts, who: Iterable[str]) -> bool:
    """Tell whether the actor is one of the readers ``who`` names."""
    own = {"owner_admins": actor.administers, "owner_publishers": actor.publishes_for}
    return actor.active and any(
        facts.owner_org in own[reader]
        if reader in own
        else has_duty(actor, reader, facts.owner_org)
        for reader in who
    )


def scopes_for(actor: Actor, facts: Facts) -> list[str]:
    """Return what this person may hold of a dataset: its data, everything, or nothing."""
    placed_by = classification().holds.placed_by
    found = {s for who, scopes in placed_by.items() if may(actor, facts, [who]) for s in scopes}
    return [scope for scope in SCOPES if scope in found]


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
    allowed = scopes_for(actor, facts)
    if not allowed:
        raise NotAllowed(
            "not_holder",
            Message(N_("The owner agency, Walidata and PPID place a hold. Tell them.")),
        )
    if facts.decision is None:
        raise Refused("nothing_decided", Message(workflow().messages["nothing_decided"]))
    errors = check_reason(reason)
    if scope not in SCOPES:
        known = ", ".join(SCOPES)
        errors["scope"] = [Message("Choose one of: %(choices)s.", {"choices": known})]
    elif scope not in allowed:
        text = N_("You may hold the data back. To hide everything, ask an admin of your agency.")
        errors["scope"] = [Message(text)]
    if errors:
        raise InvalidFields(errors)
    return _place(package, actor, scope, reason)


def confirm(package: model.Package, actor: Actor, facts: Facts, hold_id: str) -> Any:
    """Confirm that a hold is right, in the caller's transaction; return the ledger's receipt.

    :raises NotAllowed: the person may not, or placed it.
    :raises Refused: there is no such hold that waits for somebody to confirm it.
    """
    hold = _find(package, hold_id)
    if not may(actor, facts, classification().holds.confirmed_by):
        text = N_("An admin of the owner agency, Walidata or PPID confirms a hold. Ask them.")
        raise NotAllowed("not_holder", Message(text))
    if hold.placed_by == actor.id:
        text = N_("You placed this hold. Somebody else has to confirm it.")
        raise NotAllowed("excluded", Message(text))
    if hold.placed_by is None or hold.confirmed_at is not None:
        raise Refused("no_hold", Message(N_("This hold does not wait for anybody's word.")))
    hold.confirmed_by, hold.confirmed_at = actor.id, now()
    _tell(package, actor, "hold_confirmed")
    return _record(package, actor, hold, "hold.confirm", "")


def _find(package: model.Package, hold_id: str) -> Hold:
    """Return an active hold of a dataset, locked.

    :raises Refused: there is no such hold.
    """
    hold = model.Session.scalars(
        sa.select(Hold)
        .where(Hold.id == hold_id, Hold.package_id == package.id, Hold.released_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if hold is None:
        raise Refused("no_hold", Message(N_("There is no such hold on this dataset.")))
    return hold


def _tell(package: model.Package, actor: Actor, kind: str) -> None:
    people = set(notices.recipients(kind, package.owner_org)) - {str(actor.id)}
    notices.tell(model.Session, kind, people, dataset_id=package.id)


def rises_on(hold: Hold) -> dt.date:
    """Return the day from which an unconfirmed hold stands on top of a queue."""
    placed = hold.placed_at.astimezone(deadlines.CITY).date()
    return deadlines.add_working_days(placed, classification().holds.rises.after_working_days)


def unconfirmed() -> list[Hold]:
    """Return the active holds that a person placed and nobody has confirmed, oldest first."""
    query = sa.select(Hold).where(
        Hold.released_at.is_(None), Hold.placed_by.is_not(None), Hold.confirmed_at.is_(None)
    )
    return list(model.Session.scalars(query.order_by(Hold.placed_at)))


class WaitingHold(TypedDict):
    """A hold that waits for somebody's word."""

    hold: str
    scope: str
    since: str
    risen: Annotated[bool, "it stands on top of the queue"]
    dataset_id: str
    dataset_name: str
    title: str


def waiting_for(actor: Actor, today: dt.date) -> list[WaitingHold]:
    """Return the holds that wait for this person's word: what rose to their duty first.

    An admin sees those of their agency at once, a duty those that have risen to it.
    """
    rules, found = classification().holds, unconfirmed()
    facts = reads.facts_for(hold.package_id for hold in found)
    rows: list[WaitingHold] = []
    for hold in found:
        known, risen = facts.get(hold.package_id), rises_on(hold) <= today
        if known is None or hold.placed_by == actor.id:
            continue
        here = actor.on(hold.package_id, known.owner_org)
        people = rules.confirmed_by if risen else set(rules.confirmed_by) & {"owner_admins"}
        package = model.Session.get(model.Package, hold.package_id)
        sees = decide(here, as_governed(known), Channel.METADATA)
        if package is None or not sees or not may(here, known, people):
            continue
        rows.append(
            {
                "hold": hold.id,
                "scope": hold.scope,
                "since": hold.placed_at.isoformat(),
                "risen": risen,
                "dataset_id": package.id,
                "dataset_name": package.name,
                "title": package.title or package.name,
            }
        )
    return sorted(rows, key=lambda row: not row["risen"])


SCAN_REASON = N_("The scan found what identifies persons in a file that is given. It is checked.")


def place_by_scan(package: model.Package) -> Any:
    """Hold the data of a dataset because of what a scan found; return the ledger's receipt."""
    return _place(package, Actor(None, None), "data", SCAN_REASON)


def _place(package: model.Package, actor: Actor, scope: str, reason: str) -> Any:
    reads.lock_judging(package.id)
    hold = Hold(package_id=package.id, scope=scope, reason=reason.strip(), placed_by=actor.id)
    model.Session.add(hold)
    model.Session.flush()
    if actor.id is not None:  # of what the scan holds, its incident tells
        _tell(package, actor, "hold_placed")
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
    hold = _find(package, hold_id)
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
    receipt = _record(package, actor, hold, "hold.release", reason)
    _tell(package, actor, "hold_lifted")
    return receipt


def _replaced(package_id: str, hold: Hold) -> bool:
    """Tell whether other bytes are served now than when the hold was placed."""
    decided = sa.select(Step.id).where(
        Step.package_id == package_id,
        Step.at > hold.placed_at,
        Step.to_state.in_(workflow().decided_states),
    )
    return model.Session.scalar(decided.limit(1)) is not None


def _unresolved(package_id: str) -> list[Message]:
    """Return what is unresolved in the versions that are served."""
    served = [v for _, v in reads.pointers_of([package_id]).values()]
    level = reads.decision_in_force(package_id)
    if level is None or not classification().is_open(level.tingkat_keamanan):
        return []
    scans = reads.scans_of([v.id for v in served])
    said = reads.answers_of(served, scans)
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
