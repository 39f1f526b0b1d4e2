"""Tell of a scan that ended while somebody waited: who brought the file, whose submit was kept."""

from __future__ import annotations

from ckan import model

from ..records import reads
from ..records.model import Case, Version
from ..versions import versions
from . import notices

ENDED, REFUSED = "scan_ended", "submit_refused"


def ended(version_id: str) -> None:
    """Tell whoever waits that the last file of a case was looked at, and commit.

    Whose submit was kept is told by what became of it. Several files of a case are one notice.
    """
    version = model.Session.get(Version, version_id)
    case = model.Session.get(Case, version.case_id) if version and version.case_id else None
    if version is None or case is None or not case.is_open:
        return
    current = versions.case_versions(case)
    if len(reads.scans_of([v.id for v in current])) < len(current):
        return
    people = {v.uploaded_by for v in current if v.uploaded_by}
    if case.wait_submit:
        people.add(str(case.wait_submit["user"]))
    notices.tell(
        model.Session,
        ENDED,
        people,
        dataset_id=case.package_id,
        case_id=case.id,
        about=f"{case.id}:{version_id}",
    )
    model.Session.commit()


def refused(case: Case) -> None:
    """Tell somebody that their kept submit was refused, in the caller's transaction."""
    person = str((case.wait_submit or {})["user"])
    notices.tell(model.Session, REFUSED, [person], dataset_id=case.package_id, case_id=case.id)
