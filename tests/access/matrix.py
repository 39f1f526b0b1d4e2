"""Try every door as one person in every state, and search what comes out for canaries."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import flask
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from ckan import model
from ckan.lib import api_token

from ckanext.satudata_pontianak.access.hidden import same_answer
from ckanext.satudata_pontianak.agencies.rules.duties import Duty
from ckanext.satudata_pontianak.classification.cases import show
from ckanext.satudata_pontianak.classification.records.model import Case, Decision, Version
from ckanext.satudata_pontianak.classification.rules.policy import may_publish
from ckanext.satudata_pontianak.ledger import codes
from ckanext.satudata_pontianak.ledger.reading import codes_of
from ckanext.satudata_pontianak.ledger.tables import entry_table

from .canaries import Canary
from .doors import Door, Try, doors
from .world import ACTORS, World

NOTHING = "00000000-0000-0000-0000-000000000000"
OPEN_STATE = "open"
# What the ledger names of a dataset, to the auditor for ever: it survives what it tells of.
RECORDED = frozenset({"id", "rid", "hash"})
REMOVED = "removed"
REMOVED_TO = (Duty.WALIDATA, Duty.PPID, Duty.ATASAN_PPID, Duty.PENGAWAS)
# What stands in a file is no business of a log; its name is part of addresses.
NEVER_LOGGED = frozenset({"sel", "kolom", "hash", "kotak", "catatan"})
# Where content itself may come out, everybody tries every state, and so does the public through
# every door. Through the others who has an office tries every third state, another one by door and
# person, so that each door meets each state, the three of an agency together as well as all. So
# they do, with every sixth, through every door with what they may know wholly: there is nothing in
# it to come out. `bin/test long` tries them all.
ALWAYS_WHOLE = frozenset({"data", "exists", "ledger", "removal"})
PUBLIC = frozenset({"anonymous", "citizen"})
PART, PART_OF_KNOWN = 3, 6


@dataclass(frozen=True, order=True)
class Leak:
    """What came out to somebody who may not see it."""

    door: str
    who: str
    state: str
    kind: str
    request: str
    where: str

    def __str__(self) -> str:
        return (
            f"{self.door} gave {self.kind} of a dataset in state {self.state} to {self.who}: "
            f"{self.request} … {self.where}"
        )


@dataclass
class Outcome:
    """What one person got through all doors."""

    who: str
    exits: int = 0
    cells: int = 0
    requests: int = 0
    exchanged: int = 0
    known: int = 0
    leaks: list[Leak] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)

    def add(self, leak: Leak) -> None:
        """Keep a leak once for each door, state and kind."""
        same = (leak.door, leak.state, leak.kind)
        if same not in {(k.door, k.state, k.kind) for k in self.leaks}:
            self.leaks.append(leak)


class Log(logging.Handler):
    """What is written to the log while a request is answered."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(record.getMessage())

    def take(self) -> str:
        """Return what was written since the last time."""
        lines, self.lines = self.lines, []
        return "\n".join(lines)


