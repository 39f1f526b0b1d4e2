"""Joins the clock, and what is laid over apps: reports, what apps lack, addresses withheld."""

from __future__ import annotations

from collections.abc import Iterator

from ckan.exceptions import CkanConfigurationException

from ...access.reading import overlay
from ...classification.clock import rounds
from ...classification.records import dataset_types
from ...jepin.door import lacks
from ...jepin.records import withheld
from ...jepin.reports import photos, reporting
from ...jepin.rules.door import door
from ...jepin.rules.lifecycle import lifecycle
from ...jepin.rules.point_definition import profiles
from ...jepin.rules.pulse import pulse
from ...jepin.rules.report_rules import reports
from ...jepin.rules.security import security
from ...surface.yaml_source import DefinitionError


def join() -> None:
    """Read the definitions; join the clock, and the overlay of what readers get.

    :raises ckan.exceptions.CkanConfigurationException: a definition is wrong; naming file and line.
    """
    try:
        for definition in (lifecycle, security, pulse, door, reports, profiles):
            definition()
    except DefinitionError as error:
        raise CkanConfigurationException(str(error)) from error
    overlay.join(dataset_types.APP, withheld.withhold)
    rounds.join("jepin.reports", _reports)
    rounds.join("jepin.lacks", _lacks)


def _reports() -> Iterator[str]:
    yield f"{reporting.remind()} people told of late answers to citizens' reports."
    yield f"{reporting.erase()} texts of citizens' reports erased."
    yield f"{photos.erase()} photos of citizens' reports erased."


def _lacks() -> Iterator[str]:
    yield f"{lacks.keep()} people told of what their apps lack."
