"""One round: every app whose time has come is looked at, one round at a time.

Each app is a transaction of its own: a round that was ended goes on where it was.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rq.timeouts import BaseTimeoutException

from ckan import model

from ... import config, days
from ...classification.records.dataset_types import APP
from ...smki.records.committing import apart
from ...smki.records.model import now
from ..records.lifecycle import lives
from ..records.pulse_model import OPEN, SUSPECTED, PulseFault, PulseProgress, PulseTarget
from ..rules.pulse import Pulse, Words, pulse, words
from ..rules.verdict import Evidence
from . import storing, telling
from .looking import App, looked, place
from .wire import Way, networks

Look = Callable[[Iterable[App], Way, Pulse, Words, dt.date], Iterator[tuple[App, Evidence]]]
log = logging.getLogger(__name__)

LOCK = 6171_032
"""The number of our advisory lock: the region's code and the migration of its tables."""
UNREACHED = ("no_answer", "no_resolver")
"""So an app ends that is at fault, and every app when our own line is."""
EARLY = dt.timedelta(seconds=30)
"""A round that begins a moment early finds the apps of the one before all the same."""


@dataclass(frozen=True)
class Ran:
    """What a round did; ``ours``: so many apps count as not seen, our own line being at fault."""

    looked: int = 0
    failed: int = 0
    ours: int = 0
    busy: bool = False


@contextmanager
def alone() -> Iterator[bool]:
    """Give whether no other round runs, and keep others out until the end."""
    engine: Any = model.meta.engine
    with engine.connect() as other:
        connection = other.execution_options(isolation_level="AUTOCOMMIT")
        free = bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK))))
        try:
            yield free
        finally:
            if free:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))


def way(hosts: Iterable[str], robots: Iterable[str] = ()) -> Way:
    """Return how requests leave this machine, by the settings."""
    inside, server = config.pulse_test_range(), config.pulse_resolver()
    resolvers: tuple[tuple[str, int], ...] = ()
    if server:
        address, _, port = server.rpartition(":")
        resolvers = ((address or port, int(port) if address else 53),)
    return Way(
        agent=f"SatuDataPontianak/1.0 (pemantauan layanan; +{config.site_url()})",
        seconds=config.pulse_timeout(),
        hosts=frozenset(hosts),
        robots=frozenset(robots),
        resolvers=resolvers,
        allowed=networks([inside] if inside else []),
        authorities=config.pulse_authorities(),
    )


def run(moment: dt.datetime | None = None, look: Look = looked) -> Ran:
    """Look at every app whose time has come; commits app by app.

    :param moment: when it is; ``None``: now, app by app.
    :param look: what looks at apps.
    """
    with alone() as free:
        return _round(moment, look) if free else Ran(busy=True)


def _round(moment: dt.datetime | None, look: Look) -> Ran:
    at = moment or now()
    targets = {row.package_id: row for row in _targets()}
    _end_others(targets, at)
    apps = _due(targets.values(), at)
    own = {host for row in targets.values() for host in _hosts(row)}
    # Who shares a host with somebody else has to agree as well.
    asked_as_we_are = {h for row in targets.values() if not row.robot for h in _hosts(row)}
    held: list[tuple[App, Evidence]] = []
    done = unseen = failed = 0
    today = at.astimezone(days.CITY).date()
    model.Session.rollback()  # while others are waited for, nothing is held
    for app, evidence in look(apps, way(own, own - asked_as_we_are), pulse(), words(), today):
        done += 1
        unseen += evidence.end == "not_from_here"
        if evidence.end in UNREACHED:
            held.append((app, evidence))
        else:
            failed += _keep(app, evidence, moment or now())
    ours = pulse().ours
    line = len(held) >= ours.apps and 100 * len(held) >= ours.percent * (done - unseen)
    for app, evidence in held:
        found = Evidence("not_from_here") if line else evidence
        failed += _keep(app, found, moment or now())
    storing.tidy(at)
    model.Session.commit()
    return Ran(done, failed, len(held) if line else 0)


def _end_others(asked: Collection[str], at: dt.datetime) -> None:
    """End faults and tasks of apps that are asked no more, and commit."""
    live = PulseFault.state.in_((SUSPECTED, OPEN))
    query = sa.select(PulseFault).where(live, PulseFault.package_id.not_in([*asked]))
    for row in model.Session.scalars(query).all():
        with apart(f"fault {row.id}"):
            telling.asked_no_more(row, at)
    with apart("tasks of faults that are no more"):
        telling.take_back_others()
    model.Session.commit()


def _targets() -> list[PulseTarget]:
    """Return what is asked: of apps that live; a dataset is none, whoever made it one before."""
    query = sa.select(PulseTarget).join(model.Package, model.Package.id == PulseTarget.package_id)
    rows = list(
        model.Session.scalars(
            query.where(model.Package.state == "active", model.Package.type == APP)
        )
    )
    known = lives(row.package_id for row in rows)
    return [row for row in rows if not known[row.package_id].ended]


def _hosts(row: PulseTarget) -> Iterator[str]:
    """Give the hosts that an app's addresses name, and each with or without ``www.``."""
    for url in (row.web, row.feed, row.sitemap):
        there = place(url) if url else None
        if there is not None:
            bare = there.host.removeprefix("www.")
            yield from (bare, f"www.{bare}")


def _due(targets: Iterable[PulseTarget], at: dt.datetime) -> list[App]:
    rules = pulse()
    known = {row.package_id: row for row in model.Session.scalars(sa.select(PulseProgress))}

    def over(since: dt.datetime | None, **span: int) -> bool:
        return since is None or at - since >= dt.timedelta(**span) - EARLY

    found = []
    for row in targets:
        before = known.get(row.package_id)
        if before is not None and not over(before.checked_at, minutes=rules.every_minutes):
            continue
        content = over(before.content_at if before else None, hours=rules.content_every_hours)
        robot_at = before.robot_at if before else None
        robot = over(robot_at, hours=rules.robot_every_hours)
        found.append(
            App(
                row.package_id,
                row.web,
                row.feed,
                row.sitemap,
                row.marker,
                content=content or bool(before and row.set_at > before.checked_at),
                robot=row.robot and (robot or bool(robot_at and row.set_at > robot_at)),
            )
        )
    return found


def _keep(app: App, evidence: Evidence, at: dt.datetime) -> bool:
    """Keep what was found and tell of it, in one transaction; tell whether the app fails.

    What cannot be kept of one app keeps nothing from the others.
    """
    try:
        return _kept(app, evidence, at)
    except BaseTimeoutException:
        raise
    except Exception as problem:  # noqa: BLE001 - one app ends no round
        model.Session.rollback()
        log.warning("nothing kept of %s: %s", app.id, type(problem).__name__)
        return False


def _kept(app: App, evidence: Evidence, at: dt.datetime) -> bool:
    target = model.Session.get(PulseTarget, app.id, with_for_update=True)
    package = model.Session.get(model.Package, app.id)
    # Taken out, or asked elsewhere, while it was looked at.
    if target is None or package is None or target.web != app.web:
        model.Session.rollback()
        return False
    row, verdict, evidence = storing.keep(target, app, evidence, at)
    telling.tell(row, package, verdict, evidence, at)
    model.Session.commit()
    return verdict.outcome == "failed"