class Matrix:
    """The doors, tried as one person."""

    def __init__(self, world: World, app: Any, who: str, *, whole: bool = False) -> None:
        self.world, self.app, self.who = world, app, who
        self.actor = world.actor(who)
        self.headers = world.token(who)
        self.user = model.User.get(self.actor.id) if self.actor.id else None
        self.places = {state: self._places(state) for state in world.nest.datasets}
        self.drawn = next(iter(self.places))
        self.around = {
            "org": "dinkes",
            "group": world.group["name"],
            "user": world.city.users["produsen"]["name"],
            "me": self.actor.name or world.city.users["warga"]["name"],
            "tag": f"kenari{list(self.places).index(OPEN_STATE):02d}tandaq",
            "storage": "satudata_versions",
            "place": "a",
        }
        self.outcome = Outcome(who)
        self.log = Log()
        self.whole, self.turn = whole or "SATUDATA_LONG" in os.environ, 0
        self.public = world.nest.allowed(world.actor("anonymous"), evidence=False)
        self.may = {
            evidence: world.nest.allowed(self.actor, evidence=evidence)
            for evidence in (False, True)
        }
        self.planted = {
            state: {text for text, canary in world.nest.canaries.items() if canary.state == state}
            for state in self.places
        }
        # The paper of a removal names what went to those who need it, and them alone.
        self.removed = set()
        if any(self.actor.has(duty) for duty in REMOVED_TO):
            self.removed = {
                text
                for text, canary in world.nest.canaries.items()
                if canary.state == REMOVED and canary.kind in ("judul", "berkas")
            }
        self.recorded = set()
        if self.actor.has(Duty.PENGAWAS):
            canaries = world.nest.canaries.items()
            self.recorded = {text for text, canary in canaries if canary.kind in RECORDED}

    def run(self, wanted: Iterable[Door] | None = None) -> Outcome:
        """Try the doors, and return what came out."""
        # As on a server: what a page does not catch is an answer, not an exception.
        config = self.app.flask_app.config
        config["TESTING"], config["PROPAGATE_EXCEPTIONS"] = False, False
        logging.getLogger().addHandler(self.log)
        whose = api_token.get_user_from_token
        try:
            # When a token was last used is not what is tried: it costs two statements.
            api_token.get_user_from_token = partial(whose, update_access_time=False)
            return self._all(wanted)
        finally:
            api_token.get_user_from_token = whose
            logging.getLogger().removeHandler(self.log)
            config["TESTING"], config["PROPAGATE_EXCEPTIONS"] = True, None

    def _all(self, wanted: Iterable[Door] | None) -> Outcome:
        for number, door in enumerate(wanted or doors()):
            self.outcome.exits += 1
            self.turn = number + list(ACTORS).index(self.who)
            # The same view behind the same guard, whose table is tried by who sees least.
            if door.same_as and self.who not in PUBLIC and not self.whole and self.turn % 4:
                self.outcome.exchanged += 1
                continue
            seen: set[str] = set()
            for attempt in door.tries:
                for state, request in self._requests(door, attempt):
                    seen |= self._one(door, request, state)
            self.outcome.cells += len(self._states(door))
            self._must_show(door, seen)
        return self.outcome

    def _states(self, door: Door) -> list[str]:
        whole = door.channel in ALWAYS_WHOLE or self.who in PUBLIC
        states = [state for state in self.places if whole or self._by_turns(state)]
        if door.only != "outsiders":
            return states
        model.Session.rollback()
        facts = self.world.facts()
        return [
            state
            for state in states
            if not self.actor.sysadmin and not may_publish(self.actor, facts[state].owner_org)
        ]

    def _requests(self, door: Door, attempt: Try) -> Iterator[tuple[str | None, Try]]:
        if not attempt.per_state:
            yield None, attempt.filled(self.around)
            return
        for state in self._states(door):
            request = attempt.filled({**self.around, **self.places[state]})
            if self._may_know_all(door, state):
                if self._by_turns(state, PART_OF_KNOWN):
                    yield state, request
                else:
                    self.outcome.known += 1
            elif self._by_turns(state) or self._reaches_a_view(attempt, request, state):
                yield state, request
            else:
                self.outcome.exchanged += 1

    def _by_turns(self, state: str, part: int = PART) -> bool:
        place = list(self.places).index(state)
        return self.whole or state in (OPEN_STATE, self.drawn) or (place + self.turn) % part == 0

    def _may_know_all(self, door: Door, state: str) -> bool:
        """Tell whether nothing of a dataset is hidden from this person, through this door."""
        return self.planted[state] <= self._may(door)

    def _may(self, door: Door) -> set[str]:
        may = self.may[door.channel in ("case", "ledger", "removal")]
        if door.channel == "removal":
            return may | self.removed
        return may | self.recorded if door.channel == "ledger" else may

    def _reaches_a_view(self, attempt: Try, request: Try, state: str) -> bool:
        """Tell whether anything of a dataset's comes to the view.

        In the place of what somebody may not know of stands a name that nobody has, before any
        view runs: what follows then is the same for all that is hidden from them, so it is tried
        by turns. Whatever is left standing, in any part of the request, is sent.
        """
        kwargs = request.arguments()
        with self.app.flask_app.test_request_context(request.path, **kwargs):
            flask.g._login_user = self.user or AnonymousUserMixin()
            same_answer.before_view()
            stand_ins = flask.g.get(same_answer._KEY, {})
        model.Session.rollback()
        names = {self.places[state][place] for place in attempt.places_of_a_state}
        return not names <= set(stand_ins)

    def _places(self, state: str) -> dict[str, str]:
        nest = self.world.nest
        dataset_id = nest.datasets[state]
        query = sa.select(Version.id).where(Version.package_id == dataset_id)
        versions = list(model.Session.scalars(query.order_by(Version.created)))
        decided = sa.select(Decision.id).where(Decision.package_id == dataset_id)
        decisions = list(model.Session.scalars(decided.order_by(Decision.decided_at)))
        removals = sa.select(Case.id).where(Case.package_id == dataset_id, Case.kind == "remove")
        return {
            "id": dataset_id,
            "name": model.Package.get(dataset_id).name,
            "resource": self.world.resource_of(state),
            "version": versions[0] if versions else NOTHING,
            "waiting": versions[-1] if versions else NOTHING,
            "view": self.world.views.get(state, NOTHING),
            "activity": self.world.activities.get(state, NOTHING),
            "decision": decisions[-1] if decisions else NOTHING,
            "removal": model.Session.scalar(removals.limit(1)) or NOTHING,
            **tokens(dataset_id),
        }

    def _one(self, door: Door, request: Try, state: str | None) -> set[str]:
        """Send one request; return the canaries that came out."""
        nest = self.world.nest
        self.outcome.requests += 1
        headers = dict(self.headers)
        if state not in (None, self.drawn):
            # A page is a page whatever is accepted; only refusals are short then. Those that
            # are drawn for people are tried in one state.
            headers["Accept"] = "application/json"
        kwargs: dict[str, Any] = {"headers": headers, "follow_redirects": False}
        answer = self.app.test_client().open(request.path, **request.arguments(), **kwargs)
        head = f"{answer.status}\n" + "\n".join(f"{k}: {v}" for k, v in answer.headers)
        text = head + "\n\n" + answer.get_data().decode("utf-8", "replace")
        asked = nest.found_in(request.template)
        found = nest.found_in(text)
        if answer.status_code == 500:
            self.outcome.broken.setdefault(door.name, f"{request.method} {request.template}")
        for word in sorted(found - asked - self._may(door)):
            canary = nest.canaries[word]
            at = text.lower().find(word)
            where = " ".join(text[max(0, at - 60) : at + 60].split())
            self._leak(door, request, canary, where)
        for word in sorted(nest.found_in(self.log.take()) - asked - self.public):
            canary = nest.canaries[word]
            if canary.kind in NEVER_LOGGED:
                self._leak(door, request, canary, "written to the log")
        return found

    def _leak(self, door: Door, request: Try, canary: Canary, where: str) -> None:
        self.outcome.add(
            Leak(
                door.name,
                self.who,
                canary.state,
                canary.kind,
                f"{request.method} {request.template}",
                where,
            )
        )

    def _must_show(self, door: Door, seen: set[str]) -> None:
        if door.signed_in and self.actor.anonymous:
            return
        for kind in door.shows:
            word = next(
                c.text
                for c in self.world.nest.canaries.values()
                if (c.state, c.kind) == (OPEN_STATE, kind)
            )
            if word not in seen:
                self.outcome.missing.append(f"{door.name} does not show {kind} of open data")


def tokens(dataset_id: str) -> dict[str, str]:
    """Return the hash of a dataset's newest file, and the receipt of its newest entry or decision.

    Made up where it has none.
    """
    hashes = sa.select(Version.sha256).where(Version.package_id == dataset_id)
    sha256 = model.Session.scalar(hashes.order_by(Version.created.desc()).limit(1))
    numbers = sa.select(entry_table.c.id).where(
        entry_table.c.dataset_id == dataset_id, entry_table.c.case_id.is_not(None)
    )
    number = model.Session.scalar(numbers.order_by(entry_table.c.id.desc()).limit(1))
    code = show.code_of_decision(dataset_id) or codes_of(model.Session, [number]).get(number)
    return {
        "sha256": sha256 or secrets.token_hex(32),
        "receipt": code or codes.shown(codes.new()),
    }


def counts(outcome: Outcome) -> dict[str, int]:
    """Return the numbers of an outcome."""
    return {
        "exits": outcome.exits,
        "actors": len(ACTORS),
        "cells": outcome.cells,
        "requests": outcome.requests,
        "exchanged": outcome.exchanged,
        "known": outcome.known,
        "leaks": len(outcome.leaks),
    }
