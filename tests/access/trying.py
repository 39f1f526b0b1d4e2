"""What the tests of the matrix do for each person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from .matrix import Leak, Matrix, counts
from .world import World


def try_all(world: World, app: Any, who: str, record_property: Any) -> None:
    """Try every door as somebody; a leak fails and names exit, person, state and content."""
    before = world.digest()
    outcome = Matrix(world, app, who).run()
    record_property("contract", counts(outcome))
    wrong = [*in_words(outcome.leaks), *outcome.missing]
    wrong += [f"{door} broke: {request}" for door, request in outcome.broken.items()]
    after = world.digest()
    wrong += [
        f"changed by trying: {n}: {before[n]} {after[n]}" for n in before if before[n] != after[n]
    ]
    assert not wrong, f"{len(outcome.leaks)} leaks\n" + "\n".join(wrong)


def in_words(leaks: Iterable[Leak]) -> list[str]:
    """Return one line for each door and kind of content, with the states."""
    grouped: dict[tuple[str, str, str], list[Leak]] = defaultdict(list)
    for leak in sorted(leaks):
        grouped[leak.door, leak.who, leak.kind].append(leak)
    return [
        f"{door} gave {kind} to {who} in {', '.join(k.state for k in found)}:\n"
        f"    {found[0].request} … {found[0].where}"
        for (door, who, kind), found in grouped.items()
    ]
