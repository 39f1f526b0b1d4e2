"""Rows of a case: the states and steps of ``workflow.yaml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...classification.rules.definition_types import Kinds, State, Transition
from ...classification.rules.workflow import PART_LABELS
from ...messages import Message
from ...msgids import N_
from .definition import Cases, Definitions, Spec
from .document import Link, Row, Symbol, bases
from .rows_parts import AS_ABOVE, ENFORCED, Way, among, choices, due, end

PREFIX = "|"
"""Stands between the prefix of a key and the key that it would have without."""


def case_rows(defs: Definitions, name: str, spec: Cases) -> list[Row]:
    """Return a row for each choice, each step and each end that a case can come to.

    Every state that can be reached from ``start`` is taken, also one that is added to the
    workflow later; a state in which another SOP starts leads there instead, unless ``whole``.

    """
    kinds, flow, then = spec.kinds, defs.workflow, spec.then
    steps = {
        state: [t for t in flow.from_state(state) if t.kinds & kinds and t.name not in spec.without]
        for state in flow.states
    }
    others = {} if spec.whole else _starts_elsewhere(defs, name, kinds)
    reached = _reached(spec.start, steps, others)

    def entry(state: str) -> str:
        if state in others:
            return f"sop:{others[state]}"
        if flow.states[state].end:
            return then.get(state, f"case:{state}")
        return entry_key(state, steps[state])

    rows: list[Row] = []
    ends: dict[str, str] = {}
    ordered = [s for s in flow.states if s in reached]
    for state in ordered:
        ways = steps[state]
        if not ways and not flow.states[state].end:
            rows.append(_stuck(flow.states[state]))
        made = []
        for transition in ways:
            inside = f"case:{state}" if len(ways) > 1 else None
            made.append(
                _step(defs, flow.states[state], transition, entry(transition.target), inside)
            )
            if flow.states[transition.target].end and transition.target not in then:
                ends.setdefault(transition.target, transition.by)
        rows += among(_choices(defs, flow.states[state], ways) if len(ways) > 1 else [], made)
    rows += [
        end(f"case:{state}", lane, flow.states[state].label, Message("The case ends."))
        for state, lane in ends.items()
    ]
    return _prefixed(rows, spec.prefix) if spec.prefix else rows


def _prefixed(rows: Sequence[Row], prefix: str) -> list[Row]:
    """Return rows under keys of their own, leading to one another as before."""
    own = {row.key: f"{prefix}{PREFIX}{row.key}" for row in rows}
    return [
        replace(
            row,
            key=own[row.key],
            links=tuple(replace(link, to=own.get(link.to, link.to)) for link in row.links),
        )
        for row in rows
    ]


def entry_key(state: str, steps: Sequence[Transition]) -> str:
    """Return the row by which a case comes into a state: its choice, or its only step."""
    return f"case:{state}" if len(steps) != 1 else step_key(steps[0])


def _starts_elsewhere(defs: Definitions, name: str, kinds: Kinds) -> dict[str, str]:
    """Return state → the other SOP that starts there for the same kinds of cases."""
    found: dict[str, str] = {}
    for other, document in defs.sop.documents.items():
        for spec in _cases(document):
            if other != name and kinds & spec.kinds:
                found.setdefault(spec.start, other)
    own = {s.start for s in _cases(defs.sop.documents[name]) if kinds & s.kinds}
    return {state: other for state, other in found.items() if state not in own}


def _cases(document: Spec) -> list[Cases]:
    return [segment.cases for segment in document.flow if segment.cases]


def _reached(
    start: str, steps: Mapping[str, Sequence[Transition]], others: Mapping[str, str]
) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        for transition in steps[waiting.pop()]:
            if transition.target not in reached and transition.target not in others:
                reached.add(transition.target)
                waiting.append(transition.target)
    return reached


def step_key(transition: Transition) -> str:
    """Return the key of a step's row."""
    return "-".join(("step", transition.source, transition.name, *sorted(transition.kinds)))


def _choices(defs: Definitions, state: State, steps: Sequence[Transition]) -> list[Row]:
    return choices(
        f"case:{state.name}",
        state.holder or steps[0].by,
        state.label,
        [Way(t.label, defs.sop.lane(t.by), step_key(t)) for t in steps],
        needs=Message("Case with its evidence"),
        time=due(state.due_working_days),
    )


def _step(
    defs: Definitions, state: State, transition: Transition, target: str, choice: str | None
) -> Row:
    excluded = [Message(PART_LABELS.get(part, part)) for part in transition.exclude]
    remarks = [ENFORCED]
    if excluded:
        remarks.append(Message("Not by: %(parts)s of the same case.", {"parts": excluded}))
    time = Message(AS_ABOVE) if choice else due(state.due_working_days)
    return Row(
        key=step_key(transition),
        lane=transition.by,
        symbol=Symbol.PROCESS,
        title=Message(transition.label),
        activity=Message(transition.step),
        needs=_needs(defs, transition),
        time=time,
        output=Message(transition.output) if transition.output else None,
        remarks=tuple(remarks),
        links=(Link(target),),
        basis=bases(transition.basis),
    )


def _needs(defs: Definitions, transition: Transition) -> tuple[Message, ...]:
    """Return the fields and conditions that the step asks for."""
    fields = defs.workflow.fields
    needs = [Message(fields[name].label) for name in transition.required]
    for group in transition.one_of:
        values = {"fields": [Message(fields[name].label) for name in group]}
        needs.append(Message("One of: %(fields)s", values))
    for names, text in (
        (transition.required_when_closed, N_("Where it is closed: %(fields)s")),
        (transition.required_when_limited, N_("Where it is limited: %(fields)s")),
    ):
        if names:
            needs.append(Message(text, {"fields": [Message(fields[n].label) for n in names]}))
    asked = dict.fromkeys((*transition.conditions, *transition.conditions_when_open))
    known = defs.sop.conditions
    needs += [Message(known[name].label) for name in asked if name in known]
    return tuple(needs) or (Message("Case with its evidence"),)


def _stuck(state: State) -> Row:
    """Return a state that cases of this kind cannot leave: shown, so that somebody mends it."""
    return Row(
        key=f"case:{state.name}",
        lane=str(state.holder),
        symbol=Symbol.TERMINATOR,
        title=Message(state.label),
        activity=Message("No step leads on from here in cases of this kind."),
        time=due(state.due_working_days),
        remarks=(ENFORCED,),
    )
