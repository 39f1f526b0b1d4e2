"""What is wrong with this site, for ``ckan satudata check``.

A portal that closes data fails quietly: a second plugin for permission labels, an option left on
its default, a worker that does not run. Each check looks at one such thing and says what to do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import rq
import sqlalchemy as sa

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs, redis, search
from ckanext.datastore.backend import DatastoreBackend

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.access.hidden import signed_papers
from ckanext.satudata_pontianak.access.search import fields
from ckanext.satudata_pontianak.access.tables.backend import VersionBackend
from ckanext.satudata_pontianak.agencies import checks as agency_checks
from ckanext.satudata_pontianak.agencies import decrees, registry
from ckanext.satudata_pontianak.agencies.checks import Finding, Level
from ckanext.satudata_pontianak.agencies.rules.duties import DECIDING, Duty
from ckanext.satudata_pontianak.classification import startup
from ckanext.satudata_pontianak.classification.clock import tables
from ckanext.satudata_pontianak.classification.records import rulesets
from ckanext.satudata_pontianak.classification.rescan import rescan
from ckanext.satudata_pontianak.classification.writes import harvest_sources
from ckanext.satudata_pontianak.ledger import install, signing
from ckanext.satudata_pontianak.ledger.heads import HeadError
from ckanext.satudata_pontianak.messages import Message
from ckanext.satudata_pontianak.msgids import N_
from ckanext.satudata_pontianak.portal.operator import (
    exposure_checks,
    left_over_checks,
    mail_checks,
    smki_checks,
    upkeep_checks,
)
from ckanext.satudata_pontianak.portal.plots import own_shapes
from ckanext.satudata_pontianak.sop.files import emblem

from ... import days

PLUGIN = "satudata_pontianak"
NEEDED_PLUGINS = ("scheming_datasets", "scheming_organizations")
CASCADE = "ckan.auth.roles_that_cascade_to_sub_groups"
LOADERS = ("xloader", "datapusher", "datapusher_plus")

MUST_BE_OFF: Mapping[str, tuple[Level, str]] = {
    "ckan.auth.anon_create_dataset": (
        Level.ERROR,
        N_("People who are not logged in could create datasets."),
    ),
    "ckan.auth.create_unowned_dataset": (
        Level.ERROR,
        N_("Datasets could exist that no agency answers for."),
    ),
    "ckan.auth.create_dataset_if_not_in_organization": (
        Level.ERROR,
        N_("People who belong to no agency could create datasets."),
    ),
    "ckan.auth.allow_dataset_collaborators": (
        Level.ERROR,
        N_("People outside the agency could be let in to edit a dataset, past the decree."),
    ),
    "ckan.files.authenticated_uploads.allow": (
        Level.ERROR,
        N_("Everyone with an account could publish files that nobody scans or decides on."),
    ),
    "ckan.auth.user_create_organizations": (
        Level.WARNING,
        N_("CKAN offers people to create agencies; only system administrators can."),
    ),
    "ckan.auth.user_delete_organizations": (
        Level.WARNING,
        N_("CKAN offers people to delete agencies; only system administrators can."),
    ),
    "ckan.auth.user_create_groups": (
        Level.WARNING,
        N_("Everyone with an account could create groups."),
    ),
    "ckan.auth.public_user_details": (
        Level.WARNING,
        N_("Everyone could see who the members of an agency are."),
    ),
}

SQL_SEARCH = "ckan.datastore.sqlsearch.enabled"
TABLE_SEARCH = "ckan.datastore.public_table_search"


def check_options(config: Mapping[str, Any]) -> list[Finding]:
    """Are the options safe that open doors beside ours?"""
    found = [
        Finding(
            level,
            N_("The option %(option)s is on. %(why)s"),
            N_("Set %(option)s = false in the configuration and restart the site."),
            {"option": option, "why": why},
        )
        for option, (level, why) in MUST_BE_OFF.items()
        if tk.asbool(config.get(option) or False)
    ]
    roles = config.get(CASCADE) or []
    roles = roles.split() if isinstance(roles, str) else list(roles)
    if set(roles) != {"admin", "editor"}:
        found.append(
            Finding(
                Level.ERROR,
                N_(
                    "Editors and admins of an agency publish for the agencies below it, but the "
                    "option %(option)s says: %(roles)s."
                ),
                N_("Set %(option)s = admin editor in the configuration and restart the site."),
                {"option": CASCADE, "roles": " ".join(roles) or "-"},
            )
        )
    return found


def check_datastore(config: Mapping[str, Any]) -> list[Finding]:
    """Is the DataStore asked through its guarded doors only?"""
    found: list[Finding] = []
    if tk.asbool(config.get(SQL_SEARCH) or False):
        found.append(
            Finding(
                Level.ERROR,
                N_("The option %(option)s is on. %(why)s"),
                N_("Set %(option)s = false in the configuration and restart the site."),
                {
                    "option": SQL_SEARCH,
                    "why": N_("SQL queries of the DataStore pass by the decisions on data."),
                },
            )
        )
    if config.get(TABLE_SEARCH):
        found.append(
            Finding(
                Level.ERROR,
                N_("The option %(option)s is on. %(why)s"),
                N_("Set %(option)s to nothing in the configuration and restart the site."),
                {
                    "option": TABLE_SEARCH,
                    "why": N_("It lists tables of the DataStore to everyone."),
                },
            )
        )
    return found


def check_tables() -> list[Finding]:
    """Are the tables of the DataStore ours, and is one missing because a file was not read?"""
    backend = DatastoreBackend.get_active_backend()
    if not isinstance(backend, VersionBackend):
        return [
            Finding(
                Level.ERROR,
                N_("The DataStore passes by the decisions on data: our plugin for it is missing."),
                N_("Add satudata_datastore after datastore in ckan.plugins and restart the site."),
            )
        ]
    count = tables.count_failed()
    if not count:
        return []
    return [
        Finding(
            Level.WARNING,
            N_("%(count)s files have no table in the DataStore, because they could not be read."),
            N_("Run: ckan satudata datastore --rebuild. It says why for each."),
            {"count": str(count)},
        )
    ]


def check_guarded_datastore() -> list[Finding]:
    if not p.plugin_loaded("datastore"):
        return []
    return [*check_datastore(tk.config), *check_tables()]


def check_plugins() -> list[Finding]:
    """Are the plugins there that we need, and is ours the one that is asked for labels?"""
    found = [
        Finding(
            Level.ERROR,
            N_("The plugin %(plugin)s is not loaded."),
            N_("Add %(plugin)s to ckan.plugins in the configuration and restart the site."),
            {"plugin": name},
        )
        for name in NEEDED_PLUGINS
        if not p.plugin_loaded(name)
    ]
    label_plugins = [plugin.name for plugin in p.PluginImplementations(p.IPermissionLabels)]
    if label_plugins[:1] != [PLUGIN]:
        found.append(
            Finding(
                Level.ERROR,
                N_(
                    "CKAN asks only the first plugin who may find a dataset, and that is not ours "
                    "but %(plugin)s."
                ),
                N_("Put satudata_pontianak first in ckan.plugins and restart the site."),
                {"plugin": label_plugins[0] if label_plugins else "-"},
            )
        )
    found.extend(
        Finding(
            Level.ERROR,
            N_("The plugin %(plugin)s copies files into the DataStore before they are decided on."),
            N_("Remove %(plugin)s from ckan.plugins: this portal loads approved versions itself."),
            {"plugin": name},
        )
        for name in LOADERS
        if p.plugin_loaded(name)
    )
    found.extend(
        Finding(
            Level.WARNING,
            N_("The plugin %(plugin)s fetches from addresses that nobody checked."),
            N_("Remove %(plugin)s from ckan.plugins: this portal harvests other CKANs itself."),
            {"plugin": name},
        )
        for name in harvest_sources.other_harvesters()
    )
    return found


def check_database() -> list[Finding]:
    """Are our tables there, and the ledger that the application cannot change?"""
    return [*check_tables_made(), *check_ledger(), *check_ledger_key()]


def check_tables_made() -> list[Finding]:
    """Are our tables those of this version?"""
    from ckan.cli.db import current_revision

    revision = current_revision(PLUGIN)
    if revision is not None and revision.endswith("(head)"):
        return []
    return [
        Finding(
            Level.ERROR,
            N_("The tables of this portal are missing or old."),
            N_("Run: ckan db upgrade -p satudata_pontianak"),
        )
    ]


def check_ledger() -> list[Finding]:
    """Is the ledger there, and may nobody change it?"""
    if not install.installed(model.Session):
        problem = N_("The ledger is not set up, so that no step can be recorded or made.")
        return [Finding(Level.ERROR, problem, N_("Run: ckan satudata init"))]
    way = N_("Run: ckan satudata init, with an administrator's connection.")
    if not install.protected(model.Session):
        problem = N_("The application may change or delete entries of the ledger.")
        return [Finding(Level.ERROR, problem, way)]
    if not install.is_current(model.Session):
        problem = N_("The ledger is that of an older version, which takes false heads.")
        return [Finding(Level.ERROR, problem, way)]
    return []


def check_ledger_key() -> list[Finding]:
    """Can the portal read the key that signs the ledger, and nobody else?"""
    try:
        signing.signer()
    except HeadError:
        return [
            Finding(
                Level.ERROR,
                N_("The key that signs the ledger is missing or readable by others."),
                N_("Run: ckan satudata init, as the user that runs the site."),
            )
        ]
    return []


def check_services() -> list[Finding]:
    """Do search, cache, file store and worker answer?"""
    return [*check_search(), *check_storage(), *check_worker()]


def check_search() -> list[Finding]:
    """Does the search engine answer, and only what it is to be asked?"""
    again = N_("Run solr/make_configset.py, reload the core, then: ckan search-index rebuild")
    if not search.is_available():
        problem = N_("The search engine (Solr) does not answer.")
        way = N_("Start Solr and look at solr_url in the configuration.")
        return [Finding(Level.ERROR, problem, way)]
    if not fields.known_to_solr():
        wrong = N_("The configuration of the search engine (Solr) is not that of this version.")
        return [Finding(Level.ERROR, wrong, again)]
    if not fields.refused_by_solr():
        wrong = N_(
            "The search engine (Solr) answers what the portal never asks: whatever reaches it "
            "could count and compare what is closed."
        )
        return [Finding(Level.ERROR, wrong, again)]
    return []


def check_storage() -> list[Finding]:
    """Is the folder for files there?"""
    if upkeep_checks.folder_of_files() is not None:
        return []
    return [
        Finding(
            Level.ERROR,
            N_("The folder for files, ckan.storage_path, is not there."),
            N_("Make the folder and let the site's user write into it."),
        )
    ]


def check_worker() -> list[Finding]:
    """Does Redis answer, and does a worker run?"""
    if not redis.is_redis_available():
        problem = N_("Redis does not answer.")
        way = N_("Start Redis and look at ckan.redis.url in the configuration.")
        return [Finding(Level.ERROR, problem, way)]
    if workers():
        return []
    problem = N_(
        "No worker is running, so that large files are never scanned and no deadline is kept."
    )
    way = N_("Start a worker: ckan jobs worker priority default bulk")
    return [Finding(Level.ERROR, problem, way)]


def workers() -> list[str]:
    """The workers that listen to the queues of this site."""
    ours, running = jobs.add_queue_name_prefix(""), rq.Worker.all(redis.connect_to_redis())
    return [w.name for w in running if any(q.startswith(ours) for q in w.queue_names())]


def check_agencies() -> list[Finding]:
    """Are the duties with the right bodies and people?"""
    agencies, names = registry.read_agencies(), deciding_names()
    return [
        *agency_checks.check_bodies(agencies),
        *agency_checks.check_people(agencies, names),
        *agency_checks.check_pairs(agencies, names[Duty.WALIDATA], registry.publishers(agencies)),
        *check_administrators(names),
        *agency_checks.check_tree(agencies, registry.several_parents()),
    ]


def deciding_names() -> dict[Duty, list[str]]:
    """Return the names of who holds each deciding duty today."""
    names: dict[Duty, list[str]] = defaultdict(list)
    for duty in DECIDING:
        for user_id in registry.holders_of(duty):
            user = model.User.get(user_id)
            if user is not None:
                names[duty].append(user.name)
    return names


def check_administrators(names: Mapping[Duty, list[str]]) -> list[Finding]:
    """Does somebody who runs the site hold a duty as well?

    :param names: of who holds each deciding duty.
    """
    administrators = _administrators()
    # Whoever publishes for an agency has its files, and so a duty as well; once is enough to say.
    others = administrators - {name for people in names.values() for name in people}
    publishers = [name for name in others if registry.actor_for(name).publishes_for]
    held = {**names, Duty.PRODUSEN: publishers}
    return agency_checks.check_administrators(administrators, held)


def check_decrees() -> list[Finding]:
    """Is there a record of every decree that duties, members and delegations of today name?"""
    if not startup.has_tables() or not install.installed(model.Session):
        return []
    found = []
    missing = decrees.unrecorded(registry.read_agencies().values())
    if missing:
        found.append(
            Finding(
                Level.WARNING,
                N_("%(count)s decrees are named and not recorded: %(numbers)s."),
                N_("Record each: ckan satudata decree NUMBER --day DAY --about TEXT --scan FILE."),
                {"count": str(len(missing)), "numbers": "; ".join(missing[:10])},
            )
        )
    without = decrees.without_scan()
    if without:
        found.append(
            Finding(
                Level.WARNING,
                N_("%(count)s decrees are recorded without their scan: %(numbers)s."),
                N_("Record them again with the same day and the scan, on the page %(page)s."),
                {
                    "count": str(len(without)),
                    "numbers": "; ".join(without[:10]),
                    "page": decrees.PAGE,
                },
            )
        )
    return found


def _administrators() -> set[str]:
    """Return the names of the active system administrators."""
    user = model.User
    query = sa.select(user.name).where(user.sysadmin.is_(True), user.state == "active")
    return set(model.Session.scalars(query))


def check_papers() -> list[Finding]:
    """Can the emblem be read, and is each signed paper there in time?"""
    found = []
    try:
        emblem.read(config.emblem())
    except emblem.EmblemError as problem:
        found.append(
            Finding(
                Level.WARNING,
                N_("The emblem %(path)s cannot be read: papers leave its place neutral."),
                N_("Name a PNG or JPEG of at most 1 MB, then restart the site."),
                {"path": str(problem)},
            )
        )
    if not startup.has_tables():
        return found
    today = days.today()
    for missing, wrong, advice in (
        (
            signed_papers.missing(today),
            N_("%(count)s decisions have no signed paper, and are past its day: %(numbers)s."),
            N_("PPID, its superior or their office bring it on the page %(page)s."),
        ),
        (
            signed_papers.missing_of_removals(today),
            N_("%(count)s removals have no signed record, and are past its day: %(numbers)s."),
            N_("Walidata or PPID, whichever approved it, brings it: see the page %(page)s."),
        ),
    ):
        if missing:
            params = {
                "count": str(len(missing)),
                "numbers": "; ".join(missing[:10]),
                "page": signed_papers.PAGE,
            }
            found.append(Finding(Level.WARNING, wrong, advice, params))
    return found


def check_cases() -> list[Finding]:
    """Are there datasets that are closed and lie on nobody's desk?"""
    if not install.installed(model.Session):
        return []
    count = startup.undecided_without_case()
    if not count:
        return []
    return [
        Finding(
            Level.WARNING,
            N_("%(count)s datasets are closed and have no case, so that nobody will open them."),
            N_("Run: ckan satudata adopt --dry-run, then ckan satudata adopt --user NAME."),
            {"count": str(count)},
        )
    ]


