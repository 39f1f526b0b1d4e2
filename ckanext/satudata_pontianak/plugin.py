"""A table of contents: which room answers which of CKAN's calls."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model, types
from ckan.lib.plugins import DefaultTranslation
from ckanext.datapusher.interfaces import IDataPusher
from ckanext.datastore.interfaces import IDatastoreBackend

from . import paths
from .access import actions as access_actions
from .access import auth as access_auth
from .access import guards as access_unseen
from .access import views as access_views
from .access.following import actions as following_actions
from .access.following import digests as follow_digests
from .access.limits import arguments as access_arguments
from .access.limits import bounds as access_bounds
from .access.limits import cross_origin as access_cross_origin
from .access.limits import headers as access_headers
from .access.limits import rates as access_rates
from .access.page_cache import caching as access_caching
from .access.papers import paper_actions, receipt_actions, register_actions
from .access.quality import actions as quality_actions
from .access.quality import asking as quality_asking
from .access.quality import comparing as quality_comparing
from .access.reading import activities as access_activities
from .access.reading import core_following
from .access.reading import problems as access_problems
from .access.reading import relationships as access_relationships
from .access.search import index as access_index
from .access.search import lists as access_lists
from .access.search import search as access_searching
from .access.search import suggestions
from .access.search.labels import Labels
from .access.series import actions as series_actions
from .access.statistical import actions as statistical_actions
from .access.statistical import indicator_actions
from .access.statistical import linked as statistical_linked
from .access.tables import actions as datastore_actions
from .access.tables import spreadsheet as access_spreadsheet
from .access.tables import views
from .access.versions import actions as version_actions
from .accounts import actions as account_room
from .accounts import (
    callers,
    factor_gate,
    factor_views,
    own_actions,
    resets,
    sent_forms,
    sessions,
    token_ends,
    tokens,
)
from .accounts import login as account_login
from .accounts import validators as account_validators
from .agencies import actions as agency_actions
from .agencies import auth as agency_auth
from .agencies import helpers as agency_helpers
from .agencies import validators as agency_validators
from .agencies import views as agency_views
from .agencies import watching
from .agencies.changes import account_actions, decree_actions, delegation_actions, proposal_actions
from .classification import startup
from .classification.cases import actions as case_actions
from .classification.cases import auth as case_auth
from .classification.cases import helpers as case_helpers
from .classification.desk import actions as queue_actions
from .classification.grants import emergency as break_glass_actions
from .classification.incidents import actions as incident_actions
from .classification.incidents import auth
from .classification.intake import staging
from .classification.masking import actions as mask_actions
from .classification.notices import membership_notices
from .classification.records import deadlocks
from .classification.reopening import actions as side_actions
from .classification.requests import actions as request_actions
from .classification.requests import auth as request_auth
from .classification.requests import grant_actions
from .classification.variables import actions as variable_actions
from .classification.variables import kept as variables_kept
from .classification.variables import linked as variables_linked
from .classification.writes import actions as write_actions
from .classification.writes import (
    harvest_sources,
    hooks,
    other_texts,
    purging,
    resource_actions,
    type_gate,
)
from .jepin.agreed import actions as agreed_actions
from .jepin.costs import actions as cost_actions
from .jepin.described import actions as described_actions
from .jepin.door import actions as door_actions
from .jepin.door import forum_actions as jepin_forum_actions
from .jepin.points import actions as point_actions
from .jepin.points import auth as point_auth
from .jepin.points import checking as point_checking
from .jepin.pulse import actions as pulse_actions
from .jepin.pulse import following as pulse_following
from .jepin.register import actions as register_of_apps
from .jepin.register import import_actions as import_of_apps
from .jepin.reports import actions as report_actions
from .jepin.reuses import actions as reuse_actions
from .jepin.wishes import actions as wish_actions
from .ledger import actions as ledger_actions
from .ledger import auth as ledger_auth
from .ledger import refusals
from .metadata import helpers as metadata_helpers
from .metadata import validators as metadata_validators
from .portal import cli as portal_cli
from .portal import helpers as portal_helpers
from .portal import views as portal_views
from .portal.catalogue import search as portal_search
from .portal.desk import desks
from .portal.jepin import rounds as jepin_rounds
from .portal.language import bare_words, browser_words, locale_helpers
from .portal.operator import upkeep
from .portal.plots import helpers as plot_helpers
from .portal.plots import views as plot_views
from .portal.smki import rounds as smki_rounds
from .portal.web import (
    addresses,
    bundles,
    error_words,
    head_meta,
    inline_handlers,
    log_masks,
    own_files,
    prose,
    theme,
    typed_lengths,
)
from .smki import actions as smki_actions
from .smki import auth as smki_auth
from .smki import finding_actions, role_actions
from .smki import incident_actions as smki_incident_actions
from .smki import register_actions as smki_register_actions
from .smki.cooperation import actions as cooperation_actions
from .smki.cooperation import help_actions, training_actions
from .smki.cooperation import helped as cooperation_helped
from .smki.cooperation import letter as monthly_letter
from .smki.cooperation import offices as cooperation_offices
from .smki.destruction import actions as smki_destruction_actions
from .smki.personal_data import actions as subject_actions
from .smki.personal_data import assessment_actions
from .smki.reviewing import programme_actions, review_actions, rights_actions
from .sop import actions as sop_actions
from .sop import auth as sop_auth
from .sop import helpers as sop_helpers
from .sop import manual_views as sop_manual_views
from .sop import report_views as sop_reports
from .sop import revision_actions as sop_revision_actions
from .sop import startup as sop_startup
from .sop import views as sop_views

try:  # a loader that somebody installed; nothing here depends on it
    from ckanext.xloader.interfaces import IXloader  # type: ignore
except ImportError:
    IXloader = None
try:  # likewise
    from ckanext.harvest.interfaces import IHarvester
except ImportError:
    IHarvester = None

ACTIONS = (
    ledger_actions,
    agency_actions,
    account_actions,
    account_room,
    own_actions,
    decree_actions,
    delegation_actions,
    proposal_actions,
    case_actions,
    queue_actions,
    side_actions,
    mask_actions,
    variable_actions,
    series_actions,
    statistical_actions,
    indicator_actions,
    request_actions,
    grant_actions,
    break_glass_actions,
    incident_actions,
    smki_actions,
    role_actions,
    smki_register_actions,
    programme_actions,
    review_actions,
    rights_actions,
    finding_actions,
    smki_incident_actions,
    subject_actions,
    cooperation_actions,
    cooperation_helped,
    cooperation_offices,
    monthly_letter,
    training_actions,
    help_actions,
    smki_destruction_actions,
    assessment_actions,
    pulse_actions,
    report_actions,
    wish_actions,
    reuse_actions,
    register_of_apps,
    point_actions,
    door_actions,
    jepin_forum_actions,
    cost_actions,
    agreed_actions,
    described_actions,
    import_of_apps,
    write_actions,
    harvest_sources,
    resource_actions,
    purging,
    access_actions,
    access_searching,
    following_actions,
    version_actions,
    quality_actions,
    suggestions,
    access_lists,
    core_following,
    access_unseen,
    access_relationships,
    access_activities,
    sop_actions,
    sop_revision_actions,
    register_actions,
    paper_actions,
    receipt_actions,
)
AUTH = (
    ledger_auth,
    account_room,
    own_actions,
    agency_auth,
    decree_actions,
    proposal_actions,
    case_auth,
    type_gate,
    variable_actions,
    series_actions,
    statistical_actions,
    indicator_actions,
    request_auth,
    auth,
    smki_auth,
    pulse_actions,
    monthly_letter,
    report_actions,
    wish_actions,
    reuse_actions,
    cooperation_helped,
    register_of_apps,
    point_auth,
    door_actions,
    jepin_forum_actions,
    cost_actions,
    agreed_actions,
    described_actions,
    import_of_apps,
    access_auth,
    following_actions,
    version_actions,
    quality_actions,
    sop_auth,
    sop_revision_actions,
    register_actions,
    suggestions,
    paper_actions,
    receipt_actions,
)
VALIDATORS = (agency_validators, metadata_validators, account_validators)
HELPERS = (
    agency_helpers,
    metadata_helpers,
    case_helpers,
    portal_helpers,
    locale_helpers,
    prose,
    bundles,
    plot_helpers,
    sop_helpers,
    head_meta,
    theme,
    upkeep,
    *portal_views.offering("get_helpers"),
)
VIEWS = (
    callers,
    agency_views,
    factor_views,
    access_views,
    access_spreadsheet,
    views,
    portal_views,
    browser_words,
    upkeep,
    plot_views,
    sop_views,
    sop_manual_views,
    sop_reports,
    theme,
    addresses,
)


@tk.blanket.config_declarations
class SatudataPontianakPlugin(
    p.IActions,
    p.IApiToken,
    p.IAuthFunctions,
    p.IAuthenticator,
    p.IBlueprint,
    p.IClick,
    p.IConfigurer,
    p.IFacets,
    p.IMiddleware,
    p.IPackageController,
    p.IPermissionLabels,
    p.ITemplateHelpers,
    p.ITranslation,
    p.IValidators,
    Labels,
    DefaultTranslation,
    p.SingletonPlugin,
):
    """Satu Data Pontianak: collects the rooms, and decides nothing itself."""

    if IHarvester is not None:
        p.implements(IHarvester, inherit=True)

    def update_config(self, config: Any) -> None:
        """Add templates and assets; check the definitions before anything else runs."""
        tk.add_template_directory(config, "portal/templates")
        tk.add_public_directory(config, "portal/public")
        tk.add_resource("portal/assets", "satudata_pontianak")
        bundles.register()
        desks.land_here(config)
        startup.check_definitions()
        smki_rounds.join()
        jepin_rounds.join()
        follow_digests.join()
        point_checking.join()
        variables_kept.join()
        variables_linked.join()
        statistical_linked.join()
        quality_comparing.join()
        quality_asking.join()
        staging.join()
        watching.listen()
        token_ends.listen()
        membership_notices.listen()
        log_masks.install()

    def make_middleware(self, app: types.CKANApp, config: Any) -> types.CKANApp:
        """Stop a start that would close an old portal's datasets without a choice."""
        own_files.close_to_others()
        locale_helpers.know_languages()
        startup.check_adopted()
        sop_startup.check_documents()
        startup.record_definitions()
        callers.install(app)
        access_problems.register(app)
        access_headers.install(app)
        access_arguments.install(app)
        bare_words.install(app)
        inline_handlers.install(app)
        typed_lengths.install(app)
        error_words.install(app)
        access_rates.register_places(app)
        access_caching.register(app)
        sessions.install(app)
        factor_gate.install(app)
        resets.install(app)
        sent_forms.install(app)
        access_bounds.register(app)
        access_cross_origin.install(app)
        access_rates.register(app)
        if p.plugin_loaded("datastore"):
            from .access.tables import backend

            backend.check_active()
            backend.make_types()
        return app

    def authenticate(self, identity: dict[str, Any]) -> model.User | model.AnonymousUser:
        """Say whose name and password these are; nobody's, and no other plugin is asked."""
        return account_login.authenticate(identity) or model.AnonymousUser()

    def identify_user(self, user_id: str | None = None) -> Any:
        """Say who a session belongs to: nobody, until the second factor was shown."""
        return factor_gate.identify(user_id)

    def create_api_token_schema(self, schema: Any) -> Any:
        """Ask for a fresh second factor."""
        return tokens.schema(schema)

    def postprocess_api_token(self, data: Any, jti: str, data_dict: Any) -> Any:
        """Write down when a token ends."""
        tokens.made(jti, data_dict["user"])
        return data

    def preprocess_api_token(self, data: Any) -> Any:
        """Let no token open an account for longer than it may."""
        return tokens.admitted(data)

    def login(self) -> Any:
        """Answer the form of log-in."""
        return account_login.attempt()

    def get_actions(self) -> dict[str, Any]:
        """Collect the actions of all rooms."""
        actions = other_texts.scanned(_merged("get_actions", ACTIONS))
        return access_bounds.held(deadlocks.with_core(refusals.watched(actions)))

    def get_auth_functions(self) -> dict[str, Any]:
        """Collect the auth functions of all rooms."""
        return _merged("get_auth_functions", AUTH)

    def get_validators(self) -> dict[str, Any]:
        """Collect the validators of all rooms."""
        return _merged("get_validators", VALIDATORS)

    def get_helpers(self) -> dict[str, Any]:
        """Collect the template helpers of all rooms."""
        return _merged("get_helpers", HELPERS)

    def get_blueprint(self) -> list[Any]:
        """Collect the pages and downloads of all rooms."""
        return [blueprint for room in VIEWS for blueprint in room.get_blueprints()]

    def get_commands(self) -> list[Any]:
        """Return the command ``ckan satudata``."""
        return portal_cli.get_commands()

    def after_dataset_create(self, context: types.Context, pkg_dict: dict[str, Any]) -> None:
        """Open the first case, in the transaction that creates the dataset."""
        hooks.after_dataset_create(context, pkg_dict)

    def after_dataset_update(self, context: types.Context, pkg_dict: dict[str, Any]) -> None:
        """Have the pulse of an app follow its address, in the transaction that changes it."""
        pulse_following.after_dataset_update(context, pkg_dict)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Index the view of the least privileged reader."""
        return access_index.before_dataset_index(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Leave out what was indexed before its type was governed."""
        return access_index.before_dataset_search(search_params)

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:
        """Return what a search may be narrowed by."""
        return portal_search.facets()

    def group_facets(self, facets_dict: Any, group_type: str, package_type: str | None) -> Any:
        """Return what the datasets of a group may be narrowed by."""
        return portal_search.facets()

    def organization_facets(
        self, facets_dict: Any, organization_type: str, package_type: str | None
    ) -> Any:
        """Return what the datasets of an agency may be narrowed by."""
        return portal_search.facets(without="organization")

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        """Return who may see a dataset's metadata."""
        return Labels.get_dataset_labels(self, dataset_obj)

    def get_user_dataset_labels(self, user_obj: model.User | None) -> list[str]:
        """Return what a person may see."""
        return Labels.get_user_dataset_labels(self, user_obj)

    def info(self) -> dict[str, str]:
        """Return which kind of harvest source we fetch: before CKAN's own harvester of it."""
        return harvest_sources.INFO

    def validate_config(self, config: str | None) -> str | None:
        """Check the settings of a harvest source."""
        return harvest_sources.harvester().validate_config(config)

    def gather_stage(self, harvest_job: Any) -> Any:
        """Ask the other portal what it has."""
        return harvest_sources.harvester().gather_stage(harvest_job)

    def fetch_stage(self, harvest_object: Any) -> Any:
        """Fetch one dataset of the other portal."""
        return harvest_sources.harvester().fetch_stage(harvest_object)

    def import_stage(self, harvest_object: Any) -> Any:
        """Take over one dataset of the other portal."""
        return harvest_sources.harvester().import_stage(harvest_object)

    def i18n_directory(self) -> str:
        """Return the folder of the catalogues, in a wheel and in an editable install."""
        return str(paths.translations())

    def i18n_domain(self) -> str:
        """Return the name of the catalogues."""
        return "ckanext-satudata_pontianak"

    def i18n_locales(self) -> list[str]:
        """Return the languages that have a catalogue."""
        folder = paths.translations()
        return sorted(p.name for p in folder.iterdir() if (p / "LC_MESSAGES").is_dir())


