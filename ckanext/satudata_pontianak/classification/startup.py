"""What is checked before the site starts."""

from __future__ import annotations

import click
import sqlalchemy as sa

from ckan import model
from ckan.exceptions import CkanConfigurationException

from .. import config
from .axes import classification
from .definition import workflow
from .yamlsource import DefinitionError

SERVING = frozenset({"run"})

CHOICES = (
    "%(count)s datasets have no decision and no case. Choose before the site starts:\n"
    "  1. Adopt them: set 'ckanext.satudata_pontianak.governed_types =' (empty), start, and "
    "open a case for each.\n"
    "  2. Close them all now: set 'ckanext.satudata_pontianak.governed_types = dataset'."
)


def check_definitions() -> None:
    """Read classification and workflow; an error names file, line and reason.

    :raises ckan.exceptions.CkanConfigurationException: a definition is wrong.
    """
    try:
        classification()
        workflow()
    except DefinitionError as error:
        raise CkanConfigurationException(str(error)) from error


def check_adopted() -> None:
    """Stop a start that would silently close an old portal.

    Only when the operator left the choice open, and only when the site is about to serve:
    a command must be able to run, or the choice could not be carried out.

    :raises ckan.exceptions.CkanConfigurationException: there are datasets without a case.
    """
    if not config.governed_types_unset() or _in_command():
        return
    count = undecided_without_case()
    if count:
        raise CkanConfigurationException(CHOICES % {"count": count})


def _in_command() -> bool:
    context = click.get_current_context(silent=True)
    while context is not None:
        if context.info_name in SERVING:
            return False
        if context.parent is None:
            invoked = context.invoked_subcommand
            return invoked not in SERVING
        context = context.parent
    return False


def undecided_without_case() -> int:
    """Return how many governed datasets have no case; 0 while our tables do not exist."""
    inspector = sa.inspect(model.Session.get_bind())
    if not (inspector.has_table("package") and inspector.has_table("satudata_case")):
        return 0
    query = sa.text(
        "SELECT count(*) FROM package p WHERE p.state <> 'deleted' AND p.type IN :types"
        " AND NOT EXISTS (SELECT 1 FROM satudata_case c WHERE c.package_id = p.id)"
    ).bindparams(sa.bindparam("types", expanding=True))
    types = sorted(config.governed_types())
    return int(model.Session.execute(query, {"types": types}).scalar_one()) if types else 0
