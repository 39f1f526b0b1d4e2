"""A workflow as it was in force once, read from the text that the ledger keeps of it.

It is read for a replay only, and leniently: whatever the engine of today asks of its own file,
what was in force in an earlier year stays readable.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PROPOSER = "proposer"


@dataclass(frozen=True)
class Step:
    """One step as the definition had it."""

    name: str
    label: str
    source: str
    target: str
    by: str
    part: str | None
    exclude: frozenset[str]
    kinds: frozenset[str]
    required: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    when_closed: tuple[str, ...]
    when_limited: tuple[str, ...]

    def missing(self, filled: frozenset[str], level: Level | None) -> list[str]:
        """Return which fields the step needed and did not have.

        :param level: the level that it decided; ``None`` where it decided none.
        """
        needed = list(self.required)
        if level is not None and not level.open:
            needed += self.when_closed
            if level.stores_files:
                needed += self.when_limited
        lacking = [name for name in dict.fromkeys(needed) if name not in filled]
        return lacking + ["/".join(group) for group in self.one_of if not filled & set(group)]


@dataclass(frozen=True)
class Level:
    """A security level as the definition had it."""

    name: str
    open: bool
    stores_files: bool


@dataclass(frozen=True)
class Past:
    """A definition that was in force once."""

    version: str
    labels: Mapping[str, str]
    due: Mapping[str, int | None]
    ends: frozenset[str]
    starts: frozenset[str]
    steps: tuple[Step, ...]
    levels: Mapping[str, Level]
    fields: Mapping[str, str] = field(default_factory=dict)
    """Field of a step → its label."""
    _by_key: Mapping[tuple[str, str, str], Step] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, text: str) -> Past:
        """Read what :func:`...classification.rules.definition_text.text_of` wrote.

        :raises ValueError: it is no such text.
        """
        try:
            data = json.loads(text)
            flow = data["workflow"]
            steps = tuple(_step(item) for item in flow["transitions"])
            states = flow["states"]
            order = list(data["order"])
            starts = {order[0]}
            starts |= {item["to"] for item in flow.get("reopening", ())}
            starts |= {(flow.get(k) or {}).get("to") for k in ("clock", "rescan")} - {None}
            return cls(
                version=str(flow["version"]),
                labels={name: states[name]["label"] for name in order},
                due={name: spec.get("due_working_days") for name, spec in states.items()},
                ends=frozenset(name for name, spec in states.items() if spec.get("end")),
                starts=frozenset(starts),
                steps=steps,
                levels={
                    item["name"]: Level(item["name"], item["open"], item["stores_files"])
                    for item in data["levels"]
                },
                fields={
                    str(name): str(spec["label"])
                    for name, spec in (flow.get("fields") or {}).items()
                    if "label" in spec
                },
                _by_key={(s.source, s.name, kind): s for s in steps for kind in s.kinds},
            )
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise ValueError(f"this is no definition: {error!r}") from error

    def find(self, state: str, name: str, kind: str) -> Step | None:
        """Return the step ``name`` out of ``state`` in a case of this kind."""
        return self._by_key.get((state, name, kind))

    def knows(self, name: str) -> bool:
        """Tell whether there is a step of this name from any state."""
        return any(step.name == name for step in self.steps)

    def not_for_proposers(self, kind: str) -> frozenset[str]:
        """Return which parts exclude from changing what is proposed."""
        found: set[str] = set()
        for step in self.steps:
            if step.part == PROPOSER and kind in step.kinds:
                found |= step.exclude
        return frozenset(found)


def _step(item: Mapping[str, Any]) -> Step:
    fields = item.get("fields") or {}
    return Step(
        name=item["name"],
        label=item["label"],
        source=item["from"],
        target=item["to"],
        by=item["by"],
        part=item.get("part"),
        exclude=frozenset(item.get("exclude", ())),
        kinds=frozenset(item["kinds"]),
        required=tuple(fields.get("required", ())),
        one_of=tuple(tuple(group) for group in fields.get("one_of", ())),
        when_closed=tuple((item.get("fields_when_closed") or {}).get("required", ())),
        when_limited=tuple((item.get("fields_when_limited") or {}).get("required", ())),
    )