class SatudataDatastorePlugin(p.IActions, p.IAuthFunctions, p.SingletonPlugin):
    """CKAN's DataStore behind the policy: loaded after ``datastore``, which it needs."""

    p.implements(IDatastoreBackend, inherit=True)
    p.implements(IDataPusher, inherit=True)
    if IXloader is not None:
        p.implements(IXloader, inherit=True)

    def register_backends(self) -> dict[str, Any]:
        """Put our backend in the place of CKAN's."""
        from .access.tables.backend import VersionBackend

        return {"postgresql": VersionBackend, "postgres": VersionBackend}

    def get_actions(self) -> dict[str, Any]:
        """Chain the actions of the DataStore."""
        return deadlocks.tried(refusals.watched(datastore_actions.get_actions()))

    def get_auth_functions(self) -> dict[str, Any]:
        """Chain its auth functions."""
        return datastore_actions.get_auth_functions()

    def can_upload(self, resource_id: str) -> bool:
        """Tell another loader that governed types are not for it."""
        return datastore_actions.may_load(resource_id)


def _merged(name: str, rooms: tuple[Any, ...]) -> dict[str, Any]:
    """Collect what rooms offer; the same name in two rooms is a mistake."""
    merged: dict[str, Any] = {}
    for room in rooms:
        for key, value in getattr(room, name)().items():
            if key in merged:
                raise ValueError(f"{name}: two rooms offer '{key}'")
            merged[key] = value
    return merged
