"""What a run of the clock does for information security."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import asking, controls, filling, incidents, tasks
from .rules.evidence import Probe


def run(probes: Mapping[str, Probe]) -> Iterator[str]:
    """Fill registers, hand out what is due, look at controls, remind; say what was done."""
    for filled in filling.run():
        yield (
            f"Register {filled.register}: {filled.made} lines made, {filled.changed} changed, "
            f"{filled.ended} ended."
        )
    yield f"{asking.ask()} people asked for what is missing in registers."
    yield f"{len(tasks.hand_out())} tasks of information security handed out."
    changed = controls.run(probes)
    for change in changed:
        yield f"Control {change.name}: {change.before or 'new'} -> {change.status}"
    yield f"{incidents.remind()} people told of deadlines of incidents of information security."
    told, moved = tasks.remind()
    yield f"{told} people reminded of tasks, {moved} tasks given to somebody else."
