"""Jobs of the room. They take ids only and check the state again."""

from __future__ import annotations

import logging

from ckan import model

from .cases import step_service
from .clock import links
from .clock import tables as table_care
from .notices import scan_notices
from .records import reads, stale_index, ungoverned_index
from .records.model import Case, Version
from .rescan import rescan
from .versions import likeness, tables, versions

log = logging.getLogger(__name__)


def reindex(dataset_ids: list[str]) -> None:
    """Bring the index up to date for these datasets; those that are gone are taken out of it."""
    stale_index.rebuild_all(dataset_ids)


def follow_definition(after: str = "") -> None:
    """Index what was indexed by other rules than today's, behind this id; ask for the rest."""
    last = ungoverned_index.rebuild_stale(after, ungoverned_index.CHUNK_SECONDS)
    if last:
        ungoverned_index.ask_worker(last)


def scan_version(version_id: str) -> None:
    """Fetch a link's target, and scan a version that was not scanned within a call."""
    version = model.Session.get(Version, version_id)
    if version is None or version.state not in ("waiting", "approved"):
        log.info("version %s needs no scan any more", version_id)
        return
    if version_id in reads.scans_of([version_id]):
        return
    links.pin(version)
    scan = versions.scan(version)
    log.info("version %s scanned: %s", version_id, scan.verdict)
    case_id = version.case_id
    likeness.refresh([version.package_id])
    model.Session.commit()
    case = model.Session.get(Case, case_id) if case_id else None
    scan_notices.ended(version_id)
    if case is not None and case.is_open and case.wait_submit:
        step_service.submit_kept(case)
    versions.enqueue_tables([version_id])


def follow_rules() -> None:
    """Try the newest ruleset on the next datasets, or do what follows now that it is enforced."""
    tried = sum(1 for _ in rescan.run(seconds=rescan.CHUNK_SECONDS))
    applied = sum(1 for _ in rescan.apply())
    older = 0 if rescan.due(limit=1) else rescan.look_at_older(seconds=rescan.CHUNK_SECONDS)
    log.info("rules of the scan: %s tried, %s followed up, %s older", tried, applied, older)
    if rescan.due(limit=1) or rescan.older_due(limit=1):
        rescan.ask_worker(goes_on=True)


def load_table(version_id: str) -> None:
    """Make the table of one version in the DataStore."""
    known = tables.load(version_id)
    log.info("table of version %s: %s", version_id, known.state if known else "not wanted")


def tidy_tables(package_id: str | None = None) -> None:
    """Drop the tables of one dataset, or of all, that nobody is served any more."""
    log.info("%s tables dropped", len(table_care.tidy(package_id)))
