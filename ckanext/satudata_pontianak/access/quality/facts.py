"""What is known of a dataset for its quality, from what ``package_show`` gives one reader.

Whoever sees the files that wait is told of the dataset with them; everybody else of what is served.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import days
from ...classification.records import reads
from ...classification.versions import table_state
from ...metadata import freshness, service
from ...metadata.quality.definition import quality
from ...metadata.quality.rules import Facts, FileFacts
from ..reading import lead
from .figures import Waiting

UPLOAD = "upload"


def of_dataset(dataset: Mapping[str, Any], waiting: Waiting) -> Facts:
    """Return the facts of a dataset, from what ``package_show`` gives and :func:`waiting`."""
    fields = {f["field_name"]: f for f in service.dataset_fields(str(dataset.get("type")))}
    originals = _originals(dataset, waiting)
    return Facts(
        dataset,
        fields,
        [_file(file, waiting, file["id"] in originals) for file in lead.in_order(dataset)],
        days.today(),
        quality().open_formats,
    )


def waiting(dataset: Mapping[str, Any]) -> Waiting:
    """Return the versions that wait, where the reader is told of some."""
    found = reads.waiting_versions([str(dataset["id"])]) if _waits(dataset) else []
    return {version.id: version for version in found}


def _originals(dataset: Mapping[str, Any], waiting: Waiting) -> frozenset[str]:
    """Return the files of which a tidy table was made, also where both wait.

    A program reads that table, and not the letterhead above the rows of the workbook.
    """
    sources = {v.tidied["source"] for v in waiting.values() if v.tidied is not None}
    made = {v.resource_id for v in waiting.values() if v.tidied is None and v.sha256 in sources}
    return lead.originals(dataset) | made


def _file(resource: Mapping[str, Any], waiting: Waiting, original: bool) -> FileFacts:
    version = waiting.get(str((resource.get("satudata_waiting") or {}).get("id")))
    came = resource.get("last_modified") or resource.get("created")
    newest, table = resource.get(freshness.NEWEST), bool(resource.get("datastore_active"))
    kept = resource.get("url_type") == UPLOAD
    if version is not None:
        came, kept = version.created.isoformat(), version.kind == UPLOAD
        newest = table_state.newest_in(version.tabled)
        # What this portal made is a table, also before its rows were brought into the database.
        table = table_state.is_ready(version.tabled) or version.tidied is not None
    return FileFacts(
        str(resource["id"]),
        str(resource.get("name") or ""),
        str(resource.get("format") or ""),
        kept,
        table and not original,
        freshness.day_of(came),
        freshness.day_of(newest),
    )


def has_files(dataset: Mapping[str, Any]) -> bool:
    """Tell whether the reader has the files of a dataset: what is closed to them is not judged."""
    decision = dataset.get("satudata_decision")
    return bool(decision and decision.get("data_open")) or _waits(dataset)


def _waits(dataset: Mapping[str, Any]) -> bool:
    return any(r.get("satudata_waiting") for r in dataset.get("resources") or ())
