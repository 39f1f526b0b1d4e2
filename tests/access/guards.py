"""What is unplugged, and what then comes through: a row for each guard of what comes in.

A probe tries one thing as whoever would, and tells whether it got through. With the guard it must
not; without it, it must: a guard that can be taken out unnoticed is proven by nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ckanext.satudata_pontianak.access import views
from ckanext.satudata_pontianak.access.hidden import same_answer
from ckanext.satudata_pontianak.access.limits import arguments, bounds, cross_origin, headers, rates
from ckanext.satudata_pontianak.access.reading import guard, problems, relationships
from ckanext.satudata_pontianak.access.search import parameters
from ckanext.satudata_pontianak.access.tables import actions
from ckanext.satudata_pontianak.accounts import (
    callers,
    factor_gate,
    limits,
    own_actions,
    passwords,
    resets,
    sessions,
    token_ends,
    tokens,
)
from ckanext.satudata_pontianak.agencies import gate, makers, registry, texts, watching
from ckanext.satudata_pontianak.agencies.changes import account_actions
from ckanext.satudata_pontianak.agencies.rules import memberships
from ckanext.satudata_pontianak.classification.records import addresses, deadlocks, text_findings
from ckanext.satudata_pontianak.classification.writes import actions as write_actions
from ckanext.satudata_pontianak.classification.writes import (
    harvest_sources,
    incoming,
    keys,
    other_texts,
    purging,
    type_gate,
)
from ckanext.satudata_pontianak.ledger import refusals
from ckanext.satudata_pontianak.portal.web import (
    error_words,
    inline_handlers,
    log_masks,
    own_files,
    prose,
)
from ckanext.satudata_pontianak.surface import bounds as surface_bounds
from ckanext.satudata_pontianak.surface import cookies, formulas, links, search_query
from ckanext.satudata_pontianak.surface import headers as surface_headers
from ckanext.satudata_pontianak.surface import keys as surface_keys

from . import probes
from .probes import Bench, without

__all__ = ["GUARDS", "Bench", "Guard", "without"]

Probe = Callable[[Bench], bool]


@dataclass(frozen=True)
class Guard:
    """What is put in the place of what, and what then gets through.

    ``covers``: what of the tables of the code this row stands for, beside what it unplugs.
    """

    probe: Probe
    put: tuple[tuple[Any, str, Any], ...] = ()
    hooks: tuple[Callable[..., Any], ...] = ()
    covers: tuple[str, ...] = ()


def nothing(*_args: Any, **_more: Any) -> None:
    """Stand where a guard stood, and refuse nothing."""


def empty(*_args: Any, **_more: Any) -> Any:
    """Find nothing wrong."""
    return []


def yes(*_args: Any, **_more: Any) -> bool:
    """Let everything through."""
    return True


def no(*_args: Any, **_more: Any) -> bool:
    """See nothing."""
    return False


def first(given: Any, *_more: Any) -> Any:
    """Give back what came."""
    return given


def second(_one: Any, given: Any, *_more: Any) -> Any:
    """Give back what came second: a method's, or after a context."""
    return given


class Everything(frozenset[str]):
    """A list in which everything stands."""

    def __contains__(self, _item: object) -> bool:
        """Say so of whatever is asked for."""
        return True


def as_leaf(text: str, **_more: Any) -> search_query.Node:
    """Send a caller's own text to Solr."""
    return search_query.Leaf(text)


