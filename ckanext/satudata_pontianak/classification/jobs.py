"""Jobs of the room. They take ids only and check the state again."""

from __future__ import annotations

import logging

from ckan import model

from . import late, repository, stepping, versions
from .model import Case, Version

log = logging.getLogger(__name__)


def reindex(dataset_ids: list[str]) -> None:
    """Bring the index up to date for these datasets; those that are gone are left out."""
    for dataset_id in dataset_ids:
        if model.Package.get(dataset_id) is not None:
            late.rebuild(dataset_id)


def scan_version(version_id: str) -> None:
    """Scan one version that was too large to be scanned within a call."""
    version = model.Session.get(Version, version_id)
    if version is None or version.state not in ("waiting", "approved"):
        log.info("version %s needs no scan any more", version_id)
        return
    if version_id in repository.scans_of([version_id], versions.ruleset()):
        return
    scan = versions.scan(version)
    log.info("version %s scanned: %s", version_id, scan.verdict)
    case_id = version.case_id
    model.Session.commit()
    case = model.Session.get(Case, case_id) if case_id else None
    if case is not None and case.is_open and case.wait_submit:
        stepping.submit_kept(case)
