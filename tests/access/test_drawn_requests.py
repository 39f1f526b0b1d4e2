"""Whatever is asked, as declared and beyond: nothing breaks, and nothing unseen comes out.

500 requests in each run, 20,000 with ``bin/test long``, in portions that can be run alone.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from functools import wraps

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from ckan import model

from .matrix import Matrix
from .requests_drawn import Drawn, drawn
from .trying import in_words

SEED, PORTION, PORTIONS = 20261130, 500, 40
PEOPLE = ("anonymous", "citizen", "other_editor", "auditor")
# At least so much of what is declared gets as far as a view, past every guard before it.
REACHING = 0.8
CHOSEN = range(PORTIONS) if "SATUDATA_LONG" in os.environ else range(1)


@pytest.fixture
def reached(app, monkeypatch) -> list[str]:
    """Return the endpoints whose view was called, as it happens."""
    seen: list[str] = []
    views = app.flask_app.view_functions

    def watched(endpoint, view):
        @wraps(view)
        def call(*args, **kwargs):
            seen.append(endpoint)
            return view(*args, **kwargs)

        return call

    for endpoint, view in list(views.items()):
        monkeypatch.setitem(views, endpoint, watched(endpoint, view))
    return seen


@pytest.fixture
def people(world, app):
    """Return how each of four people asks."""
    asking = {who: Matrix(world, app, who, whole=True) for who in PEOPLE}
    config = app.flask_app.config
    config["TESTING"], config["PROPAGATE_EXCEPTIONS"] = False, False
    for each in asking.values():
        logging.getLogger().addHandler(each.log)
    yield asking
    for each in asking.values():
        logging.getLogger().removeHandler(each.log)
    config["TESTING"], config["PROPAGATE_EXCEPTIONS"] = True, None


def places(matrix: Matrix, number: int) -> tuple[str, dict[str, str]]:
    """Return a state, and what the placeholders of a request mean in it."""
    states = sorted(matrix.places)
    state = states[number % len(states)]
    return state, {**matrix.around, **matrix.places[state]}


@pytest.mark.parametrize("portion", CHOSEN)
def test_nothing_breaks_and_nothing_unseen_comes_out(
    world, people, reached, portion, record_property
) -> None:
    counts: Counter[str] = Counter()
    before = world.digest()

    @hypothesis.seed(SEED + portion)
    @settings(
        max_examples=PORTION,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn(), hypothesis.strategies.integers(0, 2**16))
    def ask(what: Drawn, number: int) -> None:
        matrix = people[PEOPLE[number % len(PEOPLE)]]
        state, filled = places(matrix, number // len(PEOPLE))
        del reached[:]
        matrix._one(what.door, what.request.filled(filled), state)
        kind = "declared" if what.declared else "beyond"
        counts[kind] += 1
        counts[f"{kind}, reached"] += bool(reached)

    ask()
    record_property("counts", dict(counts))
    model.Session.rollback()
    wrong = [line for each in people.values() for line in in_words(each.outcome.leaks)]
    wrong += [
        f"{door} broke for {who}: {request}"
        for who, each in people.items()
        for door, request in each.outcome.broken.items()
    ]
    assert not wrong, "\n".join(wrong)
    assert counts["declared, reached"] >= REACHING * counts["declared"], counts
    after = world.digest()
    assert {name: row for name, row in after.items() if name in before} == before
