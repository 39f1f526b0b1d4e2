"""The city of the contract, built once a run, and its counts at the end."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from .states import STATES
from .world import World

_world: list[World] = []


@pytest.fixture
def world(request: pytest.FixtureRequest, with_plugins: None) -> World:
    """A city with a dataset in every state: made once a run, read by many tests."""
    if not _world or not _world[0].stands():
        request.getfixturevalue("clean_db")
        request.getfixturevalue("clean_index")
        _world[:] = [World()]
    return _world[0]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the contract tried."""
    total: Counter[str] = Counter()
    people = exits = 0
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            found = dict(getattr(report, "user_properties", ())).get("contract")
            if found and report.when == "call":
                people += 1
                exits = max(exits, found["exits"])
                total.update({k: found[k] for k in ("cells", "requests", "leaks")})
    if people:
        terminalreporter.write_line(
            f"contract: {exits} exits x {people} actors x {len(STATES)} states, "
            f"{total['cells']} cells, {total['requests']} requests, {total['leaks']} leaks"
        )
