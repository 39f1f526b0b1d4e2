"""Joins the clock, and what is laid over apps: reports, what apps lack, addresses withheld."""

from __future__ import annotations

from collections.abc import Iterator

from ckan.exceptions import CkanConfigurationException

from ...access.reading import overlay
from ...classification.clock import rounds
from ...classification.records import dataset_types
from ...jepin.agreed import releases, reminding
from ...jepin.door import lacks
from ...jepin.points import staleness
from ...jepin.records import withheld
from ...jepin.register import overdue
from ...jepin.reports import photos, reporting
from ...jepin.reuses import proposing
from ...jepin.rules.agreed import agreed
from ...jepin.rules.costs import costs
from ...jepin.rules.door import door
from ...jepin.rules.lifecycle import lifecycle
from ...jepin.rules.point_definition import profiles
from ...jepin.rules.pulse import pulse
from ...jepin.rules.report_rules import reports
from ...jepin.rules.reuse_rules import reuses
from ...jepin.rules.security import security
from ...jepin.rules.wish_rules import wishes
from ...jepin.wishes import wishing
from ...surface.yaml_source import DefinitionError

DEFINITIONS = (lifecycle, security, pulse, door, reports, profiles, costs, agreed, wishes, reuses)


def join() -> None:
    """Read the definitions; join the clock, and the overlay of what readers get.

    :raises ckan.exceptions.CkanConfigurationException: a definition is wrong; naming file and line.
    """
    try:
        for definition in DEFINITIONS:
            definition()
    except DefinitionError as error:
        raise CkanConfigurationException(str(error)) from error
    overlay.join(dataset_types.APP, withheld.withhold)
    rounds.join("jepin.reports", _reports)
    rounds.join("jepin.lacks", _lacks)
    rounds.join("jepin.wishes", _wishes)
    rounds.join("jepin.reuses", _reuses)
    rounds.join("jepin.late", _late)
    rounds.join("jepin.points", _points)
    rounds.join("jepin.agreed", _agreed)
    rounds.join("jepin.releases", _releases)


def _reports() -> Iterator[str]:
    yield f"{reporting.remind()} people told of late answers to citizens' reports."
    yield f"{reporting.erase()} texts of citizens' reports erased."
    yield f"{photos.erase()} photos of citizens' reports erased."


def _wishes() -> Iterator[str]:
    yield f"{wishing.remind()} people told of late answers to data that the public asks for."
    yield f"{wishing.erase()} mailboxes of who asks for data erased."


def _reuses() -> Iterator[str]:
    yield f"{proposing.end()} works ended with their last dataset."
    yield f"{proposing.remind()} people told of late answers to proposed works."
    yield f"{proposing.erase()} works that nobody confirmed or accepted forgotten."


def _lacks() -> Iterator[str]:
    yield f"{lacks.keep()} people told of what their apps lack."


def _late() -> Iterator[str]:
    yield f"{overdue.remind()} people told of apps that are past the day of their state."


def _points() -> Iterator[str]:
    yield f"{staleness.remind()} people told of points that nobody saw for long."


def _agreed() -> Iterator[str]:
    yield f"{reminding.remind()} people reminded of agreed data."


def _releases() -> Iterator[str]:
    yield f"{releases.remind()} people reminded of the next figures of their datasets."
