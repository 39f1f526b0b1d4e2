"""What must be right before the site starts: SOPs and evidence sheets can be built."""

from __future__ import annotations

from ckan.exceptions import CkanConfigurationException

from .. import config
from ..surface.yaml_source import DefinitionError
from .audit.evidence import evidence_file
from .documents import library
from .revisions import store


def check_documents() -> None:
    """Build the SOPs, read who enacted them, and read the evidence sheets.

    :raises ckan.exceptions.CkanConfigurationException: a definition or that file is wrong.
    """
    try:
        library.enacted_in(config.sop_enactments(), config.emblem())
        evidence_file()
    except (DefinitionError, ValueError) as error:
        raise CkanConfigurationException(str(error)) from error
    library.signed_by(store.enactment_of)
