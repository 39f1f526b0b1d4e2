"""Fixtures of the tests that need services."""

from __future__ import annotations

import copy
import inspect
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from werkzeug.datastructures import FileStorage

import ckan.cli.cli as ckan_commands
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.app_globals import app_globals
from ckan.tests.helpers import CKANTestApp

from ckanext.satudata_pontianak.disclosure.sandbox import Sandbox

from . import answers, tables
from .city import CSV, City, record_decrees, upload
from .standing import (
    READ_BY_THE_APP,
    forget_marks,
    has_own_folder,
    has_own_options,
    options_of,
    portal,
    standing_app,
    whatever_is_left,
)

# How long an example takes says how busy the machine is: times belong in benchmarks/.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

_made: list[bool] = []
_children: list[subprocess.Popen[bytes]] = []


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart() -> Iterator[None]:
    """Let CKAN's plugin for tests start the site on what an earlier run left."""
    with whatever_is_left():
        yield


@pytest.fixture(scope="session")
def as_configured() -> dict[str, Any]:
    """Return the options of the configuration, before any test has changed one."""
    return copy.deepcopy(dict(tk.config))


@pytest.fixture(scope="session")
def undeclared() -> Iterator[list[str]]:
    """Collect what actions answer and their types, and so ``docs/api.md``, do not say."""
    # Not above: libraries that it imports read the configuration then.
    from ckanext.satudata_pontianak.plugin import SatudataPontianakPlugin as Plugin

    found: list[str] = []
    watch, collected = answers.watched(found), Plugin.get_actions

    def get_actions(plugin: Plugin) -> dict[str, Any]:
        return {name: watch(name, action) for name, action in collected(plugin).items()}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Plugin, "get_actions", get_actions)
        yield found


@pytest.fixture(autouse=True)
def answers_as_declared(undeclared: list[str]) -> Iterator[None]:
    """Look at each answer of an action of ours that a test causes: nothing in it is undeclared."""
    undeclared.clear()
    yield
    assert not undeclared, "\n".join(dict.fromkeys(undeclared))


@pytest.fixture
def with_plugins(
    request: pytest.FixtureRequest,
    as_configured: dict[str, Any],
    ckan_config: Any,
    provide_plugin: Any,
) -> Iterator[None]:
    """Load the plugins once a run: doing it for every test takes most of a test's time.

    A test with options or plugins of its own loads them anew, and so does the first one after it.
    """
    if has_own_options(request):
        portal.clear()
        p.unload_all()
        for mark in request.node.iter_markers("with_plugins"):
            for name in mark.args:
                ckan_config["ckan.plugins"] += f" {name}"
        p.load_all()
        yield
        p.unload_all()
        return
    if "options" not in portal:
        p.unload_all()
        # Without those of the first test: the portal stands for others too.
        ckan_config.clear()
        ckan_config.update(copy.deepcopy(as_configured))
        p.load_all()
        portal["options"] = copy.deepcopy(dict(ckan_config))
    ckan_config.clear()
    ckan_config.update(copy.deepcopy(portal["options"]), **options_of(request))
    yield


@pytest.fixture(autouse=True)
def options_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask once a test whether another process changed an option, and not at each request."""
    asked: list[bool] = []
    ask = app_globals._check_uptodate

    def once() -> None:
        if not asked:
            ask()
            asked.append(True)

    monkeypatch.setattr(app_globals, "_check_uptodate", once)


@pytest.fixture(autouse=True)
def warm_child(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let scans of one worker share a child, as those of a command do: starting one takes longest.

    A child that a file ended is replaced. Tests with options of their own start theirs, and so do
    those of the children themselves.
    """
    if has_own_options(request) or request.node.get_closest_marker("own_children"):
        return
    cold = Sandbox._start

    def start(sandbox: Sandbox) -> subprocess.Popen[bytes]:
        if sandbox._process is None and _children and _children[0].poll() is None:
            sandbox._buffer.clear()
            sandbox._process = _children[0]
        _children[:] = [cold(sandbox)]
        return _children[0]

    def leave(sandbox: Sandbox, kind: Any, error: BaseException | None, trace: Any) -> None:
        if error is None:
            sandbox._process = None
        else:
            sandbox._end()

    monkeypatch.setattr(Sandbox, "_start", start)
    monkeypatch.setattr(Sandbox, "__exit__", leave)