def check_rules() -> list[Finding]:
    """Do the newest rules of the scan count, or are they still on trial?"""
    if not startup.has_tables() or rulesets.is_enforced():
        return []
    known = rescan.progress()
    return [
        Finding(
            Level.WARNING,
            N_(
                "New rules of the scan are on trial and hold nothing yet: %(tried)s datasets were "
                "tried, %(left)s are left."
            ),
            N_(
                "Look at what they would hold: ckan satudata rescan --report. Then let them count: "
                "ckan satudata rescan --enforce --user NAME."
            ),
            {"tried": str(known.tried), "left": str(known.left)},
        )
    ]


CHECKS: tuple[Callable[[], Iterable[Finding]], ...] = (
    lambda: check_options(tk.config),
    check_plugins,
    check_database,
    check_guarded_datastore,
    check_services,
    check_agencies,
    check_decrees,
    check_papers,
    check_cases,
    left_over_checks.check_left_over,
    left_over_checks.check_stored_keys,
    check_rules,
    own_shapes.check,
    exposure_checks.check,
    exposure_checks.check_files,
    exposure_checks.check_factor_key,
    mail_checks.check_mails,
    upkeep_checks.check,
    smki_checks.check,
)


def run() -> list[Finding]:
    """Everything that is wrong, errors first."""
    found = [finding for check in CHECKS for finding in check()]
    return sorted(found, key=lambda f: f.level != Level.ERROR)


def text(msgid: str, params: Mapping[str, str]) -> str:
    """A msgid in the language of the reader. Parameters are msgids or names; both are tried."""
    words = {key: Message(value) if value else "" for key, value in params.items()}
    return Message(msgid, words).text(tk._)
