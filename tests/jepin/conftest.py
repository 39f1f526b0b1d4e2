"""Apps of the city for the tests of the pulse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.jepin.pulse import rounds
from ckanext.satudata_pontianak.jepin.pulse.looking import App
from ckanext.satudata_pontianak.jepin.records.pulse_model import PulseTarget
from ckanext.satudata_pontianak.jepin.rules.verdict import Evidence

from ..access.requests.conftest import relay  # noqa: F401  a fixture
from .apps import publish_app

MORNING = dt.datetime(2026, 11, 30, 9, tzinfo=days.CITY).astimezone(dt.UTC)
GOOD = Evidence("answered", hosts=("app.pontianak.go.id",), status=200, ms=120)
DEAD = Evidence("no_name")


class Pulse:
    """An app whose evidence a test says, look by look, on a clock that it moves."""

    def __init__(self, package_id: str) -> None:
        self.id, self.at, self.asked = package_id, MORNING, []

    def set(self, **more: Any) -> None:
        given = {"web": "https://app.pontianak.go.id/", "robot": False, "set_at": MORNING, **more}
        model.Session.add(PulseTarget(package_id=self.id, **given))
        model.Session.commit()

    def look(self, *evidence: Evidence, every: int = 5) -> None:
        """Look so often, each time some minutes later."""
        for each in evidence:
            self.once({self.id: each}, self.at)
            self.at += dt.timedelta(minutes=every)

    def once(self, found: dict[str, Evidence], at: dt.datetime) -> rounds.Ran:
        def look(apps: Any, *_: Any) -> Iterator[tuple[App, Evidence]]:
            for app in apps:
                self.asked.append(app)
                yield app, found[app.id]

        return rounds.run(at, look)


@pytest.fixture
def pulse(city) -> Pulse:
    made = Pulse(publish_app(city)["id"])
    made.set()
    return made
