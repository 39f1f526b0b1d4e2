"""The way a dataset goes from its proposal to a decision, one step from each state to the next.

Pure: read from the workflow, for whoever wants the procedure in a few sentences.
"""

from __future__ import annotations

from .definition import OPERATOR, Workflow
from .definition_types import Transition

KIND = "classify"


def main_road(workflow: Workflow) -> tuple[Transition, ...]:
    """Return the steps that lead forward, in the order of the file: the first between two states.

    What somebody takes back, ends without a decision or takes over from an old portal is left out.
    """
    order = list(workflow.states)
    found: dict[tuple[str, str], Transition] = {}
    for step in workflow.transitions.values():
        ahead = order.index(step.source) < order.index(step.target)
        if KIND not in step.kinds or step.by == OPERATOR or not ahead:
            continue
        if step.target != workflow.withdrawn_state:
            found.setdefault((step.source, step.target), step)
    return tuple(found.values())
