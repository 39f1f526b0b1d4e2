"""Permission labels: the policy's readers, as words that Solr can match.

Labels name agencies and duties, never decisions about a person, so that a change of
membership holds at once and needs no new index. CKAN uses the first plugin with labels only,
so ours owns the whole policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ckan import authz, model
from ckan.lib.plugins import DefaultPermissionLabels

from ...agencies import registry
from ...agencies.rules.duties import PUBLISHING_CAPACITIES, Actor
from ...classification.records import dataset_types, reads
from ...classification.rules.policy import Channel, Facts, readers_of

PUBLIC = "public"
ANY_AGENCY = "satudata-any-agency"
SYSADMIN = "satudata-sysadmin"


# What was read of the dataset that the running ``package_show`` is about.
_asked_about: ContextVar[Facts | None] = ContextVar("asked_about", default=None)


@contextmanager
def asked_about(facts: Facts) -> Iterator[None]:
    """Core asks for the labels of the dataset that it shows: spare it reading the same again."""
    token = _asked_about.set(facts)
    try:
        yield
    finally:
        _asked_about.reset(token)


def publish_label(agency_id: str | None) -> str:
    """Return the label of an agency's editors and admins, and of those above it."""
    return f"satudata-publish-{agency_id}"


def admin_label(agency_id: str | None) -> str:
    """Return the label of an agency's admins."""
    return f"satudata-admin-{agency_id}"


def member_label(agency_id: str | None) -> str:
    """Return the label of an agency's members."""
    return f"satudata-member-{agency_id}"


def duty_label(duty: str) -> str:
    """Return the label of a deciding duty."""
    return f"satudata-duty-{duty}"


def user_label(user_id: str | None) -> str:
    """Return the label of one person, for grants."""
    return f"satudata-user-{user_id}"


def dataset_labels(facts: Facts) -> list[str]:
    """Return the labels of a governed dataset: one for each reader of its metadata."""
    labels: set[str] = set()
    for reader in readers_of(facts, Channel.METADATA):
        labels |= _labels_of(reader, facts)
    return sorted(labels) or [SYSADMIN]


def _labels_of(reader: str, facts: Facts) -> set[str]:
    fixed = {
        "everyone": {PUBLIC},
        "owner_publishers": {publish_label(facts.owner_org)},
        "owner_admins": {admin_label(facts.owner_org)},
        "owner_members": {member_label(facts.owner_org)},
        "case_holder": _holder_labels(facts),
        "case_duties": {duty_label(d) for d in facts.case_duties if d != "produsen_data"},
        "recipients": _recipient_labels(facts),
        "grantees": {user_label(user_id) for user_id in facts.grantees},
        "sysadmin": {SYSADMIN},
        "uploader": set(),
    }
    return fixed.get(reader, {duty_label(reader)})


def _recipient_labels(facts: Facts) -> set[str]:
    decision = facts.decision
    if decision is None:
        return set()
    named = {member_label(agency) for agency in decision.recipients}
    return named | ({ANY_AGENCY} if decision.all_agencies else set())


def _holder_labels(facts: Facts) -> set[str]:
    case = facts.case
    if case is None:
        return set()
    asked = {publish_label(case.receiver)} if case.receiver else set()
    if case.holder is None:
        return asked
    if case.holder == "produsen_data":
        return {publish_label(facts.owner_org)} | asked
    return {duty_label(case.holder)} | asked


def actor_labels(actor: Actor) -> list[str]:
    """Return the labels that admit this person."""
    labels = {PUBLIC}
    if actor.anonymous or not actor.active:
        return sorted(labels)
    labels |= {publish_label(a) for a in actor.publishes_for}
    labels |= {admin_label(a) for a in actor.administers}
    labels |= {member_label(a) for a in actor.member_of}
    labels |= {duty_label(d.value) for d in actor.duties}
    labels.add(user_label(actor.id))
    if actor.member_of:
        labels.add(ANY_AGENCY)
    if actor.sysadmin:
        labels.add(SYSADMIN)
    return sorted(labels)


def _are_as_ours() -> bool:
    """Tell whether core admits whom our duties know: no collaborators, editors down the tree."""
    down = authz.check_config_permission("roles_that_cascade_to_sub_groups")
    more = authz.check_config_permission("allow_dataset_collaborators")
    return isinstance(down, list) and set(down) == PUBLISHING_CAPACITIES and not more


def _core_labels(actor: Actor) -> set[str]:
    """Return the labels that core gives a person, for types that are not governed.

    Core reads the person four times and the memberships once more, for each dataset that is shown.
    """
    if actor.id is None:
        return {PUBLIC}
    agencies = actor.member_of | actor.publishes_for
    if actor.sysadmin:
        agencies = frozenset(registry.load_agencies())
    return {PUBLIC, f"creator-{actor.id}", *(f"member-{a}" for a in agencies)}


class Labels(DefaultPermissionLabels):
    """The labels of the plugin: ours for governed types, CKAN's own for the others."""

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        """Return who may see the dataset's metadata; an unknown row admits nobody."""
        if not dataset_types.is_governed(dataset_obj.type):
            return super().get_dataset_labels(dataset_obj)
        known = _asked_about.get()
        if known is None or known.dataset_id != dataset_obj.id:
            known = reads.facts_of(dataset_obj.id)
        return dataset_labels(known)

    def get_user_dataset_labels(self, user_obj: model.User | None) -> list[str]:
        """Return what a person may see."""
        actor = registry.actor_for(user_obj if isinstance(user_obj, model.User) else None)
        if _are_as_ours():
            default = _core_labels(actor)
        else:
            default = set(super().get_user_dataset_labels(user_obj))  # type: ignore[arg-type]
        return sorted({*default, *actor_labels(actor)})
