"""A destruction that was approved is carried out, place by place, and then looked at.

Each place is a transaction of its own and is cleared again safely: what was stopped or failed
halfway is taken up by the clock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...classification.records import job_queue, reads
from ..records.destruction_model import APPROVED, BEGUN, DONE, SmkiDestruction
from ..records.model import now
from . import proposals, reading
from .places import Scope, places

log = logging.getLogger(__name__)
PORTAL = Actor(None, None)
TIMEOUT = 3600


def ask(destruction_id: str) -> None:
    """Ask the worker; the clock carries out what it was not asked for.

    :raises redis.RedisError: the queue does not answer.
    """
    once = f"satudata-destruction-{destruction_id}"
    job_queue.put(
        "ckanext.satudata_pontianak.smki.destruction.carrying.carry_out",
        [destruction_id],
        title="satudata destruction",
        queue="default",
        timeout=TIMEOUT,
        job_id=once,
    )


def carry_out(destruction_id: str) -> bool:
    """Clear each place that is not cleared yet, and look; commit after each.

    Before each it is asked, under a lock, what stops it. What is not what was approved any more
    is refused; once a place is cleared, what is newer stays (:func:`scope_of`).

    :returns: whether nothing is left. Something else than data may have stopped it.
    """
    for name, place in {BEGUN: None, **places()}.items():
        row = _locked(destruction_id)
        if row is None:
            return False
        if name in row.steps:
            model.Session.rollback()
            continue
        reads.lock_judging(row.package_id, alone=True)
        stops = reading.stopped_by(row.package_id)
        if stops:
            row.stopped = stops
            model.Session.commit()
            return False
        if row.untouched and reading.outdated(row):
            proposals.end(row)
            model.Session.commit()
            return False
        if place is None:
            _begin(row)
        else:
            place.clear(scope_of(row), PORTAL)
        row.stopped = []
        row.steps = {**row.steps, name: now().isoformat()}
        model.Session.commit()
    return _finish(destruction_id)


def resume() -> Iterator[str]:
    """Take up what was approved and is not done, and what came back; say what became of each."""
    query = sa.select(SmkiDestruction.id).where(SmkiDestruction.state == APPROVED)
    for destruction_id in model.Session.scalars(query.order_by(SmkiDestruction.concluded_at)).all():
        done = _tried(carry_out, destruction_id)
        yield f"Destruction {destruction_id}: {'done' if done else 'not done yet'}."
    rows = reading.all_done()
    again = rows if any(look(rows).values()) else [row for row in rows if any(row.found.values())]
    for destruction_id in [row.id for row in again]:
        cleared = _tried(clear_again, destruction_id)
        if cleared is not None:
            told = "cleared" if cleared else "not cleared yet"
            yield f"What came back of destruction {destruction_id}: {told}."


def _tried(act: Callable[[str], bool | None], destruction_id: str) -> bool | None:
    try:
        return act(destruction_id)
    except Exception:  # of storage or index; one that fails stops no other
        model.Session.rollback()
        log.exception("destruction %s is not done", destruction_id)
        return False


def clear_again(destruction_id: str) -> bool | None:
    """Clear what came back of what was destroyed, unless something stops it.

    What was not there the last time is only written down: an upload of the same bytes that is
    under way has no version yet.

    :returns: whether nothing is left; ``None``: nothing was.
    """
    row = _locked(destruction_id, DONE)
    if row is None:
        return None
    reads.lock_judging(row.package_id, alone=True)
    before, found = row.found, look([row])
    if any(found.values()) and not reading.stopped_by(row.package_id):
        for name, place in places().items():
            if found[name] and before.get(name):
                place.clear(scope_of(row), PORTAL)
        found = look([row]) if any(before.values()) else found
    row.found, row.looked_at = found, now()
    model.Session.commit()
    return not any(found.values()) if any(before.values()) or any(found.values()) else None


def scope_of(*rows: SmkiDestruction) -> Scope:
    """Return what destructions are about: never a file of which a newer version is kept."""
    newer = reading.newer(rows)
    return Scope(
        tuple({row.package_id: None for row in rows}),
        tuple(file for row in rows for file in row.files if file not in newer),
        tuple((version, sha256) for row in rows for version, sha256, _ in row.versions),
    )


def look(rows: Collection[SmkiDestruction]) -> dict[str, int]:
    """Return place → how much is still there of them all; what cannot be looked at raises."""
    if not rows:
        return {}
    scope = scope_of(*rows)
    return {name: place.count(scope) for name, place in places().items()}


def _locked(destruction_id: str, state: str = APPROVED) -> SmkiDestruction | None:
    query = (
        sa.select(SmkiDestruction)
        .where(SmkiDestruction.id == destruction_id, SmkiDestruction.state == state)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return model.Session.scalars(query).one_or_none()


def _begin(row: SmkiDestruction) -> None:
    """Write down what goes: each version that is kept, and which files were given."""
    kept = reading.files_of(row.package_id, row.files)
    served = reads.pointers_of([row.package_id])
    if row.whole:
        resource = model.Resource
        query = sa.select(resource.id).where(
            resource.package_id == row.package_id, resource.state == "active"
        )
        row.files = sorted({*kept, *model.Session.scalars(query)})
    row.served = sorted(set(row.files) & set(served))
    row.versions = [[v.id, v.sha256, v.resource_id] for each in kept.values() for v in each]


def _finish(destruction_id: str) -> bool:
    """Look at every place; where nothing is left it is done."""
    row = _locked(destruction_id)
    if row is None:
        return False
    row.found, row.looked_at = look([row]), now()
    left = any(row.found.values())
    if left:
        # What came back meanwhile is cleared once more by the next run.
        row.steps = {name: at for name, at in row.steps.items() if not row.found.get(name)}
    else:
        row.state, row.done_at = DONE, now()
        proposals.record(row, PORTAL, "done", versions=[[v, sha] for v, sha, _ in row.versions])
    model.Session.commit()
    return not left
