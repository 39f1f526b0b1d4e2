"""What helps whoever was refused: buttons of a refusal, the likeliest first.

A refusal names no way on where there is none: every button leads to a page that this reader sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.cases import show
from ...classification.records import reads
from ...classification.rules.policy import Channel, decide
from ..web import call
from . import desks

DATASETS = ("id", "package_id", "dataset_id")
"""Names under which addresses hold a dataset."""


@dataclass(frozen=True)
class Step:
    """A page that helps."""

    url: str
    label: str


def satudata_next_steps() -> list[Step]:
    """Return where a refused reader goes on from here, each page once and never this one."""
    actor = registry.actor_from_context(call.context())
    found = [*_account(), *_dataset(actor), *_agency(), *_desk(actor)]
    here = flask.request.path
    return [step for step in dict.fromkeys(found) if step.url.partition("?")[0] != here]


def _account() -> list[Step]:
    if call.logged_in():
        return []
    path = flask.request.full_path.rstrip("?") if flask.request.method == "GET" else None
    return [Step(tk.h.url_for("user.login", came_from=path), tk._("Log in"))]


def _dataset(actor: Actor) -> list[Step]:
    """Return the dataset that the address names and its case, where the reader sees them."""
    named = flask.request.view_args or {}
    for key in DATASETS:
        package = model.Package.get(named[key]) if isinstance(named.get(key), str) else None
        if package is None:
            continue
        facts = reads.facts_of(package.id)
        if facts.deleted or not decide(actor, facts, Channel.METADATA):
            return []
        found = [
            Step(tk.h.url_for("dataset.read", id=package.name), tk._("Page of the dataset")),
        ]
        if call.logged_in() and facts.case and show.may_see_case(actor, facts):
            case = tk.h.url_for("satudata.case", id=package.name)
            found.insert(0, Step(case, tk._("Open the case of the dataset")))
        return found
    return []


def _agency() -> list[Step]:
    reference = (flask.request.view_args or {}).get("id")
    agency = registry.agency(reference) if isinstance(reference, str) else None
    if agency is None or not agency.active:
        return []
    page = tk.h.url_for("organization.read", id=agency.name)
    return [Step(page, tk._("Page of the agency"))]


def _desk(actor: Actor) -> list[Step]:
    if not call.logged_in():
        return []
    found = []
    if desks.is_staff(actor):
        found.append(Step(tk.h.url_for("satudata.desk"), tk._("My desk")))
    else:
        found.append(Step(tk.h.url_for("satudata.requests"), tk._("My access requests")))
    if actor.sysadmin:
        page = tk.h.url_for("satudata_rescue.start")
        found.append(Step(page, tk._("Emergency access to the whole site")))
    return found


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {satudata_next_steps.__name__: satudata_next_steps}
