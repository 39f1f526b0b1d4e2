"""Reads what was decided of a dataset and its files, for the rules on older versions. One query.

It is one statement, so that it shows one moment: a hold or a decision that comes meanwhile is
wholly in it or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ..records import rulesets
from ..records.model import Version
from ..rules import past
from ..rules.axes import classification
from ..rules.past import Decided, History, Judged, Kept, Shadow
from ..rules.policy import DecisionFacts, VersionFacts
from . import storage
from .tables import KEPT_KINDS

MOST = 200
"""Decisions, versions, cases that are looked at for one dataset; of one that has more, nothing is
known of older ones."""

_READ = sa.text(
    """
    SELECT
      (SELECT json_agg(json_build_object('id', d.id, 'case', d.case_id, 'at', d.decided_at,
                'level', d.tingkat_keamanan, 'kind', d.jenis_informasi,
                'personal', d.data_pribadi, 'recipients', d.recipients, 'all', d.all_agencies,
                'in_force', d.in_force, 'older', d.older_given, 'begins', d.mulai,
                'ends', d.akhir, 'review', d.tanggal_reviu,
                'files', (SELECT json_object_agg(q.resource_id, q.version_id)
                            FROM satudata_decision_version q WHERE q.decision_id = d.id))
              ORDER BY d.decided_at, d.id)
         FROM satudata_decision d WHERE d.package_id = :id) AS decisions,
      (SELECT json_agg(json_build_object('id', c.id, 'kind', c.kind, 'reason', c.reason,
                'states', (SELECT json_agg(s.to_state) FROM satudata_step s
                            WHERE s.case_id = c.id AND s.to_state IS NOT NULL),
                'state', c.state, 'ended', c.ended_at))
         FROM satudata_case c WHERE c.package_id = :id) AS cases,
      (SELECT json_agg(u.until) FROM (
         SELECT released_at AS until FROM satudata_hold WHERE package_id = :id
         UNION ALL
         SELECT ended_at FROM satudata_incident WHERE package_id = :id
         UNION ALL
         SELECT answered_at FROM satudata_smki_subject_request WHERE package_id = :id
         UNION ALL
         SELECT q.answered_at FROM satudata_smki_subject_dataset f
           JOIN satudata_smki_subject_request q ON q.id = f.request_id WHERE f.package_id = :id
         UNION ALL
         SELECT COALESCE(n.removed_at, i.closed_at)
           FROM satudata_smki_incident_dataset n
           LEFT JOIN satudata_smki_incident i ON i.id = n.incident_id WHERE n.package_id = :id
         UNION ALL
         SELECT concluded_at FROM satudata_smki_destruction WHERE package_id = :id
         UNION ALL
         SELECT COALESCE(ended_at, until) FROM satudata_break_glass WHERE dataset_id = :id
       ) u) AS shadows,
      (SELECT json_agg(json_build_object('id', v.id, 'resource', v.resource_id, 'state', v.state,
                'kind', v.kind, 'sha256', v.sha256, 'size', v.size, 'filename', v.filename,
                'sealed', v.sealed, 'masked', v.masked IS NOT NULL, 'uploader', v.uploaded_by,
                'brought', v.created,
                'tainted', EXISTS (
                  SELECT 1 FROM satudata_version o
                   WHERE o.sha256 = v.sha256
                     AND (o.sealed OR o.masked IS NOT NULL OR o.state = 'purged'
                          OR EXISTS (SELECT 1 FROM satudata_incident i
                                      WHERE i.package_id = o.package_id AND i.versions ? o.id)
                          OR EXISTS (SELECT 1 FROM satudata_scan s WHERE s.version_id = o.id
                                        AND s.verdict <> 'clear'))),
                'scans', (SELECT json_object_agg(s.ruleset, s.verdict)
                            FROM satudata_scan s WHERE s.version_id = v.id)))
         FROM satudata_version v
        WHERE v.package_id = :id AND EXISTS (SELECT 1 FROM satudata_decision_version q
                                              WHERE q.version_id = v.id)) AS versions,
      (SELECT json_object_agg(o.resource_id, json_build_array(o.version_id, r.name))
         FROM satudata_pointer o JOIN resource r ON r.id = o.resource_id AND r.state = 'active'
        WHERE o.package_id = :id) AS served
    """
)


def read(dataset_id: str) -> History:
    """Return what is recorded of a dataset; of one that is unknown nothing."""
    row = model.Session.execute(_READ, {"id": dataset_id}).one()
    parts = (row.decisions, row.cases, row.versions)
    if any(len(part or ()) > MOST for part in parts):
        return History()
    return History(
        decisions=tuple(_decided(each) for each in row.decisions or ()),
        cases=tuple(_judged(each) for each in row.cases or ()),
        shadows=tuple(Shadow(_moment(until)) for until in row.shadows or ()),
        versions={each["id"]: _kept(each) for each in row.versions or ()},
        served={r: version for r, (version, _) in (row.served or {}).items()},
        names={r: str(name or "") for r, (_, name) in (row.served or {}).items()},
    )


def facts_of(history: History, version_id: str) -> VersionFacts:
    """Return what the policy asks of a version that another took the place of.

    Whether its bytes are here is looked at last, and only of what nothing else closes.
    """
    version = history.versions.get(version_id)
    known = past.past_facts(
        history,
        version_id,
        newest=rulesets.newest(),
        today=days.today(),
        rules=classification().superseded,
    )
    if known.given and version is not None:
        known = replace(known, kept=storage.exists(str(version.sha256)))
    return VersionFacts(
        approved=False,
        sealed=version is None or version.sealed,
        uploader=version.uploader if version else None,
        resource_id=version.resource if version else None,
        past=known,
    )


def of_version(version: Version) -> VersionFacts:
    """Return what the policy asks of a version, read now."""
    return facts_of(read(version.package_id), version.id)


def _decided(row: Mapping[str, Any]) -> Decided:
    recipients = frozenset(row["recipients"] or ())
    return Decided(
        id=row["id"],
        case=row["case"],
        at=dt.datetime.fromisoformat(row["at"]),
        says=DecisionFacts(row["level"], recipients, bool(row["all"])),
        personal=row["personal"],
        in_force=row["in_force"],
        older=row["older"] is True,
        files=row["files"] or {},
        begins=_day(row["begins"]),
        ends=_day(row["ends"]),
        review=_day(row["review"]),
        kind=row["kind"],
    )


def _judged(row: Mapping[str, Any]) -> Judged:
    reasons = tuple(str(row["reason"] or "").split())
    states = frozenset((row["state"], *(row["states"] or ())))
    return Judged(row["id"], row["kind"], reasons, states, _moment(row["ended"]))


def _kept(row: Mapping[str, Any]) -> Kept:
    sha256 = row["sha256"]
    there = row["kind"] in KEPT_KINDS and row["state"] != "purged" and sha256 is not None
    return Kept(
        id=row["id"],
        resource=row["resource"],
        state=row["state"],
        brought=dt.datetime.fromisoformat(row["brought"]),
        sealed=bool(row["sealed"]),
        masked=bool(row["masked"]),
        tainted=bool(row["tainted"]),
        kept=there,
        scans=row["scans"] or {},
        sha256=sha256,
        size=row["size"],
        filename=row["filename"],
        uploader=row["uploader"],
    )


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
