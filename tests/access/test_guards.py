"""Each guard of what comes in, unplugged on purpose, lets something through; none has no row."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ckan import model

from ckanext.satudata_pontianak import plugin
from ckanext.satudata_pontianak.ledger.tables import entry_table, head_table, node_table

from ..accounts.log_in.conftest import forget_tries
from .guards import GUARDS, Bench, Guard, without

PACKAGE = "ckanext.satudata_pontianak."

# What of the tables of the code has no row here, and why: it is proven elsewhere, or is no guard.
POLICY = "asks the policy of what comes out: unplugged by tests/access/test_switches.py"
KEPT = "keeps pages, and refuses nothing: tests/access/reading/test_caching.py"
ELSEWHERE: dict[str, str] = {
    "access.actions": POLICY,
    "access.reading.activities": POLICY,
    "access.reading.activities.before_view": (
        "the page of a file's past, tried as a door of contract.yaml"
    ),
    "access.hidden.same_answer.after_request": (
        "puts the caller's own words back, and refuses nothing"
    ),
    "access.auth": "core's second look at a file, tried as resource_show in contract.yaml",
    "access.page_cache.caching.PublicPages": KEPT,
    "access.page_cache.caching._mark": KEPT,
    "access.page_cache.caching.begin": KEPT,
    "access.search.lists": POLICY,
    "accounts.resets": "hears of invitations: tests/accounts/log_in/test_resets.py",
    "classification.records.stale_index": (
        "what waits for the index: tests/access/hidden/test_counts.py"
    ),
    "ledger.writing": "writes the entries of a commit: tests/ledger/test_ledger.py",
    "portal.language.bare_words": (
        "translates core's templates: tests/unit/portal/test_bare_words.py"
    ),
    "portal.web.typed_lengths": "says bounds in forms: tests/unit/portal/test_typed_lengths.py",
    "access.limits.rates._end": (
        "gives places back, and refuses nothing: tests/access/limits/test_rates.py"
    ),
    "access.search.search": POLICY,
    "agencies.validators": "the form of codes and mailboxes: tests/agencies/test_organizations.py",
    "accounts.sent_forms.check": "forms that core breaks on: tests/accounts/test_sent_forms.py",
    "agencies.views.end_emergency": "ends what came by it: tests/agencies/test_proposals.py",
    "agencies.views.answer": "answers two of core's forms by actions that have rows",
    "access.catalogue_views.before_view": "answers core's catalogue where a format cannot be read",
    "classification.writes.resource_actions": (
        "which file: tests/classification/versions/test_files_by_id.py"
    ),
    "metadata.validators": "the form of values: tests/metadata/test_schema.py",
    "portal.offices.emergency.purge_from_trash": "answers core's form by an action that has a row",
    "portal.web.error_words._answer": "translates refusals: tests/portal/test_error_words.py",
    "access.limits.cross_origin._preflight": (
        "tells browsers of reading: tests/access/limits/test_cross_origin.py"
    ),
    "portal.web.addresses._lead": "leads to the one address: tests/portal/test_addresses.py",
    "access.reading.core_following": (
        "says where one is told of what is new: tests/access/requests/test_following.py"
    ),
    "portal.demo.core_times": "listens in the demo's process alone: tests/portal/test_demo.py",
    "portal.offices.core_feeds._lead": (
        "leads core's feeds to ours: tests/access/requests/test_following.py"
    ),
    "portal.desk.reopening.instead_of_core": (
        "leads core's delete into ours: portal/test_removal.py"
    ),
}


@pytest.fixture
def bench(city, app, monkeypatch) -> Iterator[Bench]:
    """The city, and what a probe needs."""
    forget_tries()
    yield Bench(city, app, monkeypatch)
    model.Session.rollback()
    forget_tries()


@pytest.mark.parametrize("name", list(GUARDS))
def test_a_guard_that_is_unplugged_is_noticed(bench, monkeypatch, name) -> None:
    guard = GUARDS[name]
    assert not guard.probe(bench), "it came through with the guard"
    forget_tries()
    with monkeypatch.context() as patch:
        for module, attribute, other in guard.put:
            patch.setattr(module, attribute, other)
        for hook in guard.hooks:
            without(bench.app, hook, patch)
        assert guard.probe(bench), f"it did not come through without the guard: {bench.said}"


TRIGGERS = {
    "an entry": (entry_table, "UPDATE satudata_ledger.entry SET outcome = outcome"),
    "a head": (
        head_table,
        "INSERT INTO satudata_ledger.head (size, at, signed, frontier) VALUES (1, now(), '{}', '')",
    ),
    "a subtree": (
        node_table,
        "INSERT INTO satudata_ledger.node (level, position, hash) VALUES (9, 9, 'x')",
    ),
}


@pytest.mark.parametrize("what", list(TRIGGERS))
def test_a_trigger_of_the_ledger_that_is_switched_off_is_noticed(city, admin, what) -> None:
    _table, statement = TRIGGERS[what]
    with pytest.raises(DBAPIError), admin.begin_nested():
        admin.execute(sa.text(statement))
    admin.execute(sa.text("SET LOCAL session_replication_role = replica"))
    admin.execute(sa.text(statement))


@pytest.fixture
def admin() -> Iterator[sa.Connection]:
    """A superuser's connection; what it does is rolled back."""
    engine = sa.create_engine(os.environ["SATUDATA_ADMIN_URL"])
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def steps(app: Any) -> Iterator[str]:
    """Return what of ours stands around every request, by its place in the code."""
    flask_app = app.flask_app
    for kind in ("before_request_funcs", "after_request_funcs"):
        for step in getattr(flask_app, kind).get(None, []):
            if step.__module__.startswith(PACKAGE):
                yield f"{step.__module__.removeprefix(PACKAGE)}.{step.__name__}"
    layer = flask_app.wsgi_app
    while layer is not None:
        kind = type(layer)
        if kind.__module__.startswith(PACKAGE):
            yield f"{kind.__module__.removeprefix(PACKAGE)}.{kind.__name__}"
        layer = next(
            (getattr(layer, n) for n in ("_app", "application", "_inner") if hasattr(layer, n)),
            None,
        )


