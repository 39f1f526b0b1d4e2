"""Versions in words and addresses, as the actions answer them."""

from __future__ import annotations

from pathlib import PurePath

import ckan.plugins.toolkit as tk

from ... import days
from ...agencies.rules.duties import Actor
from ...classification.cases.show import moment
from ...classification.records import file_types
from ...msgids import N_
from . import answers, history
from .history import Edition, File

STATES = {"served": N_("served now"), "given": N_("may be downloaded")}


def file(resource: str, told: File) -> answers.FileTold:
    """Return a file of a version."""
    kept = told.kept
    return {
        "resource": resource,
        "version": kept.id,
        "name": told.name,
        "format": file_types.format_of(_ending(kept.filename)),
        "size": kept.size,
        "sha256": kept.sha256,
        "state": told.state,
        "state_label": tk._(STATES[told.state]),
        "url": tk.url_for("satudata_downloads.version", version_id=kept.id, qualified=True),
    }


def version(edition: Edition) -> answers.VersionTold:
    """Return a version of a dataset."""
    return {
        "id": edition.decision.id,
        "number": edition.number,
        "decided": moment(edition.since) or "",
        "files": [file(resource, told) for resource, told in edition.files.items()],
    }


def download_name(actor: Actor, dataset_id: str, name: str, version_id: str) -> str:
    """Return what an older version is called when it is downloaded, never as it was brought."""
    for edition in reversed(history.editions(actor, dataset_id)):
        for told in edition.files.values():
            if told.kept.id == version_id:
                day = edition.since.astimezone(days.CITY).date().isoformat()
                ending = _ending(told.kept.filename)
                end = f".{ending}" if file_types.format_of(ending) else ""
                return f"{name}-v{edition.number}-{day}{end}"
    return f"{name}-{version_id}"


def _ending(filename: str) -> str:
    return PurePath(filename).suffix.lstrip(".").lower()
