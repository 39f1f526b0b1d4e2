"""What must be right before the site starts: SOPs can be built, and who enacted them is known."""

from __future__ import annotations

from ckan.exceptions import CkanConfigurationException

from .. import config
from ..classification.yamlsource import DefinitionError
from . import library


def check_documents() -> None:
    """Build the SOPs and read who enacted them.

    :raises ckan.exceptions.CkanConfigurationException: a definition or that file is wrong.
    """
    try:
        library.enacted_in(config.sop_enactments())
    except (DefinitionError, ValueError) as error:
        raise CkanConfigurationException(str(error)) from error
