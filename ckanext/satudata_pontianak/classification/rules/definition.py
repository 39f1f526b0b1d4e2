"""The workflow as data: ``schemas/workflow.yaml``, read and checked at start-up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from ... import paths
from ...agencies.rules.duties import Duty
from .definition_types import Conclusion, FieldSpec, Reopening, State, Transition
from .yaml_source import Source

# Who takes a step that is no person's: the operator, by a command on the server.
OPERATOR = "operator"
FIELD_TYPES = frozenset({"text", "line", "date", "choice", "axis", "agencies"})
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
KINDS = frozenset({"classify", "remove", "move"})
MESSAGES = frozenset(
    {
        "not_holder",
        "excluded",
        "no_case",
        "not_from_here",
        "stale_evidence",
        "lost_race",
        "unknown_transition",
        "nothing_decided",
        "case_open",
        "may_not_reopen",
    }
)


class Workflow:
    """The content of ``workflow.yaml``, checked."""

    def __init__(self, source: Source, known_conditions: Iterable[str]) -> None:
        """Check the file and keep it.

        :param known_conditions: the names that the engine can compute.
        :raises DefinitionError: naming line and reason.
        """
        data = source.data
        needed = (
            "version",
            "parts",
            "states",
            "fields",
            "conditions",
            "transitions",
            "messages",
            "reopening",
        )
        for key in needed:
            source.require(f"'{key}' is missing", bool(data.get(key)))
        self.raw: Mapping[str, Any] = data
        self.version = str(data["version"])
        self.parts: tuple[str, ...] = tuple(data["parts"])
        self._computable = frozenset(known_conditions)
        self.states = self._read_states(source)
        self.fields = self._read_fields(source)
        self._to_a_duty: dict[tuple[str, str], str] = {}
        self.conditions = self._read_conditions(source)
        self.messages: dict[str, str] = dict(data["messages"])
        for name in sorted(MESSAGES - set(self.messages)):
            raise source.fail(f"the message '{name}' is missing", "messages")
        self._by_key = self._read_transitions(source)
        self.transitions: dict[tuple[str, ...], Transition] = {
            (*t.key, *sorted(t.kinds)): t for t in self._by_key.values()
        }
        self.reopening = self._read_reopening(source)
        self.clock_state, self.review_before_working_days = self._read_clock(source)
        self.rescan_state = str((data.get("rescan") or {}).get("to"))
        source.require("unknown state", self.rescan_state in self.states, "rescan", "to")
        self.adopted_per_working_day = self._read_adoption(source)
        self.conclusions = self._read_conclusions(source)
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

    @staticmethod
    def _read_states(source: Source) -> dict[str, State]:
        duties = {d.value for d in Duty}
        states = {}
        for name, spec in source.data["states"].items():
            where = ("states", name)
            source.require(
                "a label is missing", isinstance(spec, dict) and bool(spec.get("label")), *where
            )
            end = bool(spec.get("end", False))
            holder = spec.get("holder")
            source.require("an end state has no holder", not (end and holder), *where)
            source.require(f"unknown duty '{holder}'", end or holder in duties, *where, "holder")
            due = spec.get("due_working_days")
            source.require(
                "'due_working_days' must be a positive whole number or null",
                due is None or (isinstance(due, int) and due > 0),
                *where,
                "due_working_days",
            )
            states[name] = State(name, spec["label"], holder, end, due)
        source.require("an end state is missing", any(s.end for s in states.values()), "states")
        return states

    @staticmethod
    def _read_fields(source: Source) -> dict[str, FieldSpec]:
        fields = {}
        for name, spec in source.data["fields"].items():
            where = ("fields", name)
            source.require("a label is missing", bool(spec.get("label")), *where)
            source.require(
                f"unknown type '{spec.get('type')}'",
                spec.get("type") in FIELD_TYPES,
                *where,
                "type",
            )
            choices = tuple(str(c) for c in spec.get("choices", ()))
            source.require(
                "a choice needs 'choices'", spec["type"] != "choice" or bool(choices), *where
            )
            fields[name] = FieldSpec(
                name,
                spec["type"],
                spec["label"],
                spec.get("help", ""),
                choices,
                spec.get("max_length"),
            )
        return fields

    def _read_conditions(self, source: Source) -> dict[str, str]:
        messages = {}
        for name, spec in source.data["conditions"].items():
            where = ("conditions", name)
            source.require(f"the engine cannot compute '{name}'", name in self._computable, *where)
            source.require("a message is missing", bool((spec or {}).get("message")), *where)
            messages[name] = spec["message"]
            for duty, text in (spec.get("messages") or {}).items():
                known = duty in {d.value for d in Duty} and bool(text)
                source.require(f"unknown duty '{duty}'", known, *where, "messages")
                self._to_a_duty[name, duty] = str(text)
        return messages

    def told(self, condition: str, duty: str) -> str:
        """Return what somebody of this duty is told when a condition is not met."""
        return self._to_a_duty.get((condition, duty), self.conditions[condition])

    def _read_transitions(self, source: Source) -> dict[tuple[str, str, str], Transition]:
        duties = {d.value for d in Duty}
        result: dict[tuple[str, str, str], Transition] = {}
        for number, spec in enumerate(source.data["transitions"]):
            where = ("transitions", number)
            for key in ("name", "label", "from", "to", "by", "effect", "step"):
                source.require(f"'{key}' is missing", bool(spec.get(key)), *where)
            for key in ("from", "to"):
                source.require(
                    f"unknown state '{spec[key]}'", spec[key] in self.states, *where, key
                )
            source.require(
                f"nothing leads out of the end state '{spec['from']}'",
                not self.states[spec["from"]].end,
                *where,
                "from",
            )
            source.require(
                f"unknown duty '{spec['by']}'", spec["by"] in {*duties, OPERATOR}, *where, "by"
            )
            source.require(
                f"unknown effect '{spec['effect']}'", spec["effect"] in EFFECTS, *where, "effect"
            )
            part = spec.get("part")
            source.require(
                f"unknown part '{part}'", part is None or part in self.parts, *where, "part"
            )
            for name in spec.get("exclude", ()):
                source.require(f"unknown part '{name}'", name in self.parts, *where, "exclude")
            kinds = frozenset(spec.get("kinds", ()))
            source.require("'kinds' is missing or unknown", bool(kinds) and kinds <= KINDS, *where)
            of = spec.get("of", "owner")
            source.require(f"unknown agency '{of}'", of in ("owner", "target"), *where, "of")
            axes = spec.get("axes")
            source.require(
                f"'axes' is 'open' or 'closed', not '{axes}'",
                axes in (None, "open", "closed"),
                *where,
                "axes",
            )
            due = spec.get("due_working_days")
            source.require(
                "'due_working_days' must be a positive whole number",
                due is None or (type(due) is int and due > 0),
                *where,
                "due_working_days",
            )
            transition = Transition(
                name=spec["name"],
                label=spec["label"],
                source=spec["from"],
                target=spec["to"],
                by=spec["by"],
                part=part,
                exclude=tuple(spec.get("exclude", ())),
                kinds=kinds,
                required=self._field_names(source, spec, where, "fields", "required"),
                optional=self._field_names(source, spec, where, "fields", "optional"),
                one_of=tuple(
                    tuple(group) for group in (spec.get("fields") or {}).get("one_of", ())
                ),
                required_when_closed=self._field_names(
                    source, spec, where, "fields_when_closed", "required"
                ),
                required_when_limited=self._field_names(
                    source, spec, where, "fields_when_limited", "required"
                ),
                conditions=self._condition_names(source, spec, where, "conditions"),
                conditions_when_open=self._condition_names(
                    source, spec, where, "conditions_when_open"
                ),
                axes=axes,
                of=of,
                effect=spec["effect"],
                step=spec["step"],
                output=spec.get("output", ""),
                basis=tuple(spec.get("basis", ())),
                due_working_days=due,
            )
            for name in transition.fields:
                source.require(f"unknown field '{name}'", name in self.fields, *where, "fields")
            for kind in sorted(kinds):
                key = (*transition.key, kind)
                source.require(
                    f"'{transition.name}' from '{transition.source}' stands twice for '{kind}'",
                    key not in result,
                    *where,
                )
                result[key] = transition
        return result

    def _field_names(
        self, source: Source, spec: dict[str, Any], where: tuple[Any, ...], group: str, key: str
    ) -> tuple[str, ...]:
        names = tuple((spec.get(group) or {}).get(key, ()))
        for name in names:
            source.require(f"unknown field '{name}'", name in self.fields, *where, group, key)
        return names

    def _condition_names(
        self, source: Source, spec: dict[str, Any], where: tuple[Any, ...], key: str
    ) -> tuple[str, ...]:
        names = tuple(spec.get(key, ()))
        for name in names:
            source.require(f"unknown condition '{name}'", name in self.conditions, *where, key)
        return names

    def _read_conclusions(self, source: Source) -> tuple[Conclusion, ...]:
        result = []
        for number, spec in enumerate(source.data.get("conclusions", ())):
            where = ("conclusions", number)
            key = (spec.get("from"), spec.get("transition"))
            source.require(
                f"there is no step '{key[1]}' from '{key[0]}'",
                any(t.key == key for t in self.transitions.values()),
                *where,
            )
            result.append(Conclusion(key[1], key[0], spec.get("field"), spec.get("value")))
        return tuple(result)

    def _read_reopening(self, source: Source) -> tuple[Reopening, ...]:
        duties = {d.value for d in Duty}
        result = []
        for number, spec in enumerate(source.data["reopening"]):
            where = ("reopening", number)
            source.require(f"unknown duty '{spec.get('by')}'", spec.get("by") in duties, *where)
            source.require(
                f"unknown state '{spec.get('to')}'", spec.get("to") in self.states, *where
            )
            kinds = frozenset(spec.get("kinds", ()))
            source.require("'kinds' is missing or unknown", bool(kinds) and kinds <= KINDS, *where)
            result.append(Reopening(spec["by"], spec["to"], kinds))
        return tuple(result)

    def _read_clock(self, source: Source) -> tuple[str, int]:
        spec = source.data.get("clock") or {}
        state, days = str(spec.get("to")), spec.get("review_before_working_days")
        source.require(f"unknown state '{state}'", state in self.states, "clock", "to")
        if not isinstance(days, int) or days <= 0:
            raise source.fail(
                "'review_before_working_days' must be a positive whole number", "clock"
            )
        return state, days

    def _read_adoption(self, source: Source) -> int:
        number = (source.data.get("adoption") or {}).get("due_per_working_day")
        if not isinstance(number, int) or isinstance(number, bool) or number <= 0:
            raise source.fail("'due_per_working_day' must be a positive whole number", "adoption")
        return number

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
    from .conditions import CONDITIONS

    return Workflow(Source.read(paths.schemas() / "workflow.yaml"), CONDITIONS)
