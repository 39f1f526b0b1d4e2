"""What is checked before the site starts."""

from __future__ import annotations

import click
import sqlalchemy as sa

from ckan import model
from ckan.exceptions import CkanConfigurationException

from .. import config
from ..ledger import refusals
from ..surface.yaml_source import DefinitionError
from .grants.request_definition import request_rules
from .incidents.definition import incident_rules
from .notices.definition import notice_rules
from .records import definitions_in_force, job_queue, reads, ungoverned_index
from .rescan import rescan
from .rules import deadlines, holidays
from .rules.axes import classification
from .rules.definition import workflow
from .rules.policy import metadata_open
from .writes import left_over

SERVING = frozenset({"run"})

CHOICES = (
    "%(count)s datasets have no decision and no case. Choose before the site starts:\n"
    "  1. Adopt them: set 'ckanext.satudata_pontianak.governed_types =' (empty), start, and run "
    "'ckan satudata adopt --dry-run', then 'ckan satudata adopt --user NAME'.\n"
    "  2. Close them all now: set 'ckanext.satudata_pontianak.governed_types = dataset'."
)


def check_definitions() -> None:
    """Read the definitions; an error names file, line and reason.

    :raises ckan.exceptions.CkanConfigurationException: a definition is wrong.
    """
    try:
        classification()
        refusals.know_steps(step.name for step in workflow().transitions.values())
        request_rules()
        notice_rules()
        incident_rules()
        _use_holidays()
    except DefinitionError as error:
        raise CkanConfigurationException(str(error)) from error


def _use_holidays() -> None:
    """Reckon deadlines by the operator's file of holidays, or by the known ones alone."""
    path = config.holidays()
    days = holidays.read(path) if path else holidays.Overrides()
    deadlines.override(days.off, days.worked)


def check_adopted() -> None:
    """Stop a start that would silently close an old portal; close what the operator chose.

    It stops only when the operator left the choice open, and only when the site is about to serve:
    a command must be able to run, or the choice could not be carried out.

    :raises ckan.exceptions.CkanConfigurationException: there are datasets without a case.
    """
    if _in_command():
        return
    count = undecided_without_case() if config.governed_types_unset() else 0
    if count:
        raise CkanConfigurationException(CHOICES % {"count": count})
    apply_governed_types()
    ungoverned_index.refresh_stale()
    if has_tables():
        rescan.begin()
        left_over.close()


def record_definitions() -> None:
    """Record in the ledger when other definitions are in force than before.

    Commands do it by ``ckan satudata init`` and by the clock: they run beside the old site.
    """
    if not _in_command():
        definitions_in_force.record()


def apply_governed_types() -> list[str]:
    """Bring core's ``private`` in step when types have come under decisions, or rules changed.

    Core lists and counts by ``private``, so what closes with the switch of the option, or with
    another ``classification.yaml``, must close there as well, before a request is answered. What
    was indexed by other rules is :mod:`.records.ungoverned_index`'s. Idempotent;
    ``metadata_modified`` and activities stay as they are.

    :returns: ids of the datasets that changed; they are indexed again by a job.
    """
    types = sorted(config.governed_types())
    if not types or not has_tables():
        return []
    rules = classification()
    named = [name for name in rules.levels if rules.names_titles(name)]
    rows = model.Session.execute(_OUT_OF_STEP, {"types": types, "named": named}).all()
    changed = []
    for start in range(0, len(rows), CHUNK):
        part = {row.id: row.private for row in rows[start : start + CHUNK]}
        for dataset_id, facts in reads.facts_for(part).items():
            private = not metadata_open(facts)
            if private != part[dataset_id]:
                model.Session.execute(_SET_PRIVATE, {"id": dataset_id, "private": private})
                changed.append(dataset_id)
    model.Session.commit()
    for start in range(0, len(changed), CHUNK):
        job_queue.ask("reindex", changed[start : start + CHUNK], queue="bulk")
    return changed


CHUNK = 500
_OUT_OF_STEP = sa.text(
    "SELECT p.id, p.private FROM package p"
    " LEFT JOIN satudata_decision d ON d.package_id = p.id AND d.in_force"
    " WHERE p.state <> 'deleted' AND p.type IN :types"
    " AND (p.private = COALESCE(d.tingkat_keamanan IN :named, false) OR EXISTS"
    " (SELECT 1 FROM satudata_hold h WHERE h.package_id = p.id AND h.released_at IS NULL))"
).bindparams(sa.bindparam("types", expanding=True), sa.bindparam("named", expanding=True))
"""Those whose ``private`` may be another than the policy's word, which is asked of each."""
_SET_PRIVATE = sa.text("UPDATE package SET private = :private WHERE id = :id")


def has_tables() -> bool:
    """Tell whether our tables were made."""
    inspector = sa.inspect(model.Session.get_bind())
    return bool(inspector.has_table("package") and inspector.has_table("satudata_ruleset"))


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
    if not has_tables():
        return 0
    query = sa.text(
        "SELECT count(*) FROM package p WHERE p.state <> 'deleted' AND p.type IN :types"
        " AND NOT EXISTS (SELECT 1 FROM satudata_case c WHERE c.package_id = p.id)"
    ).bindparams(sa.bindparam("types", expanding=True))
    types = sorted(config.governed_types())
    return int(model.Session.execute(query, {"types": types}).scalar_one()) if types else 0
