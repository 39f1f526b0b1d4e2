"""A destruction that was approved is carried out, place by place, and then looked at.

Each place is a transaction of its own and is cleared again safely: what was stopped or failed
halfway is taken up by the clock.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import sqlalchemy as sa

from ckan import model

from ...agencies.rules.duties import Actor
from ...classification.records import job_queue, reads
from ..records.destruction_model import APPROVED, DONE, SmkiDestruction
from ..records.model import now
from . import proposals, reading
from .places import Scope, places

log = logging.getLogger(__name__)
BEGUN = "begun"
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

    :returns: whether nothing is left. Something else than data may have stopped it.
    """
    for name, place in {BEGUN: None, **places()}.items():
        row = _locked(destruction_id)
        if row is None:
            return False
        if name in row.steps:
            model.Session.rollback()
            continue
        stops = reading.stopped_by(row.package_id)
        if stops:
            row.stopped = stops
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
    """Take up what was approved and is not done; say what became of each."""
    query = sa.select(SmkiDestruction.id).where(SmkiDestruction.state == APPROVED)
    for destruction_id in model.Session.scalars(query.order_by(SmkiDestruction.concluded_at)).all():
        try:
            done = carry_out(destruction_id)
        except Exception:  # of storage or index; one that fails stops no other
            model.Session.rollback()
            log.exception("destruction %s is not done", destruction_id)
            done = False
        yield f"Destruction {destruction_id}: {'done' if done else 'not done yet'}."


def scope_of(row: SmkiDestruction) -> Scope:
    """Return what a destruction is about."""
    versions = tuple((version, sha256) for version, sha256, _ in row.versions)
    return Scope(row.package_id, tuple(row.files), versions)


def look(row: SmkiDestruction) -> dict[str, int]:
    """Return place → how much of it is still there; what cannot be looked at raises."""
    scope = scope_of(row)
    return {name: place.count(scope) for name, place in places().items()}


def _locked(destruction_id: str) -> SmkiDestruction | None:
    query = (
        sa.select(SmkiDestruction)
        .where(SmkiDestruction.id == destruction_id, SmkiDestruction.state == APPROVED)
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
    row.found, row.looked_at = look(row), now()
    left = any(row.found.values())
    if left:
        # What came back meanwhile is cleared once more by the next run.
        row.steps = {name: at for name, at in row.steps.items() if not row.found.get(name)}
    else:
        row.state, row.done_at = DONE, now()
        proposals.record(row, PORTAL, "done", versions=[[v, sha] for v, sha, _ in row.versions])
    model.Session.commit()
    return not left
