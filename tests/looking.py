"""Opening waiting files as people do before they decide many cases together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.access.reading import record
from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.classification.rules.policy import Answer


def opened(city: Any, who: str, datasets: Iterable[Mapping[str, Any]]) -> None:
    """Let somebody look into the waiting files of datasets; the ledger has it."""
    model.Session.rollback()
    actor = registry.actor_for(city.users[who]["name"])
    for dataset in datasets:
        query = sa.select(Version).where(
            Version.package_id == dataset["id"], Version.state == "waiting"
        )
        for version in model.Session.scalars(query).all():
            what = {"version": version.id, "sha256": version.sha256}
            record.record(actor, Answer(True, "holder"), dataset["id"], what, by="look")
