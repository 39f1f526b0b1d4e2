"""Random walks through the workflow, by everybody, end nowhere that the design forbids."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from .walk_machine import Walk

# A shorter walk is not looked for: that takes minutes, and the one that failed is printed.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SEEN_IN_EVERY_RUN = (
    "decided biasa by verification",
    "approval: approve (classify)",
    "verification: refer (classify)",
    "consequence_test: assess (classify)",
    "draft: withdraw (classify)",
    "hold",
    "refused",
)


def walk(times: int) -> Counter[str]:
    """Walk so often, and return how often what was done."""

    class Counted(Walk):
        counts: ClassVar[Counter[str]] = Counter()

    run_state_machine_as_test(
        Counted,
        settings=settings(
            max_examples=times,
            stateful_step_count=25,
            deadline=None,
            # By one lot for all, as hypothesis draws on CI, walking on would meet nothing new.
            derandomize=False,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return Counted.counts


def test_some_walks_break_no_rule() -> None:
    assert walk(20)["walks"] >= 20


@pytest.mark.slow
def test_300_walks_break_no_rule(record_property) -> None:
    counts = walk(300)
    # Walks are drawn by lot: where these met too little, more are walked.
    for _ in range(9):
        if all(counts[what] for what in SEEN_IN_EVERY_RUN):
            break
        counts += walk(300)
    record_property("counts", dict(counts))
    assert counts["walks"] >= 300
    assert [what for what in SEEN_IN_EVERY_RUN if not counts[what]] == []


@pytest.mark.long
def test_5000_walks_break_no_rule(record_property) -> None:
    counts = walk(5000)
    record_property("counts", dict(counts))
    assert counts["walks"] >= 5000
    assert [what for what in SEEN_IN_EVERY_RUN if not counts[what]] == []