def rooms() -> Iterator[str]:
    """Return the modules that stand before core's own actions, authorisation and validators."""
    for found, name in (
        (plugin.ACTIONS, "get_actions"),
        (plugin.AUTH, "get_auth_functions"),
        (plugin.VALIDATORS, "get_validators"),
    ):
        for module in found:
            offers = getattr(module, name)().values()
            marks = ("chained_action", "chained_auth_function")
            if name == "get_validators" or any(hasattr(f, m) for f in offers for m in marks):
                yield module.__name__.removeprefix(PACKAGE)
    yield "classification.writes.other_texts"
    yield "ledger.refusals"
    yield "classification.records.deadlocks"
    yield "access.limits.bounds.held"


LISTENS = re.compile(
    r"event\.listen\(|signals\.\w+\.connect\(|_logged_in\.connect\("
    r"|render_template\.connect\(|jinja_env\."
)


def listening() -> Iterator[str]:
    """Return the modules that listen to sessions, signals or the template engine."""
    root = Path(plugin.__file__).parent
    for path in sorted(root.rglob("*.py")):
        if "migration" not in path.parts and LISTENS.search(path.read_text("utf-8")):
            yield ".".join(path.relative_to(root).with_suffix("").parts)


def covered(guard: Guard) -> Iterator[str]:
    """Return what a row stands for."""
    yield from guard.covers
    for hook in guard.hooks:
        yield f"{hook.__module__.removeprefix(PACKAGE)}.{hook.__name__}"
    for owner, _name, _other in guard.put:
        module = getattr(owner, "__module__", None) or owner.__name__
        yield str(module).removeprefix(PACKAGE)


def test_every_guard_in_the_tables_of_the_code_has_a_row(app) -> None:
    there = {*steps(app), *rooms(), *listening()}
    rows = {label for guard in GUARDS.values() for label in covered(guard)}
    missing = sorted(there - rows - set(ELSEWHERE))
    assert not missing, f"give it a row in guards.py: {', '.join(missing)}"
    assert sorted(set(ELSEWHERE) - there) == [], "these are gone: take them out"
    assert sorted(set(ELSEWHERE) & rows) == [], "these have a row"
    assert all(len(why) > 20 for why in ELSEWHERE.values())
