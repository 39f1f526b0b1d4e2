"""Rows of a request for access: the states and steps of ``requests.yaml``."""

from __future__ import annotations

from collections.abc import Sequence

from ...classification.grants.request_definition import ANSWERERS, State, Transition
from ...messages import Message
from ...msgids import N_
from .definition import Definitions, Requests
from .document import Link, Row, Symbol, bases
from .rows_parts import AS_ABOVE, ENFORCED, Way, among, choices, due, end

WHEN = {
    "overdue": N_("Only once the deadline has passed."),
    "decision_changed": N_("Only where the decision in force changed."),
}


def request_rows(defs: Definitions, spec: Requests) -> list[Row]:
    """Return a row for each choice, each step and each end that a request can come to."""
    rules, then = defs.requests, spec.then
    steps = {state: rules.from_state(state) for state in rules.states}

    def entry(state: str) -> str:
        if rules.states[state].end and not steps[state]:
            return then.get(state, f"request:{state}")
        if rules.states[state].end:
            return f"request:{state}"
        return f"request:{state}" if len(steps[state]) != 1 else request_key(steps[state][0])

    rows: list[Row] = []
    ends: dict[str, str] = {}
    for name, state in rules.states.items():
        ways = steps[name]
        questions, made = [], []
        if state.end and ways:
            questions = _answered(defs, state, ways)
            ends[f"{name}:end"] = ways[0].by
        elif len(ways) > 1:
            questions = _choices(defs, state, ways)
        for transition in ways:
            made.append(_step(defs, state, transition, entry(transition.target), bool(questions)))
            over = rules.states[transition.target].end and not steps[transition.target]
            if over and transition.target not in then:
                ends.setdefault(transition.target, transition.by)
        rows += among(questions, made)
    over_with = Message("The request ends.")
    rows += [
        end(f"request:{key}", lane, rules.states[key.partition(":")[0]].label, over_with)
        for key, lane in ends.items()
    ]
    return rows


def request_key(step: Transition) -> str:
    """Return the key of a step's row."""
    return "-".join(("step", step.source, step.name, *sorted(step.roads)))


def _ways(defs: Definitions, steps: Sequence[Transition]) -> list[Way]:
    return [Way(t.label, defs.sop.lane(t.by), request_key(t)) for t in steps]


def _choices(defs: Definitions, state: State, steps: Sequence[Transition]) -> list[Row]:
    return choices(
        f"request:{state.name}",
        state.holder or steps[0].by,
        state.label,
        _ways(defs, steps),
        needs=Message("Request with its purpose"),
        time=_due(state),
        remarks=_answering(defs) if state.holder == ANSWERERS else (),
        basis=bases(state.basis),
    )


def _answering(defs: Definitions) -> tuple[Message, ...]:
    """Say who answers, road by road."""
    return tuple(
        Message(
            "%(road)s: answered by %(people)s.",
            {
                "road": Message(road.label),
                "people": [defs.sop.lane(who) for who in road.answered_by],
            },
        )
        for road in defs.requests.roads.values()
    )


def _step(defs: Definitions, state: State, step: Transition, target: str, chosen: bool) -> Row:
    roads = [Message(r.label) for n, r in defs.requests.roads.items() if n in step.roads]
    remarks = [ENFORCED]
    if len(roads) < len(defs.requests.roads):
        remarks.append(Message("For: %(roads)s.", {"roads": roads}))
    if step.when in WHEN:
        remarks.append(Message(WHEN[step.when]))
    if step.exclude:
        remarks.append(Message("Not by whoever acted on this request before."))
    needs = [Message(defs.requests.fields[name].label) for name in step.required]
    return Row(
        key=request_key(step),
        lane=step.by,
        symbol=Symbol.PROCESS,
        title=Message(step.label),
        activity=Message(step.step),
        needs=tuple(needs) or (Message("Request with its purpose"),),
        time=Message(AS_ABOVE) if chosen else _due(state),
        output=Message(defs.requests.states[step.target].label),
        remarks=tuple(remarks),
        links=(Link(target),),
        basis=(*bases(state.basis), *bases(step.basis)),
    )


def _due(state: State) -> Message:
    if state.due_working_days is None:
        return Message("On the day on which it is done, which the portal records")
    return due(state.due_working_days)


def _answered(defs: Definitions, state: State, steps: Sequence[Transition]) -> list[Row]:
    """Return the choice of whoever got an answer: to take a step against it, or to leave it."""
    left = Way(state.label, defs.sop.lane(steps[0].by), f"request:{state.name}:end")
    return choices(
        f"request:{state.name}",
        steps[0].by,
        state.label,
        [*_ways(defs, steps), left],
        needs=Message("Answer with its reasons"),
        time=due(defs.requests.objection.within_working_days),
        basis=bases(state.basis),
        question=N_("Is this step taken against the answer: %(step)s (%(who)s)?"),
    )
