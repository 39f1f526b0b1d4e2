"""Everybody's own desk, where a log-in leads: what waits for them, and where their work stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor, Duty
from ...classification.desk import numbers
from ..web import call
from ..web.request_cache import once_a_request
from ..web.request_forms import closed

CORES_DEFAULT = "dashboard.datasets"
LANDING = "ckan.auth.route_after_login"
ENDPOINT = "satudata.desk"
ROWS = 5
PUBLISH = "upload"
"""The icon of the main act of whoever publishes: it stands on top."""


@dataclass(frozen=True)
class Link:
    """Where a part of somebody's work stands."""

    url: str
    label: str
    help: str
    icon: str


def land_here(config: Any) -> None:
    """Lead a log-in to the desk, unless the operator chose another page than core's."""
    if config.get(LANDING) in (None, "", CORES_DEFAULT):
        config[LANDING] = ENDPOINT


def is_staff(actor: Actor) -> bool:
    """Tell whether somebody has work here: in an agency, by a duty, or standing in for one."""
    return bool(actor.member_of or actor.duties or actor.break_glass)


@once_a_request
def satudata_is_staff() -> bool:
    """Tell whether the reader has work here; a citizen's account has none."""
    return call.logged_in() and is_staff(registry.actor_from_context(call.context()))


@once_a_request
def satudata_answers_requests() -> bool:
    """Tell whether answering requests for access is among the duties of the reader."""
    if not call.logged_in():
        return False
    actor = registry.actor_from_context(call.context())
    return any(map(actor.has, (Duty.PPID, Duty.ATASAN_PPID, Duty.WALIDATA)))


@once_a_request
def satudata_brings_files() -> bool:
    """Tell whether the reader publishes for an agency: who sets up the site need not."""
    return call.logged_in() and bool(registry.actor_from_context(call.context()).publishes_for)


def desk() -> Any:
    """Show the reader's own desk."""
    if not call.logged_in():
        return call.log_in()
    actor = registry.actor_from_context(call.context())
    staff = is_staff(actor)
    work = links(actor)
    publish = next((link for link in work if link.icon == PUBLISH), None)
    shown: dict[str, Any] = {
        "staff": staff,
        "publishes": bool(actor.publishes_for),
        "answers": satudata_answers_requests(),
        "waiting": None,
        "notices": call.call("satudata_notice_list", limit=ROWS),
        "requests": call.call("satudata_access_request_list", limit=ROWS),
        "asked": None,
        "figures": _figures() if actor.publishes_for else None,
        "numbers": numbers.of(actor) if satudata_answers_requests() else None,
        "publish": publish,
        "links": [link for link in work if link is not publish],
        "today": days.today(),
    }
    if staff:
        shown["waiting"] = call.call("satudata_classification_list", limit=ROWS, holds=True)
        shown["asked"] = call.call("satudata_access_request_list", desk=True, limit=1)["count"]
    return closed(tk.render("satudata/desk.html", shown))


def _figures() -> dict[str, Any] | None:
    """Return how many figures wait for an answer, and until when the first one; or nothing."""
    found = call.call("satudata_figure_list", limit=1)
    if not found["count"]:
        return None
    return {"count": found["count"], "due": found["results"][0]["figure"]["due"]}


def links(actor: Actor) -> Sequence[Link]:
    """Return where this person's work stands, beside the queue."""
    found: list[Link] = []

    def add(endpoint: str, label: str, help: str, icon: str, **more: Any) -> None:
        found.append(Link(tk.h.url_for(endpoint, **more), label, help, icon))

    if actor.publishes_for:
        new, own = tk._("Add a dataset"), tk._("My datasets")
        if tk.h.check_access("package_create"):
            file, said = tk._("Publish a file"), tk._("Its table is read, its form filled in.")
            add("satudata_intake.start", file, said, PUBLISH)
            add("dataset.new", new, tk._("Its form, then its files."), "plus")
        add("dashboard.datasets", own, tk._("Those that you added."), "sitemap")
    if tk.h.check_access("satudata_conformance"):
        text = tk._("Did every case go as the procedure says, and how long did it take?")
        add("satudata_reports.conformance", tk._("Reports"), text, "chart-column")
    if is_staff(actor):
        text = tk._("Personal data that came out, and the hours that are left.")
        add("satudata.incidents", tk._("Incidents"), text, "triangle-exclamation")
    if tk.h.check_access("satudata_signed_paper_list"):
        text = tk._("Which decision still needs its signed scan.")
        add("satudata_papers.index", tk._("Signed papers"), text, "file-lines")
    elif actor.has(Duty.WALIDATA):
        text = tk._("What was removed, and the signed record of it.")
        add("satudata_papers.index", tk._("Signed papers"), text, "file-lines")
    for agency in registry.load_agencies().values():
        if agency.id in actor.administers and agency.deciding:
            text = tk._("Who stands in for you, on which days.")
            label = tk._("Delegation of {agency}").format(agency=agency.title)
            add("satudata_delegations.show", label, text, "people-arrows", id=agency.name)
    if actor.has(Duty.PENGAWAS):
        text = tk._("Who did what, and when.")
        add("satudata_ledger.entries", tk._("Entries of the ledger"), text, "book")
    if actor.sysadmin:
        text = tk._("What is wrong with the site, and how it is mended.")
        add("satudata_upkeep.show", tk._("State of the site"), text, "gear")
    return found


def own_desk() -> Any:
    """Lead somebody for whom a page of the office is empty to their own desk."""
    return tk.redirect_to(ENDPOINT)


def register(portal: flask.Blueprint) -> None:
    """Add the page of the desk."""
    portal.add_url_rule("/satudata/meja", "desk", desk)


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    offered = satudata_is_staff, satudata_answers_requests, satudata_brings_files
    return {f.__name__: f for f in offered}