@pytest.fixture
def app(request: pytest.FixtureRequest) -> CKANTestApp:
    """Return the portal's application, made once a run like its plugins, with a fresh client."""
    if has_own_options(request):
        return request.getfixturevalue("make_app")()
    own = [f"{k} {v}" for k, v in options_of(request).items() if k in READ_BY_THE_APP]
    return CKANTestApp(standing_app(request, " ".join(("app", *own))))


@pytest.fixture
def cli(request: pytest.FixtureRequest, cli: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what runs commands, within the portal that stands: each would make one anew."""
    if not has_own_options(request):
        monkeypatch.setattr(ckan_commands, "make_app", lambda _options: standing_app(request))
    return cli


@pytest.fixture
def clean_db(with_plugins: None, reset_db: Callable[[], None]) -> None:
    """Begin with empty tables, made by the migrations, and a ledger.

    They are made once a run and emptied after that: making them takes seconds.
    """
    model.Session.rollback()
    if not _made:
        reset_db()
        tables.make("satudata_pontianak", "activity", "harvest")
        _made.append(True)
        tables.settle_memory()
    model.repo.delete_all()
    model.Session.commit()
    forget_marks()


def _kind(fixtures: Iterable[str]) -> int:
    """Which of the sites a test stands on: the world of the contract, the city, or an empty one."""
    names = set(fixtures)
    return 0 if "world" in names else 1 if "city" in names else 2


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files together whose tests stand on the same site: making one takes half a minute."""
    kinds: dict[Path, int] = {}
    for item in items:
        kind = 3 if has_own_folder(item) else _kind(getattr(item, "fixturenames", ()))
        kinds[item.path] = min(kind, kinds.get(item.path, kind))
    items.sort(key=lambda item: kinds[item.path])


@pytest.fixture
def recorded(clean_db: None) -> None:
    """Record the decrees that tests name, on an empty site."""
    record_decrees()


@pytest.fixture
def csv_bytes() -> bytes:
    """Return the content of the file that every dataset of the city gets."""
    return CSV


@pytest.fixture
def make_upload() -> Callable[..., FileStorage]:
    """Return the maker of uploaded files."""
    return upload


_city: list[City] = []


@pytest.fixture
def city(request: pytest.FixtureRequest, with_plugins: None, clean_index: None) -> Iterator[City]:
    """A small city on a site without datasets.

    Its people and agencies are made once a run (seconds) and put back as they were after each
    test that changed memberships; if another test emptied the site, they are made again.
    """
    model.Session.rollback()
    if not _city or not _city[0].stands():
        request.getfixturevalue("clean_db")
        _city[:] = [City()]
        _city[0].remember()
    _city[0].restore()
    if not has_own_options(request):
        standing_app(request)
    # What a portal with other options writes is not what the next test would write.
    _city[0].snapshots_serve = not has_own_options(request) and not options_of(request)
    _city[0].snapshots_grow = "monkeypatch" not in inspect.signature(request.function).parameters
    yield _city[0]
    model.Session.rollback()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted with ``record_property("counts", ...)``, most frequent first."""
    for report in terminalreporter.getreports("passed"):
        for name, counts in report.user_properties:
            if name != "counts" or not isinstance(counts, dict):
                continue
            terminalreporter.section(f"counted by {report.nodeid.rpartition('::')[2]}")
            for what, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
                terminalreporter.write_line(f"{number:>9}  {what}")
