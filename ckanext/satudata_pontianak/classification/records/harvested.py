"""Records that a harvester brings: nobody sits before them who could mend a refused text."""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model, types

from ...surface import links
from . import text_findings

log = logging.getLogger(__name__)


def brings(context: types.Context, dataset_id: Any) -> bool:
    """Tell whether it is a harvester that writes this dataset.

    It writes without authorisation, which no door from outside does, and the record of what it
    fetched names the dataset.
    """
    if not context.get("ignore_auth") or not dataset_id or not p.plugin_loaded("harvest"):
        return False
    from ckanext.harvest.model import HarvestObject

    known = sa.select(HarvestObject.id).where(HarvestObject.package_id == str(dataset_id))
    return model.Session.scalar(known.limit(1)) is not None


def drop_bad_links(context: types.Context, data: dict[str, Any]) -> None:
    """Drop the files of a harvested record whose address is none, and report each of them.

    Nobody sits before the record who could mend it, and one file must not keep out the others.
    """
    given = data.get("resources")
    if not isinstance(given, list) or not brings(context, data.get("id")):
        return
    kept = []
    for place, item in enumerate(given, 1):
        address = item.get("url") if isinstance(item, dict) else None
        wrong = links.problem(address) if address else None
        if wrong is None:
            kept.append(item)
        else:
            report(str(data["id"]), f"File {place} was left out: {wrong}")
    data["resources"] = kept


def report(dataset_id: str, text: str) -> None:
    """Write down with the harvested record what was not taken over, in this transaction."""
    from ckanext.harvest.model import HarvestObject, HarvestObjectError

    newest = (
        sa.select(HarvestObject.id)
        .where(HarvestObject.package_id == dataset_id)
        .order_by(HarvestObject.current.desc(), HarvestObject.gathered.desc())
        .limit(1)
    )
    found = model.Session.scalar(newest)
    if found is not None:
        model.Session.add(HarvestObjectError(message=text, harvest_object_id=found, stage="Import"))


def checked_text(
    context: types.Context, data: dict[str, Any], known: dict[str, Any], *, undecided: bool
) -> list[dict[str, Any]]:
    """Check the text of a dataset that is about to be saved; return what it warns of.

    What a harvester brings is kept as a draft with its findings, as long as nothing is decided.

    :raises ckan.plugins.toolkit.ValidationError: see :func:`.text_findings.check`.
    """
    try:
        return text_findings.check(data, known)
    except tk.ValidationError:
        if not undecided or not brings(context, data.get("id")):
            raise
        data["state"] = "draft"
        return text_findings.check(data, known, keeps_all=True)


def report_dropped(dataset_id: str, names: list[str]) -> None:
    """Tell whoever runs the harvest which keys of a record were not taken; no value is told.

    It stands with the record's other errors in the report of the harvest, and in the log.
    """
    told = ", ".join(sorted(set(names))[:50])
    log.warning("harvest: dataset %s: not taken, since not declared: %s", dataset_id, told)
    from ckanext.harvest.model import HarvestObject, HarvestObjectError

    record = HarvestObject
    query = (
        sa.select(record.id)
        .where(sa.or_(record.package_id == dataset_id, record.guid == dataset_id))
        .order_by(record.gathered.desc())
    )
    found = model.Session.scalar(query.limit(1))
    if found is not None:
        text = f"Not taken, since not declared: {told}"
        model.Session.add(HarvestObjectError(harvest_object_id=found, message=text, stage="Import"))
