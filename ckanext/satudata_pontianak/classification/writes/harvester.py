"""Another CKAN as a source: asked through the guarded fetcher, and of nothing but its own datasets.

CKAN's harvester asks any address with no time limit, takes the id that the other portal names for
that of a dataset here, and makes agencies by settings of the source. This one stands in its place:
the first harvester of a kind is the one that runs.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.harvesters import CKANHarvester
from ckanext.harvest.harvesters.ckanharvester import ContentFetchError
from ckanext.harvest.model import HarvestObject

from ...msgids import N_
from ...surface import links
from ...surface.types import types
from ..versions import fetching

LIMIT = 50 * 1024**2
"""The most that one answer of another portal may hold."""

NOT_BROUGHT = N_("A dataset of this id is here already, and did not come from this source.")
UNKNOWN_SETTING = N_("There is no such setting: %(names)s. Choose from: %(known)s.")


class Harvester(CKANHarvester):
    """The harvester of the kind ``ckan``."""

    source_id: Any = None

    def validate_config(self, config: str | None) -> str | None:
        """Check the settings of a source; those that are not declared are refused.

        :raises ValueError: with the names of the settings.
        """
        if config:
            given = json.loads(config)
            known = types().harvesters["ckan"].settings
            unknown = sorted(set(given) - set(known)) if isinstance(given, dict) else ["?"]
            if unknown:
                names = {"names": ", ".join(unknown), "known": ", ".join(known)}
                raise ValueError(tk._(UNKNOWN_SETTING) % names)
        return super().validate_config(config)

    def _get_content(self, url: str) -> str:
        wrong = links.problem(url)
        if wrong is not None:
            raise ContentFetchError(tk._(wrong))
        try:
            return fetching.read(url, limit=LIMIT).decode("utf-8", "replace")
        except fetching.FetchFailed as failed:
            raise ContentFetchError(tk._(fetching.FAILURES[failed.code])) from None

    def import_stage(self, harvest_object: HarvestObject) -> Any:
        """Take over one dataset of the source."""
        self.source_id = harvest_object.harvest_source_id
        return super().import_stage(harvest_object)

    def _find_existing_package(self, package_dict: dict[str, Any]) -> dict[str, Any]:
        found = super()._find_existing_package(package_dict)
        brought = sa.select(HarvestObject.id).where(
            HarvestObject.package_id == found["id"],
            HarvestObject.harvest_source_id == self.source_id,
        )
        if model.Session.scalar(brought.limit(1)) is None:
            # The other portal chooses its ids: it must not write to a dataset of ours by them.
            raise tk.ValidationError({"id": [tk._(NOT_BROUGHT)]})
        return found
