"""What is known of a dataset for its quality, from what ``package_show`` gives one reader.

Whoever sees the files that wait is told of the dataset with them; everybody else of what is served.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import days
from ...classification.records import reads
from ...classification.records.model import Version
from ...classification.rules import variables
from ...classification.versions import table_questions, table_state
from ...classification.versions.table_state import Tabled
from ...metadata import freshness, service
from ...metadata.quality.definition import quality
from ...metadata.quality.plausible import Asked
from ...metadata.quality.rules import Facts, FileFacts

UPLOAD = "upload"


Waiting = Mapping[str, Version]
"""Versions that wait, by id."""


def of_dataset(dataset: Mapping[str, Any], waiting: Waiting) -> Facts:
    """Return the facts of a dataset, from what ``package_show`` gives and :func:`waiting`."""
    fields = {f["field_name"]: f for f in service.dataset_fields(str(dataset.get("type")))}
    return Facts(
        dataset,
        fields,
        [_file(resource, waiting) for resource in dataset.get("resources") or ()],
        days.today(),
        quality().open_formats,
    )


def waiting(dataset: Mapping[str, Any]) -> Waiting:
    """Return the versions that wait, where the reader is told of some."""
    found = reads.waiting_versions([str(dataset["id"])]) if _waits(dataset) else []
    return {version.id: version for version in found}


def _file(resource: Mapping[str, Any], waiting: Waiting) -> FileFacts:
    version = waiting.get(str((resource.get("satudata_waiting") or {}).get("id")))
    came = resource.get("last_modified") or resource.get("created")
    newest, table = resource.get(freshness.NEWEST), bool(resource.get("datastore_active"))
    kept = resource.get("url_type") == UPLOAD
    if version is not None:
        came, kept = version.created.isoformat(), version.kind == UPLOAD
        newest = table_state.newest_in(version.tabled)
        table = table_state.is_ready(version.tabled)
    return FileFacts(
        str(resource["id"]),
        str(resource.get("name") or ""),
        str(resource.get("format") or ""),
        kept,
        table,
        freshness.day_of(came),
        freshness.day_of(newest),
    )


def asked_of(dataset: Mapping[str, Any], waiting: Waiting) -> list[tuple[Mapping[str, Any], Asked]]:
    """Return the figures to look at in files that wait, each with its resource.

    Whoever is told of no file that waits is told of no such figure; of a column that the
    dictionary calls personal nobody is.
    """
    found: list[tuple[Mapping[str, Any], Asked]] = []
    id = str(dataset["id"])
    personal = variables.personal_of([id]).get(id, frozenset()) if waiting else frozenset()
    for resource in dataset.get("resources") or ():
        version = waiting.get(str((resource.get("satudata_waiting") or {}).get("id")))
        tabled = Tabled.of(version.tabled) if version is not None else None
        # A newer scan may have found what an older one did not.
        if version is not None and tabled and tabled.asked and table_questions.is_clear(version.id):
            told = (a for a in tabled.asked if not variables.is_among(personal, a.column))
            found += [(resource, one) for one in told]
    return found


def has_files(dataset: Mapping[str, Any]) -> bool:
    """Tell whether the reader has the files of a dataset: what is closed to them is not judged."""
    decision = dataset.get("satudata_decision")
    return bool(decision and decision.get("data_open")) or _waits(dataset)


def _waits(dataset: Mapping[str, Any]) -> bool:
    return any(r.get("satudata_waiting") for r in dataset.get("resources") or ())
