"""Tell of a step in a case, in its transaction: whoever must act now, and whoever wonders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import model

from ...agencies.rules.duties import Actor
from ..rules.definition import OPERATOR, workflow
from ..rules.workflow import Step
from . import notices
from .definition import OWNER_PUBLISHERS, RECEIVER, notice_rules

if TYPE_CHECKING:
    from ..records.model import Case

ARRIVED = "case_arrived"
APPROVED = "case_approved"
WITHDRAWN = "case_withdrawn"
OPENED = "case_opened"


def told(
    package: model.Package, case: Case, actor: Actor, step: Step, receipt: str | None = None
) -> None:
    """Tell of a step that was just taken; ``schemas/notices.yaml`` says of which, and whom.

    :param receipt: the code of the step's record, as people read it.
    """
    transition, rules = step.transition, notice_rules()
    if transition.by == OPERATOR:
        return
    # A step that the city added to its workflow is told to whoever has to act on it.
    added = (ARRIVED,) if workflow().states[case.state].holder else ()
    kinds = rules.steps.get(transition.name, added)
    if case.kind == "move":
        kinds += rules.steps_of_a_move.get(transition.name, ())
    proposed = case.proposal.get("tingkat_keamanan")
    if case.kind == "classify" and step.axes.tingkat_keamanan != proposed:
        kinds = tuple(rules.otherwise if kind == APPROVED else kind for kind in kinds)
    for kind in kinds:
        tell(package, case, actor, kind, receipt)


def tell(
    package: model.Package, case: Case, actor: Actor, kind: str, receipt: str | None = None
) -> None:
    """Tell everybody whom a kind of notice goes to of a case as it stands now, but the actor."""
    rules, holder = notice_rules(), workflow().states[case.state].holder
    people = set(notices.recipients(kind, package.owner_org, holder))
    if RECEIVER in rules.kinds[kind].to:
        people.update(notices.people([OWNER_PUBLISHERS], case.changes.get("owner_org")))
    known = {"due": case.due.isoformat() if case.due else None, "receipt": receipt}
    carried = rules.kinds[kind].facts
    notices.tell(
        model.Session,
        kind,
        people - {str(actor.id)},
        dataset_id=package.id,
        case_id=case.id,
        facts={name: value for name, value in known.items() if value and name in carried},
    )
