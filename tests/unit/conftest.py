"""What the pure tests share: what they counted is printed at the end of a run."""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is: times belong in benchmarks/.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: to look for garbage in it takes a third of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted with ``record_property("counts", ...)``, most frequent first."""
    for report in terminalreporter.getreports("passed"):
        for name, counts in report.user_properties:
            if name != "counts" or not isinstance(counts, dict):
                continue
            terminalreporter.section(f"counted by {report.nodeid.rpartition('::')[2]}")
            for what, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
                terminalreporter.write_line(f"{number:>9}  {what}")
