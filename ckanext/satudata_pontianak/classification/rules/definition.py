"""The workflow as data: ``schemas/workflow.yaml``, read and checked at start-up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, get_args

from ... import paths
from ...agencies.rules.duties import Duty
from ...surface.yaml_source import Source
from .conditions import CONDITIONS
from .definition_types import Kind, Transition, WorkflowFile

# Who takes a step that is no person's: the operator, by a command on the server.
OPERATOR = "operator"
DUTIES = frozenset(duty.value for duty in Duty)
DECIDES = frozenset("decide_open decide_assessed decide_renewal decide_remove decide_move".split())
"""Effects by which something is decided."""
WITHDRAWS = "end_withdrawn"
EFFECTS = DECIDES | {
    WITHDRAWS,
    "freeze_evidence",
    "thaw_evidence",
    "note_referral",
    "assess",
    "clear_assessment",
    "accept",
}
KINDS = frozenset(get_args(Kind))
MESSAGES = (
    "not_holder excluded no_case not_from_here stale_evidence lost_race unknown_transition "
    "nothing_decided case_open may_not_reopen"
).split()


class Workflow:
    """The content of ``workflow.yaml``, checked."""

    def __init__(self, source: Source, known_conditions: Iterable[str]) -> None:
        """Check the file and keep it.

        :param known_conditions: the names that the engine can compute.
        :raises DefinitionError: naming line and reason.
        """
        file = source.shaped(WorkflowFile)
        self.raw: Mapping[str, Any] = source.data
        self.version, self.parts, self.messages = file.version, file.parts, file.messages
        self.states, self.fields = file.states, file.fields
        self.conditions = {name: spec.message for name, spec in file.conditions.items()}
        self._to_a_duty = {name: spec.messages for name, spec in file.conditions.items()}
        self.reopening, self.conclusions = file.reopening, file.conclusions
        self.clock_state = file.clock.to
        self.review_before_working_days = file.clock.review_before_working_days
        self.rescan_state = file.rescan.to
        self.adopted_per_working_day = file.adoption.due_per_working_day
        source.whole("message", MESSAGES, self.messages, "messages")
        self._check_states(source)
        self._check_conditions(source, frozenset(known_conditions))
        self._by_key = self._read_transitions(source, file.transitions)
        self.transitions: dict[tuple[str, ...], Transition] = {
            (*t.key, *sorted(t.kinds)): t for t in self._by_key.values()
        }
        self._check_where_cases_begin(source)
        self._check_reachable(source)
        self.decided_states = self._led_to_by(source, DECIDES)
        """In one of these a case is once something was decided in it."""
        self.withdrawn_state = self._led_to_by(source, {WITHDRAWS})[0]
        """In this a case is that ended without a decision."""

    def _led_to_by(self, source: Source, effects: Collection[str]) -> tuple[str, ...]:
        steps = [t for t in self.transitions.values() if t.effect in effects]
        wanted = ", ".join(sorted(effects))
        source.require(f"no step has an effect of: {wanted}", bool(steps), "transitions")
        for number, spec in enumerate(source.data["transitions"]):
            ends = spec["effect"] not in effects or self.states[spec["to"]].end
            source.require(
                f"'{spec['effect']}' leads to an end state", ends, "transitions", number, "to"
            )
        return tuple(dict.fromkeys(t.target for t in steps))

    def _check_states(self, source: Source) -> None:
        for name, state in self.states.items():
            where = ("states", name)
            source.require("an end state has no holder", not (state.end and state.holder), *where)
            if not state.end:
                source.known("duty", [state.holder], DUTIES, *where, "holder")
        ends = any(state.end for state in self.states.values())
        source.require("an end state is missing", ends, "states")
        for name, field in self.fields.items():
            chosen = field.type != "choice" or bool(field.choices)
            source.require("a choice needs 'choices'", chosen, "fields", name)

    def _check_conditions(self, source: Source, computable: frozenset[str]) -> None:
        for name in self.conditions:
            where = ("conditions", name)
            source.require(f"the engine cannot compute '{name}'", name in computable, *where)
            for duty in self._to_a_duty[name]:
                source.known("duty", [duty], DUTIES, *where, "messages", duty)

    def told(self, condition: str, duty: str) -> str:
        """Return what somebody of this duty is told when a condition is not met."""
        return self._to_a_duty[condition].get(duty, self.conditions[condition])

    def _read_transitions(
        self, source: Source, steps: Iterable[Transition]
    ) -> dict[tuple[str, str, str], Transition]:
        result: dict[tuple[str, str, str], Transition] = {}
        for number, step in enumerate(steps):
            where = ("transitions", number)
            for key, state in (("from", step.source), ("to", step.target)):
                source.known("state", [state], self.states, *where, key)
            source.require(
                f"nothing leads out of the end state '{step.source}'",
                not self.states[step.source].end,
                *where,
                "from",
            )
            source.known("duty", [step.by], {*DUTIES, OPERATOR}, *where, "by")
            source.known("effect", [step.effect], EFFECTS, *where, "effect")
            source.known("part", filter(None, [step.part]), self.parts, *where, "part")
            source.known("part", step.exclude, self.parts, *where, "exclude")
            asked = {
                "fields": [*step.required, *step.optional, *sum(step.one_of, ())],
                "fields_when_closed": step.required_when_closed,
                "fields_when_limited": step.required_when_limited,
            }
            for key, names in asked.items():
                source.known("field", names, self.fields, *where, key)
            for key in ("conditions", "conditions_when_open"):
                source.known("condition", getattr(step, key), self.conditions, *where, key)
            for kind in sorted(step.kinds):
                key = (*step.key, kind)
                source.require(
                    f"'{step.name}' from '{step.source}' stands twice for '{kind}'",
                    key not in result,
                    *where,
                )
                result[key] = step
        return result

    def _check_where_cases_begin(self, source: Source) -> None:
        steps = {step.key for step in self.transitions.values()}
        for number, one in enumerate(self.conclusions):
            source.require(
                f"there is no step '{one.transition}' from '{one.source}'",
                (one.source, one.transition) in steps,
                "conclusions",
                number,
            )
        for number, one in enumerate(self.reopening):
            source.known("duty", [one.by], DUTIES, "reopening", number, "by")
            source.known("state", [one.to], self.states, "reopening", number, "to")
        for key, state in (("clock", self.clock_state), ("rescan", self.rescan_state)):
            source.known("state", [state], self.states, key, "to")

    def _check_reachable(self, source: Source) -> None:
        first = next(iter(self.states))
        reached, waiting = {first}, [first]
        while waiting:
            state = waiting.pop()
            for transition in self.from_state(state):
                if transition.target not in reached:
                    reached.add(transition.target)
                    waiting.append(transition.target)
        for name, state in self.states.items():
            source.require("no step leads here", name in reached, "states", name)
            source.require(
                "no step leads out of here",
                state.end or bool(self.from_state(name)),
                "states",
                name,
            )

    def from_state(self, state: str) -> list[Transition]:
        """Return the steps that lead out of ``state``, in the order of the file."""
        return [t for t in self.transitions.values() if t.source == state]

    def named(self, state: str, name: str, kind: str = "classify") -> Transition | None:
        """Return the step ``name`` from ``state`` in a case of this kind, or ``None``."""
        return self._by_key.get((state, name, kind))

    @property
    def first_state(self) -> str:
        """The state in which a case begins when the owner agency opens it."""
        return next(iter(self.states))

    def refers(self, action: str, source: str | None, target: str | None) -> bool:
        """Tell whether this puts the matter before PPID: a referral, or a case opened there."""
        if action == "open":
            desks = {r.to for r in self.reopening} | {self.clock_state}
            return target in desks - {self.first_state}
        steps = [t for t in self.from_state(source or "") if t.name == action]
        return any(t.effect == "note_referral" for t in steps)

    def concludes(self, transition: str, source: str, fields: Mapping[str, Any]) -> bool:
        """Tell whether this step ends an earlier referral to PPID."""
        return any(
            c.transition == transition
            and c.source == source
            and (c.field is None or fields.get(c.field) == c.value)
            for c in self.conclusions
        )


@lru_cache(maxsize=1)
def workflow() -> Workflow:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Workflow(Source.read(paths.schemas() / "workflow.yaml"), CONDITIONS)
