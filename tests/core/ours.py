"""A pytest plugin for the half with our plugin: loads it, and makes its tables.

CKAN's tests load no plugin but those they name, and drop every table of the database at their
first fixture. Here the plugins of the configuration are loaded for each test, those that it names
beside them, and our tables are made whenever they are gone.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins as p
from ckan import model
from ckan.common import config
from ckan.tests import helpers
from ckan.tests.helpers import CKANTestApp

from tests import tables
from tests.core import opened  # noqa: F401 -- before our plugin is imported

OURS = "satudata_pontianak"
_standing: dict[str, Any] = {}


def _asks_for_more(request: pytest.FixtureRequest) -> bool:
    """Tell whether a test wants options, plugins or an application of its own."""
    names = ("ckan_config", "with_plugins", "provide_plugin")
    return any(map(request.node.get_closest_marker, names)) or "make_app" in request.fixturenames


def _named(request: pytest.FixtureRequest, provide: Callable[..., None]) -> list[str]:
    """Return the plugins that a test names, in its options and beside them."""
    found = [
        name
        for mark in request.node.iter_markers("ckan_config")
        if mark.args[0] == "ckan.plugins"
        for name in str(mark.args[1]).split()
    ]
    for mark in request.node.iter_markers("with_plugins"):
        for given in mark.args:
            for name, plugin in given.items() if isinstance(given, dict) else ((given, None),):
                if plugin is not None:
                    provide(name, plugin)
                found.append(name)
    return found


@pytest.fixture(scope="session")
def plugins_of_file(pytestconfig: pytest.Config) -> list[str]:
    """The plugins of the configuration."""
    return list(config["ckan.plugins"])


@pytest.fixture(autouse=True)
def with_plugins(
    request: pytest.FixtureRequest,
    ckan_config: Any,
    provide_plugin: Any,
    plugins_of_file: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Load the plugins: once for all tests that want nothing else, anew for one that does."""
    if not _asks_for_more(request):
        if "options" not in _standing:
            p.load_all()
            _standing["options"] = dict(config)
            gc.unfreeze()
            tables.settle_memory()
        config.update(_standing["options"])
        yield
        return
    _standing.clear()
    named = _named(request, provide_plugin)
    more = [name for name in named if name not in plugins_of_file]
    monkeypatch.setitem(ckan_config, "ckan.plugins", plugins_of_file + more)
    p.load_all()
    yield
    p.unload_all()
    gc.collect()  # each portal has connections of its own, until it is gone


@pytest.fixture
def app(request: pytest.FixtureRequest) -> CKANTestApp:
    """Return the application, made once for all tests that want nothing else."""
    if "options" not in _standing:
        return request.getfixturevalue("make_app")()
    if "app" not in _standing:
        options = dict(config)
        _standing["app"] = helpers._get_test_app().app
        config.clear()
        config.update(options)
    return CKANTestApp(_standing["app"])


@pytest.fixture(autouse=True)
def our_tables(with_plugins: None) -> None:
    """Make our tables if a test before dropped all there are."""
    if not sa.inspect(model.meta.engine).has_table("satudata_case"):
        helpers.reset_db()
        tables.make(OURS)
