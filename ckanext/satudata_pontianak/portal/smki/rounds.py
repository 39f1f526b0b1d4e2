"""Has the clock hand out tasks and look at the controls."""

from __future__ import annotations

from ckan.exceptions import CkanConfigurationException

from ... import config
from ...classification.clock import rounds
from ...smki import clock
from ...smki.rules import questions
from ...smki.rules.definition import smki
from ...surface.yaml_source import DefinitionError
from .probes import probes


def join() -> None:
    """Join the runs of the clock, and take what standards and indexes ask from the operator's file.

    :raises ckan.exceptions.CkanConfigurationException: that file is wrong; naming line and reason.
    """
    try:
        questions.use(questions.read(config.smki_questions(), smki()))
    except DefinitionError as error:
        raise CkanConfigurationException(str(error)) from error
    for name, part in clock.parts(probes).items():
        rounds.join(name, part)
