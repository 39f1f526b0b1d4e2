"""Rows of a case on something decided: who may open which, and where it begins."""

from __future__ import annotations

from collections.abc import Mapping

from ...classification.rules.definition import OPERATOR
from ...classification.rules.definition_types import Kind
from ...messages import Message
from ...msgids import N_
from .definition import Definitions
from .document import Link, Row, Symbol
from .rows_cases import entry_key
from .rows_parts import ENFORCED, Way, among, choices

CLASSIFY: Kind = "classify"
REOPEN = "reopen"
KINDS: Mapping[Kind, tuple[str, str]] = {
    CLASSIFY: (
        N_("Class it anew"),
        N_("A case is opened in which the dataset is classed anew; it begins at '%(state)s'."),
    ),
    "remove": (
        N_("Remove it"),
        N_("A case is opened in which the removal is decided; it begins at '%(state)s'."),
    ),
    "move": (
        N_("Move it to another agency"),
        N_("A case is opened in which the move is decided; it begins at '%(state)s'."),
    ),
}


def reopening_rows(defs: Definitions, elsewhere: Mapping[Kind, str]) -> list[Row]:
    """Return a choice, and a row for each kind of case and each state in which it begins.

    :param elsewhere: kind of case → the SOP that tells of it; the others are told in this one.
    """
    flow = defs.workflow
    ways: dict[tuple[Kind, str], list[str]] = {}
    for entry in flow.reopening:
        for kind in KINDS:
            if kind in entry.kinds:
                ways.setdefault((kind, entry.to), []).append(entry.by)
    ways.setdefault((CLASSIFY, flow.clock_state), [])
    rows = []
    for (kind, state), people in ways.items():
        label, activity = KINDS[kind]
        steps = [t for t in flow.from_state(state) if kind in t.kinds and t.by != OPERATOR]
        lane = people[0] if people else str(flow.states[state].holder)
        remarks = [ENFORCED]
        if len(people) > 1:
            named = [defs.sop.lane(who) for who in people]
            remarks.append(Message("May be done by: %(people)s.", {"people": named}))
        if (kind, state) == (CLASSIFY, flow.clock_state):
            days = {"days": flow.review_before_working_days}
            remarks.append(
                Message("The portal opens it by itself %(days)s working days before the end.", days)
            )
        rows.append(
            Row(
                key=f"{REOPEN}:{kind}:{state}",
                lane=lane,
                symbol=Symbol.PROCESS,
                title=Message(label),
                activity=Message(activity, {"state": Message(flow.states[state].label)}),
                needs=(Message("Reason of the case"), Message("Decision in force")),
                time=Message("Within 5 working days after the reason became known"),
                output=Message("Open case; the decision stays in force"),
                remarks=tuple(remarks),
                links=(Link(elsewhere.get(kind) or entry_key(state, steps)),),
            )
        )
    found = [
        Way(KINDS[kind][0], defs.sop.lane(row.lane), row.key)
        for (kind, _), row in zip(ways, rows, strict=True)
    ]
    questions = choices(
        REOPEN,
        rows[0].lane,
        N_("Open a new case"),
        found,
        needs=Message("Decision in force"),
        time=Message("Within 5 working days after the reason became known"),
    )
    return among(questions, rows)