GUARDS: dict[str, Guard] = {
    "types": Guard(
        probes.new_type,
        ((type_gate, "check_new", nothing), (type_gate, "check_left_over", nothing)),
    ),
    "types: who makes them": Guard(probes.free_type, ((type_gate, "may_make", yes),)),
    "types: texts of free ones": Guard(probes.free_text, ((type_gate, "check_free", nothing),)),
    "types: left over": Guard(probes.left_over, ((type_gate, "check_left_over", nothing),)),
    "types: groups": Guard(probes.group_type, ((texts, "check_type", nothing),)),
    "types: members": Guard(probes.group_member, ((texts, "check_member", nothing),)),
    "capacities": Guard(probes.group_capacity, ((texts, "check_capacities", nothing),)),
    "capacities: datasets": Guard(probes.dataset_capacity, ((keys, "check_groups", nothing),)),
    "types: sources": Guard(probes.odd_source, ((harvest_sources, "check", nothing),)),
    "keys": Guard(probes.undeclared_key, ((keys, "guard", nothing),)),
    "keys: of forms": Guard(probes.key_of_forms, ((surface_keys, "without_forms", nothing),)),
    "keys: formats": Guard(probes.any_format, ((keys, "check_format", nothing),)),
    "keys: licences": Guard(probes.any_licence, ((keys, "check_lists", nothing),)),
    "texts": Guard(probes.text_with_nik, ((text_findings, "check", empty),)),
    "texts: names of files": Guard(
        probes.file_name_with_nik, ((text_findings, "check_name", nothing),)
    ),
    "texts: outside of datasets": Guard(
        probes.about_with_nik,
        ((other_texts, "check", nothing),),
        covers=("classification.writes.other_texts",),
    ),
    "texts: groups": Guard(probes.group_with_nik, ((texts, "check", nothing),)),
    "addresses": Guard(probes.odd_address, ((links, "problem", nothing),)),
    "names": Guard(probes.other_name, ((addresses, "for_new", nothing),)),
    "names: later": Guard(probes.other_name_later, ((addresses, "for_changed", nothing),)),
    "removal": Guard(probes.removal, ((write_actions, "refuse_removal", nothing),)),
    "purging": Guard(probes.purge, ((purging, "decisions_of", empty), (incoming, "frozen", no))),
    "tables": Guard(probes.rows, ((actions, "_guard_write", nothing),)),
    "arguments": Guard(probes.odd_argument, hooks=(arguments._check,)),
    "bounds: fields": Guard(probes.long_field, hooks=(bounds._check,)),
    "bounds: addresses": Guard(
        probes.long_address,
        ((surface_bounds, "head", nothing),),
        covers=("access.limits.bounds.BoundedRequests",),
    ),
    "rates": Guard(probes.often, hooks=(rates._begin,)),
    "rates: places": Guard(
        probes.full_house,
        ((rates, "_endpoint_at", nothing),),
        covers=("access.limits.rates.FreePlaces",),
    ),
    "callers": Guard(probes.foreign_form, hooks=(callers._guard,)),
    "unseen is unknown": Guard(probes.unseen, hooks=(same_answer.before_view,)),
    "search: parameters": Guard(probes.zero_counts, ((parameters, "package_search", second),)),
    "search: questions": Guard(probes.undeclared_field, ((search_query, "cached", as_leaf),)),
    "cookies": Guard(
        probes.stray_cookie,
        ((cookies, "kept", first),),
        covers=("accounts.sessions.DeclaredCookies",),
    ),
    "headers": Guard(
        probes.no_policy,
        ((surface_headers, "of_answer", empty),),
        covers=("access.limits.headers.Headed",),
    ),
    "other sites": Guard(probes.token_elsewhere, hooks=(cross_origin._say,)),
    "headers: frames": Guard(probes.no_frame, hooks=(headers._framed,)),
    "handlers": Guard(probes.handler, ((inline_handlers.NoHandlers, "preprocess", second),)),
    "answers to people": Guard(probes.kept_by_a_proxy, hooks=(problems.after_request,)),
    "core's own download": Guard(probes.core_download, hooks=(views.before_core,)),
    "tries": Guard(probes.guessing, ((limits, "take", yes),)),
    "passwords": Guard(
        probes.weak_password,
        ((passwords, "objections", empty),),
        covers=("accounts.validators",),
    ),
    "old password": Guard(probes.new_mailbox, ((own_actions, "_ask_old", nothing),)),
    "accounts of others": Guard(
        probes.password_of_another, ((account_actions, "_record", nothing),)
    ),
    "second factor": Guard(probes.without_code, ((factor_gate.factors, "is_needed", no),)),
    "second factor: asked": Guard(probes.not_asked_for_a_code, hooks=(factor_gate.ask,)),
    "links to a new password": Guard(probes.old_link, hooks=(resets.guard,)),
    "memberships": Guard(
        probes.member_without_decree,
        ((gate, "refusals", empty),),
        covers=("agencies.actions",),
    ),
    "memberships: of oneself": Guard(
        probes.oneself, ((makers, "dependent", lambda *_: frozenset()),)
    ),
    "memberships: in an emergency": Guard(probes.lasting_duty, ((memberships, "_lifts", no),)),
    "memberships: by no door of ours": Guard(probes.untraced, ((watching, "_append", nothing),)),
    "memberships: within a request": Guard(probes.remembered, ((registry, "invalidate", nothing),)),
    "memberships: told": Guard(
        probes.untold,
        ((gate, "TELLING", []),),
        covers=("classification.notices.membership_notices",),
    ),
    "tokens": Guard(probes.old_token, ((tokens, "admitted", first),)),
    "tokens: after another password": Guard(
        probes.token_of_before, ((token_ends, "_delete", nothing),)
    ),
    "sessions: after another password": Guard(
        probes.session_of_before, ((sessions, "proof", lambda *_: ""),)
    ),
    "unseen is unknown: actions": Guard(
        probes.follower_of_unseen, ((guard, "may", yes),), covers=("access.guards",)
    ),
    "relationships": Guard(probes.odd_relationship, ((relationships, "_check", nothing),)),
    "files of the site": Guard(probes.readable_by_all, ((own_files, "OTHERS", 0),)),
    "formulas": Guard(probes.formula, ((formulas, "runs", no),)),
    "pictures": Guard(probes.picture, ((prose, "_PICTURE", re.compile(r"(?!)")),)),
    "logs": Guard(probes.mailbox_in_log, ((log_masks, "masked", first),)),
    "refusals": Guard(
        probes.unrecorded, ((refusals, "note", nothing),), covers=("ledger.refusals",)
    ),
    "refusals: texts of callers": Guard(probes.kept_text, ((refusals, "_steps", Everything()),)),
    "refusals: values": Guard(probes.value_said_back, ((error_words, "without_values", first),)),
    "bounds: acts": Guard(
        probes.long_act, ((bounds, "_check_call", nothing),), covers=("access.limits.bounds.held",)
    ),
    "deadlocks": Guard(
        probes.deadlock,
        ((deadlocks, "is_deadlock", no),),
        covers=("classification.records.deadlocks",),
    ),
}
