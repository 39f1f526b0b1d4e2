"""A pytest plugin: keeps the outcome of each of CKAN's own tests, a file for each of its modules.

A module whose outcomes are kept already is not run again: whoever ends the stage in the middle
goes on there. ``SATUDATA_CORE_KEPT`` names the folder.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from freezegun import freeze_time

from ckan import model
from ckan.tests import plugins

KEPT = Path(os.environ["SATUDATA_CORE_KEPT"])
ABOVE = "ckan/tests/"
# Some of its plugins for tests are called so by its own entry points.
sys.modules["tests.plugins"] = plugins
_outcomes: dict[str, dict[str, str]] = {}
"""By id: the outcome, and of what did not pass the last line that says why."""


def name_of(nodeid: str) -> str:
    """Return how a test is called in every environment: what follows ``ckan/tests/``."""
    return nodeid.partition(ABOVE)[2]


def _file(item: pytest.Item) -> Path:
    module = str(item.path).partition(ABOVE)[2]
    return KEPT / f"{module.replace('/', '.').removesuffix('.py')}.json"


def pytest_runtestloop() -> None:
    """Begin with tables: some modules lean on those before them, which may be kept."""
    model.repo.init_db()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is kept."""
    kept = [item for item in items if _file(item).exists()]
    config.hook.pytest_deselected(items=kept)
    items[:] = [item for item in items if not _file(item).exists()]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the worst that was said of a test in its three steps."""
    if report.when == "call" or report.outcome != "passed":
        why = "" if report.passed else str(report.longrepr).rstrip().rpartition("\n")[2]
        crash = getattr(report.longrepr, "reprcrash", None)
        if crash is not None:
            why = f"{report.when}: {crash.message}"
        _outcomes[name_of(report.nodeid)] = {"outcome": report.outcome, "why": why[:1500]}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """Write down a module after its last test."""
    done = yield
    if nextitem is None or nextitem.path != item.path:
        KEPT.mkdir(parents=True, exist_ok=True)
        new = _file(item).with_suffix(".new")
        new.write_text(json.dumps(_outcomes, indent=1, sort_keys=True), "utf-8")
        new.rename(_file(item))
        _outcomes.clear()
    return done


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> object:
    """Let a test live at the time that it names: CKAN has a package for that."""
    mark = item.get_closest_marker("freeze_time")
    if mark is None:
        return (yield)
    with freeze_time(*mark.args, **mark.kwargs):
        return (yield)
