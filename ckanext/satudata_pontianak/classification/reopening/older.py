"""Whether older versions may go on being given: whoever decides says so of their decision.

Nothing that is recorded can tell why a newer version came: a mask that was made elsewhere, a
correction, a person who wanted to be taken out. So a person says it, of each decision anew; what
nobody said is no.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor, Duty
from ...ledger import service as ledger
from ...messages import Message
from ...msgids import N_
from ..records import reads
from ..records.model import Decision, Step, now
from ..rules.axes import classification
from ..rules.definition import workflow
from ..rules.policy import has_duty
from ..rules.refusals import InvalidFields, NotAllowed, Refused, check_reason
from ..rules.workflow import DUTY_LABELS

YES, NO = "ya", "tidak"
CHOICES = (YES, NO)


def decided_by(decision: Decision) -> str:
    """Return the duty that took a decision; of one that came from elsewhere, Walidata."""
    query = (
        sa.select(Step.duty)
        .where(Step.case_id == decision.case_id, Step.to_state.in_(workflow().decided_states))
        .order_by(Step.id.desc())
        .limit(1)
    )
    return model.Session.scalar(query) or Duty.WALIDATA.value


def check_person(package: model.Package, actor: Actor, decision: Decision | None) -> None:
    """Check that the person may say it: they could have decided so.

    :raises NotAllowed: they have not the duty, or proposed what was decided.
    """
    duty = decided_by(decision) if decision is not None else Duty.WALIDATA.value
    if not has_duty(actor, duty, package.owner_org):
        text = N_("%(duty)s decided this dataset and says it. Ask them.")
        raise NotAllowed("not_holder", Message(text, {"duty": Message(DUTY_LABELS[duty])}))
    if decision is not None and actor.id in reads.parts_of(decision.case_id).get("proposer", ()):
        text = N_("You proposed what was decided. Another person has to say it.")
        raise NotAllowed("excluded", Message(text))


def may_say(package: model.Package, actor: Actor) -> bool:
    """Tell whether something open is decided, and the person may say it of that decision."""
    decision = reads.decision_in_force(package.id)
    if decision is None or not classification().is_open(decision.tingkat_keamanan):
        return False
    try:
        check_person(package, actor, decision)
    except NotAllowed:
        return False
    return True


def say(package: model.Package, actor: Actor, given: Any, reason: str) -> Any:
    """Say of the decision in force whether older versions are given; return the receipt.

    :param given: ``ya`` or ``tidak``.
    :raises NotAllowed: the person may not.
    :raises Refused: nothing open is decided.
    :raises InvalidFields: neither yes nor no, or the reason is too short.
    """
    reads.lock_judging(package.id)
    decision = reads.decision_in_force(package.id)
    check_person(package, actor, decision)
    if decision is None:
        raise Refused("nothing_decided", Message(workflow().messages["nothing_decided"]))
    if not classification().is_open(decision.tingkat_keamanan):
        text = N_("Only of open data can older versions go on being given.")
        raise Refused("not_open", Message(text))
    errors = check_reason(reason)
    if not isinstance(given, str) or given not in CHOICES:
        known = ", ".join(CHOICES)
        errors["given"] = [Message("Choose one of: %(choices)s.", {"choices": known})]
    if errors:
        raise InvalidFields(errors)
    before, decision.older_given = decision.older_given, given == YES
    package.metadata_modified = now().replace(tzinfo=None)
    return ledger.append(
        model.Session,
        event="decision.older",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package.id,
        case_id=decision.case_id,
        before={"what": YES if before else NO},
        after={"what": given},
        detail={"reason": reason.strip()},
    )
