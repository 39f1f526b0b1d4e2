"""Has the clock hand out tasks and look at the controls; says where pictures are kept."""

from __future__ import annotations

from ckan.exceptions import CkanConfigurationException

from ... import config
from ...agencies.rules.duties import Actor
from ...classification.clock import rounds
from ...msgids import N_
from ...smki import clock
from ...smki.destruction import places
from ...smki.personal_data import assessments
from ...smki.rules import questions
from ...smki.rules.definition import smki
from ...surface.yaml_source import DefinitionError
from ..plots import kept
from . import review_pages
from .probes import probes


def join() -> None:
    """Join the clock and the decisions, and take what indexes ask from the operator's file.

    :raises ckan.exceptions.CkanConfigurationException: that file is wrong; naming line and reason.
    """
    try:
        questions.use(questions.read(config.smki_questions(), smki()))
    except DefinitionError as error:
        raise CkanConfigurationException(str(error)) from error
    assessments.join()
    review_pages.keep()
    for name, part in clock.parts(probes).items():
        rounds.join(name, part)
    places.join("pictures", PICTURES)


def _clear(scope: places.Scope, actor: Actor) -> None:
    kept.forget(version for version, _ in scope.versions)


def _count(scope: places.Scope) -> int:
    return kept.count(version for version, _ in scope.versions)


PICTURES = places.Place(N_("Pictures that are kept"), _clear, _count)
