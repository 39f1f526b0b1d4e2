"""Links as versions: pin what is behind them, and look whether it changed since.

Source: design section 1 (Version) and the rule that what is not pinned is not served.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ..cases import step_service
from ..records import file_types, reads
from ..records.model import Pointer, Version
from ..rules import filenames
from ..rules.definition import workflow
from ..versions import fetching, likeness, versions
from ..versions.fetching import EXTERNAL, LINK, PROBLEM, SOURCE, FetchFailed, is_unpinned, source_of
from ..writes import incoming
from . import cases

REASON = "link_changed"


def pin(version: Version) -> None:
    """Fetch a link's target into the version; what went wrong is kept with it.

    The caller commits. A version that is not a link, or is pinned, stays as it is.
    """
    address = source_of(version)
    if not is_unpinned(version) or address is None:
        return
    try:
        _take(version, address, fetching.fetch(address))
    except FetchFailed as failed:
        if fetching.may_stay_external(address, failed.code):
            version.kind, version.sha256 = EXTERNAL, fetching.address_digest(address)
            version.meta = {**version.meta, SOURCE: address}
        else:
            version.meta = {**version.meta, PROBLEM: failed.code}
    model.Session.flush()


def _take(version: Version, address: str, fetched: fetching.Fetched) -> None:
    version.sha256, version.size = fetched.sha256, fetched.size
    version.filename, version.mimetype = fetched.filename, fetched.mimetype
    meta = {k: v for k, v in version.meta.items() if k != PROBLEM}
    version.meta = {
        **meta,
        SOURCE: address,
        "url": fetched.filename,
        "url_type": "upload",
        "size": fetched.size,
        "hash": fetched.sha256,
        "mimetype": fetched.mimetype,
        "format": meta.get("format") or file_types.format_of(filenames.ending(fetched.filename)),
    }


@dataclass(frozen=True)
class Looked:
    """What became of one link: ``same``, ``changed`` or the code of a failure."""

    dataset_id: str
    outcome: str


def served() -> list[str]:
    """Return the ids of the served versions that were fetched from a link."""
    query = (
        sa.select(Version.id)
        .join(Pointer, Pointer.version_id == Version.id)
        .where(Version.kind == LINK, Version.sha256.is_not(None))
        .order_by(Version.package_id, Version.id)
    )
    return list(model.Session.scalars(query))


def check() -> Iterator[Looked]:
    """Look whether what is behind the served links changed; each in its own transaction.

    A changed target waits as a new version and opens a case, or gives the open one a further
    reason. What cannot be fetched changes nothing: the version that was approved is ours.
    """
    for version_id in served():
        version = model.Session.get(Version, version_id)
        address = source_of(version) if version else None
        if version is None or address is None:
            continue
        try:
            fetched = fetching.fetch(address)
        except FetchFailed as failed:
            model.Session.rollback()
            yield Looked(version.package_id, failed.code)
            continue
        yield Looked(version.package_id, _compare(version, address, fetched))


def _compare(version: Version, address: str, fetched: fetching.Fetched) -> str:
    waiting = reads.waiting_versions([version.package_id])
    known = {v.sha256 for v in waiting if v.resource_id == version.resource_id}
    if fetched.sha256 == version.sha256 or fetched.sha256 in known:
        model.Session.rollback()
        return "same"
    case = reads.open_case(version.package_id, lock=True)
    if case is None:
        cases.open_or_tell(version.package_id, REASON, workflow().first_state)
        case = reads.open_case(version.package_id)
    takes = incoming.takes_bytes(case)
    fresh = versions.add_version(
        version.package_id,
        version.resource_id,
        case if takes else None,
        kind=LINK,
        meta={k: v for k, v in version.meta.items() if k != PROBLEM},
        actor_id=None,
    )
    _take(fresh, address, fetched)
    versions.record_found(fresh, case if takes else None)
    versions.scan(fresh)
    likeness.refresh([version.package_id])
    model.Session.commit()
    versions.enqueue_tables([fresh.id])
    step_service.reindex(version.package_id)
    return "changed"
