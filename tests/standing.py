"""The portal that stands: made once a run, for all tests without options of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

from ckanext.satudata_pontianak.classification import startup
from ckanext.satudata_pontianak.classification.records import stale_index

OPTIONS_OF_ITS_OWN = ("with_plugins", "provide_plugin", "own_app")
READ_WHEN_NEEDED = frozenset(
    {
        "ckan.auth.public_user_details",
        "ckan.auth.user_create_organizations",
        "ckan.datastore.search.rows_max",
        "ckan.display_timezone",
        "ckanext.satudata_pontianak.emblem",
        "ckanext.satudata_pontianak.external_hosts",
        "ckanext.satudata_pontianak.fetch_timeout_seconds",
        "ckanext.satudata_pontianak.scan_inline_mb",
        "smtp.server",
    }
)
"""Options that the portal reads each time: for them it stands as it is."""
READ_BY_THE_APP = frozenset({"ckan.locale_default"})
"""Options that an application keeps: for each value one is made, once a run."""
portal: dict[str, Any] = {}


# Their fixtures make the portal by themselves, or look at what a fresh one does.
FOLDERS_OF_THEIR_OWN = frozenset({"faults", "interop", "language"})


def has_own_folder(item: Any) -> bool:
    """Tell whether a test is one of those that make the portal anew."""
    parts = item.path.relative_to(item.config.rootpath).parts
    return bool(FOLDERS_OF_THEIR_OWN.intersection(parts))


def has_own_options(request: pytest.FixtureRequest) -> bool:
    """Tell whether a test asks for another portal than the one of the configuration."""
    if has_own_folder(request.node):
        return True
    others = set(options_of(request)) - READ_WHEN_NEEDED - READ_BY_THE_APP
    return bool(others) or any(map(request.node.get_closest_marker, OPTIONS_OF_ITS_OWN))


def options_of(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the options that a test names; what stands nearest to it counts."""
    marks = list(request.node.iter_markers("ckan_config"))
    return {mark.args[0]: mark.args[1] for mark in reversed(marks)}


@contextmanager
def whatever_is_left() -> Iterator[None]:
    """Start a portal although an earlier test left a dataset that nothing governs.

    That is no old portal whose operator has to choose first.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(startup, "check_adopted", lambda: None)
        yield


def standing_app(request: pytest.FixtureRequest, called: str = "app") -> Any:
    """Return the application that stands for all tests with these options of it."""
    if called not in portal:
        options = dict(tk.config)
        with whatever_is_left():
            portal[called] = request.getfixturevalue("make_app")().app
        # Making one reads the options anew, with what only the environment says.
        tk.config.clear()
        tk.config.update(options)
    return portal[called]


def forget_marks() -> None:
    """Forget which datasets wait for the index: those are gone that other tests marked.

    One mark that is left keeps every page from being kept.
    """
    connect_to_redis().delete(stale_index._key())
